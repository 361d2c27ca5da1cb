"""Seconds above, losses below, over the batch size; all axes are logarithmic. Needs fonts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz import units
from mmviz.bench.rates import Rate
from mmviz.state.clock.series import log_range, log_ticks
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import Words

_GAP = 6.0  # logical pixels
_DOT = 2.5
_FIGURE = 76.0  # at the left of a plot
_SAMPLE = 22.0  # of a line, before its name
_DASHES = [3.0, 2.5]  # of the second line of each half, in pen widths


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two plots. lines: a name and the value of each batch size, None where none is
    known; the first is drawn through, the second dashed. ends: logarithms (base 10).
    """

    colour: str
    lines: tuple[tuple[Text, tuple[float | None, ...]], ...]
    ends: tuple[float, float]
    ticks: tuple[tuple[float, str], ...]
    plot: QRectF

    def y(self, value: float) -> float:
        """The pixel of a value."""
        low, high = self.ends
        share = (math.log10(value) - low) / (high - low)
        return self.plot.bottom() - self.plot.height() * share


@dataclass(frozen=True, slots=True)
class Drawing:
    """xs: the pixel of each batch size."""

    rates: tuple[Rate, ...]
    xs: tuple[float, ...]
    halves: tuple[Half, ...]


def drawing_of(rates: tuple[Rate, ...], area: QRectF, theme: Theme) -> Drawing:
    """Where everything stands in `area`; rates: at least one."""
    line = _line()
    left, right = area.left() + _FIGURE, area.right() - 2 * _GAP
    sizes = [math.log(rate.batch) for rate in rates]
    span = sizes[-1] - sizes[0]
    xs = [
        left + _GAP + (right - left - 2 * _GAP) * ((size - sizes[0]) / span if span else 0.5)
        for size in sizes
    ]
    high = (area.height() - 3 * line - _GAP) / 2  # a line over each half, one below both
    tops = area.top() + line, area.top() + 2 * line + high + _GAP
    seconds = (
        (Text(N_("an epoch")), tuple(rate.epoch_s for rate in rates)),
        (Text(N_("a step")), tuple(rate.step_s for rate in rates)),
    )
    losses = (
        (Text(N_("loss after equal time")), tuple(rate.by_time for rate in rates)),
        (Text(N_("loss after equal drawings")), tuple(rate.by_drawings for rate in rates)),
    )
    most = max(2, int(high / (1.8 * line)))
    halves = []
    for top, lines, colour in ((tops[0], seconds, theme.x), (tops[1], losses, theme.w)):
        known = [value for _, values in lines for value in values if value]
        ends = log_range(min(known, default=1.0), max(known, default=1.0))
        ticks = log_ticks(*ends, most=most) if lines is seconds else _figures(ends, most)
        plot = QRectF(left, top, right - left, max(high, 1.0))
        halves.append(Half(colour, lines, ends, tuple(ticks), plot))
    return Drawing(rates, tuple(xs), tuple(halves))


def paint_rates(
    painter: QPainter, theme: Theme, drawing: Drawing, words: Words, at: int | None
) -> None:
    """at: the batch size that is looked at, None for none."""
    for half in drawing.halves:
        _grid(painter, theme, half)
        _head(painter, theme, half, words)
        for number, (_, values) in enumerate(half.lines):
            _curve(painter, half, drawing.xs, values, dashed=number > 0)
    low = drawing.halves[-1].plot
    _batches(painter, theme, drawing, words, low)
    if at is not None:
        painter.setPen(QPen(QColor(theme.now_text), 1.0, Qt.PenStyle.DotLine))
        top = drawing.halves[0].plot.top()
        painter.drawLine(QPointF(drawing.xs[at], top), QPointF(drawing.xs[at], low.bottom()))


def _grid(painter: QPainter, theme: Theme, half: Half) -> None:
    line = _line()
    plot = half.plot
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(plot)
    for at, text in half.ticks:
        y = half.y(10.0**at)
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        box = QRectF(plot.left() - _FIGURE, y - line / 2, _FIGURE - _GAP, line)
        write_in(painter, box, text, fonts.figures(fonts.SMALL), theme.muted, RIGHT)


def _head(painter: QPainter, theme: Theme, half: Half, words: Words) -> None:
    """What the two lines are, over the plot."""
    line = _line()
    font = fonts.words(fonts.SMALL)
    x, y = half.plot.left(), half.plot.top() - line
    for number, (name, _) in enumerate(half.lines):
        _pen(painter, half.colour, dashed=number > 0)
        middle = y + line / 2
        painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
        text = words(name)
        wide = QFontMetricsF(font).horizontalAdvance(text) + 2
        room = max(0.0, min(wide, half.plot.right() - x - _SAMPLE - _GAP))
        box = QRectF(x + _SAMPLE + _GAP, y, room, line)
        write_in(painter, box, text, font, theme.text, LEFT)
        x = box.right() + 3 * _GAP


def _curve(
    painter: QPainter,
    half: Half,
    xs: Sequence[float],
    values: Sequence[float | None],
    *,
    dashed: bool,
) -> None:
    before: QPointF | None = None
    for x, value in zip(xs, values, strict=True):
        at = QPointF(x, half.y(value)) if value else None
        if at is not None and before is not None:
            _pen(painter, half.colour, dashed=dashed)
            painter.drawLine(before, at)
        if at is not None:
            _pen(painter, half.colour, dashed=False)
            painter.setBrush(Qt.BrushStyle.NoBrush if dashed else QColor(half.colour))
            painter.drawEllipse(at, _DOT, _DOT)
        before = at


def _batches(painter: QPainter, theme: Theme, drawing: Drawing, words: Words, plot: QRectF) -> None:
    line = _line()
    font = fonts.figures(fonts.SMALL)
    name = QRectF(plot.left() - _FIGURE, plot.bottom() + 2, _FIGURE - 2 * _GAP, line)
    said = words(Text(N_("batch")))
    write_in(painter, name, said, fonts.words(fonts.SMALL), theme.muted, RIGHT)
    taken = -math.inf
    for rate, x in zip(drawing.rates, drawing.xs, strict=True):
        text = units.group(rate.batch)
        wide = QFontMetricsF(font).horizontalAdvance(text) + 4
        if x - wide / 2 > taken:
            box = QRectF(x - wide / 2, plot.bottom() + 2, wide, line)
            write_in(painter, box, text, font, theme.muted)
            taken = box.right() + _GAP


def _figures(ends: tuple[float, float], most: int) -> list[tuple[float, str]]:
    """Round losses between two logarithms."""
    powers = range(math.floor(ends[0]), math.ceil(ends[1]) + 1)
    for factors in ((1,), (1, 3), (1, 2, 5)):
        values = [factor * 10.0**power for power in powers for factor in factors]
        found = [v for v in values if ends[0] - 1e-9 <= math.log10(v) <= ends[1] + 1e-9]
        if len(found) >= 3:
            break
    kept = found[:: math.ceil(len(found) / most)]
    return [(math.log10(value), f"{value:g}") for value in kept]


def _pen(painter: QPainter, colour: str, *, dashed: bool) -> None:
    pen = QPen(QColor(colour), 1.6)
    if dashed:
        pen.setDashPattern(_DASHES)
    painter.setPen(pen)


def _line() -> float:
    return QFontMetricsF(fonts.words(fonts.SMALL)).height() + 2
