"""mmviz schedule: who computes which tile when, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from mmviz import units
from mmviz.cli.schedule import MOST_TILES
from mmviz.files.devices import device_ids

Mmviz = Callable[..., tuple[int, str, str]]

PAPER = ("384x384x128", "--units", "4", "--tile", "128x128x4")


def schedule(mmviz: Mmviz, *words: str) -> dict[str, Any]:
    code, out, err = mmviz("schedule", *words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def text(mmviz: Mmviz, *words: str) -> list[str]:
    code, out, err = mmviz("schedule", *words)
    assert (code, err) == (0, "")
    return out.splitlines()


def test_stream_k_spreads_72_k_steps_on_each_unit(mmviz: Mmviz) -> None:
    found = schedule(mmviz, *PAPER, "--order", "stream-k")
    assert list(found)[:5] == ["units", "slots", "waves", "efficiency", "products"]
    assert (found["units"], found["slots"], found["efficiency"]) == (4, 4, 1)
    (product,) = found["products"]
    assert product["name"] == "384x384x128"
    assert list(product["tiles"][0]) == ["m", "n", "k0", "k1", "unit", "start", "end"]
    work: Counter[int] = Counter()
    for tile in product["tiles"]:
        work[tile["unit"]] += tile["end"] - tile["start"]
        assert tile["end"] - tile["start"] == (tile["k1"] - tile["k0"]) / 4
    assert work == dict.fromkeys(range(4), 72)


def test_rows_leave_a_quarter_idle(mmviz: Mmviz) -> None:
    found = schedule(mmviz, *PAPER, "--order", "rows")
    assert (found["waves"], found["efficiency"], found["clock"]) == (3, 0.75, "steps")
    (product,) = found["products"]
    assert len(product["tiles"]) == 9
    assert product["tiles"][-1] == {
        "m": 2, "n": 2, "k0": 0, "k1": 128, "unit": 0, "start": 64, "end": 96,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "tiles", "efficiency"),
    [
        (("--tile", "128x64x4"), 18, 0.9),
        (("--tile", "128x128x4", "--order", "split-k-2"), 18, 0.9),
        (("--tile", "128x128x4", "--order", "persistent"), 9, 0.75),
    ],
)
def test_the_other_figures_of_the_paper(
    mmviz: Mmviz, words: tuple[str, ...], tiles: int, efficiency: float
) -> None:
    found = schedule(mmviz, "384x384x128", "--units", "4", *words)
    assert (len(found["products"][0]["tiles"]), found["efficiency"]) == (tiles, efficiency)


def test_text(mmviz: Mmviz) -> None:
    assert text(mmviz, *PAPER)[1:] == [
        "384x384x128: 9 tiles of 128 × 128, 4 slots, 3 waves, 96 k-steps, efficiency 75.0 %",
        "wave 1: unit0 (0,0) unit1 (0,1) unit2 (0,2) unit3 (1,0)",
        "wave 2: unit0 (1,1) unit1 (1,2) unit2 (2,0) unit3 (2,1)",
        "wave 3: unit0 (2,2)",
    ]
    lines = text(mmviz, *PAPER, "--order", "stream-k")
    assert "adding the partial products up is not modelled" in lines[0]
    assert lines[2].startswith("wave 1: unit0 (0,0) k0–128 unit1 (0,2) k32–128")


def test_seconds_on_a_device_with_a_peak(mmviz: Mmviz) -> None:
    words = ("2304x1536x4096", "--device", "a100", "--dtype", "float16", "--tile", "256x128")
    found = schedule(mmviz, *words)
    assert (found["units"], found["slots"], found["waves"]) == (108, 108, 1)
    assert (found["efficiency"], found["clock"]) == (pytest.approx(1), "s")
    ends = {tile["end"] for tile in found["products"][0]["tiles"]}
    (product,) = json.loads(mmviz("plan", "4096-1536", "--batch", "2304", *words[1:], "--json")[1])[
        "products"
    ]
    computing = product["predicted_s"] - product["losses"]["launch"]
    assert [*ends] == [pytest.approx(computing)]
    assert computing > 2 * 2304 * 1536 * 4096 / 312e12
    assert f"predicted {units.seconds(computing)} ± " in text(mmviz, *words)[1]
    assert text(mmviz, *words)[2].startswith("wave 1: SM0 (0,0) SM1 (0,1)")


def test_a_network_in_training_names_each_product(mmviz: Mmviz) -> None:
    found = schedule(mmviz, "784-128-10", "--batch", "64", "--training", "--units", "4")
    names = [product["name"] for product in found["products"]]
    assert len(set(names)) == 5
    assert names[0] == "layer 1 forward"
    # Waves add up, and efficiency is that of all products one after the other.
    busy = sum(t["end"] - t["start"] for p in found["products"] for t in p["tiles"])
    duration = sum(max(t["end"] for t in p["tiles"]) for p in found["products"])
    assert found["efficiency"] == busy / (4 * duration)
    assert found["waves"] == sum(-(-len(p["tiles"]) // 4) for p in found["products"])
    assert schedule(mmviz, "784-128-10", "--units", "4")["products"][0]["name"] == "layer 1"


@pytest.mark.parametrize("device", device_ids())
def test_every_device_has_a_schedule(mmviz: Mmviz, device: str) -> None:
    found = schedule(mmviz, "20x30x40", "--device", device)
    assert found["waves"] >= 1
    assert 0 < found["efficiency"] <= 1
    lines = text(mmviz, "20x30x40", "--device", device)
    unknown = lines[1].startswith("no peak of ")  # in this format: time is in k-steps
    assert len(lines) == 2 + found["waves"] + unknown


def test_openblas_says_which_ratio_it_took(mmviz: Mmviz) -> None:
    lines = text(mmviz, "128x1000x4096", "--order", "openblas")
    assert "ratio" in lines[1]
    tiles = schedule(mmviz, "128x1000x4096", "--order", "openblas")
    assert tiles["waves"] == 1


def test_folds_of_a_systolic_array(mmviz: Mmviz) -> None:
    words = ("16x16x16", "--dataflow", "ws", "--array", "8x8")
    assert schedule(mmviz, *words) == {"folds": 4, "cycles_per_fold": 38, "cycles": 152}
    assert text(mmviz, *words)[0] == "16x16x16: 4 folds of 38 cycles, 152 cycles"
    found = schedule(mmviz, "10x8x8", "--dataflow", "os", "--array", "8x8")
    assert found == {"folds": 2, "cycles_per_fold": 22, "cycles": 44}
    lines = text(mmviz, "10x8x8", "--dataflow", "os", "--array", "8x8")
    assert "without the drain" in lines[-1]


def test_a_busy_array_is_not_one_that_works_fully(mmviz: Mmviz) -> None:
    """300 × 300 × 600 on 256 × 256: os needs 4 folds of 1,110 cycles, a new one every 600."""
    line = text(mmviz, "300x300x600", "--device", "tpu-v1", "--order", "os")[1]
    assert "910 cycles, arrays occupied 100 % of the time, multipliers at work 28.3 %" in line
    used = 300 * 300 * 600 / ((3 * 600 + 1110) * 256 * 256)
    assert used == pytest.approx(0.283, abs=5e-4)


def test_folds_of_a_network_add_up(mmviz: Mmviz) -> None:
    found = schedule(mmviz, "12-20-8", "--batch", "10", "--dataflow", "os", "--array", "8x4")
    assert found["cycles_per_fold"] is None
    assert found["cycles"] == sum(product["cycles"] for product in found["products"])
    same = schedule(mmviz, "12-20-8", "--batch", "10", "--dataflow", "ws", "--array", "8x4")
    assert same["cycles_per_fold"] == 28
    assert [product["name"] for product in same["products"]] == ["layer 1", "layer 2"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nope",), "unknown network 'nope'"),
        (("8x8",), "unknown network '8x8'"),
        (("0x8x8",), "MxNxK must be a whole number"),
        (("8x8x99999999999",), "MxNxK must be a whole number"),
        (("8x8x8", "--batch", "2"), "--batch and --training belong to a network"),
        (("8x8x8", "--training"), "--batch and --training belong to a network"),
        (("8x8x8", "--units", "0"), "--units must be a whole number"),
        (("8x8x8", "--units", "4", "--device", "a100"), "--device and --units exclude each other"),
        (("8x8x8", "--device", "a1000"), "unknown device 'a1000'"),
        (("8x8x8", "--dtype", "int7"), "unknown dtype 'int7'"),
        (("8x8x8", "--tile", "4"), "--tile must look like 256x128 or 256x128x32"),
        (("8x8x8", "--tile", "4x4x4x4"), "--tile must look like"),
        (("8x8x8", "--tile", "4x4x0"), "--tile must be a whole number"),
        (("8x8x8", "--order", "up"), "unknown order 'up'; known are rows"),
        (("8x8x8", "--order", "split-k-1"), "unknown order 'split-k-1'"),
        (("8x8x8", "--order", "ws"), "order ws is not one of This machine's"),
        (("8x8x8", "--device", "tpu-v1", "--tile", "4x4"), "--tile cannot be fixed: order ws"),
        (("8x8x8", "--order", "openblas", "--tile", "4x4"), "--tile cannot be fixed: order openb"),
        (("8x8x8", "--dataflow", "ws"), "--dataflow and --array need each other"),
        (("8x8x8", "--array", "8x8"), "--dataflow and --array need each other"),
        (("8x8x8", "--dataflow", "up", "--array", "8x8"), "unknown dataflow 'up'; known are ws"),
        (("8x8x8", "--dataflow", "ws", "--array", "8"), "--array must look like 8x8"),
        (
            ("8x8x8", "--dataflow", "ws", "--array", "8x8", "--order", "rows"),
            "--order and --dataflow exclude each other",
        ),
        (("alexnet", "--tile", "1x1"), "at most 100 000 are printed"),
        (("16777216x16777216x1", "--units", "1"), "at most 100 000 are printed"),
    ],
)
def test_bad_input_is_one_line(mmviz: Mmviz, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = mmviz("schedule", *words)
    assert (code, out) == (2, "")
    assert err.startswith("mmviz: ")
    assert err.count("\n") == 1
    assert len(err) < 700
    assert sentence in err


def test_far_more_units_than_work(mmviz: Mmviz) -> None:
    words = ("9x9x9", "--units", "1048576", "--order", "stream-k", "--tile", "1x1x1")
    found = schedule(mmviz, *words)
    assert len(found["products"][0]["tiles"]) == 729
    assert found["efficiency"] == 729 / 1_048_576


def test_the_largest_schedule_that_is_printed(mmviz: Mmviz) -> None:
    found = schedule(mmviz, f"{MOST_TILES}x1x1", "--units", "7", "--tile", "1x1")
    assert len(found["products"][0]["tiles"]) == MOST_TILES
    assert mmviz("schedule", f"{MOST_TILES + 1}x1x1", "--units", "7", "--tile", "1x1")[0] == 2


def test_what_was_asked_for_and_cannot_be_is_said(mmviz: Mmviz) -> None:
    _, out, _ = mmviz("schedule", "4x4x8", "--units", "4", "--order", "split-k-16")
    assert "a product's k has room for 8 parts only" in out
    _, out, _ = mmviz("schedule", "4x4x8", "--units", "4", "--order", "split-k-2")
    assert "has room" not in out
    _, out, _ = mmviz("schedule", "4x4x4", "--device", "v100", "--dtype", "bfloat16")
    assert "no peak of NVIDIA V100 SXM2 is known in this number format: time in k-steps" in out


def test_what_the_error_does_not_cover_is_said(mmviz: Mmviz) -> None:
    words = ("schedule", "128x128x64", "--dtype", "bfloat16", "--tile", "64x64")
    _, out, _ = mmviz(*words, "--device", "h100")
    assert "; ± of kernels alone: launches by the host" in out.splitlines()[0]
    _, out, _ = mmviz(*words, "--device", "mi300x")
    assert "±" not in out.splitlines()[0], "its error is not known"
