"""Dashed levels of the live chart, each with its words: estimates, and the budget."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QFontMetricsF

from mmviz.bench.results import ESTIMATED
from mmviz.text import N_, Text
from mmviz.ui.clock.end_names import Frame
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.words.provenance import label as kind_label
from mmviz.words.speech import Words
from mmviz.words.timing import backend_name


@dataclass(frozen=True, slots=True)
class Level:
    """right: its words stand at its right end, else at its left one."""

    seconds: float
    text: str
    colour: str
    right: bool


def wanted(
    estimates: Mapping[str, float], budget_s: float | None, theme: Theme, words: Words, room: float
) -> list[Level]:
    """estimates: seconds by backend. room: pixels of width for the words of one."""
    levels = [
        Level(seconds, _estimate(backend, seconds, words, room), colour, False)
        for backend, seconds in estimates.items()
        for colour in (backend_colour(theme, backend),)
    ]
    if budget_s is not None:
        text = words(Text(N_("{budget:tick} budget"), budget=budget_s))
        levels.append(Level(budget_s, text, theme.loss, True))
    return levels


def _estimate(backend: str, seconds: float, words: Words, room: float) -> str:
    """With whose it is, if the plot is wide enough for that."""
    values = {"kind": kind_label(ESTIMATED), "took": seconds}
    whose = words(Text(N_("{name} {kind} {took:tick}"), name=backend_name(backend), **values))
    if QFontMetricsF(fonts.words(fonts.SMALL)).horizontalAdvance(whose) < room:
        return whose
    return words(Text(N_("{kind} {took:tick}"), **values))


class Levels:
    """Those on a plot, as items of it; y is the logarithm (base 10) of seconds."""

    def __init__(self, plot: pg.ViewBox) -> None:
        self._plot = plot
        self._drawn: list[tuple[pg.InfiniteLine, pg.TextItem]] = []
        self._wanted: tuple[Sequence[Level], Theme, list[bool]] | None = None

    def draw(self, levels: Sequence[Level], taken: Sequence[float], theme: Theme) -> None:
        """In place of those that were there. taken: heights, as y, that words keep away from."""
        heights = [*taken, *(math.log10(level.seconds) for level in levels)]
        wanted = levels, theme, [_above(level, heights) for level in levels]
        if wanted == self._wanted:
            return
        self._wanted = wanted
        for pair in self._drawn:
            for item in pair:
                self._plot.removeItem(item)
        self._drawn = [_items(*each, theme) for each in zip(levels, wanted[2], strict=True)]
        for pair in self._drawn:
            for item in pair:
                self._plot.addItem(item, ignoreBounds=True)

    def heights(self, frame: Frame) -> list[float]:
        """Of the lines, in pixels of the plot."""
        return [frame.pixel(0.0, line.value()).y() for line, _ in self._drawn]

    def boxes(self, frame: Frame) -> list[QRectF]:
        """What their words cover, in pixels of the plot."""
        return [_box(frame, text) for _, text in self._drawn]


def _above(level: Level, heights: Sequence[float]) -> bool:
    """Whether there is more room for its words above its line than below."""
    y = math.log10(level.seconds)
    above = min((other - y for other in heights if other > y), default=0.0)
    below = min((y - other for other in heights if other < y), default=0.0)
    return above > below


def _items(level: Level, above: bool, theme: Theme) -> tuple[pg.InfiniteLine, pg.TextItem]:
    """The line, and its words on the side of it where there is more room."""
    y = math.log10(level.seconds)
    line = pg.InfiniteLine(y, angle=0, pen=pg.mkPen(level.colour, width=1, dash=[6, 4]))
    anchor = (1 if level.right else 0, 1 if above else 0)
    text = pg.TextItem(level.text, level.colour, anchor=anchor)
    text.fill = pg.mkBrush(theme.panel)
    text.setZValue(-1)  # above the grid, below the data
    text.setFont(fonts.words(fonts.SMALL))
    text.setPos(1.0 if level.right else 0.0, y)
    return line, text


def _box(frame: Frame, text: pg.TextItem) -> QRectF:
    at, size = frame.pixel(text.pos().x(), text.pos().y()), text.boundingRect()
    x, y = text.anchor
    return QRectF(at - QPointF(x * size.width(), y * size.height()), size.size())
