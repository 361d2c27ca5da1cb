"""Lines across a sweep's chart that no point is on: the budget, and the peaks of the devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from mmviz.bench.budget import Within, within
from mmviz.state.sweep.chart import budget_seen, thinned
from mmviz.state.sweep.curves import Floats
from mmviz.state.sweep.values import EXAMPLE, FASTER
from mmviz.text import N_, Text
from mmviz.ui.look.placing import Wish, placed
from mmviz.ui.look.strokes import write_at
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.ui.sweep.axes import Axes
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.names import drawn
from mmviz.words.budget import brief
from mmviz.words.timing import backend_name

_PAD = 8.0
_STEP = 8.0
_BUDGET, _PEAK = (6.0, 4.0), (2.0, 3.0)  # of dashes


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """says: its words, the longest first. backend: whose colour it has, "" for the budget's."""

    says: tuple[Text, ...]
    line: tuple[Floats, Floats]
    backend: str = ""


def levels_of(axes: Axes) -> tuple[Level, ...]:
    """All that are seen."""
    return (*_budget(axes), *_peaks(axes), *_even(axes))


def _budget(axes: Axes) -> Iterator[Level]:
    line, chart = budget_line(axes), axes.chart
    if line is None or chart.budget_s is None:
        return
    short = Text(N_("{budget:tick} budget"), budget=chart.budget_s)
    found: tuple[Within, ...] = ()
    if chart.found.points.widths is None:
        found = within((point.run for point in chart.measured), chart.budget_s)
    says = (short,) if not found else (brief(found, chart.budget_s), short)
    yield Level(says, line)


def _even(axes: Axes) -> Iterator[Level]:
    """Of speed-ups: where both are as fast."""
    chart, plot = axes.chart, axes.plot
    y = axes.y(1.0)
    if chart.value != FASTER or not chart.drawn or not plot.top() <= y <= plot.bottom():
        return
    base = chart.drawn[0].base
    says = Text(N_("as fast as {name}"), name=backend_name(base))
    yield Level((says,), (np.array([plot.left(), plot.right()]), np.array([y, y])), base)


def _peaks(axes: Axes) -> Iterator[Level]:
    """Of a throughput: what the device of a curve could reach, as it says of itself."""
    chart, plot = axes.chart, axes.plot
    for curve, rate in chart.peaks:
        y = axes.y(rate)
        if curve.peak is not None and plot.top() - 1 <= y <= plot.bottom():
            ends = np.array([plot.left(), plot.right()])
            yield Level((curve.peak.said,), (ends, np.array([y, y])), curve.backend)


def budget_line(axes: Axes) -> tuple[Floats, Floats] | None:
    """Pixels of the budget, None where it is not drawn."""
    chart = axes.chart
    if chart.budget is None or not budget_seen(chart):
        return None
    ys = axes.ys(chart.budget)
    x, low, _ = thinned(axes.xs, ys, ys)
    if len(x) == 1:
        x, low = np.array([axes.plot.left(), axes.plot.right()]), np.repeat(low, 2)
    return x, low


def level_words(
    axes: Axes, faces: Faces, levels: Sequence[Level]
) -> tuple[tuple[str, QRectF] | None, ...]:
    """What each says and where: at its line, at the end where the curves are not; the longest words
    that have room, None where none have.
    """
    taken, found = drawn(axes), []
    for level in levels:
        place: tuple[str, QRectF] | None = None
        for text in map(faces.say, level.says):
            size = QSizeF(faces.width(text) + 2 * _PAD, faces.line)
            wish = _along(*level.line, size, axes.chart.value == EXAMPLE)
            (box,) = placed([wish], axes.plot, taken)
            if box is not None:
                place, taken = (text, box), taken.with_box(box)
                break
        found.append(place)
    return tuple(found)


def paint_levels(
    painter: QPainter,
    theme: Theme,
    faces: Faces,
    levels: Sequence[Level],
    words: Sequence[tuple[str, QRectF] | None],
) -> None:
    """Dashed lines with their words."""
    for level, told in zip(levels, words, strict=True):
        colour = backend_colour(theme, level.backend) if level.backend else theme.loss
        pen = QPen(QColor(colour), 1.0)
        pen.setDashPattern(list(_PEAK if level.backend else _BUDGET))
        painter.setPen(pen)
        xs, ys = level.line
        points = zip(xs.tolist(), ys.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
        if told is not None:
            ink = theme.muted if level.backend else theme.loss
            write_at(painter, faces.words, ink, told[1], told[0], Qt.AlignmentFlag.AlignCenter)


def _along(x: Floats, y: Floats, size: QSizeF, from_right: bool) -> Wish:
    """Above and below a line, from one end to the other."""
    lefts = np.arange(float(x[0]), max(float(x[-1]) - size.width(), x[0]) + 1, _STEP)
    lefts = lefts[::-1] if from_right else lefts
    there = np.interp(lefts[:, np.newaxis] + np.linspace(0.0, size.width(), 12), x, y)
    tops = there.min(axis=1) - size.height() - 1, there.max(axis=1) + 1
    corners = np.stack((np.repeat(lefts, 2), np.stack(tops, axis=1).ravel()), axis=1)
    return Wish(size, corners)
