"""More work never takes less time: any device, format, tile and order, within one alignment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mmviz.core.device.device import Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import DTYPES, MATRIX_DTYPES
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.alignment import aligned_to
from mmviz.core.time.price import price, price_shapes
from mmviz.core.time.setup import Setup
from mmviz.files.devices import device_ids, read_device

Ints = NDArray[np.int64]
ROUNDED = 1 - 1e-9  # what sums of floats may be off
DEVICES = {id: read_device(id) for id in device_ids()}
TIMED = [
    (id, dtype)
    for id, device in DEVICES.items()
    for dtype in DTYPES
    if device.peak(dtype) is not None and device.kind in ("gpu", "systolic")
]
ORDERS = (None, "swizzle-4", "split-k-4", "persistent", "stream-k")
WAYS = (
    (None, None),
    ((128, 128), None),
    (None, "persistent"),
    (None, "stream-k"),
    (None, "split-k-4"),
    ((64, 32), "split-k-4"),
)
NOTHING = from_widths([1, 1])


def sides(random: np.random.Generator, count: int) -> tuple[Ints, Ints, Ints, Ints]:
    """m, n, k and stack: of all sizes, most with aligned rows, some of one row or column."""
    m, n, k = (
        (2 ** random.uniform(0, most, count)).astype(np.int64) for most in (14.0, 16.5, 16.5)
    )
    for side in (n, k):
        aligned = random.random(count) < 0.6
        side[aligned] = -(-side[aligned] // 64) * 64
    stack = np.where(random.random(count) < 0.3, random.integers(1, 300, count), 1)
    return m, n, k, stack


def steps(
    random: np.random.Generator, m: Ints, n: Ints, k: Ints, stack: Ints
) -> dict[str, tuple[Ints, Ints, Ints, Ints]]:
    one = np.ones_like(m)
    return {
        "a row": (m + 1, n, k, stack),
        "some rows": (m + random.integers(1, 300, len(m)), n, k, stack),
        "twice m": (2 * m, n, k, stack),
        "twice n": (m, 2 * n, k, stack),
        "twice k": (m, n, 2 * k, stack),
        "columns": (m, n + 8 * random.integers(1, 40, len(m)), k, stack),
        "terms": (m, n, k + 8 * random.integers(1, 40, len(m)), stack),
        "a column": (m, n + one, k, stack),
        "a term": (m, n, k + one, stack),
        "a product": (m, n, k, stack + one),
    }


def falls(device: Device, dtype: str, setup: Setup, seed: int, count: int) -> list[str]:
    random = np.random.default_rng(seed)
    before = sides(random, count)
    shapes = Shapes.of(*before)
    seconds = price_shapes(shapes, setup).seconds
    found = []
    for name, after in steps(random, *before).items():
        grown = Shapes.of(*after)
        like = np.ones(count, dtype=np.bool_)
        if dtype in MATRIX_DTYPES and device.kind == "gpu":
            # Aligned rows may gain; rows that are aligned no better may not.
            like = aligned_to(grown.rows, dtype) <= aligned_to(shapes.rows, dtype)
        fell = like & (price_shapes(grown, setup).seconds < seconds * ROUNDED)
        for row in np.nonzero(fell)[0][:1]:
            at = [tuple(int(side[row]) for side in one) for one in (before, after)]
            found.append(f"{name}: {at[0]} → {at[1]}")
    return found


@pytest.mark.parametrize(("id", "dtype"), TIMED)
def test_more_work_never_takes_less_time(id: str, dtype: str) -> None:
    device = DEVICES[id]
    setup = Setup(NOTHING, device, dtype=dtype)
    for turn, (tile, order) in enumerate(WAYS if device.kind == "gpu" else WAYS[:1]):
        how = replace(setup, tile=tile, order=order)
        assert falls(device, dtype, how, turn, 30 if turn else 120) == [], (tile, order)


@settings(max_examples=25, deadline=None)
@given(
    which=st.sampled_from(TIMED),
    tile=st.none() | st.tuples(st.integers(1, 400), st.integers(1, 400)),
    order=st.sampled_from(ORDERS),
    seed=st.integers(0, 2**32 - 1),
)
def test_nor_anywhere_else(
    which: tuple[str, str], tile: tuple[int, int] | None, order: str | None, seed: int
) -> None:
    device, dtype = DEVICES[which[0]], which[1]
    if device.kind != "gpu":
        tile, order = None, None
    setup = Setup(NOTHING, device, dtype=dtype, tile=tile, order=order)
    assert falls(device, dtype, setup, seed, 60) == []


@settings(max_examples=40, deadline=None)
@given(
    which=st.sampled_from(TIMED),
    widths=st.lists(st.integers(1, 300).map(lambda w: 16 * w), min_size=2, max_size=4),
    batch=st.integers(1, 20_000),
    more=st.integers(1, 300),
    training=st.booleans(),
)
def test_more_examples_or_layers_never_take_a_pass_less_time(
    which: tuple[str, str], widths: list[int], batch: int, more: int, training: bool
) -> None:
    device, dtype = DEVICES[which[0]], which[1]
    setup = Setup(from_widths(widths), device, 16 * batch, training, dtype)
    before = price(setup).predicted_s
    assert before is not None
    deeper = replace(setup, workload=from_widths([*widths, widths[-1]]))
    for grown in (replace(setup, batch=16 * (batch + more)), deeper):
        after = price(grown).predicted_s
        assert after is not None
        assert after >= before * ROUNDED
