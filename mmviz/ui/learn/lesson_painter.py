"""The charts of a lesson, on any device: its losses above, what it tells right below."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPolygonF

from mmviz import units
from mmviz.state.learn.chart import LessonChart, Line
from mmviz.state.sweep.chart import thinned
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import clipped
from mmviz.ui.look.strokes import LEFT, RIGHT, write_at, write_in
from mmviz.ui.look.theme import Theme
from mmviz.ui.sweep.ticks import round_step
from mmviz.words.speech import Words

Floats = NDArray[np.float64]

LEFT_ROOM, HEAD, FOOT = 44.0, 17.0, 17.0  # pixels, in ordinary type
MOST_TICKS = 6  # of an axis upwards
LEAST = 1e-9  # of a loss, for a logarithm
LOSS, RIGHT_SHARE = N_("loss of the step"), N_("told right")


@dataclass(frozen=True, slots=True)
class Drawn:
    """How it is drawn. timed: over seconds, else over steps; log: the axis of the loss."""

    timed: bool = False
    log: bool = True

    def along(self, line: Line) -> Floats:
        """The axis across, of one line."""
        return line.at_s if self.timed else line.steps


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of values on a stretch of pixels."""

    low: float
    high: float
    begin: float
    end: float
    log: bool = False

    def at(self, values: Floats | float) -> Floats:
        """Pixels of values."""
        low, high = float(self._map(self.low)), float(self._map(self.high))
        share = (self._map(values) - low) / max(high - low, 1e-30)
        return np.asarray(self.begin + share * (self.end - self.begin))

    def _map(self, values: Floats | float) -> Floats:
        return np.log10(np.maximum(values, LEAST)) if self.log else np.asarray(values, float)

    def ticks(self, most: int) -> list[float]:
        """Round values, at most so many."""
        if not self.log:
            step = round_step(max(self.high - self.low, 1e-12) / max(most, 1))
            first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
            return [i * step for i in range(first, last + 1)]
        low, high = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        found: list[float] = []
        for factors in ((1,), (1, 3), (1, 2, 5)):
            every = [f * 10.0**power for power in range(low, high + 1) for f in factors]
            here = [x for x in every if self.low * (1 - 1e-9) <= x <= self.high * (1 + 1e-9)]
            if found and len(here) > most:
                break
            found = here
        return found[:: -(-len(found) // max(most, 1))] if found else []


def plots(area: QRectF) -> tuple[QRectF, QRectF]:
    """The two fields, without their words."""
    scale = fonts.scale()
    head, foot, left = HEAD * scale, FOOT * scale, LEFT_ROOM * scale
    high = max(10.0, (area.height() - 2 * head - foot) / 2)
    width = max(10.0, area.width() - left - 8)
    first = QRectF(area.x() + left, area.y() + head, width, high)
    return first, QRectF(first.x(), first.bottom() + head, width, high)


def across(chart: LessonChart, drawn: Drawn, area: QRectF) -> Axis:
    """The axis both charts share."""
    ends = [float(drawn.along(line)[-1]) for line in (chart.loss, chart.seen) if len(line.values)]
    field = plots(area)[0]
    return Axis(0.0, max([*ends, 1e-9]), field.left(), field.right())


def losses_up(chart: LessonChart, drawn: Drawn, field: QRectF) -> Axis:
    """The axis of the losses."""
    values = chart.loss.values
    top = float(values.max()) if len(values) else 1.0
    low = 0.0
    if drawn.log:
        low = max(float(values.min()) if len(values) else 0.1, LEAST) * 0.8
        top = max(top, low * 2)
    return Axis(low, max(top, LEAST) * 1.1, field.bottom(), field.top(), drawn.log)


def shares_up(chart: LessonChart, field: QRectF) -> Axis:
    """The axis of the shares: to 1, from where the lowest is."""
    lowest = min(
        (float(line.values.min()) for line in (chart.seen, chart.unseen) if len(line.values)),
        default=0.0,
    )
    return Axis(max(0.0, math.floor(lowest * 10 - 1e-9) / 10), 1.0, field.bottom(), field.top())


def paint_lesson(
    painter: QPainter,
    theme: Theme,
    chart: LessonChart,
    drawn: Drawn,
    area: QRectF,
    words: Words,
    at: float | None = None,
) -> None:
    """Both charts. at: pixel across at which they are read."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    first, second = plots(area)
    x, up, right = (
        across(chart, drawn, area),
        losses_up(chart, drawn, first),
        shares_up(chart, second),
    )
    _frame(painter, theme, first, up, lambda v: units.sig(v, 2))
    _frame(painter, theme, second, right, lambda v: words(Text("{share:percent2}", share=v)))
    _foot(painter, theme, second, x, drawn)
    _title(painter, theme, first, ((words(Text(LOSS)), theme.now_text, Qt.PenStyle.SolidLine),))
    seen, unseen = words(Text(N_("seen"))), words(Text(N_("unseen")))
    names = (
        (seen, theme.muted, Qt.PenStyle.DashLine),
        (unseen, theme.text, Qt.PenStyle.SolidLine),
    )
    _title(painter, theme, second, names, words(Text(RIGHT_SHARE)))
    with clipped(painter, first.adjusted(-1, -1, 1, 1)):
        _line(painter, x.at(drawn.along(chart.loss)), up.at(chart.loss.values), theme.now_text)
    with clipped(painter, second.adjusted(-1, -1, 1, 1)):
        for line, (_, colour, style) in zip((chart.seen, chart.unseen), names, strict=True):
            _line(painter, x.at(drawn.along(line)), right.at(line.values), colour, style)
    if at is not None:
        painter.setPen(QPen(QColor(theme.text), 1.0))
        for field in (first, second):
            painter.drawLine(QLineF(at, field.top(), at, field.bottom()))


def _title(
    painter: QPainter,
    theme: Theme,
    field: QRectF,
    names: Sequence[tuple[str, str, Qt.PenStyle]],
    head: str = "",
) -> None:
    """What is drawn, each name after a piece of its line."""
    font, scale = fonts.words(fonts.SMALL), fonts.scale()
    x, y, high = field.left(), field.top() - HEAD * scale, HEAD * scale
    painter.setFont(font)
    if head:
        write_at(painter, font, theme.muted, QRectF(x, y, field.width(), high), head, LEFT)
        x += painter.fontMetrics().horizontalAdvance(head) + 12
    for name, colour, style in names:
        painter.setPen(QPen(QColor(colour), 1.6, style))
        painter.drawLine(QLineF(x, y + high / 2, x + 16, y + high / 2))
        box = QRectF(x + 20, y, max(10.0, field.right() - x - 20), high)
        write_in(painter, box, name, font, theme.muted, LEFT)
        x += 32 + painter.fontMetrics().horizontalAdvance(name)


def _frame(
    painter: QPainter, theme: Theme, field: QRectF, axis: Axis, say: Callable[[float], str]
) -> None:
    scale = fonts.scale()
    for value in axis.ticks(min(max(2, int(field.height() / (22 * scale))), MOST_TICKS)):
        y = float(axis.at(value))
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.drawLine(QLineF(field.left(), y, field.right(), y))
        box = QRectF(
            field.left() - LEFT_ROOM * scale, y - 8 * scale, LEFT_ROOM * scale - 5, 16 * scale
        )
        write_at(painter, fonts.figures(fonts.tiny()), theme.muted, box, say(value), RIGHT)


def _foot(painter: QPainter, theme: Theme, field: QRectF, axis: Axis, drawn: Drawn) -> None:
    scale = fonts.scale()
    font = fonts.figures(fonts.tiny())
    for value in axis.ticks(max(1, int(field.width() / (80 * scale)))):
        text = units.seconds(value) if drawn.timed and value else units.group(round(value))
        if not drawn.timed and value != round(value):
            continue
        x = float(axis.at(value))
        painter.setFont(font)
        half = painter.fontMetrics().horizontalAdvance(text) / 2 + 1
        x = min(max(x, field.left() + half), field.right() - half)
        box = QRectF(x - half, field.bottom() + 2, 2 * half, FOOT * scale - 2)
        write_at(painter, font, theme.muted, box, text, Qt.AlignmentFlag.AlignCenter)


def each_pixel(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A line of thousands of points as it is seen: of each pixel across its highest and its lowest.

    Qt paints a line in the time its points take, and a lesson is painted ten times a second.
    """
    xs, low, high = thinned(x, y, y)
    if len(x) <= 2 * len(xs):
        return x, y
    return np.repeat(xs, 2), np.stack((low, high), axis=1).reshape(-1)


def _line(
    painter: QPainter,
    x: Floats,
    y: Floats,
    colour: str,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    x, y = each_pixel(x, y)
    points = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    painter.setPen(QPen(QColor(colour), 1.6, style))
    if len(points) == 1:
        painter.drawEllipse(points[0], 1.5, 1.5)
    elif points and style is Qt.PenStyle.SolidLine and _on_pixels(painter):
        painter.drawLines(*(QLineF(a, b) for a, b in pairwise(points)))
    elif points:
        painter.drawPolyline(QPolygonF(points))


def _on_pixels(painter: QPainter) -> bool:
    """Whether pixels are painted: there one outline around a line that goes up and down at every
    pixel takes forty times as long as its pieces one by one; a file is shorter with the one.
    """
    engine = painter.paintEngine()
    return engine is not None and engine.type() is QPaintEngine.Type.Raster
