"""A timing run out of any file that has one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmviz.backends.base import Part
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Checked, Failed, Parted, Samples, Sensing, Started
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results
from mmviz.bench.sensed import Sensed
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import journal
from mmviz.files.journal import Journal
from mmviz.files.run_files import id_of, place_of, read_run
from mmviz.files.runs import to_json
from mmviz.text import NOTHING, own

PLAN = BenchPlan(network=from_widths((6, 5)), batches=(1, 2), backends=("numpy", "loop"))
MESSAGES = (
    Started(read_machine()),
    Samples("numpy", 1, [0.1, 0.3, 0.2]),
    Checked("numpy", 1, 1e-7),
    Parted("numpy", 1, (Part("forward", 0, 0.1),)),
    Sensing("numpy", 1, Sensed(missing={"cpu_power_w": own("nobody told")})),
    Failed("loop", 2, own("out of memory")),
)


def results() -> Results:
    collector = Collector(PLAN)
    for message in MESSAGES:
        collector.add(message)
    return collector.results()


def test_what_bench_wrote_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(to_json(results()))
    found = read_run(path)
    assert found.results == results()
    assert (found.head, found.layers) == (None, ())


def test_a_kept_run_is_found_by_its_id() -> None:
    kept = Journal(PLAN, 1e9)
    for message in MESSAGES:
        kept.add(message)
    kept.end(NOTHING, 1.0)
    ((one,), _) = journal.kept_runs()
    assert place_of(id_of(one.path)) == one.path
    found = read_run(place_of(id_of(one.path)))
    assert found.results == results()
    assert [layer.units for layer in found.layers] == [5]
    assert place_of("r.json") == Path("r.json")


def test_statistics_are_those_of_the_samples(tmp_path: Path) -> None:
    table = json.loads(to_json(results()))
    table["runs"][0]["stats"]["p50"] = 7.0
    path = tmp_path / "r.json"
    path.write_text(json.dumps(table))
    (first, *_) = read_run(path).results.runs
    assert first.stats is not None
    assert first.stats.p50 == 0.2


@pytest.mark.parametrize(
    "break_",
    [
        lambda table: table["runs"][0].update(samples_s=[-1.0]),
        lambda table: table["runs"][0].update(samples_s=["x"]),
        lambda table: table["runs"][0].update(batch=0),
        lambda table: table["runs"][0].update(backend="a\x1b[2Jb"),
        lambda table: table["runs"][0].update(failure=["x"]),
        lambda table: table["runs"][0]["parts"][0].update(seconds=1e300),
        lambda table: table.update(runs=3),
        lambda table: table.update(dtype="float3"),
        lambda table: table.update(network="x" * 100_000),
        lambda table: table.pop("runs"),
    ],
)
def test_what_is_no_run_is_refused_in_a_sentence(tmp_path: Path, break_: object) -> None:
    table = json.loads(to_json(results()))
    assert callable(break_)
    break_(table)
    path = tmp_path / "r.json"
    path.write_text(json.dumps(table))
    with pytest.raises(InputError, match=r"r\.json is no timing run"):
        read_run(path)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 10_000, "m,n,k\n1,2,3\n", "\xff"])
def test_nor_is_any_other_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"r\.json is no timing run"):
        read_run(path)


def test_an_estimate_may_be_of_ages_and_joules_are_not_without_end(tmp_path: Path) -> None:
    table = json.loads(to_json(results()))
    path = tmp_path / "r.json"
    table["runs"][0].update(samples_s=[1e12], estimated=True)
    path.write_text(json.dumps(table))
    (first, *_) = read_run(path).results.runs
    assert first.samples_s == (1e12,)
    table["runs"][0]["sensed"]["energy_cpu_j"] = 1e300
    path.write_text(json.dumps(table))
    with pytest.raises(InputError, match="is no timing run"):
        read_run(path)
