"""The rungs as bars on a logarithmic axis of seconds, on any device."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz.state.clock.series import log_ticks
from mmviz.state.learn.rungs import RungView
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept
from mmviz.ui.look.strokes import LEFT, RIGHT, hatch, write_in
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.words.speech import Words

HEAD, BAR, APART, AXIS = 16.0, 12.0, 7.0, 18.0  # heights, in ordinary type
TALL = 1.4  # times as high as that a row may be
LOADED = 124.0  # width of the column of what is loaded
_HEAD = Text(N_("loads a multiply-add"))


def bars_height(rungs: int) -> float:
    """That so many need at least."""
    return (rungs * (HEAD + BAR + APART) + AXIS) * fonts.scale()


@dataclass(frozen=True, slots=True)
class Bars:
    """Where all of them stand in an area."""

    rungs: tuple[RungView, ...]
    area: QRectF

    @property
    def ends(self) -> tuple[float, float] | None:
        """log10 of the seconds at both ends of the axis, whole decades; None: nothing was timed."""
        found = [rung.seconds for rung in self.rungs if rung.seconds]
        if not found:
            return None
        low = math.floor(math.log10(min(found)) - 0.2)
        return low, max(low + 1, math.ceil(math.log10(max(found))))

    def row(self, i: int) -> QRectF:
        """Where a rung stands."""
        least = (HEAD + BAR + APART) * fonts.scale()
        room = (self.area.height() - AXIS * fonts.scale()) / max(1, len(self.rungs))
        each = min(max(least, room), TALL * least)
        return QRectF(self.area.x(), self.area.y() + i * each, self.area.width(), each)

    @property
    def axis(self) -> tuple[float, float]:
        """Where the axis begins and how long it is, in pixels."""
        return self.area.x() + 4.0, max(40.0, self.area.width() - 8 - LOADED * fonts.scale())

    def bar(self, i: int) -> QRectF | None:
        """Its bar, from the left end of the axis; None where it was not timed."""
        ends, seconds = self.ends, self.rungs[i].seconds
        if ends is None or not seconds:
            return None
        row, scale = self.row(i), fonts.scale()
        share = (math.log10(seconds) - ends[0]) / (ends[1] - ends[0])
        left, wide = self.axis
        high = row.height() - (HEAD + APART) * scale
        return QRectF(left, row.y() + HEAD * scale, max(2.0, wide * share), high)


def paint_bars(painter: QPainter, theme: Theme, bars: Bars, words: Words) -> None:
    """All rungs and their axis."""
    _axis(painter, theme, bars, words)
    for i, rung in enumerate(bars.rungs):
        _row(painter, theme, bars, i, rung, words)


def _row(painter: QPainter, theme: Theme, bars: Bars, i: int, rung: RungView, words: Words) -> None:
    row = bars.row(i)
    head = QRectF(row.x() + 4, row.y(), row.width() - 8, HEAD * fonts.scale())
    said = words(joined((rung.time, rung.faster)))
    figures = fonts.figures(fonts.SMALL)
    known = rung.seconds is not None
    room = QFontMetricsF(figures).horizontalAdvance(said) + 12
    room = min(room, head.width() * 0.62)
    name = head.adjusted(0, 0, -room, 0)
    write_in(painter, name, words(rung.name), fonts.words(fonts.SMALL), theme.text, LEFT)
    right = head.adjusted(head.width() - room + 6, 0, 0, 0)
    write_in(painter, right, said, figures, theme.text if known else theme.muted, RIGHT)
    per = Text("≥ {per:sig}" if rung.rung.least else "{per:sig}", per=rung.per)
    half = APART / 2 * fonts.scale()  # a figure is a little higher than its bar
    low = row.adjusted(4, HEAD * fonts.scale() - half, -4, -half)
    write_in(painter, low, words(per), figures, theme.muted, RIGHT)
    bar = bars.bar(i)
    if bar is None:
        return
    painter.fillRect(bar, QColor(backend_colour(theme, rung.rung.backend)))
    if rung.about:
        hatch(painter, bar, QColor(theme.panel))


def _axis(painter: QPainter, theme: Theme, bars: Bars, words: Words) -> None:
    ends, area, low = bars.ends, bars.area, bars.row(len(bars.rungs)).y()
    high, (start, wide) = AXIS * fonts.scale(), bars.axis
    said = QRectF(start + wide + 4, low, area.right() - start - wide - 8, high)
    write_in(painter, said, words(_HEAD), fonts.words(fonts.tiny()), theme.muted, RIGHT)
    if ends is None:
        return
    font = fonts.figures(fonts.tiny())
    with kept(painter):
        for at, text in log_ticks(*ends, most=max(2, int(wide // 70))):
            x = start + wide * (at - ends[0]) / (ends[1] - ends[0])
            painter.setPen(QPen(QColor(theme.line), 1.0))
            painter.drawLine(QPointF(x, area.y()), QPointF(x, low))
            room = QFontMetricsF(font).horizontalAdvance(text) + 4
            left = min(max(area.x(), x - room / 2), start + wide - room)
            write_in(painter, QRectF(left, low, room, high), text, font, theme.muted)
