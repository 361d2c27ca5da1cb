"""Paints units over time of two schedules on one scale: who computed when, and who idled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz.core.schedule.trace import Frame
from mmviz.state.recording.view import HalfView, PairView
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.texture import IDENTITIES
from mmviz.ui.timeline.units_painter import paint_busy
from mmviz.words.schedule import unit_text
from mmviz.words.speech import Words

NAMES = 60, 150  # pixels: the least and the most that names of units take
NO_CLOCK = Text(N_("each over its own whole time: one of both has no seconds"))
SCALE = Text(N_("one time scale · idle is hatched"))
SAMPLED = Text(N_("only some tiles are kept: what is hatched may be idle or others"))
HEAD = 17.0  # height of the line that names a side
NAMED = 15.0  # a line of a unit that can be named
TALLEST = 42.0  # a line of a unit
MOST_MARKS = 6_000  # rows whose beginnings are marked
LEAST_TILE = 4.0  # pixels of a middling tile from which they are


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """A side and where it stands. until: which share of `chart` it lasts; error: pixels that its
    clock may be off.
    """

    half: HalfView
    frame: Frame
    head: QRectF
    chart: QRectF
    until: float
    error: float

    def x(self, t: float) -> float:
        """Where a time of it lies."""
        share = t / self.frame.trace.duration * self.until
        return self.chart.x() + self.chart.width() * share


def places(area: QRectF, units: list[int]) -> list[tuple[QRectF, QRectF]]:
    """The head and the chart of each side, below each other; a line is as high on all, but where
    that left a few units beside many no room for their names.
    """
    heads = HEAD * fonts.scale()
    room = max(0.0, area.height() - len(units) * (heads + 4))
    pitch = min(TALLEST, room / max(1, sum(units)))
    least = NAMED * fonts.scale()
    few = [n for n in units if pitch < least and n * least <= room / len(units)]
    if few and len(few) < len(units):
        pitch = (room - sum(few) * least) / (sum(units) - sum(few))
    found, y = [], area.y()
    for count in units:
        head = QRectF(area.x(), y, area.width(), heads)
        high = max(6.0, (least if count in few else pitch) * count)
        found.append((head, QRectF(area.x(), head.bottom(), area.width(), high)))
        y = head.bottom() + high + 4
    return found


def sides_of(view: PairView, area: QRectF, position: float) -> list[Lanes]:
    """Both sides at a share of the common scale, the upper one first; area: where time runs."""
    if view.pair is None:
        return []
    units = [half.side.trace.tiling.units for half in view.halves]
    found = []
    for half, (head, chart) in zip(view.halves, places(area, units), strict=True):
        until = view.width_of(half)
        error = half.side.timer_s / half.side.trace.duration * until * chart.width()
        error = 0.0 if half.side.order_only else error
        found.append(Lanes(half, view.frame_of(half, position), head, chart, until, error))
    return found


def names_width(view: PairView, words: Words) -> float:
    """Pixels that the names of units take beside their lines."""
    metrics, wide = QFontMetricsF(fonts.words(fonts.SMALL)), 0.0
    for half in view.halves:
        units = half.side.trace.tiling.units
        for i in {0, units - 1, *range(min(units, 16))}:
            text = words(unit_text(half.noun, i))
            wide = max(wide, metrics.horizontalAdvance(text))
    return min(max(wide + 12, NAMES[0]), NAMES[1])


def paint_scale(
    painter: QPainter, theme: Theme, words: Words, view: PairView, sides: list[Lanes], area: QRectF
) -> None:
    """What both are drawn on, at the upper right corner of an area."""
    if len(sides) < 2:
        return
    scale = SCALE if view.pair is None or view.pair.common else NO_CLOCK
    if any(lanes.half.side.sampled for lanes in sides):
        scale = SAMPLED
    place = QRectF(area.center().x(), area.y(), area.width() / 2, HEAD * fonts.scale())
    write_in(painter, place, words(scale), fonts.words(fonts.SMALL), theme.muted, RIGHT)


def paint_lanes(painter: QPainter, theme: Theme, words: Words, lanes: Lanes, left: float) -> None:
    """A side, all but the instant. left: pixels beside the chart for the names of its units."""
    half, chart = lanes.half, lanes.chart
    bold = fonts.words(fonts.SMALL, bold=True)
    head = lanes.head.adjusted(-left, 0, 0, 0)
    write_in(painter, head, words(half.name), bold, theme.text, LEFT)
    paint_busy(painter, theme, lanes.frame, chart, 1.0, "unit", lanes.until)
    _paint_begins(painter, theme, lanes)
    _paint_units(painter, theme, words, lanes, left)


def _paint_begins(painter: QPainter, theme: Theme, lanes: Lanes) -> None:
    """A line where each tile begins, while they can be told apart."""
    trace, chart = lanes.frame.trace, lanes.chart
    units = trace.tiling.units
    rows = len(trace)
    if rows > MOST_MARKS or chart.width() * lanes.until * units / rows < LEAST_TILE:
        return
    pitch = chart.height() / units
    starts, unit = trace.start, trace.unit
    painter.setPen(QPen(QColor(theme.panel), 2.0))
    lines = []
    for t, i in zip(starts.tolist(), unit.tolist(), strict=True):
        x, y = lanes.x(t), chart.y() + i * pitch
        lines.append(QLineF(x, y, x, y + pitch))
    painter.drawLines(*lines)


def _paint_units(painter: QPainter, theme: Theme, words: Words, lanes: Lanes, left: float) -> None:
    """Their names, of many as many as there is room for."""
    trace, chart = lanes.frame.trace, lanes.chart
    units = trace.tiling.units
    pitch, small = chart.height() / units, fonts.words(fonts.SMALL)
    step = max(1, int(np.ceil(QFontMetricsF(small).height() / pitch)))
    for i in range(0, units, step):
        box = QRectF(chart.x() - left, chart.y() + i * pitch, left - 8, max(pitch, 12.0))
        colour = theme.identity[i] if units <= IDENTITIES else theme.muted
        write_in(painter, box, words(unit_text(lanes.half.noun, i)), small, colour, RIGHT)


def paint_mark(painter: QPainter, theme: Theme, sides: list[Lanes], tile: tuple[int, int]) -> None:
    """A frame around a tile, where each side computes it first."""
    painter.setPen(QPen(QColor(theme.text), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for lanes in sides:
        trace, chart = lanes.frame.trace, lanes.chart
        pitch = chart.height() / trace.tiling.units
        row = trace.row_at(*tile)
        if row >= 0:
            one = np.array([row])
            x, end = (lanes.x(float(t.of(one)[0])) for t in (trace.starts, trace.ends))
            y = chart.y() + int(trace.units.of(one)[0]) * pitch
            painter.drawRect(QRectF(x, y + 1, max(end - x, 3.0), pitch - 2))


def paint_cursor(painter: QPainter, theme: Theme, sides: list[Lanes]) -> None:
    """Where the playback stands, through all sides; as wide as the clock of each may be off."""
    first, last = sides[0], sides[-1]
    x = max(lanes.x(lanes.frame.t) for lanes in sides)
    for lanes in sides:
        if lanes.error >= 1.0:
            band = QColor(theme.text)
            band.setAlpha(60)
            wide, chart = lanes.error, lanes.chart
            off = QRectF(x - wide, chart.y(), 2 * wide, chart.height())
            painter.fillRect(off.intersected(chart), band)
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.drawLine(QPointF(x, first.chart.y() - 4), QPointF(x, last.chart.bottom() + 4))
