"""Remarks: the side of the roofline, from which batch on it changes, one example more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.advice.remarks import Remark, at_edge, bounds, compute_bound_from
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.words.remarks import detail, sentence, title

A100_LIKE = Device(
    id="like",
    name="Like",
    body=Gpu(),
    units=108,
    tiles=((128, 128),),
    peaks=(("float16", 312e12), ("float32", 19.5e12)),
    bandwidth=2039e9,
)


def cost(gemm: Gemm, device: Device = A100_LIKE, dtype: str = "float16") -> Cost:
    return price(Setup(Products("", (gemm,)), device, dtype=dtype)).costs[0]


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.sampled_from(["forward", "wgrad", "dgrad"]),
    st.sampled_from(["float16", "float32"]),
)
def test_the_batch_that_turns_the_bound_is_exact(x: int, y: int, role: str, dtype: str) -> None:
    def at(batch: int) -> str | None:
        sides = (x, y, batch) if role == "wgrad" else (batch, x, y)
        return cost(Gemm("a", role, *sides), dtype=dtype).bound  # type: ignore[arg-type]  # drawn

    sides = (x, y, 7) if role == "wgrad" else (7, x, y)
    found = compute_bound_from(cost(Gemm("a", role, *sides), dtype=dtype))  # type: ignore[arg-type]
    if found is None:
        assert at(16_777_216) == "memory"
        return
    assert at(found) == "compute"
    assert found == 1 or at(found - 1) == "memory"


def test_memory_bound_says_from_where_on_it_is_not() -> None:
    (remark,) = bounds([cost(Gemm("fc6", "forward", 32, 4096, 9216))], 32)
    assert told(remark) == (
        "fc6 is memory-bound at batch 32 (intensity 32 below the ridge of 153 of Like); from batch "
        "162 on it is compute-bound."
    )
    assert not remark.sound


def test_some_products_stay_memory_bound() -> None:
    (remark,) = bounds([cost(Gemm("thin", "forward", 32, 10, 800))], 32)
    assert "no batch makes it compute-bound" in told(remark)


def test_compute_bound_is_a_calm_ok() -> None:
    (remark,) = bounds([cost(Gemm("fc6", "forward", 2048, 4096, 9216))], 2048)
    assert remark.sound
    assert told(remark).replace("\u202f", ",") == (
        "fc6 is compute-bound: intensity 1,189 above the ridge of 153 of Like."
    )


def test_a_list_has_no_batch_to_change() -> None:
    (remark,) = bounds([cost(Gemm("row", "product", 32, 4096, 9216))], None)
    assert "batch" not in told(remark)


def test_no_roofline_no_remark() -> None:
    device = replace(A100_LIKE, bandwidth=None)
    assert bounds([cost(Gemm("fc6", "forward", 32, 4096, 9216), device)], 32) == ()


def told(remark: Remark) -> str:
    return str(sentence(remark, A100_LIKE))


def passes(device: Device, batch: int) -> tuple[PassCost, PassCost]:
    network = from_widths([1024, 1024])
    now, more = (price(Setup(network, device, b)) for b in (batch, batch + 1))
    return now, more


def edge_device(tiles: tuple[tuple[int, int], ...]) -> Device:
    """8 units on which nothing but tiles and waves costs time."""
    names = ("t0", "cell", "side", "edge", "wave", "share", "hit", "join", "smooth", "heat")
    values = (1e-15, 1.0, 1e-12, 1e-12, 1e-18, 1.0, 1e-12, 1e3, 64.0, 1e-12)
    constants = tuple(zip(names, values, strict=True))
    fitted = Calibration("float32", constants, 400, 100, 0.05, 0.05, "made", True)
    peaks = (("float32", 8e12),)
    return Device(
        id="edge",
        name="Edge",
        body=Gpu(),
        units=8,
        tiles=tiles,
        peaks=peaks,
        bandwidth=1e16,
        calibrations=(fitted,),
    )


def test_where_one_row_more_doubles_the_time_it_is_said() -> None:
    device = edge_device(((128, 128),))
    (remark,) = at_edge(*passes(device, 128), device, 128)
    assert str(title(remark)) == "batch 128 fits, 129 does not"
    assert "opens wave 2: 8 tiles of layer 1 become 16, 100 % more in series" in told(remark)
    assert "predicted 100 % more time ± 14 %" in told(remark)


def test_where_other_tiles_take_the_step_away_the_text_follows_the_number() -> None:
    device = edge_device(((128, 128), (16, 64)))
    (remark,) = at_edge(*passes(device, 128), device, 128)
    assert str(title(remark)) == "batch 129 costs 12 % more"
    then = passes(device, 129)[0].costs[0].tiling
    assert (then.tiles, then.tile, then.waves) == (144, (16, 64), 18)
    assert str(detail(remark, device)) == (
        "8 tiles of layer 1 (128 × 128) in one wave: with the same tile it would be 16 in 2 waves, "
        "100 % more in series; predicted are 144 tiles of 16 × 64 in 18 waves and 12 % more time "
        "± 8.0 %"
    )
    assert told(remark) == f"Batch 129: {detail(remark, device)}."


@pytest.mark.parametrize("batch", [100, 127, 130])
def test_within_a_tile_there_is_no_edge(batch: int) -> None:
    device = edge_device(((128, 128),))
    assert at_edge(*passes(device, batch), device, batch) == ()
