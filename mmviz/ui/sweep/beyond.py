"""Where a sweep has points that do not fit the memory: hatched, and said once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from mmviz.text import N_, Text
from mmviz.ui.look.strokes import hatch, write_at
from mmviz.ui.look.theme import Theme
from mmviz.ui.sweep.axes import Axes
from mmviz.ui.sweep.faces import Faces

BEYOND = Text(N_("does not fit"))
_CENTRE = Qt.AlignmentFlag.AlignCenter


def paint_beyond(painter: QPainter, theme: Theme, axes: Axes, faces: Faces) -> None:
    """Mark the points whose pass does not fit; nothing where all do."""
    if axes.chart.found.fits.all():
        return
    areas = list(_cells(axes) if axes.chart.heat else _spans(axes))
    for area in areas:
        painter.fillRect(area, QColor(theme.panel))
        hatch(painter, area, QColor(theme.line))
    text, largest = faces.say(BEYOND), max(areas, key=lambda area: area.width())
    width = faces.bold_width(text) + 12
    if largest.width() >= width and axes.plot.height() >= 2 * faces.line:
        box = QRectF(0, 0, width, faces.line)
        box.moveCenter(QRectF(largest).center())
        painter.fillRect(box, QColor(theme.panel))
        write_at(painter, faces.bold, theme.text, box, text, _CENTRE)


def _spans(axes: Axes) -> Iterator[QRectF]:
    """Along one axis: from half way to the neighbour that fits."""
    xs, plot = axes.xs, axes.plot
    middles = (xs[1:] + xs[:-1]) / 2
    ends = np.clip([plot.left(), *middles, plot.right()], plot.left(), plot.right())
    for first, last in _runs(~axes.chart.found.fits):
        left, right = float(ends[first]), float(ends[last + 1])
        yield QRectF(left, plot.top(), right - left, plot.height())


def _cells(axes: Axes) -> Iterator[QRectF]:
    """Of a heat map: the cells of a row that lie side by side."""
    plot, columns, rows = axes.plot, len(axes.batches), len(axes.widths)
    wide, high = plot.width() / columns, plot.height() / rows
    beyond = ~axes.chart.found.fits.reshape(rows, columns)
    for row in range(rows):
        for first, last in _runs(beyond[row]):
            left, top = plot.left() + first * wide, plot.bottom() - (row + 1) * high
            yield QRectF(left, top, (last + 1 - first) * wide, high)


def _runs(beyond: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """First and last place of each stretch that is True."""
    edges = np.flatnonzero(np.diff(beyond.astype(np.int8), prepend=0, append=0))
    for first, after in edges.reshape(-1, 2).tolist():
        yield first, after - 1
