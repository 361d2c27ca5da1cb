"""Results as files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Aside, Checked, Estimate, Failed, Message, Samples, Started
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files.runs import CSV_COLUMNS, check_target, save_csv, save_json, to_csv, to_json
from mmviz.text import own


@pytest.fixture(scope="module")
def results() -> Results:
    network = from_widths((3, 2), 'a "name", with é')
    plan = BenchPlan(network=network, batches=(1, 8), backends=("numpy", "loop"), training=True)
    said: list[Message] = [
        Started(read_machine()),
        Samples("numpy", 1, [0.1, 1 / 3], on_gpu=[0.05, 0.25], dropped=7),
        Aside("numpy", 1, "cold", [0.5, 0.625]),
        Aside("numpy", 1, "copies", [0.75]),
        Checked("numpy", 1, 2e-7),
        Estimate("loop", 8, 217.0, 0.01),
        Failed("numpy", 8, own("out of memory")),
    ]
    collector = Collector(plan)
    for message in said:
        collector.add(message)
    return collector.results()


def test_json_has_everything(results: Results) -> None:
    read = json.loads(to_json(results))
    assert list(read)[:6] == ["version", "network", "dtype", "training", "seed", "machine"]
    assert (read["version"], read["network"], read["training"]) == (1, 'a "name", with é', True)
    assert {"cpu", "cores", "memory", "blas", "variables", "gpu", "versions"} <= set(
        read["machine"]
    )
    first, *_, broken, estimated = read["runs"]
    assert {key: first[key] for key in ("backend", "batch", "samples_s", "estimated")} == {
        "backend": "numpy",
        "batch": 1,
        "samples_s": [0.1, 1 / 3],
        "estimated": False,
    }
    assert list(first["stats"]) == ["n", "min", "p10", "p50", "iqr", "p99"]
    assert first["max_error"] == 2e-7
    assert (first["on_gpu"], first["cold"], first["copied"]) == ([0.05, 0.25], [0.5, 0.625], [0.75])
    assert first["dropped"] == 7
    assert (broken["samples_s"], broken["stats"]) == ([], None)
    assert (broken["max_error"], broken["failure"]) == (None, "out of memory")
    assert (estimated["estimated"], estimated["samples_s"]) == (True, [217.0])


def test_csv_has_one_row_a_sample(results: Results) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(results).decode())))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(row["backend"], row["batch"], row["sample"], row["estimated"]) for row in rows] == [
        ("numpy", "1", "1", "false"),
        ("numpy", "1", "2", "false"),
        ("numpy", "1", "1", "false"),
        ("numpy", "1", "2", "false"),
        ("numpy", "1", "1", "false"),
        ("loop", "8", "1", "true"),
    ]
    assert {row["network"] for row in rows} == {'a "name", with é'}
    assert {(row["dtype"], row["training"]) for row in rows} == {("float32", "true")}
    assert float(rows[1]["seconds"]) == 1 / 3  # to the last digit
    assert [(row["way"], row["seconds"], row["gpu_seconds"]) for row in rows[1:]] == [
        ("hot", repr(1 / 3), "0.25"),
        ("cold", "0.5", ""),
        ("cold", "0.625", ""),
        ("copies", "0.75", ""),
        ("hot", "217.0", ""),
    ]


def test_files_are_written_whole(results: Results, tmp_path: Path) -> None:
    save_json(results, tmp_path / "r.json")
    save_csv(results, tmp_path / "r.csv")
    assert (tmp_path / "r.json").read_bytes() == to_json(results)
    assert (tmp_path / "r.csv").read_bytes() == to_csv(results)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv", "r.json"]


@pytest.mark.parametrize("save", [save_json, save_csv])
def test_targets_that_cannot_be_written(save: object, results: Results, tmp_path: Path) -> None:
    assert callable(save)
    for target in (tmp_path, tmp_path / "no" / "r.json"):
        with pytest.raises(InputError, match="cannot write"):
            save(results, target)


def test_targets_are_looked_at_before_the_work(tmp_path: Path) -> None:
    file = tmp_path / "old.svg"
    file.write_text("old")
    link = tmp_path / "link.svg"
    link.symlink_to(file)
    assert check_target(file, (".svg",)) == file
    assert check_target(link, (".svg",)) == link
    assert check_target(tmp_path / "NEW.SVG", (".svg", ".png")) == tmp_path / "NEW.SVG"
    for target, why in (
        (tmp_path, "it is a folder"),
        (tmp_path / "no" / "r", "there is no folder"),
        (file / "r", "there is no folder"),
        (tmp_path / ("x" * 300), "name too long"),
        ("a\0b", "null"),
        ("", "it is a folder"),
        ("/dev/null", "no regular file"),
    ):
        with pytest.raises(InputError, match=f"(?i)cannot write .*{why}"):
            check_target(target)
    with pytest.raises(InputError, match=r"must end in \.svg or \.png"):
        check_target(tmp_path / "r.jpg", (".svg", ".png"))
    assert file.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [link, file], "nothing is left of looking"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="Linux alone has such a folder")
def test_a_folder_that_takes_no_files_is_known_before_the_work() -> None:
    with pytest.raises(InputError, match=r"cannot write /proc/r\.json"):
        check_target("/proc/r.json")


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # whoever is root may write anywhere
    with pytest.raises(InputError, match="no permission"):
        check_target(tmp_path / "r.json")
