"""The rule by which a library was seen to choose tiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.device import TileStep
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.tile_choice import closed_tiles, steps_of

STEPS = (
    TileStep(((32, 32),), blocks=1),
    TileStep(((32, 128), (128, 32)), blocks=10),
    TileStep(((64, 128),), work=1e9),
    TileStep(((128, 128), (32, 128))),
)
SIDE = st.integers(1, 20_000)


def open_to(m: int, n: int, k: int, units: int = 2) -> list[tuple[int, int]]:
    steps = steps_of(STEPS)
    assert steps is not None
    shapes = Shapes.of(*(np.array([side]) for side in (m, n, k)))
    closed = closed_tiles(shapes, steps, units)[:, 0]
    return [tile for tile, out in zip(steps.tiles, closed.tolist(), strict=True) if not out]


@pytest.mark.parametrize(
    ("shape", "tiles"),
    [
        ((64, 128, 10), [(32, 32), (32, 128), (128, 32), (64, 128), (128, 128)]),  # a block a unit
        ((64, 192, 10), [(32, 128), (128, 32), (64, 128), (128, 128)]),
        ((4096, 4096, 100), [(32, 128), (64, 128), (128, 128)]),  # the last step has 32 × 128, too
        ((4096, 4096, 1000), [(32, 128), (128, 128)]),  # more than 1e9 multiplications a unit
    ],
)
def test_a_tile_is_open_as_far_as_the_last_step_that_has_it(
    shape: tuple[int, int, int], tiles: list[tuple[int, int]]
) -> None:
    assert open_to(*shape) == tiles


def test_a_device_without_steps_closes_no_tile() -> None:
    assert steps_of(()) is None


@given(SIDE, SIDE, SIDE, st.integers(1, 3), st.sampled_from("mnk"))
def test_more_work_opens_no_tile(m: int, n: int, k: int, factor: int, side: str) -> None:
    more = {"m": m, "n": n, "k": k} | {side: {"m": m, "n": n, "k": k}[side] * factor + 1}
    assert set(open_to(more["m"], more["n"], more["k"])) <= set(open_to(m, n, k))
