"""How far a time may be off whose tile or order was given."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.constants import constants_of
from mmviz.core.time.given_tile import tells_tiles
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device

SQUARE = Products("a square", (Gemm("", "product", 4096, 4096, 4096),))


def setup(device: str, **how: object) -> Setup:
    return Setup(SQUARE, read_device(device), dtype="bfloat16", **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("device", ["a100", "h200", "rtx4090"])
def test_the_tile_that_is_chosen_anyhow_keeps_its_error(device: str) -> None:
    (free,) = price(setup(device)).costs
    (given,) = price(setup(device, tile=free.tiling.tile)).costs
    assert given.error == free.error
    assert given.error is not None


def test_what_a_tile_costs_beside_the_best_adds_to_the_error() -> None:
    (free,) = price(setup("a100")).costs
    (given,) = price(setup("a100", tile=(64, 64))).costs
    assert given.predicted_s is not None
    assert free.predicted_s is not None
    assert free.error is not None
    lost = 1 - free.predicted_s / given.predicted_s
    assert lost > 0.2
    assert given.error == pytest.approx(np.hypot(free.error, lost))


def test_a_tile_that_no_library_takes_has_no_error() -> None:
    (given,) = price(setup("a100", tile=(8, 8))).costs
    assert given.error is None
    assert given.predicted_s is not None


@pytest.mark.parametrize("tile", [(8, 8), (32, 32), (64, 64)])
@pytest.mark.parametrize("device", ["h100", "h200", "b200", "b300"])
def test_where_timings_do_not_tell_tiles_apart_none_is_known(
    device: str, tile: tuple[int, int]
) -> None:
    assert not tells_tiles(constants_of(read_device(device), "bfloat16"))
    (given,) = price(setup(device, tile=tile)).costs
    assert given.error is None


def test_parts_of_k_that_were_asked_for_add_what_they_cost() -> None:
    (free,) = price(setup("a100")).costs
    (given,) = price(setup("a100", order="split-k-8")).costs
    assert free.error is not None
    assert given.error is not None
    assert given.error > free.error
