"""A sheet of drawings of digits: a few of each digit, side by side, set by set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter

from mmviz.core.learning.digits.made import CLASSES, Digits
from mmviz.core.learning.digits.strokes import SIDE
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.legend import paint_words, words_height
from mmviz.ui.look.strokes import draw_image
from mmviz.ui.look.theme import Theme

EACH = 2  # drawings of a digit beside each other
ROWS = 3  # of the first set twice as many
BETWEEN = 2  # pixels of a drawing between two
_GAP = 10.0  # logical pixels below a set
_SHADES = 256


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A set of drawings, and what it is."""

    said: str
    digits: Digits


def sheet_figure(strips: Sequence[Strip], title: str, theme: Theme) -> Figure:
    """The first set is the one that is learnt from."""
    tables = [tiled(one.digits, 2 * ROWS if i == 0 else ROWS) for i, one in enumerate(strips)]

    def high(width: float) -> float:
        drawn: float = sum(width * table.shape[0] / table.shape[1] for table in tables)
        said = sum(words_height(one.said, width) + 4 for one in strips)
        return drawn + said + _GAP * (len(strips) - 1)

    def paint(painter: QPainter, area: QRectF) -> None:
        y = area.y()
        for one, table in zip(strips, tables, strict=True):
            place = QRectF(area.x(), y, area.width(), area.bottom() - y)
            y = paint_words(painter, place, one.said, theme.text) + 4
            box = QRectF(area.x(), y, area.width(), area.width() * table.shape[0] / table.shape[1])
            draw_image(painter, box, _image(table, theme))
            y = box.bottom() + _GAP

    return Figure("digits", title, theme, Body(paint, wanted=high, least=high))


def tiled(digits: Digits, rows: int) -> NDArray[np.float32]:
    """So many rows of drawings, the first there are of each digit, EACH of it in a row, as pixels
    0 … 1; where there are too few a place stays empty.
    """
    step = SIDE + BETWEEN
    found = np.zeros((rows * step - BETWEEN, CLASSES * EACH * step - BETWEEN), np.float32)
    for digit in range(CLASSES):
        which = np.flatnonzero(digits.labels == digit)[: rows * EACH]
        for place, number in enumerate(which):
            row, column = divmod(place, EACH)
            top, left = row * step, (digit * EACH + column) * step
            found[top : top + SIDE, left : left + SIDE] = digits.x[number].reshape(SIDE, SIDE)
    return found


def _image(pixels: NDArray[np.float32], theme: Theme) -> QImage:
    """Ink in the colour of text, on that of the ground."""
    cells = np.ascontiguousarray(np.rint(pixels * (_SHADES - 1)).astype(np.uint8))
    height, width = cells.shape
    image = QImage(cells.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
    ground, ink = QColor(theme.ground), QColor(theme.text)
    share = np.linspace(0, 1, _SHADES)[:, None]
    mixed = (1 - share) * ground.getRgb()[:3] + share * ink.getRgb()[:3]
    image.setColorTable([QColor(*map(round, colour)).rgb() for colour in mixed.tolist()])
    return image.convertToFormat(QImage.Format.Format_RGB32)  # it must own its bytes
