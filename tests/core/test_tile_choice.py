"""The rule by which a library was seen to choose tiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.device import TileStep
from mmviz.core.time.tile_choice import stepped_tiles

STEPS = (
    TileStep(((32, 32),), blocks=1),
    TileStep(((32, 128), (128, 32)), blocks=10),
    TileStep(((64, 128),), work=1e9),
    TileStep(((128, 128),)),
)


def chosen(m: int, n: int, k: int, units: int = 2) -> tuple[float, float]:
    tm, tn = stepped_tiles(np.array([m]), np.array([n]), np.array([k]), STEPS, units)
    return float(tm[0]), float(tn[0])


@pytest.mark.parametrize(
    ("shape", "tile"),
    [
        ((64, 128, 10), (32, 32)),  # a block a unit
        ((64, 192, 10), (32, 128)),  # equally many cells: the first
        ((65, 192, 10), (32, 128)),  # 96 × 256 cells, against 128 × 192
        ((128, 160, 10), (128, 32)),  # 128 × 160 cells, against 128 × 256
        ((4096, 4096, 100), (64, 128)),
        ((4096, 4096, 1000), (128, 128)),  # more than 1e9 multiplications a unit
    ],
)
def test_the_first_step_that_holds(shape: tuple[int, int, int], tile: tuple[int, int]) -> None:
    assert chosen(*shape) == tile


def test_a_later_tile_must_save_a_twentieth() -> None:
    steps = (TileStep(((32, 128), (128, 32))),)
    m, n, k = np.array([128 * 30]), np.array([32 * 118]), np.array([1])  # pads 1.7 % against 0
    assert [side.tolist() for side in stepped_tiles(m, n, k, steps, 1)] == [[32], [128]]


@given(
    st.lists(
        st.tuples(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 20_000)),
        min_size=1,
        max_size=20,
    )
)
def test_many_at_once_are_each_by_itself(shapes: list[tuple[int, int, int]]) -> None:
    m, n, k = (np.array(side) for side in zip(*shapes, strict=True))
    tm, tn = stepped_tiles(m, n, k, STEPS, 2)
    assert list(zip(tm.tolist(), tn.tolist(), strict=True)) == [chosen(*shape) for shape in shapes]
