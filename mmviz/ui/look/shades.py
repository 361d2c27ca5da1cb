"""Steps of a perceptually uniform map, as colour tables of images, and such images."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor, QImage


@functools.lru_cache(maxsize=16)
def shades(stops: tuple[str, ...], count: int) -> tuple[int, ...]:
    """`count` ARGB values from the first stop to the last, evenly between them."""
    known = np.array([QColor(stop).getRgb()[:3] for stop in stops], float)
    at = np.linspace(0, len(known) - 1, count)
    channels = [np.interp(at, np.arange(len(known)), known[:, i]) for i in range(3)]
    return tuple(QColor(*(round(v) for v in rgb)).rgba() for rgb in zip(*channels, strict=True))


def indexed_image(pixels: NDArray[np.uint8], table: Sequence[int]) -> QImage:
    """uint8 [h × w] as an image with a colour table (ARGB by index)."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    image = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(list(table))
    return image.copy()  # the bytes above live only as long as this call


def mixed(ground: str, colour: str, share: float) -> QColor:
    """A colour a share of the way, 0 … 1, from the one to the other."""
    pairs = zip(QColor(ground).getRgb()[:3], QColor(colour).getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))
