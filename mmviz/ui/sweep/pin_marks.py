"""The pins A and B in the chart of a sweep: a flag at the top of the plot, a line, a dot."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.state.sweep.chart import Pins
from mmviz.ui.look.painting import kept
from mmviz.ui.look.placing import spread
from mmviz.ui.look.strokes import write_at
from mmviz.ui.look.theme import Theme
from mmviz.ui.sweep.axes import Axes
from mmviz.ui.sweep.faces import Faces
from mmviz.words.pins import NAMES

_NEAR = 3.0  # pixels around a flag that are it still
_DOT = 3.5
_GAP = 2.0


def flags(axes: Axes, faces: Faces, pins: Pins) -> dict[int, QRectF]:
    """Where the flag of each pin that is seen is; none lies on the other."""
    seen = {pin: at for pin, at in enumerate(pins) if at is not None and _known(axes, at)}
    size = faces.line + 2.0
    if axes.chart.heat:
        found: dict[int, QRectF] = {}
        for pin, at in seen.items():
            places = _around(axes.cell(at), size, pin)
            taken = list(found.values())
            free = (one for one in places if not any(map(one.intersects, taken)))
            found[pin] = next(free, places[0])
        return found
    plot = axes.plot
    wanted = [float(axes.xs[at]) for at in seen.values()]
    centres = spread(wanted, size + _GAP, plot.left() - _GAP, plot.right() + _GAP)
    return {
        pin: QRectF(centre - size / 2, plot.top(), size, size)
        for pin, centre in zip(seen, centres, strict=True)
    }


def _around(cell: QRectF, size: float, pin: int) -> tuple[QRectF, ...]:
    """Places of a flag at a cell of a heat map, the best first: above it, below, on either side."""
    x, y = cell.right() - pin * size, cell.center().y() - size / 2
    corners = (
        (x, cell.top() - size),
        (x, cell.bottom()),
        (cell.right() + _GAP, y),
        (cell.left() - size - _GAP, y),
    )
    return tuple(QRectF(left, top, size, size) for left, top in corners)


def pin_at(axes: Axes, faces: Faces, pins: Pins, at: QPointF) -> int | None:
    """The pin whose flag is at a place; None where there is none."""
    for pin, flag in flags(axes, faces, pins).items():
        if flag.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(at):
            return pin
    return None


def paint_pins(painter: QPainter, theme: Theme, axes: Axes, faces: Faces, pins: Pins) -> None:
    """Both, as far as they are seen."""
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pin, flag in flags(axes, faces, pins).items():
            point = pins[pin]
            if point is None:
                continue
            at = axes.place(point)
            if axes.chart.heat:
                painter.setPen(QPen(QColor(theme.text), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(axes.cell(point))
            else:
                painter.setPen(QPen(QColor(theme.muted), 1.0, Qt.PenStyle.DotLine))
                painter.drawLine(
                    QPointF(at.x(), flag.bottom()), QPointF(at.x(), axes.plot.bottom())
                )
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.text))
                painter.drawEllipse(at, _DOT, _DOT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.text))
            painter.drawRoundedRect(flag, 3, 3)
            centre = Qt.AlignmentFlag.AlignCenter
            write_at(painter, faces.bold, theme.panel, flag, NAMES[pin], centre)


def _known(axes: Axes, point: int) -> bool:
    return not bool(np.isnan(axes.chart.y[point]))
