"""Numbers of both signs as a picture: what adds in W's colour, what takes away in blue."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor, QImage

from mmviz.ui.look.shades import indexed_image, shades
from mmviz.ui.look.theme import Theme

HALF = 127  # shades on either side of 0
BLUE = 1  # of a theme's identities


@functools.lru_cache(maxsize=8)
def signed_table(theme: Theme) -> tuple[int, ...]:
    """ARGB by index: from the least over 0, which is the panel's ground, to the most."""
    less = shades((theme.identity[BLUE], theme.panel), HALF + 1)
    more = shades((theme.panel, theme.w), HALF + 1)
    return (*less, *more[1:])


def signed_image(values: NDArray[np.floating[Any]], most: float, theme: Theme) -> QImage:
    """Numbers [h × w] as a picture whose deepest colours stand for ±`most`, 0 for no numbers."""
    share = np.nan_to_num(values / most) if most > 0 else np.zeros(values.shape)
    indices = HALF + np.rint(np.clip(share, -1, 1) * HALF)
    return indexed_image(indices.astype(np.uint8), signed_table(theme))


def ink_image(values: NDArray[np.floating[Any]], theme: Theme) -> QImage:
    """Ink [h × w], 0 … 1, from the ground to the colour of words."""
    table = shades((theme.ground, theme.text), 256)
    indices = np.rint(np.clip(values, 0, 1) * 255)
    return indexed_image(indices.astype(np.uint8), table)


def sign_colour(value: float, theme: Theme) -> QColor:
    """The colour of what adds, or takes away."""
    return QColor(theme.w if value >= 0 else theme.identity[BLUE])
