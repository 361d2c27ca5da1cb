"""W in the colour of its change: pink where a weight grew, blue where it fell, and a key."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter

from mmviz.state.picture.layout import Box
from mmviz.state.picture.learnt import Change
from mmviz.text import NOTHING, P_, Text
from mmviz.ui.look.diverging import sign_colour, signed_image
from mmviz.ui.look.shades import mixed
from mmviz.ui.look.strokes import draw_image
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.scene import Scene

KEY = 49.0  # pixels of the key's colours
_DEEP = 0.55  # of a cell in the deepest colour, so that its number is read

Floats = NDArray[np.floating[Any]]


def place_of_w(scene: Scene) -> int:
    """0: W is the left matrix, 1: the one above."""
    return 0 if scene.turned else 1


def paint_change(painter: QPainter, scene: Scene, change: Change, box: Box) -> None:
    """All of W that is in view, k along its own side; clipped by who calls."""
    first_row, past_row, first_column, past_column = scene.in_view()
    begin, end = (first_row, past_row) if scene.turned else (first_column, past_column)
    first, past = math.floor(begin), min(math.ceil(end), change.moved.shape[1])
    if scene.turned:
        top, bottom = scene.y(first), scene.y(past)
        where = QRectF(box.x, top, box.w, bottom - top)
    else:
        left, right = scene.x(first), scene.x(past)
        where = QRectF(left, box.y, right - left, box.h)
    high, wide = max(1, round(where.height())), max(1, round(where.width()))
    image = _image(change, first, past, high, wide, scene.theme, turned=scene.turned)
    draw_image(painter, where, image)


@functools.lru_cache(maxsize=4)  # the same at every instant that is played
def _image(
    change: Change, first: int, past: int, high: int, wide: int, theme: Theme, *, turned: bool
) -> QImage:
    seen = change.moved[:, first:past]
    return signed_image(largest(seen.T if turned else seen, high, wide), change.most, theme)


def largest(values: Floats, high: int, wide: int) -> Floats:
    """At most [high × wide] of them: each is that of its block which is farthest from 0."""
    for axis, most in ((0, high), (1, wide)):
        count = values.shape[axis]
        if count > most:
            begins = np.arange(most) * count // most
            more = np.maximum.reduceat(values, begins, axis=axis)
            less = np.minimum.reduceat(values, begins, axis=axis)
            values = np.where(more >= -less, more, less)
    return values


def cell_ground(value: float, most: float, theme: Theme) -> QColor:
    """Of a cell of W with its number."""
    colour = sign_colour(value, theme)
    share = min(abs(value) / most, 1.0) if most > 0 else 0.0
    return mixed(theme.panel, colour.name(), share * _DEEP)


def key_text(change: Change | None) -> Text:
    """'±0.0031 in 16 steps', NOTHING where no change is seen."""
    if change is None:
        return NOTHING
    said = P_("change in {n:group} step, ±{most:sig}", "change in {n:group} steps, ±{most:sig}")
    return Text(said, n=change.steps, most=change.most)


def paint_key(painter: QPainter, theme: Theme, where: QRectF) -> None:
    """The colours from the least to the most."""
    draw_image(painter, where, signed_image(np.linspace(-1, 1, round(KEY))[None], 1.0, theme))
