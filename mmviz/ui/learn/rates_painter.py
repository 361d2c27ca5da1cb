"""Seconds above, losses below, over the batch size; all axes are logarithmic. Needs fonts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz import units
from mmviz.bench.rates import Rate
from mmviz.state.clock.series import log_range, log_ticks
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.ui.sweep.marks import mark_of
from mmviz.words.rates import name as name_of
from mmviz.words.speech import Words

_GAP = 6.0  # logical pixels
_MARK = 5.0  # half of it, in the legend
_FIGURE = 76.0  # at the left of a plot
_SAMPLE = 22.0  # of a line, before its name
_DASHES = [3.0, 2.5]  # of the second line of each half, in pen widths


Values = tuple[float | None, ...]
_Pick = Callable[[Rate], float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity of one backend, at each batch size; None where it is not known."""

    backend: str
    values: Values
    colour: str
    dashed: bool


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two plots. names: of its two quantities, the first drawn through, the second
    dashed, in the ink `colour`. ends: logarithms (base 10).
    """

    colour: str
    names: tuple[Text, Text]
    lines: tuple[Line, ...]
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
    """xs: the pixel of each of `batches`. legend: a rate of each backend and its colour, () where
    there is one alone; `top` is where it stands.
    """

    batches: tuple[int, ...]
    xs: tuple[float, ...]
    halves: tuple[Half, ...]
    legend: tuple[tuple[Rate, str], ...]
    top: QRectF


def drawing_of(rates: tuple[Rate, ...], area: QRectF, theme: Theme) -> Drawing:
    """Where everything stands in `area`; rates: at least one."""
    line = _line()
    left, right = area.left() + _FIGURE, area.right() - 2 * _GAP
    batches = tuple(sorted({rate.batch for rate in rates}))
    sizes = [math.log(batch) for batch in batches]
    span = sizes[-1] - sizes[0]
    xs = [
        left + _GAP + (right - left - 2 * _GAP) * ((size - sizes[0]) / span if span else 0.5)
        for size in sizes
    ]
    firsts = {rate.backend: rate for rate in reversed(rates)}
    several = len(firsts) > 1
    head = line if several else 0.0
    high = (area.height() - head - 3 * line - _GAP) / 2  # a line over each half, one below both
    tops = area.top() + head + line, area.top() + head + 2 * line + high + _GAP
    legend = [(rate, backend_colour(theme, backend)) for backend, rate in sorted(firsts.items())]
    most = max(2, int(high / (1.8 * line)))
    halves = []
    most_shown = max(rates, key=lambda rate: rate.equal)  # others tell the same of fewer drawings
    for top, (name, one, other), ink in zip(tops, _HALVES, (theme.x, theme.w), strict=True):
        lines = [
            Line(rate.backend, _values(rates, batches, rate.backend, pick), colour, dashed)
            for rate, colour in legend
            for pick, dashed in ((one, False), (other, True))
            if other is not _by_drawings or not dashed or rate.backend == most_shown.backend
        ]
        if not several:
            lines = [replace(each, colour=ink) for each in lines]
        known = [value for each in lines for value in each.values if value]
        ends = log_range(min(known, default=1.0), max(known, default=1.0))
        ticks = log_ticks(*ends, most=most) if top is tops[0] else _figures(ends, most)
        plot = QRectF(left, top, right - left, max(high, 1.0))
        colour = theme.text if several else ink
        after = Text(N_("loss after {n:group} drawings"), n=most_shown.equal)
        names = name, (after if other is _by_drawings else Text(N_("a step")))
        halves.append(Half(colour, names, tuple(lines), ends, tuple(ticks), plot))
    above = QRectF(left, area.top(), right - left, head)
    return Drawing(batches, tuple(xs), tuple(halves), tuple(legend) if several else (), above)


def _values(
    rates: Sequence[Rate],
    batches: Sequence[int],
    backend: str,
    pick: _Pick,
) -> Values:
    found = {rate.batch: pick(rate) for rate in rates if rate.backend == backend}
    return tuple(found.get(batch) for batch in batches)


def paint_rates(
    painter: QPainter, theme: Theme, drawing: Drawing, words: Words, at: int | None
) -> None:
    """at: the batch size that is looked at, None for none."""
    _legend(painter, theme, drawing, words)
    for half in drawing.halves:
        _grid(painter, theme, half)
        _head(painter, theme, half, words)
        for each in half.lines:
            _curve(painter, half, drawing.xs, each)
    low = drawing.halves[-1].plot
    _batches(painter, theme, drawing, words, low)
    if at is not None:
        painter.setPen(QPen(QColor(theme.now_text), 1.0, Qt.PenStyle.DotLine))
        top = drawing.halves[0].plot.top()
        painter.drawLine(QPointF(drawing.xs[at], top), QPointF(drawing.xs[at], low.bottom()))


def _by_drawings(rate: Rate) -> float | None:
    return rate.by_drawings


_HALVES: tuple[tuple[Text, _Pick, _Pick], ...] = (
    (Text(N_("an epoch")), lambda rate: rate.epoch_s, lambda rate: rate.step_s),
    (Text(N_("loss after equal time")), lambda rate: rate.by_time, _by_drawings),
)


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
        top = min(y - line / 2, plot.bottom() - line)  # what stands below the plot has its room
        box = QRectF(plot.left() - _FIGURE, top, _FIGURE - _GAP, line)
        write_in(painter, box, text, fonts.figures(fonts.SMALL), theme.muted, RIGHT)


def _head(painter: QPainter, theme: Theme, half: Half, words: Words) -> None:
    """What the two lines are, over the plot."""
    line = _line()
    font = fonts.words(fonts.SMALL)
    metrics = QFontMetricsF(font)
    needed = sum(metrics.horizontalAdvance(words(said)) for said in half.names)
    needed += 2 * (_SAMPLE + _GAP + 2) + 3 * _GAP
    x, y = half.plot.left(), half.plot.top() - line
    if needed > half.plot.width():  # over the figures, too
        x, y = x - _FIGURE, y - _GAP
    for number, said in enumerate(half.names):
        _pen(painter, half.colour, dashed=number > 0)
        middle = y + line / 2
        painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
        text = words(said)
        wide = QFontMetricsF(font).horizontalAdvance(text) + 2
        room = max(0.0, min(wide, half.plot.right() - x - _SAMPLE - _GAP))
        box = QRectF(x + _SAMPLE + _GAP, y, room, line)
        write_in(painter, box, text, font, theme.text, LEFT)
        x = box.right() + 3 * _GAP


def _legend(painter: QPainter, theme: Theme, drawing: Drawing, words: Words) -> None:
    """Whose colour and mark is whose."""
    font, x = fonts.words(fonts.SMALL), drawing.top.left()
    for rate, colour in drawing.legend:
        _mark(painter, QPointF(x + _MARK, drawing.top.center().y()), rate.backend, colour, True)
        text = words(name_of(rate))
        wide = QFontMetricsF(font).horizontalAdvance(text) + 2
        left = x + 2 * _MARK + _GAP
        box = QRectF(left, drawing.top.top(), wide, drawing.top.height())
        box.setRight(min(box.right(), drawing.top.right()))
        if box.width() > 0:
            write_in(painter, box, text, font, theme.text, LEFT)
        x = box.right() + 3 * _GAP


def _curve(painter: QPainter, half: Half, xs: Sequence[float], line: Line) -> None:
    before: QPointF | None = None
    for x, value in zip(xs, line.values, strict=True):
        at = QPointF(x, half.y(value)) if value else None
        if at is not None and before is not None:
            _pen(painter, line.colour, dashed=line.dashed)
            painter.drawLine(before, at)
        if at is not None:
            _mark(painter, at, line.backend, line.colour, not line.dashed)
        before = at


def _mark(painter: QPainter, at: QPointF, backend: str, colour: str, filled: bool) -> None:
    """Of the backend's own shape."""
    _pen(painter, colour, dashed=False)
    painter.setBrush(QColor(colour) if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(mark_of(backend).translated(at))


def _batches(painter: QPainter, theme: Theme, drawing: Drawing, words: Words, plot: QRectF) -> None:
    line = _line()
    font = fonts.figures(fonts.SMALL)
    place = QRectF(plot.left() - _FIGURE, plot.bottom() + 2, _FIGURE - 2 * _GAP, line)
    said = words(Text(N_("batch")))
    write_in(painter, place, said, fonts.words(fonts.SMALL), theme.muted, RIGHT)
    taken = -math.inf
    for batch, x in zip(drawing.batches, drawing.xs, strict=True):
        text = units.group(batch)
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
