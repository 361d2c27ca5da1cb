"""Pieces of advice and remarks, said in few words and in all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.core.advice.advice import Piece
from mmviz.core.advice.neighbours import Change
from mmviz.core.advice.remarks import Bound, Edge
from mmviz.core.device.device import Device
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import Cost
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device
from mmviz.text import Text
from mmviz.words import advice, remarks

A100 = read_device("a100")


def cost(m: int, n: int, tile: tuple[int, int] = (128, 128), device: Device = A100) -> Cost:
    one = Products("", (Gemm("fc", "forward", m, n, 1024),))
    return price(Setup(one, device, dtype="float16", tile=tile)).costs[0]


def piece(cause: str, kind: str = "batch", tile: tuple[int, int] = (128, 128)) -> Piece:
    change = Change(Text(kind), kind, 1000, 2000)  # type: ignore[arg-type]  # drawn
    old, new = cost(1000, 4096), cost(2000, 4096, tile)
    return Piece(change, cause, old, new, 2.0, (1.0, 1.0), (1, 1), (1, 1), 0.5, 0.1)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (piece("memory"), "fc: 450 FLOP a byte → 581"),
        (piece("launch"), "fc begins as often, for more examples"),
        (piece("tile"), "fc: 2.3 % past the edge → 2.3 %"),
        (piece("wave"), "fc: 256 tiles, 2 waves → 512 tiles, 3 waves"),
        (piece("kernel", tile=(64, 64)), "fc: tiles of 128 × 128 → 64 × 64"),
    ],
)
def test_the_cause_in_few_words(found: Piece, said: str) -> None:
    assert str(advice.brief(found, A100)) == said


def test_what_is_gained_is_said_of_an_example_where_the_batch_changes() -> None:
    assert str(advice.headline(piece("wave"))) == "−50 % ± 10 % per example"
    assert str(advice.headline(piece("wave", "width"))) == "−50 % ± 10 %"
    assert "predicted 50 % less time ± 10 %," in str(advice.sentence(piece("wave", "width"), A100))


def test_the_same_tiles_are_said_to_be_the_same() -> None:
    old, new = cost(1000, 4096), cost(1001, 4096)
    change = Change(Text("batch"), "batch", 1000, 1001)
    found = Piece(change, "tile", old, new, 1.0, (1.0, 1.0), (1, 1), (1, 1), 0.5, 0.1)
    assert str(advice.why(found, A100)).replace("\u202f", ",") == (
        "batch 1,000 → 1,001 (fc): the same 256 tiles, 2 waves, the last 40 of 108 SMs busy, "
        "2.3 % past the edge, then 2.2 %"
    )


def test_remarks_have_a_title_a_detail_and_a_sentence() -> None:
    bound = Bound(cost(8192, 8192), 8192, 300)
    assert str(remarks.title(bound)) == "fc is compute-bound"
    assert "FLOP/B is above the ridge of 153 of NVIDIA A100" in str(remarks.detail(bound, A100))
    low = Bound(cost(8, 8192), None, None)
    assert str(remarks.title(low)) == "fc is memory-bound"
    assert str(remarks.detail(low, A100)) == (
        "intensity 7.9 below the ridge of 153 of NVIDIA A100 SXM4 80 GB"
    )


def test_one_example_more_is_told_by_what_it_costs() -> None:
    old, fixed = (replace(cost(m, 8192).tiling, units=32, resident=2) for m in (128, 129))
    edge = Edge(128, old, fixed, fixed, 1.0, 0.02, 0.01)
    assert (edge.sound, edge.other, edge.clear) == (False, False, True)
    assert str(remarks.title(edge)) == "batch 129 costs little more"
    assert str(remarks.sentence(edge, A100)) == (
        "Batch 129 costs little more than 128: one row more opens wave 2: 64 tiles of fc become "
        "128, 100 % more in series, yet predicted only 2.0 % more time ± 1.0 %: the rest of the "
        "time stays."
    )
    for slower in (0.02, 0.12):
        near = replace(edge, slower=slower, error=0.13)
        assert str(remarks.title(near)) == "batch 128 or 129: too close to call"
        said = str(remarks.sentence(near, A100))
        assert said.startswith("Batch 128 or 129 is too close to call: one row more opens wave 2")
    within = replace(edge, fixed=replace(fixed, units=1000))
    assert "opens a row of tiles" in str(remarks.detail(within, A100))
    split = replace(edge, then=replace(fixed, tile=(64, 64), parts=2), slower=0.9)
    assert str(remarks.detail(split, A100)).endswith(
        "predicted are 384 tiles of 64 × 64 in 2 parts each in 12 waves and 90 % more time ± 1.0 %"
    )
