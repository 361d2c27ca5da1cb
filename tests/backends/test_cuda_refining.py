"""Tiles that are short beside the steps of a GPU's clock: how long they took, by their ticks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mmviz.backends.cuda.refining import refined, ticks_per_ns

STEP = 1000
PER_NS = 1.5


def stamped(times: np.ndarray) -> np.ndarray:
    """As a clock with that step tells them."""
    return times // STEP * STEP


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 9000)), min_size=1, max_size=12),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, STEP - 1),
)
def test_refined_tiles_took_what_they_took_and_share_no_unit(
    units: list[list[tuple[int, int]]], offset: int
) -> None:
    """Each unit computes one tile after the other, after a pause."""
    start, end, unit = [], [], []
    for number, tiles in enumerate(units):
        now = offset
        for pause, length in tiles:
            start.append(now + pause)
            now += pause + length
            end.append(now)
            unit.append(number)
    began, ended, who = (np.array(column, np.int64) for column in (start, end, unit))
    ticks = np.rint((ended - began) * PER_NS).astype(np.int64)
    found = refined(stamped(began), stamped(ended), ticks, who, STEP, PER_NS)
    assert (found >= stamped(began)).all()
    assert (np.abs(found - stamped(ended)) <= STEP).all()
    for one in np.unique(who):
        rows = who == one
        assert (found[rows][:-1] <= stamped(began)[rows][1:]).all(), "no two at once"
        last = np.flatnonzero(rows)[-1]  # nobody comes after it
        assert found[last] - stamped(began)[last] == ended[last] - began[last]


def test_a_tile_within_one_step_takes_its_ticks() -> None:
    one = np.zeros(1, np.int64)
    assert refined(one, one, one + 600, one, STEP, PER_NS).tolist() == [400]
    assert refined(one, one, one + 600, one, STEP, 0.0).tolist() == [0], "no clock is known"


def test_how_fast_the_clocks_were() -> None:
    start = np.array([0, 1000], np.int64)
    assert ticks_per_ns(start, start + 2000, np.array([2900, 3100])) == 1.5
    assert ticks_per_ns(start, start, np.array([2900, 3100])) == 0.0
