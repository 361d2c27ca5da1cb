"""mmviz runs, and what mmviz bench says beside an earlier run and of where a pass goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mmviz.backends.base import Part
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Checked, Parted, Samples, Started
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.cli.parts_table import parts_table, sums
from mmviz.cli.table import lines
from mmviz.core.shapes.network import from_widths
from mmviz.files import journal
from mmviz.files.journal import Journal
from mmviz.files.run_files import id_of
from mmviz.text import NOTHING

Mmviz = Callable[..., tuple[int, str, str]]
NOON = 1_000_036_000.0  # of a day that is the same one everywhere
PLAN = BenchPlan(network=from_widths((6, 5, 4)), batches=(2,), backends=("numpy",))


def keep(when: float, seconds: float, plan: BenchPlan = PLAN, done: float = 1.0) -> str:
    """A run of that time a pass; its id."""
    kept = Journal(plan, when)
    kept.add(Started(msgspec.structs.replace(read_machine(), variables={})))
    kept.add(Samples("numpy", 2, [seconds, seconds * 1.01] * 100))
    kept.add(Checked("numpy", 2, 1e-7))
    kept.end(NOTHING, done)
    return id_of(journal.kept_runs()[0][0].path)


def test_nothing_is_kept_yet(mmviz: Mmviz) -> None:
    assert mmviz("runs") == (0, "no run is kept yet\n", "")
    assert mmviz("runs", "--json") == (0, "[]\n", "")


def test_the_last_one_comes_first_with_what_became_of_it(mmviz: Mmviz) -> None:
    first, last = keep(NOON, 0.010), keep(1.1e9, 0.020, done=0.5)
    code, out, err = mmviz("runs")
    rows = out.splitlines()
    assert (code, err, len(rows)) == (0, "", 2)
    assert rows[0].startswith(f"{last}  2004-11-09")
    said = " ".join(rows[0].split())
    assert "6-5-4 batch 2 · float32 · inference · ended at 50.0 % numpy 20.1 ms" in said
    assert rows[0].endswith("since the one before: numpy slower")
    assert rows[1].startswith(first)
    assert rows[1].endswith("numpy 10.0 ms")
    found = json.loads(mmviz("runs", "--json")[1])
    assert [one["id"] for one in found] == [last, first]
    assert found[0]["since"][0]["verdict"] == "slower"
    assert found[0]["before"] == NOON
    assert (found[0]["done"], found[1]["since"]) == (0.5, [])


def test_a_damaged_one_is_named_and_the_others_are_listed(mmviz: Mmviz) -> None:
    keep(NOON, 0.010)
    ((kept,), _) = journal.kept_runs()
    head = kept.path.read_bytes().partition(b"\n")[0]
    broken = kept.path.with_name(kept.path.name.replace("2001", "2002"))
    broken.write_bytes(head + b"\n" + b"," * 3_000_000)
    code, out, err = mmviz("runs")
    assert code == 0
    assert len(out.splitlines()) == 1
    assert "is no run that mmviz kept" in err


def test_one_is_told_as_bench_told_it(mmviz: Mmviz) -> None:
    id = keep(NOON, 0.010)
    code, out, _ = mmviz("runs", id)
    assert code == 0
    assert out.startswith("measured 2001-09-09")
    assert any(line.split()[:3] == ["numpy", "2", "200"] for line in out.splitlines())
    assert json.loads(mmviz("runs", id, "--json")[1])["runs"][0]["samples_s"][0] == 0.010


def test_a_verdict_between_any_two(mmviz: Mmviz, tmp_path: Path) -> None:
    first, last = keep(NOON, 0.010), keep(1.1e9, 0.020)
    code, out, err = mmviz("runs", last, "--against", first)
    assert (code, err) == (0, "")
    assert out.splitlines()[1].split()[:3] == ["numpy", "2", "slower"]
    path = tmp_path / "r.json"
    path.write_text(mmviz("runs", first, "--json")[1])
    (one,) = json.loads(mmviz("runs", str(path), "--against", last, "--json")[1])
    assert one["verdict"] == "faster"
    assert one["share"] == pytest.approx(-0.5)


def test_bad_input_is_one_line(mmviz: Mmviz) -> None:
    other = BenchPlan(network=from_widths((8, 5)), batches=(2,), backends=("numpy",))
    first, last = keep(NOON, 0.01), keep(1.1e9, 0.01, other)
    for words, said in (
        (("--against", first), "--against needs another RUN before it"),
        ((first, "--against", last), f"{last} and {first} are of different passes"),
        (("nothing.json",), "nothing.json"),
        (("ab12cd34",), "ab12cd34"),
    ):
        code, out, err = mmviz("runs", *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert said in err


def test_bench_beside_the_last_run_and_part_by_part(mmviz: Mmviz) -> None:
    id = keep(NOON, 3600.0)
    words = ("bench", "6-5-4", "--batch", "2", "--backend", "numpy", "--seconds", "0.1")
    for against in ((), (id,)):
        code, out, _ = mmviz(*words, "--against", *against, "--parts")
        assert code == 0
        rows = [line.split()[:3] for line in out.splitlines()]
        assert ["backend", "batch", "part"] in rows
        assert ["numpy", "2", "layer"] in rows
        assert ["numpy", "2", "faster"] in rows or ["numpy", "2", "no"] in rows
        for kept in journal.kept_runs()[0]:
            if id_of(kept.path) != id:
                kept.path.unlink()
    code, _, err = mmviz("bench", "6-5-3", "--backend", "numpy", "--against", id)
    assert (code, err) == (
        2,
        f"mmviz: --against: {id} is of another pass: 6-5-4, float32, inference\n",
    )
    err = mmviz("bench", "6-5-3", "--backend", "numpy", "--against")[2]
    assert err == "mmviz: --against: no run of this pass is kept yet; time it once without\n"


def test_parts_have_a_row_each_and_what_they_add_up_to() -> None:
    plan = BenchPlan(network=from_widths((6, 5, 4)), batches=(1,), backends=("wgpu", "numpy"))
    collector = Collector(plan)
    collector.add(Samples("wgpu", 1, [0.01] * 30))
    collector.add(Samples("numpy", 1, [0.01] * 30))
    assert parts_table(collector.results(), plan.network) is None
    parts = (
        Part("launch", 0, 0.001),
        Part("forward", 0, 0.006),
        Part("rest", 0, 0.001),
        Part("forward", 1, 0.005),
        Part("download", 0, 0.002),
    )
    collector.add(Parted("wgpu", 1, parts))
    table = parts_table(collector.results(), plan.network)
    assert table is not None
    _, *rows = lines(table)
    assert [" ".join(row.split()[2:]) for row in rows] == [
        "launch 1.00 ms 10.0 % a submission of nothing: what every pass costs before it computes",
        "layer 1 6.00 ms 60.0 % X·W of the layer",
        "layer 1 · else 1.00 ms 10.0 % bias, activation, sums and update",
        "layer 2 5.00 ms 50.0 %",
        "copy out 2.00 ms 20.0 % the output, from the device to the host's memory",
    ]
    (said,) = map(str, sums(collector.results()))
    assert "wgpu 1.20 ×" in said


def test_of_several_batches_the_list_names_the_one_it_tells(mmviz: Mmviz) -> None:
    keep(NOON, 0.010, msgspec.structs.replace(PLAN, batches=(1, 2, 4)), done=0.5)
    said = " ".join(mmviz("runs")[1].split())
    assert "batches 1, 2, 4 · float32 · inference · ended at 50.0 %" in said
    assert "at batch 2: numpy 10.0 ms" in said  # the greatest that was timed


def test_who_reads_a_run_is_told_that_it_was_cut_off_and_what_of_it_is_lost(mmviz: Mmviz) -> None:
    id = keep(NOON, 0.010, done=0.5)
    assert mmviz("runs", id)[2] == "mmviz: ended at 50.0 %\n"
    path = journal.kept_runs()[0][0].path
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join((*lines[:2], b"garbage\n", *lines[2:-2])))
    code, out, err = mmviz("runs", id)
    assert (code, "10.0 ms" in out) == (0, True)
    assert err == (
        "mmviz: mmviz itself ended before this run did; ended at 0 %\n"
        "mmviz: 1 line of it was not understood and is left out\n"
    )
