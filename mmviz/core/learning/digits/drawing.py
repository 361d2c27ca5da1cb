"""A digit drawn by hand, pixel by pixel as a mouse or a finger goes, inked as made ones are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.digits.strokes import SIDE, Floats, ink

Point = tuple[float, float]
"""Pixels from the upper left corner of the 28 × 28: x to the right, y down."""

PEN = 2.5  # pixels thick: in the middle of those that made drawings have
_STEP = 0.25  # pixels from one blob of ink to the next
_DOT = 1.5  # pixels: a pen that went less far leaves a dot as long as that


def inked(strokes: Sequence[Sequence[Point]]) -> Floats:
    """The pixels, [28 × 28], 0 … 1, of strokes; none of them leaves no ink."""
    found = np.zeros((SIDE, SIDE), np.float32)
    for stroke in strokes:
        if stroke:  # each by itself: where two cross, ink is no blacker than black
            curve = _even(np.asarray(stroke, np.float64))
            one = ink(curve[None].astype(np.float32), np.full(1, PEN, np.float32))[0]
            found = np.maximum(found, one)
    return found


def _even(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points equally far apart on the way through `points`, [n × 2]."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    if along[-1] < _DOT:
        ends = points.mean(axis=0) + np.array([[-_DOT / 2, 0.0], [_DOT / 2, 0.0]])
        points, along = ends, np.array([0.0, _DOT])
    at = np.linspace(0, along[-1], max(3, round(along[-1] / _STEP) + 1))
    return np.stack([np.interp(at, along, points[:, i]) for i in (0, 1)], axis=1)
