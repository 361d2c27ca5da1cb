"""Tiles and waves: the exact vectors of the model, and what holds for every shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.choice import tile_product
from mmviz.errors import InputError
from mmviz.files.devices import read_device


def gemm(m: int, n: int, k: int = 4096) -> Gemm:
    return Gemm("x", "forward", m, n, k)


A100 = read_device("a100")


@pytest.mark.parametrize(
    ("m", "n", "tile", "tiles", "waves"),
    [
        (256, 256, (128, 128), 4, 1),  # NVIDIA's guide: 257 rows cost half as much again
        (257, 256, (128, 128), 6, 1),
        (2304, 1536, (256, 128), 108, 1),
        (2304, 1664, (256, 128), 117, 2),
        (6912, 2048, (256, 128), 432, 4),
        (1792, 1792, (256, 128), 98, 1),
        (1793, 1793, (256, 128), 120, 2),
    ],
)
def test_published_vectors(m: int, n: int, tile: tuple[int, int], tiles: int, waves: int) -> None:
    tiling = tile_product(gemm(m, n), A100, tile)
    assert (tiling.tiles, tiling.waves) == (tiles, waves)


def test_257_rows_compute_half_as_much_again_as_256() -> None:
    before, after = (tile_product(gemm(m, 256), A100, (128, 128)) for m in (256, 257))
    assert after.padded_cells / before.padded_cells == 1.5


def test_alexnets_last_layer_is_8_tiles_for_the_80_sms_of_a_v100() -> None:
    tiling = tile_product(Gemm("fc8", "forward", 128, 1000, 4096), read_device("v100"), (128, 128))
    assert (tiling.tiles, tiling.slots, tiling.waves) == (8, 160, 1)


@pytest.mark.parametrize(
    ("tile", "resident"),
    [
        ((256, 128), 1),
        ((128, 256), 1),
        ((128, 128), 2),
        ((256, 64), 2),
        ((64, 256), 2),
        ((128, 64), 2),
        ((64, 128), 2),
        ((64, 64), 4),
        ((32, 32), 4),
        ((1, 1), 4),
    ],
)
def test_residency(tile: tuple[int, int], resident: int) -> None:
    for device in ("a100", "v100"):
        assert read_device(device).resident_tiles(tile) == resident


def test_the_wave_of_nine_leaves_99_sms_idle() -> None:
    tiling = tile_product(gemm(2304, 1664), A100, (256, 128))
    assert tiling.tiles_in_series == 2
    assert tiling.wave_efficiency == 117 / 216


@given(
    m=st.integers(1, 3000),
    n=st.integers(1, 3000),
    tm=st.integers(1, 300),
    tn=st.integers(1, 300),
    units=st.integers(1, 200),
    resident=st.integers(1, 4),
)
def test_what_holds_for_every_shape(
    m: int, n: int, tm: int, tn: int, units: int, resident: int
) -> None:
    device = Device("d", "d", Gpu(), units, ((tm, tn),), ((1, resident),))
    tiling = tile_product(gemm(m, n), device)
    assert (tiling.tiles_m - 1) * tm < m <= tiling.tiles_m * tm
    assert (tiling.tiles_n - 1) * tn < n <= tiling.tiles_n * tn
    assert (tiling.waves - 1) * tiling.slots < tiling.tiles <= tiling.waves * tiling.slots
    assert 0 < tiling.tile_efficiency <= 1
    assert 0 < tiling.wave_efficiency <= 1
    assert tiling.padded_cells >= m * n
    # The busiest unit is no busier than waves of full residency, no less than its fair share.
    assert tiling.tiles / units <= tiling.tiles_in_series <= tiling.waves * resident


def test_the_chosen_tile_is_the_largest_that_does_not_cost_a_tenth_more() -> None:
    device = Device("d", "d", Gpu(), 108, ((256, 128), (128, 128), (64, 64)), ((16384, 1), (1, 4)))
    assert tile_product(gemm(6912, 2048), device).tile == (256, 128)  # exactly four waves
    assert tile_product(gemm(128, 1000), device).tile == (64, 64)  # few: smaller ones fill more SMs
    assert tile_product(gemm(5, 7), read_device("lanes-16")).tile == (1, 1)


@pytest.mark.parametrize("tile", [(0, 128), (128, 0), (-1, 4)])
def test_impossible_tiles(tile: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="tile"):
        tile_product(gemm(5, 5), A100, tile)


@pytest.mark.parametrize(
    ("units", "tiles", "resident"),
    [
        (0, ((1, 1),), ((1, 1),)),
        (1, (), ((1, 1),)),
        (1, ((1, 1),), ((2, 1),)),
        (1, ((1, 1),), ((1, 2), (9, 1))),
    ],
)
def test_devices_that_make_no_sense(
    units: int, tiles: tuple[tuple[int, int], ...], resident: tuple[tuple[int, int], ...]
) -> None:
    with pytest.raises(InputError, match="device 'd'"):
        Device("d", "d", Gpu(), units, tiles, resident)
