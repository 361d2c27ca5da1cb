"""A sweep painted with QPainter: the same in the window, in SVG, in PDF and in PNG."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from mmviz.state.sweep.chart import thinned
from mmviz.state.sweep.curves import Floats, MeasuredCurve
from mmviz.state.sweep.values import PEAK
from mmviz.ui.look.painting import clipped
from mmviz.ui.look.placing import between
from mmviz.ui.look.shades import shades
from mmviz.ui.look.strokes import LEFT, RIGHT, draw_image, write_at
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.ui.sweep.axes import Axes, is_filled
from mmviz.ui.sweep.beyond import paint_beyond
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.levels import level_words, levels_of, paint_levels
from mmviz.ui.sweep.marks import mark_of
from mmviz.ui.sweep.names import names, paint_names, predicted_colour
from mmviz.ui.sweep.pin_marks import paint_pins
from mmviz.ui.sweep.shade_bar import BAR, bar_texts, shares

_SHADES = 256
_PAD = 8.0
_CENTRE = Qt.AlignmentFlag.AlignCenter


def paint_sweep(
    painter: QPainter,
    theme: Theme,
    axes: Axes,
    faces: Faces,
    *,
    now: int | None = None,
    pins: bool = True,
) -> None:
    """Everything within the area of the axes. now: the point the session is at, with a ring.

    pins: whether those of the chart are painted, too.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if axes.chart.heat:
        _heat(painter, theme, axes, faces)
    else:
        _curves(painter, theme, axes, faces)
    if now is not None:
        _now(painter, theme, axes, now)
    if pins:
        paint_pins(painter, theme, axes, faces, axes.chart.pins)


def _curves(painter: QPainter, theme: Theme, axes: Axes, faces: Faces) -> None:
    named, levels = names(theme, axes, faces), levels_of(axes)
    said = level_words(axes, faces, levels)
    words = [*(name.box for name in named), *(told[1] for told in said if told is not None)]
    _grid(painter, theme, axes, faces, words)
    paint_beyond(painter, theme, axes, faces)
    with clipped(painter, axes.plot.adjusted(-4, -4, 4, 4)):
        if axes.chart.predicted:
            _predicted(painter, theme, axes)
        for curve in axes.chart.drawn:
            _measured(painter, theme, axes, curve)
        _timed_now(painter, theme, axes)
    paint_levels(painter, theme, faces, levels, said)
    paint_names(painter, theme, named, faces)


def _grid(painter: QPainter, theme: Theme, axes: Axes, faces: Faces, words: list[QRectF]) -> None:
    """words: boxes behind which no line runs."""
    plot = axes.plot
    painter.setPen(QPen(QColor(theme.line), 1.0))
    for value, _ in axes.y_ticks:
        y = round(axes.y(value)) + 0.5
        for left, right in between(y, plot.left(), plot.right(), words):
            painter.drawLine(QPointF(left, y), QPointF(right, y))
    for value, text in axes.y_ticks:
        area = QRectF(plot.left() - 200, axes.y(value) - faces.line / 2, 200 - _PAD, faces.line)
        write_at(painter, faces.figures, theme.muted, area, text, RIGHT)
    _foot(painter, theme, axes, faces)


def _foot(painter: QPainter, theme: Theme, axes: Axes, faces: Faces) -> None:
    plot = axes.plot
    for x, text in axes.x_ticks:
        area = QRectF(x - 100, plot.bottom() + 4, 200, faces.line)
        write_at(painter, faces.figures, theme.muted, area, text, _CENTRE)
    area = QRectF(plot.left(), plot.bottom() + 5 + faces.line, plot.width(), faces.line)
    write_at(painter, faces.words, theme.muted, area, axes.x_name, _CENTRE)


def _predicted(painter: QPainter, theme: Theme, axes: Axes) -> None:
    """The saw-tooth, and around it what its error allows."""
    chart, colour = axes.chart, QColor(predicted_colour(theme))
    error = np.nan_to_num(chart.found.error)
    edges: tuple[Floats, ...] = ()
    if chart.value != PEAK and error.any() and len(axes.xs) > 1:
        x, low, high = thinned(axes.xs, chart.y * (1 - error), chart.y * (1 + error))
        band = QColor(colour)
        band.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        edge = np.append(axes.ys(low), axes.ys(high)[::-1])
        painter.drawPolygon(_polygon(np.append(x, x[::-1]), edge))
        if is_filled(axes):  # else the surface within would hide where the band ends
            edges = (low, high)
    x, low, high = thinned(axes.xs, chart.y, chart.y)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QPen(colour, 1.5)
    if chart.drawn:  # whole lines are what was measured
        line.setDashPattern([5.0, 3.0])
    painter.setPen(line)
    if len(x) == 1:
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(float(x[0]), axes.y(float(low[0]))), 3.0, 3.0)
        return
    if (high > low).any():  # finer than a pixel: all of its height, between its two edges
        fill = QColor(colour)
        fill.setAlphaF(0.4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        edge = np.append(axes.ys(low), axes.ys(high)[::-1])
        painter.drawPolygon(_polygon(np.append(x, x[::-1]), edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(line)
        painter.drawPolyline(_polygon(x, axes.ys(high)))
    painter.drawPolyline(_polygon(x, axes.ys(low)))
    painter.setPen(QPen(QColor(theme.muted), 1.0))
    for edge in edges:
        painter.drawPolyline(_polygon(x, axes.ys(edge)))


def _measured(painter: QPainter, theme: Theme, axes: Axes, curve: MeasuredCurve) -> None:
    """Band, line and a mark at each point, of a shape of its backend's own; hollow: estimated."""
    colour = QColor(backend_colour(theme, curve.backend))
    low, middle, high = curve.scaled(axes.chart.value)
    xs, ys = axes.columns(curve.x), axes.ys(middle)
    line = QPen(colour, 1.5)
    if curve.copies:
        line.setDashPattern([8.0, 3.0, 1.5, 3.0])
    if len(xs) > 1:
        band = QColor(colour)
        band.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        edge = np.append(axes.ys(low), axes.ys(high)[::-1])
        painter.drawPolygon(_polygon(np.append(xs, xs[::-1]), edge))
        painter.setPen(line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(_polygon(xs, ys))
    painter.setPen(QPen(colour, 1.5))
    mark = mark_of(curve.backend)
    for x, y, guessed in zip(xs.tolist(), ys.tolist(), curve.estimated, strict=True):
        painter.setBrush(QColor(theme.panel) if guessed else colour)
        painter.drawPath(mark.translated(x, y))


def _timed_now(painter: QPainter, theme: Theme, axes: Axes) -> None:
    """A line at the batch that is being timed."""
    chart = axes.chart
    if chart.timing is None or not chart.x.min() <= chart.timing <= chart.x.max():
        return
    painter.setPen(QPen(QColor(theme.now_text), 1.0, Qt.PenStyle.DotLine))
    x = axes.x(float(chart.timing))
    painter.drawLine(QPointF(x, axes.plot.top()), QPointF(x, axes.plot.bottom()))


def _heat(painter: QPainter, theme: Theme, axes: Axes, faces: Faces) -> None:
    """Cells by their value, the first width below; and the colour bar."""
    rows = np.rint(shares(axes.chart) * (_SHADES - 1)).astype(np.uint8)
    cells = np.ascontiguousarray(rows.reshape(len(axes.widths), len(axes.batches))[::-1])
    draw_image(painter, axes.plot, _image(cells, theme))
    paint_beyond(painter, theme, axes, faces)
    for y, text in axes.y_ticks:
        area = QRectF(axes.plot.left() - 200, y - faces.line / 2, 200 - _PAD, faces.line)
        write_at(painter, faces.figures, theme.muted, area, text, RIGHT)
    _foot(painter, theme, axes, faces)
    bar = QRectF(axes.plot.right() + 2 * _PAD, axes.plot.top(), BAR, axes.plot.height())
    ramp = np.repeat(np.arange(_SHADES, dtype=np.uint8)[::-1, None], 4, axis=1)
    painter.drawImage(bar, _image(np.ascontiguousarray(ramp), theme))
    texts = bar_texts(axes.chart, min(5, max(2, int(bar.height() / (1.6 * faces.line)))))
    for i, text in enumerate(texts):
        y = bar.bottom() - i / (len(texts) - 1) * (bar.height() - faces.line) - faces.line
        area = QRectF(bar.right() + _PAD / 2, y, 300, faces.line)
        write_at(painter, faces.figures, theme.muted, area, text, LEFT)


def _image(cells: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], theme: Theme) -> QImage:
    height, width = cells.shape
    image = QImage(cells.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(list(shades(theme.order, _SHADES)))
    return image.convertToFormat(QImage.Format.Format_RGB32)  # it must own its bytes


def _now(painter: QPainter, theme: Theme, axes: Axes, point: int) -> None:
    """A ring where the session is."""
    if np.isnan(axes.chart.y[point]):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#ffffff" if axes.chart.heat else theme.text), 1.5))
    painter.drawEllipse(axes.place(point), 5.0, 5.0)


def _polygon(xs: Floats, ys: Floats) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])
