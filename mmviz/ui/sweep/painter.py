"""A sweep painted with QPainter: the same in the window, in SVG, in PDF and in PNG."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from mmviz.state.sweep.chart import (
    PEAK,
    Floats,
    MeasuredCurve,
    SweepChart,
    thinned,
)
from mmviz.text import N_, Text
from mmviz.ui.look.painting import clipped, kept
from mmviz.ui.look.placing import between
from mmviz.ui.look.shades import shades
from mmviz.ui.look.strokes import LEFT, RIGHT, draw_image, write_at
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.ui.sweep.axes import Axes, is_filled
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.names import budget_box, budget_line, names, paint_names, predicted_colour
from mmviz.ui.sweep.pin_marks import paint_pins
from mmviz.ui.sweep.shade_bar import BAR, bar_texts, shares
from mmviz.words.provenance import label
from mmviz.words.sweep import reading
from mmviz.words.timing import backend_name

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
    named, budget = names(theme, axes, faces), _budget_words(axes, faces)
    words = [name.box for name in named]
    _grid(painter, theme, axes, faces, words if budget is None else [*words, budget[1]])
    with clipped(painter, axes.plot.adjusted(-4, -4, 4, 4)):
        _predicted(painter, theme, axes)
        for curve in axes.chart.curves:
            _measured(painter, theme, axes, curve)
    _budget(painter, theme, axes, faces, budget)
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
    painter.setPen(QPen(colour, 1.5))
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
        painter.setPen(QPen(colour, 1.5))
        painter.drawPolyline(_polygon(x, axes.ys(high)))
    painter.drawPolyline(_polygon(x, axes.ys(low)))
    painter.setPen(QPen(QColor(theme.muted), 1.0))
    for edge in edges:
        painter.drawPolyline(_polygon(x, axes.ys(edge)))


def _measured(painter: QPainter, theme: Theme, axes: Axes, curve: MeasuredCurve) -> None:
    colour = QColor(backend_colour(theme, curve.backend))
    if axes.chart.value == PEAK:
        return  # of the machine's peak, which the device's may not be
    p10, p50, p90 = curve.scaled(axes.chart.value)
    xs = axes.columns(curve.x)
    if len(xs) > 1:
        band = QColor(colour)
        band.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        edge = np.append(axes.ys(p10), axes.ys(p90)[::-1])
        painter.drawPolygon(_polygon(np.append(xs, xs[::-1]), edge))
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(_polygon(xs, axes.ys(p50)))
    painter.setPen(QPen(colour, 1.5))
    for x, y, guessed in zip(xs.tolist(), axes.ys(p50).tolist(), curve.estimated, strict=True):
        painter.setBrush(QColor(theme.panel) if guessed else colour)
        painter.drawEllipse(QPointF(x, y), 3.0, 3.0)


def _budget_words(axes: Axes, faces: Faces) -> tuple[str, QRectF] | None:
    if axes.chart.budget_s is None:
        return None
    text = faces.say(Text(N_("{budget:tick} budget"), budget=axes.chart.budget_s))
    box = budget_box(axes, faces, text)
    return None if box is None else (text, box)


def _budget(
    painter: QPainter, theme: Theme, axes: Axes, faces: Faces, words: tuple[str, QRectF] | None
) -> None:
    line = budget_line(axes)
    if line is None:
        return
    pen = QPen(QColor(theme.loss), 1.0)
    pen.setDashPattern([6.0, 4.0])
    painter.setPen(pen)
    painter.drawPolyline(_polygon(*line))
    if words is not None:
        text, box = words
        write_at(painter, faces.words, theme.loss, box, text, _CENTRE)


def _heat(painter: QPainter, theme: Theme, axes: Axes, faces: Faces) -> None:
    """Cells by their value, the first width below; and the colour bar."""
    rows = np.rint(shares(axes.chart) * (_SHADES - 1)).astype(np.uint8)
    cells = np.ascontiguousarray(rows.reshape(len(axes.widths), len(axes.batches))[::-1])
    draw_image(painter, axes.plot, _image(cells, theme))
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


def paint_reading(
    painter: QPainter, theme: Theme, axes: Axes, faces: Faces, point: int, room: QRect
) -> None:
    """Mark the reading point, and say all of it in a box beside it, within `room`.

    The painter comes back with the pen and the brush it came with.
    """
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at, plot = axes.place(point), axes.plot
        painter.setPen(QPen(QColor(theme.text), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if axes.chart.heat:  # white: the order map is dark in both themes
            painter.setPen(QPen(QColor("#ffffff"), 1.5))
            painter.drawRect(axes.cell(point).adjusted(-1, -1, 1, 1))
        else:
            painter.drawLine(QPointF(at.x(), plot.top()), QPointF(at.x(), plot.bottom()))
            painter.setBrush(QColor(theme.text))
            painter.drawEllipse(at, 3.0, 3.0)
        told = (*reading(axes.chart.found, point), *_measured_lines(axes.chart, point))
        lines = [faces.say(line) for line in told]
        most = max(2, int((room.height() - _PAD) / faces.line))
        _box(painter, theme, faces, at, QRectF(room), folded(lines, most))


def folded(lines: list[str], most: int) -> list[str]:
    """At most `most` lines: the first stays, the others share the rest."""
    if len(lines) <= most:
        return lines
    first, *others = lines
    each = -(-len(others) // max(1, most - 1))
    return [first, *(" · ".join(others[i : i + each]) for i in range(0, len(others), each))]


def _box(
    painter: QPainter, theme: Theme, faces: Faces, at: QPointF, room: QRectF, lines: list[str]
) -> None:
    """The lines in a box right of a place, or left of it where there is no room."""
    first, *others = lines
    width = max(faces.bold_width(first), *(faces.width(line) for line in others), 0.0) + 2 * _PAD
    height = len(lines) * faces.line + _PAD
    right = at.x() + 12 + width < room.right()
    left = max(room.left() + 1, at.x() + 12 if right else at.x() - 12 - width)
    top = min(max(at.y() - height / 2, room.top() + 1), max(room.bottom() - height - 1, 0.0))
    painter.setPen(QPen(QColor(theme.muted), 1.0))
    painter.setBrush(QColor(theme.ground))
    painter.drawRoundedRect(QRectF(left, top, width, height), 6, 6)
    for i, line in enumerate(lines):
        area = QRectF(left + _PAD, top + _PAD / 2 + i * faces.line, width - 2 * _PAD, faces.line)
        face = faces.words if i else faces.bold
        write_at(painter, face, theme.muted if i > 1 else theme.text, area, line, LEFT)


def _measured_lines(chart: SweepChart, point: int) -> list[Text]:
    """What was measured at this very point."""
    if chart.heat:
        return []
    return [
        Text(
            N_("{name}: {seconds:seconds}, {kind}"),
            name=backend_name(curve.backend),
            seconds=float(curve.p50[i]),
            kind=label(curve.rests_on[i]),
        )
        for curve in chart.curves
        for i in np.flatnonzero(curve.x == chart.x[point]).tolist()
    ]


def _polygon(xs: Floats, ys: Floats) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])
