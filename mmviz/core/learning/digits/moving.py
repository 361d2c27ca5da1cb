"""Digits moved by whole pixels, and how many a network still tells: it compares places."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.digits.made import Digits
from mmviz.core.learning.digits.strokes import PIXELS, SIDE, Floats

MOST = 4  # pixels
SIDEWAYS = ((1, 0), (-1, 0), (0, 1), (0, -1))  # right, left, down, up


def moved(images: Floats, right: int, down: int) -> Floats:
    """[drawings × 28 × 28] so many pixels further; what leaves is lost, what comes in is empty."""
    found = np.zeros_like(images)
    to_x, from_x = _overlap(right)
    to_y, from_y = _overlap(down)
    found[:, to_y, to_x] = images[:, from_y, from_x]
    return found


def told_when_moved(
    answer: Callable[[Floats], NDArray[np.floating]], digits: Digits, by: Sequence[int]
) -> tuple[float, ...]:
    """Share of `digits`, 0 … 1, that is told when moved by so many pixels, for each of `by`: the
    mean of all four directions. answer: pixels [drawings × 784] -> [drawings × 10].
    """
    images = digits.x.reshape(-1, SIDE, SIDE)
    found = []
    for far in by:
        ways = SIDEWAYS if far else SIDEWAYS[:1]
        right = 0
        for x, y in ways:
            answers = answer(moved(images, far * x, far * y).reshape(-1, PIXELS))
            right += int((answers.argmax(axis=1) == digits.labels).sum())
        found.append(right / (len(ways) * len(digits)))
    return tuple(found)


def _overlap(by: int) -> tuple[slice, slice]:
    """Where pixels go to along one axis, and where they come from."""
    return slice(max(by, 0), SIDE + min(by, 0)), slice(max(-by, 0), SIDE - max(by, 0))
