"""Steps of a perceptually uniform map, as colour tables of images."""

from __future__ import annotations

import functools

import numpy as np
from PyQt6.QtGui import QColor


@functools.lru_cache(maxsize=16)
def shades(stops: tuple[str, ...], count: int) -> tuple[int, ...]:
    """`count` ARGB values from the first stop to the last, evenly between them."""
    known = np.array([QColor(stop).getRgb()[:3] for stop in stops], float)
    at = np.linspace(0, len(known) - 1, count)
    channels = [np.interp(at, np.arange(len(known)), known[:, i]) for i in range(3)]
    return tuple(QColor(*(round(v) for v in rgb)).rgba() for rgb in zip(*channels, strict=True))
