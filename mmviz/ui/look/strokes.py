"""Strokes the painters share: text in its place, the colours of a matrix."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPaintEngine, QPainter, QPen

from mmviz import units
from mmviz.state.picture.matrices import Matrix
from mmviz.ui.look.painting import kept
from mmviz.ui.look.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
HATCH = 6.0  # logical pixels from line to line

_VECTORS = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)
_SHARP = 1_600  # pixels of an image in such a file, whose readers would blur fewer


def draw_image(painter: QPainter, where: QRectF, image: QImage) -> None:
    """An image each pixel of which is a rectangle with sharp edges, in files too."""
    engine = painter.paintEngine()
    if engine is not None and engine.type() in _VECTORS:
        times = max(1, _SHARP // max(image.width(), image.height(), 1))
        image = image.scaled(image.width() * times, image.height() * times)
        painter.setBrush(QColor("black"))  # a PDF has images as transparent as the brush is
        if painter.hasClipping():  # not every reader of SVG knows clips
            seen = where.intersected(painter.clipBoundingRect())
            x, y = image.width() / where.width(), image.height() / where.height()
            left, top = (seen.x() - where.x()) * x, (seen.y() - where.y()) * y
            part = QRectF(left, top, seen.width() * x, seen.height() * y)
            painter.drawImage(seen, image, part)
            return
    painter.drawImage(where, image)


def hatch(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Lines aslant: the same at every scale, as Qt's own pattern of pixels is not.

    Each ends at the edges of the area, for not every reader of SVG knows clips.
    """
    left, right, low, high = area.left(), area.right(), area.bottom(), area.height()
    lines = []
    for x in np.arange(left - high + HATCH / 2, right, HATCH).tolist():
        begin, end = max(x, left), min(x + high, right)
        lines.append(QLineF(begin, low - (begin - x), end, low - (end - x)))
    if lines:
        with kept(painter):
            painter.setPen(QPen(colour, 1.0))
            painter.drawLines(*lines)


def tint(theme: Theme, matrix: Matrix) -> tuple[QColor, QColor]:
    """The strong and the dim colour of a matrix: activations teal, weights pink."""
    weight = matrix.kind == "weight"
    return QColor(theme.w if weight else theme.x), QColor(theme.w_dim if weight else theme.x_dim)


def write(
    painter: QPainter, x: float, y: float, text: str, font: QFont, colour: str | QColor
) -> float:
    """Text whose baseline starts at (x, y); returns where it ends."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, y), text)
    return x + painter.fontMetrics().horizontalAdvance(text)


def write_in(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    colour: str | QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Text within a box, cut with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
    painter.drawText(box, int(align), cut)


def write_at(
    painter: QPainter,
    font: QFont,
    colour: str,
    area: QRectF,
    text: str,
    side: Qt.AlignmentFlag = LEFT,
) -> None:
    """Text in its place, never cut."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(area, side | Qt.TextFlag.TextDontClip, printable(text))


def printable(text: str) -> str:
    """`text` with a space for every control character: XML forbids most of them."""
    return "".join(c if c.isprintable() or c == units.THIN else " " for c in text)
