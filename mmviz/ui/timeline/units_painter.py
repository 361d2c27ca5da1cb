"""Paints units over time: a line a unit, hatched where it idles, its waves, what is picked out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.selection import rows_of, unit_of
from mmviz.state.picture.time_views import UnitsView
from mmviz.ui.look.strokes import draw_image, hatch
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.texture import colour_table, identities, units_texture
from mmviz.ui.picture.tiles import DIM


def paint_units(
    painter: QPainter,
    theme: Theme,
    view: UnitsView,
    frame: Frame,
    chart: QRectF,
    detail: float = 1.0,
) -> None:
    """All but the instant, in `chart`. detail: points of time looked at in a pixel."""
    paint_busy(painter, theme, frame, chart, detail)
    _paint_waves(painter, theme, frame, chart)
    _paint_selection(painter, theme, view, frame, chart)
    painter.setPen(QPen(QColor(theme.edge)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(chart, 4, 4)


def paint_busy(
    painter: QPainter,
    theme: Theme,
    frame: Frame,
    chart: QRectF,
    detail: float = 1.0,
    colour_by: str = "wave",
    until: float = 1.0,
) -> None:
    """A line a unit, hatched where it idles. until: where the trace ends, as a share of `chart`."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(chart, 4, 4)
    idle = QColor(theme.loss)
    idle.setAlpha(110)
    hatch(painter, chart.adjusted(1, 1, -1, -1), idle)
    lines = max(1, min(frame.trace.tiling.units, round(chart.height())))
    wide = max(1.0, chart.width() * until)
    texture = units_texture(frame.trace, max(1, round(wide * detail)), lines, colour_by)
    table: Sequence[int] = colour_table(theme, theme.now)
    if colour_by == "unit":
        table = identities(theme, frame.trace.tiling.units, table, DIM)
    image = texture.image(frame.t, table)
    draw_image(painter, QRectF(chart.x(), chart.y(), wide, chart.height()), image)
    pitch = chart.height() / image.height()
    painter.setPen(QPen(QColor(theme.panel), 1.0))
    if pitch >= 3 and image.height() > 1:
        ys = [chart.y() + i * pitch for i in range(1, image.height())]
        painter.drawLines(*[QLineF(chart.left(), y, chart.right(), y) for y in ys])


def paint_instant(painter: QPainter, theme: Theme, frame: Frame, chart: QRectF) -> None:
    """A line where the playback stands."""
    x = chart.x() + chart.width() * frame.t / frame.trace.duration
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.drawLine(QPointF(x, chart.y() - 5), QPointF(x, chart.bottom() + 5))


def _paint_waves(painter: QPainter, theme: Theme, frame: Frame, chart: QRectF) -> None:
    trace = frame.trace
    if trace.provenance.kind == "recorded":
        _paint_starts(painter, theme, frame, chart)
        return
    if trace.tiling.waves == 1 or chart.width() / trace.tiling.waves < 4:
        return
    starts = trace.wave_starts()[1:]
    # Between waves that wait the ground of what computes would not be seen.
    for begun, colour in ((starts <= frame.t, theme.panel), (starts > frame.t, theme.edge)):
        xs = chart.x() + chart.width() * starts[begun] / trace.duration
        painter.setPen(QPen(QColor(colour), 1.5))
        if len(xs):
            painter.drawLines(*[QLineF(x, chart.y(), x, chart.bottom()) for x in xs.tolist()])


def _paint_starts(painter: QPainter, theme: Theme, frame: Frame, chart: QRectF) -> None:
    """Where each unit took its next tile: it was free then, whatever others did."""
    trace = frame.trace
    units, most = trace.tiling.units, int(np.bincount(trace.unit).max())
    pitch = chart.height() / units
    if pitch < 3 or chart.width() / most < 4:
        return
    painter.setPen(QPen(QColor(theme.panel), 1.5))
    xs = chart.x() + chart.width() * trace.start / trace.duration
    tops = chart.y() + pitch * trace.unit
    lines = [
        QLineF(x, top, x, top + pitch)
        for x, top in zip(xs.tolist(), tops.tolist(), strict=True)
        if x > chart.x() + 1
    ]
    if lines:
        painter.drawLines(*lines)


def _paint_selection(
    painter: QPainter, theme: Theme, view: UnitsView, frame: Frame, chart: QRectF
) -> None:
    """The line of the picked unit; the bar of the picked tile; the stretch of the wave."""
    selection, trace = view.selection, frame.trace
    if selection is None:
        return
    left, right = chart.left(), chart.right()
    top, height = chart.top(), chart.height()
    if selection.kind != "wave":
        unit = unit_of(trace, selection) or 0
        height = max(2.0, chart.height() / trace.tiling.units)
        top = chart.top() + chart.height() * unit / trace.tiling.units
    if selection.kind != "unit":
        rows, pixel = rows_of(trace, selection), chart.width() / trace.duration
        left = chart.left() + pixel * float(trace.starts.of(rows).min())
        right = chart.left() + pixel * float(trace.ends.of(rows).max())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.drawRect(QRectF(left, top, max(2.0, right - left), height))
