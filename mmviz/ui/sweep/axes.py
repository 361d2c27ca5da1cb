"""Where the points of a sweep lie in a chart. Needs fonts, no painter."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF

from mmviz import units
from mmviz.state.clock.series import log_range
from mmviz.state.sweep.chart import (
    BUDGET_NEAR,
    SweepChart,
    above,
    budget_seen,
    ceiling,
    grid,
    thinned,
)
from mmviz.state.sweep.curves import Floats
from mmviz.state.sweep.values import FASTER, PEAK
from mmviz.text import N_, Text
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.shade_bar import BAR, bar_texts
from mmviz.ui.sweep.ticks import GAP, AxisTick, rounded, ticks_across, ticks_up
from mmviz.words.sweep import axis_name, swept_layer

_USUAL = "0.00 ms"  # a tick: where none is wider, the plot does not move while one looks closer
_SEEN = 3.0  # pixels from which a column is filled and no line
_SURFACE = 0.1  # of the columns filled: more than the steps of a staircase
_DOT = 4.0  # pixels right and left of a measured point in which it is meant
_COLUMN = 0.75  # pixels right and left of the mouse that it cannot tell apart
LOW_PLOT = 90.0  # pixels below which the curve is tiny, and whatever is beside it gives way


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
        return float(self.columns(np.array([value]))[0])

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
        return QPointF(float(self.xs[point]), self.y(self._value(point)))

    def _value(self, point: int) -> float:
        """What is predicted there, else what the first curve that was measured there has."""
        y = float(self.chart.y[point])
        if not math.isnan(y):
            return y
        for curve in self.chart.drawn:
            at = np.flatnonzero(curve.x == self.chart.x[point])
            if len(at):
                return float(curve.scaled(self.chart.value)[1][at[0]])
        return 10 ** (sum(self.ends) / 2) if self.chart.log_y else sum(self.ends) / 2

    def point_at(self, x: float, y: float) -> int:
        """The point nearest to a pixel; of a heat map the cell it lies in.

        Of many in one column of pixels it is the one at that height: the aligned below, say.
        """
        if not self.chart.heat:
            timed = self._timed_near(x)
            if timed is not None:
                return timed
            off = np.abs(self.xs - x)
            near = np.flatnonzero(off <= max(_COLUMN, float(off.min())))
            high = np.nan_to_num(np.abs(self.ys(self.chart.y[near]) - y))
            return int(near[(off[near] + high).argmin()])
        across = (x - self.plot.left()) / self.plot.width() * len(self.batches)
        up = (self.plot.bottom() - y) / self.plot.height() * len(self.widths)
        column = min(max(int(across), 0), len(self.batches) - 1)
        row = min(max(int(up), 0), len(self.widths) - 1)
        return row * len(self.batches) + column

    def _timed_near(self, x: float) -> int | None:
        """The point of the nearest dot that the mouse is nearly above or below."""
        dots = [curve.x for curve in self.chart.drawn]
        if not dots:
            return None
        counts = np.concatenate(dots)
        off = np.abs(self.columns(counts) - x)
        if float(off.min()) > _DOT:
            return None
        found = np.flatnonzero(self.chart.x == counts[int(off.argmin())])
        return int(found[0]) if len(found) else None


def axes_of(chart: SweepChart, area: QRectF, faces: Faces, right: float) -> Axes:
    """The axes in `area`, with `right` pixels left free beside the plot for words."""
    return _heat(chart, area, faces, right) if chart.heat else _curve(chart, area, faces, right)


def _curve(chart: SweepChart, area: QRectF, faces: Faces, right: float) -> Axes:
    ends = _ends(chart)
    y_ticks = ticks_up(chart, ends, max(2, int(area.height() / (2.4 * faces.line))))
    left = max(faces.figure_width(text) for text in (_USUAL, *(text for _, text in y_ticks))) + GAP
    plot = _plot(area, faces, left, right)
    xs = _places(chart.x, chart, plot)

    def place(value: float) -> float:
        return float(_places(np.array([value]), chart, plot)[0])

    x_ticks = ticks_across(chart, place, faces)
    name = "" if is_low(area, faces) else faces.say(axis_name(chart.found))
    return Axes(chart, plot, xs, ends, x_ticks, y_ticks, name)


def _heat(chart: SweepChart, area: QRectF, faces: Faces, right: float) -> Axes:
    batches, widths = (tuple(axis.tolist()) for axis in grid(chart.found))
    left = max(faces.figure_width(units.group(width)) for width in widths) + GAP
    bar = max(faces.figure_width(text) for text in bar_texts(chart)) + BAR + 3 * GAP
    plot = _plot(area, faces, left, max(right, bar))
    cell = plot.width() / len(batches)
    columns_of = np.arange(len(chart.found.points), dtype=np.float64) % len(batches)
    xs = plot.left() + (columns_of + 0.5) * cell
    every = plot.height() / len(widths)
    columns = [(plot.left() + (i + 0.5) * cell, batch) for i, batch in enumerate(batches)]
    ys = [(plot.bottom() - (i + 0.5) * every, width) for i, width in enumerate(widths)]
    wide = max(faces.figure_width(units.group(batch)) for batch in batches) + 2 * GAP
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
    if axes.chart.heat or len(axes.xs) < 2 or not axes.chart.predicted:
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
    if chart.value == PEAK and chart.predicted and not chart.drawn:
        if chart.piece:
            return _fit(float(np.nanmin(chart.y)), float(np.nanmax(chart.y)))
        return 0.0, max(1.0, float(np.nanmax(chart.y)) * 1.02)
    low, high = math.inf, -math.inf
    if chart.predicted:
        error = 0.0 if chart.value == PEAK else np.nan_to_num(chart.found.error)
        low, high = float(np.nanmin(chart.y * (1 - error))), float(np.nanmax(chart.y * (1 + error)))
    for curve in chart.drawn:
        seen = ~above(chart, curve) & (curve.x >= chart.x.min()) & (curve.x <= chart.x.max())
        p10, _, p90 = (values[seen] for values in curve.scaled(chart.value))
        if len(p10):
            slow = min(float(p90.max()), ceiling(chart))
            low, high = min(low, float(p10.min())), max(high, slow)
    if (budget := chart.budget) is not None and budget_seen(chart):
        low, high = min(low, float(budget.min())), max(high, float(budget.max()))
    levels = [1.0] if chart.value == FASTER else [rate for _, rate in chart.peaks]
    near = [each for each in levels if chart.log_y or each <= BUDGET_NEAR * high]
    low, high = min((low, *near)), max((high, *near))
    if not low <= high:  # nothing of what was measured is seen
        low, high = 0.5, 1.0
    if chart.log_y:
        return log_range(low, high)
    if chart.value == PEAK and not chart.piece:
        return 0.0, max(1.0, high * 1.02)
    return _fit(low, high) if chart.piece else (0.0, high * 1.05)


def _fit(low: float, high: float) -> tuple[float, float]:
    """A little more than what is drawn, for a look so close that 0 would be far off."""
    room = max(0.08 * (high - low), 0.02 * high)  # so far apart that ticks of three digits differ
    return max(0.0, low - room), high + room
