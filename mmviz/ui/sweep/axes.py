"""Where the points of a sweep lie in a chart, and what its axes say. Needs fonts, no painter."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QFont, QFontMetricsF

from mmviz import units
from mmviz.state.clock.series import log_range, log_ticks
from mmviz.state.sweep.chart import (
    PEAK,
    Floats,
    SweepChart,
    above,
    budget_seen,
    ceiling,
    grid,
    thinned,
)
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.sweep import axis_name, swept_layer

AxisTick = tuple[float, str]
_GAP = 8.0  # pixels between words
_USUAL = "0.00 ms"  # a tick: where none is wider, the plot does not move while one looks closer
_SEEN = 3.0  # pixels from which a column is filled and no line
_SURFACE = 0.1  # of the columns filled: more than the steps of a staircase
_MIDDLE = (10.0, 98.0)  # percentiles: small counts fill little, and all of them the same way
_COLUMN = 0.75  # pixels right and left of the mouse that it cannot tell apart
LOW_PLOT = 90.0  # pixels below which the curve is tiny, and whatever is beside it gives way
BAR = 12.0  # width of the colour bar of a heat map


@dataclass(frozen=True, slots=True)
class Faces:
    """What words and figures are written in: faces, and a language."""

    words: QFont
    figures: QFont
    bold: QFont
    say: Words = ENGLISH

    @property
    def line(self) -> float:
        """Height of a line of text."""
        return QFontMetricsF(self.words).height()

    def width(self, text: str) -> float:
        """Of words."""
        return QFontMetricsF(self.words).horizontalAdvance(text)

    def bold_width(self, text: str) -> float:
        return QFontMetricsF(self.bold).horizontalAdvance(text)

    def figure_width(self, text: str) -> float:
        return QFontMetricsF(self.figures).horizontalAdvance(text)


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """The plot in its area. xs [points] pixels; of a heat map those of the middle of its cells.

    x_name: "" where the plot needs its line. ends: of the y axis, logarithms (base 10) where
    chart.log_y. batches, widths: of a heat map.
    """

    chart: SweepChart
    plot: QRectF
    xs: Floats
    ends: tuple[float, float]
    x_ticks: tuple[AxisTick, ...]
    y_ticks: tuple[AxisTick, ...]
    x_name: str
    batches: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()

    def x(self, value: float) -> float:
        """The pixel of a batch or a width between the points."""
        return _place(value, self.chart, self.plot)

    def columns(self, values: Floats) -> Floats:
        """The pixels of many."""
        return _places(values, self.chart, self.plot)

    def y(self, value: float) -> float:
        """The pixel of a value as drawn."""
        low, high = self.ends
        at = math.log10(max(value, 1e-300)) if self.chart.log_y else value
        return self.plot.bottom() - self.plot.height() * (at - low) / (high - low)

    def ys(self, values: Floats) -> Floats:
        """The pixels of many values."""
        low, high = self.ends
        at = np.log10(np.maximum(values, 1e-300)) if self.chart.log_y else values
        return self.plot.bottom() - self.plot.height() * (at - low) / (high - low)

    def cell(self, point: int) -> QRectF:
        """Of a heat map: where a point is."""
        row, column = divmod(point, len(self.batches))
        width, height = (
            self.plot.width() / len(self.batches),
            self.plot.height() / len(self.widths),
        )
        top = self.plot.bottom() - (row + 1) * height
        return QRectF(self.plot.left() + column * width, top, width, height)

    def place(self, point: int) -> QPointF:
        """Where a point is."""
        if self.chart.heat:
            return self.cell(point).center()
        return QPointF(float(self.xs[point]), self.y(float(self.chart.y[point])))

    def point_at(self, x: float, y: float) -> int:
        """The point nearest to a pixel; of a heat map the cell it lies in.

        Of many in one column of pixels it is the one at that height: the aligned below, say.
        """
        if not self.chart.heat:
            off = np.abs(self.xs - x)
            near = np.flatnonzero(off <= max(_COLUMN, float(off.min())))
            return int(near[(off[near] + np.abs(self.ys(self.chart.y[near]) - y)).argmin()])
        across = (x - self.plot.left()) / self.plot.width() * len(self.batches)
        up = (self.plot.bottom() - y) / self.plot.height() * len(self.widths)
        column = min(max(int(across), 0), len(self.batches) - 1)
        row = min(max(int(up), 0), len(self.widths) - 1)
        return row * len(self.batches) + column


def axes_of(chart: SweepChart, area: QRectF, faces: Faces, right: float) -> Axes:
    """The axes in `area`, with `right` pixels left free beside the plot for words."""
    return _heat(chart, area, faces, right) if chart.heat else _curve(chart, area, faces, right)


def _curve(chart: SweepChart, area: QRectF, faces: Faces, right: float) -> Axes:
    ends = _ends(chart)
    y_ticks = _y_ticks(chart, ends, max(2, int(area.height() / (2.4 * faces.line))))
    left = max(faces.figure_width(text) for text in (_USUAL, *(text for _, text in y_ticks))) + _GAP
    plot = _plot(area, faces, left, right)
    xs = _places(chart.x, chart, plot)
    x_ticks = _x_ticks(chart, plot, faces)
    name = "" if is_low(area, faces) else faces.say(axis_name(chart.found))
    return Axes(chart, plot, xs, ends, x_ticks, y_ticks, name)


def _heat(chart: SweepChart, area: QRectF, faces: Faces, right: float) -> Axes:
    batches, widths = (tuple(axis.tolist()) for axis in grid(chart.found))
    left = max(faces.figure_width(units.group(width)) for width in widths) + _GAP
    bar = max(faces.figure_width(text) for text in bar_texts(chart)) + BAR + 3 * _GAP
    plot = _plot(area, faces, left, max(right, bar))
    cell = plot.width() / len(batches)
    columns_of = np.arange(len(chart.found.points), dtype=np.float64) % len(batches)
    xs = plot.left() + (columns_of + 0.5) * cell
    every = plot.height() / len(widths)
    columns = [(plot.left() + (i + 0.5) * cell, batch) for i, batch in enumerate(batches)]
    ys = [(plot.bottom() - (i + 0.5) * every, width) for i, width in enumerate(widths)]
    wide = max(faces.figure_width(units.group(batch)) for batch in batches) + 2 * _GAP
    both = N_("batch to the right, units of {layer} upwards")
    name = "" if is_low(area, faces) else faces.say(Text(both, layer=swept_layer(chart.found)))
    return Axes(
        chart,
        plot,
        xs,
        (0.0, 1.0),
        rounded(columns, wide),
        rounded(ys, 1.8 * faces.line),
        name,
        batches,
        widths,
    )


def is_filled(axes: Axes) -> bool:
    """Whether a saw-tooth finer than the pixels makes a surface of the curve."""
    if axes.chart.heat or len(axes.xs) < 2:
        return False
    _, low, high = thinned(axes.xs, axes.chart.y, axes.chart.y)
    seen = np.abs(axes.ys(low) - axes.ys(high)) > _SEEN
    return float(seen.mean()) > _SURFACE


def _plot(area: QRectF, faces: Faces, left: float, right: float) -> QRectF:
    below = faces.line + 5 if is_low(area, faces) else 2 * faces.line + 6
    return area.adjusted(left, faces.line / 2, -right, -below)


def is_low(area: QRectF, faces: Faces) -> bool:
    """Whether the name of the x axis gives its line to the plot: the controls say it too."""
    return area.height() - 2.5 * faces.line - 6 < LOW_PLOT


def _place(value: float, chart: SweepChart, plot: QRectF) -> float:
    return float(_places(np.array([value], dtype=np.float64), chart, plot)[0])


def _places(values: Floats, chart: SweepChart, plot: QRectF) -> Floats:
    """Pixels of batches or widths."""
    ends = chart.x[[0, -1]]
    low, high = float(ends.min()), float(ends.max())
    if low == high:
        return np.full(len(values), plot.center().x())
    share = (values - low) / (high - low)
    if chart.log_x:
        share = np.log(values / low) / math.log(high / low)
    return plot.left() + plot.width() * share


def _ends(chart: SweepChart) -> tuple[float, float]:
    """The ends of the y axis: everything drawn is between them, and 0, but in a closer look."""
    if chart.value == PEAK:
        if chart.piece:
            return _fit(float(np.nanmin(chart.y)), float(np.nanmax(chart.y)))
        return 0.0, max(1.0, float(np.nanmax(chart.y)) * 1.02)
    error = np.nan_to_num(chart.found.error)
    low, high = float(np.nanmin(chart.y * (1 - error))), float(np.nanmax(chart.y * (1 + error)))
    for curve in chart.curves:
        seen = ~above(chart, curve) & (curve.x >= chart.x.min()) & (curve.x <= chart.x.max())
        p10, _, p90 = (values[seen] for values in curve.scaled(chart.value))
        if len(p10):
            slow = min(float(p90.max()), ceiling(chart))
            low, high = min(low, float(p10.min())), max(high, slow)
    if (budget := chart.budget) is not None and budget_seen(chart):
        low, high = min(low, float(budget.min())), max(high, float(budget.max()))
    if chart.log_y:
        return log_range(low, high)
    return _fit(low, high) if chart.piece else (0.0, high * 1.05)


def _fit(low: float, high: float) -> tuple[float, float]:
    """A little more than what is drawn, for a look so close that 0 would be far off."""
    room = max(0.08 * (high - low), 0.02 * high)  # so far apart that ticks of three digits differ
    return max(0.0, low - room), high + room


def _y_ticks(chart: SweepChart, ends: tuple[float, float], most: int) -> tuple[AxisTick, ...]:
    """(value as drawn, text)."""
    if chart.log_y:
        return tuple((10.0**at, text) for at, text in log_ticks(*ends, most=min(most, 9)))
    most = max(2, min(most, 6))
    values = _multiples(ends, round_step((ends[1] - ends[0]) / most))
    if len(values) < 2:  # one alone says nothing
        values = _multiples(ends, round_step((ends[1] - ends[0]) / 2.5))
    if chart.value == PEAK:
        return tuple((value, f"{_bare(units.sig(100 * value))} %") for value in values)
    return tuple((value, units.tick(value) if value else "0") for value in values)


def _bare(number: str) -> str:
    """Without zeros behind the point."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _multiples(ends: tuple[float, float], step: float) -> list[float]:
    first, last = math.ceil(ends[0] / step - 1e-9), math.floor(ends[1] / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, at least `least`."""
    decade: float = 10.0 ** math.floor(math.log10(least))
    return next(f * decade for f in (1, 2, 5, 10) if f * decade >= least * (1 - 1e-9))


def _x_values(chart: SweepChart, parts: int) -> list[int]:
    """Round counts within the range, of a linear axis about as many as `parts`."""
    low, high = int(chart.x.min()), int(chart.x.max())
    if len(chart.x) <= 12:
        return [int(x) for x in chart.x]
    if chart.log_x:
        powers = [2**i for i in range(25) if low <= 2**i <= high]
        return powers if len(powers) > 2 else [low, high]
    return _multiples_of(max(1, int(round_step((high - low) / parts))), low, high)


def _multiples_of(step: int, low: int, high: int) -> list[int]:
    return list(range(-(-low // step) * step, high + 1, step)) or [high]


def _x_ticks(chart: SweepChart, plot: QRectF, faces: Faces) -> tuple[AxisTick, ...]:
    """As many as have room: of a linear axis multiples of one round count."""
    for parts in range(8, 0, -1):
        values = _x_values(chart, parts)
        places = [(_place(float(value), chart, plot), units.group(value)) for value in values]
        sizes = [faces.figure_width(text) + 2 * _GAP for _, text in places]
        found = apart(places, sizes)
        if len(found) == len(places):
            break
    low = int(chart.x.min())
    first = _place(float(low), chart, plot), units.group(low)
    room = (faces.figure_width(first[1]) + faces.figure_width(found[0][1])) / 2 + _GAP
    # The axis says where it begins, wherever its round counts do.
    return (first, *found) if found[0][0] - first[0] >= room else found


def apart(ticks: Sequence[AxisTick], sizes: Sequence[float]) -> tuple[AxisTick, ...]:
    """Every so many of the ticks, so that none touches the next; places in pixels."""
    if len(ticks) < 2:
        return tuple(ticks)
    gaps = [abs(b[0] - a[0]) for a, b in itertools.pairwise(ticks)]
    least = min(gaps)
    every = max(1, math.ceil(max(sizes) / max(least, 1e-9)))
    return tuple(ticks[::every])


def rounded(places: Sequence[tuple[float, int]], size: float) -> tuple[AxisTick, ...]:
    """Ticks at multiples of the smallest power of two of which none touches the next.

    places: pixel and count. size: pixels that a tick's words take along the axis.
    """
    for power in range(25):
        ticks = [(at, units.group(count)) for at, count in places if count % 2**power == 0]
        gaps = [abs(b[0] - a[0]) for a, b in itertools.pairwise(ticks)]
        if not gaps or min(gaps) >= size:
            break
    return tuple(ticks) or ((places[-1][0], units.group(places[-1][1])),)


def bar_ends(chart: SweepChart) -> tuple[float, float]:
    """The values of the darkest and the lightest shade of a heat map.

    Percentiles, so that a few points far off do not take the shades that tell the others apart;
    the least and the greatest value where these lie near.
    """
    least, most = float(np.nanmin(chart.y)), float(np.nanmax(chart.y))
    low, high = (float(end) for end in np.nanpercentile(chart.y, _MIDDLE))
    return (low, high) if low < high else (least, most)


def bar_texts(chart: SweepChart, most: int = 5) -> tuple[str, ...]:
    """What the colour bar says, from its lower end to its upper one, evenly apart."""
    low, high = bar_ends(chart)
    at = [i / (most - 1) for i in range(most)]
    if chart.value == PEAK:
        texts = [units.percent(low + share * (high - low)) for share in at]
    else:
        texts = [units.seconds(low * (high / low) ** share) for share in at]
    if float(np.nanmin(chart.y)) < low:
        texts[0] = f"≤ {texts[0]}"
    if float(np.nanmax(chart.y)) > high:
        texts[-1] = f"≥ {texts[-1]}"
    return tuple(texts)


def shares(chart: SweepChart) -> Floats:
    """[points] 0 … 1 along the colour bar: times by their logarithm, shares of the peak as such."""
    low, high = bar_ends(chart)
    if low == high:
        return np.zeros(len(chart.y))
    values = np.clip(chart.y, low, high)
    if chart.value == PEAK:
        return (values - low) / (high - low)
    return np.log(values / low) / math.log(high / low)
