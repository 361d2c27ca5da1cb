"""Waves are numbered evenly, and no number touches the next."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("PyQt6.QtWidgets")

from mmviz.ui.timeline.wave_ticks import CLEAR, numbered

pytestmark = pytest.mark.qt


def even(count: int, room: float) -> np.ndarray:
    return np.arange(count) / count * room


@pytest.mark.parametrize(
    ("count", "room", "wide", "waves"),
    [
        (5, 460, 46, [1, 2, 3, 4, 5]),
        (12, 460, 52, [1, 3, 5, 7, 9, 11]),
        (97, 460, 16, [1, 10, 20, 30, 40, 50, 60, 70, 80, 90]),
        (97, 200, 16, [1, 20, 40, 60, 80]),
        (1, 460, 46, [1]),
        (0, 460, 46, []),
    ],
)
def test_numbers_are_the_round_ones_that_fit(
    count: int, room: float, wide: float, waves: list[int]
) -> None:
    assert numbered(even(count, room), wide, room) == waves


@given(
    lengths=st.lists(st.floats(0.01, 50), min_size=1, max_size=300),
    room=st.floats(80, 2000),
    wide=st.floats(5, 70),
)
def test_numbers_are_evenly_apart_and_never_touch(
    lengths: list[float], room: float, wide: float
) -> None:
    starts = np.concatenate(([0.0], np.cumsum(lengths)[:-1])) / sum(lengths) * room
    waves = numbered(starts, wide, room)
    later = waves[1:] if waves[0] == 1 and len(waves) > 2 else waves
    assert len({b - a for a, b in pairwise(later)}) <= 1, waves
    places = starts[np.array(waves) - 1]
    assert all(b - a >= wide + CLEAR for a, b in pairwise(places.tolist()))
    assert places[-1] + wide <= room
