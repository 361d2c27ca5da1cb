"""mmviz sweep, as text, JSON and CSV, predicted and measured."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mmviz import units
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.cli import sweep as command
from mmviz.cli.bench_notes import over_batches
from mmviz.cli.sweep_table import measured_table
from mmviz.cli.table import lines
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import points_of, sweep
from mmviz.files.devices import read_device
from mmviz.files.networks import find
from mmviz.files.this_machine import THIS_MACHINE

Mmviz = Callable[..., tuple[int, str, str]]
H100 = ("--device", "h100", "--dtype", "bfloat16")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else this computer does while the tests run is not said."""
    monkeypatch.setattr(command, "hindered", lambda *_: ())


def swept(mmviz: Mmviz, *words: str) -> dict[str, Any]:
    code, out, err = mmviz("sweep", *words, "--json", "-")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_every_point_is_what_the_pass_costs(mmviz: Mmviz) -> None:
    found = swept(mmviz, "alexnet", "--batch", "1:512:73", *H100, "--training")
    assert list(found) == [
        "network", "device", "dtype", "training", "error", "basis",
        "device_memory_bytes", "points", "measured",
    ]  # fmt: skip
    assert (found["network"], found["device"], found["measured"]) == ("alexnet", "h100", [])
    assert [point["batch"] for point in found["points"]] == list(range(1, 513, 73))
    device, network = read_device("h100"), find("alexnet").network
    for point in found["points"]:
        cost = price(Setup(network, device, point["batch"], True, "bfloat16"))
        assert point["predicted_s"] == pytest.approx(cost.predicted_s, rel=1e-12)
        assert point["per_example_s"] == pytest.approx(point["predicted_s"] / point["batch"])
        assert point["tiles"] == sum(one.tiling.tiles for one in cost.costs)
        assert "width" not in point
    errors = [point["error"] for point in found["points"]]
    assert found["error"] == (None if None in errors else max(errors))


def test_a_layers_width_and_both(mmviz: Mmviz) -> None:
    found = swept(mmviz, "alexnet", "--batch", "8,4", "--width", "fc6=64:256:64", *H100)
    assert found["layer"] == "fc6"
    pairs = [(point["width"], point["batch"]) for point in found["points"]]
    assert pairs == [(width, batch) for width in (64, 128, 192, 256) for batch in (4, 8)]
    by_number = swept(mmviz, "alexnet", "--width", "1=64:256:64", *H100)
    assert [point["batch"] for point in by_number["points"]] == [128] * 4


def test_the_summary_names_steps_bound_and_budget(mmviz: Mmviz) -> None:
    code, out, err = mmviz(
        "sweep", "8192-8192", "--batch", "1:4096", "--device", "a100", "--dtype", "float16",
        "--tile", "128x128",
    )  # fmt: skip
    assert (code, err) == (0, "")
    out = out.replace(units.THIN, " ")
    assert "4 096 points" in out
    assert "modelled" in out
    assert "fastest per example: batch" in out
    assert "batch 1 280 → 1 281: +" in out
    assert "; 3 → 4 waves" in out
    assert "compute-bound, every product of the pass, from batch" in out
    budget = mmviz("sweep", "pilotnet", "--batch", "1:300", *H100)[1]
    assert "budget 33.0 ms: largest batch 300" in budget


def test_no_peak_no_time_and_it_is_said(mmviz: Mmviz) -> None:
    code, out, err = mmviz("sweep", "alexnet", "--batch", "1:9", "--device", "lanes-16")
    assert (code, err) == (0, "")
    assert "no data: lanes have no clock" in out
    found = swept(mmviz, "alexnet", "--batch", "1:2", "--device", "lanes-16")
    assert [point["predicted_s"] for point in found["points"]] == [None, None]
    assert found["error"] is None


def test_measured_points_stand_beside_the_predicted(mmviz: Mmviz, tmp_path: Path) -> None:
    target, rows = tmp_path / "sweep.json", tmp_path / "sweep.csv"
    code, out, _ = mmviz(
        "sweep", "16-8-4", "--batch", "1,32", "--width", "1=8,16", "--backend", "numpy",
        "--seconds", "0.02", *H100[:2], "--json", str(target), "--csv", str(rows),
    )  # fmt: skip
    assert code == 0
    found = json.loads(target.read_text())
    assert [(m["batch"], m["width"], m["backend"]) for m in found["measured"]] == [
        (batch, width, "numpy") for width in (8, 16) for batch in (1, 32)
    ]
    assert all(m["p50_s"] > 0 and m["samples"] > 0 for m in found["measured"])
    beside = {"own_clock_p50_s", "cold_p50_s", "with_copies_p50_s", "energy_j"}
    assert all(beside <= set(m) and m["max_error"] < 1e-5 for m in found["measured"])
    assert {m["place"] for m in found["measured"]} == {None}  # the CPU
    assert found["machine"]["blas"]["threads"] >= 1
    assert isinstance(found["warnings"], list)
    table = list(csv.DictReader(io.StringIO(rows.read_text())))
    assert [row["numpy_p50_s"] for row in table] == [str(m["p50_s"]) for m in found["measured"]]
    rows = [line.split()[:3] for line in out.splitlines()]
    assert ["backend", "batch", "width"] in rows
    assert ["numpy", "32", "16"] in rows
    assert "the prediction" not in out  # an H100's prediction says nothing of this machine


def test_a_range_is_measured_at_a_few_points(mmviz: Mmviz) -> None:
    found = swept(
        mmviz, "8-4", "--batch", "1:4096", "--device", "h100", "--backend", "numpy",
        "--seconds", "0.01",
    )  # fmt: skip
    batches = [m["batch"] for m in found["measured"]]
    assert (batches[0], batches[-1]) == (1, 4096)
    assert len(batches) == 12
    assert batches == sorted(batches)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to sweep: give --batch 1:4096 or --width LAYER=64:4096"),
        (("--batch", "5:2"), "--batch begins at 5, above its end 2"),
        (("--batch", "1:20000"), "a step of 2 or more would do, as 1:20000:2"),
        (("--batch", "0:4"), "start of --batch must be a whole number from 1"),
        (("--batch", "1:4:0"), "step of --batch must be a whole number from 1"),
        (("--batch", "1:2:3:4"), "--batch must look like 1:4096"),
        (("--batch", "1,1"), "--batch names a number twice"),
        (("--width", "64:128"), "--width must look like fc6=64:4096:64"),
        (("--width", "fc9=1:2"), "has no layer 'fc9'; its layers are fc6, fc7, fc8"),
        (("--width", "fc6=1:200", "--batch", "1:1000"), "--width fc6 has 200 points, more than"),
        (("--batch", "1:9", "--backend", "nobody"), "nobody"),
        (("--batch", "1:9", "--json", "-", "--csv", "-"), "cannot both be written"),
        (("--batch", "1:9", "--chart", "x.gif"), "must end in"),
        (("--batch", "1:9", "--order", "openblas", "--device", "h100"), "order openblas"),
        (("--batch", "1:9", "--device", "nothing"), "nothing"),
    ],
)
def test_bad_input_is_one_sentence(mmviz: Mmviz, words: tuple[str, ...], said: str) -> None:
    code, out, err = mmviz("sweep", "alexnet", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_list_has_nothing_to_sweep_and_gated_layers_are_even(mmviz: Mmviz) -> None:
    code, _, err = mmviz("sweep", "gpt2-small", "--batch", "1:4")
    assert (code, err.count("\n")) == (2, 1)
    assert "neither batch nor layers to sweep" in err
    code, _, err = mmviz("sweep", "llama-7b-ffn", "--width", "1=64:128", *H100)
    assert code == 2
    assert "even number of units" in err


@pytest.mark.parametrize(("factor", "told"), [(0.62, "38 % below"), (1.5, "50 % above")])
def test_how_far_from_the_prediction_has_no_sign_twice(factor: float, told: str) -> None:
    network = find("mlp").network
    device = replace(read_device("h100"), id=THIS_MACHINE)
    setup = Setup(network, device, dtype="bfloat16")
    found = sweep(points_of(network, (64,), False), setup)
    took = (factor * float(found.seconds[0]),)
    point = MeasuredPoint(Run("numpy", 64, took, stats=summarize(took)), None)
    line = lines(measured_table(found, setup, (point,)))[1]
    assert line.startswith("numpy")
    assert line.endswith(f"  {told} the prediction")


def test_what_was_measured_tells_of_the_budget_and_of_who_wins() -> None:
    times = {"numpy": (1e-5, 1e-3, 1e-1), "wgpu": (1e-3, 2e-3, 1e-2)}
    points = tuple(
        MeasuredPoint(Run(name, batch, (p50,) * 30, stats=summarize((p50,) * 30)))
        for name, medians in times.items()
        for batch, p50 in zip((1, 64, 4096), medians, strict=True)
    )
    budget, even = map(str, over_batches([point.run for point in points], 0.033))
    assert budget.startswith("33 ms: largest batch within it: NumPy 64 (about ")
    assert "wgpu at least 4\u202f096" in budget
    assert even.startswith("from batch 4\u202f096 on wgpu wins over NumPy; up to batch 64")
    assert list(over_batches([points[0].run], 0.033)) == []


def test_points_that_do_not_fit_have_no_time(mmviz: Mmviz) -> None:
    words = ("llama-7b-ffn", "--batch", "400000:500000:20000", "--device", "rtx4090")
    found = swept(mmviz, *words, "--dtype", "bfloat16")
    fits = [point["fits"] for point in found["points"]]
    assert fits == [True, True, True, False, False, False]  # up to 454 377
    assert [point["predicted_s"] is not None for point in found["points"]] == fits
    assert all((p["memory_bytes"] <= 24e9) == p["fits"] for p in found["points"])
    code, out, _ = mmviz("sweep", *words, "--dtype", "bfloat16")
    assert code == 0
    largest = "largest batch that does 440\u202f000"
    assert f"3 points do not fit 24.0 GB of memory: {largest}" in out
    none = ("llama-7b-ffn", "--batch", "900000,910000", "--device", "rtx4090")
    assert "does not fit: 47.3 GB of 24.0 GB" in mmviz("sweep", *none, "--dtype", "bfloat16")[1]
