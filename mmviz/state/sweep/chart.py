"""What a chart of a sweep shows: predicted points, measured curves over them, budget, axes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.results import ESTIMATED, MEASURED
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.time.sweep import Sweep
from mmviz.core.time.sweep_marks import axis_values, one_axis
from mmviz.state.sweep.curves import Floats, MeasuredCurve
from mmviz.state.sweep.values import ENERGY, EXAMPLE, FASTER, PASS, PEAK, RATE
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.provenance import label
from mmviz.words.sweep import error_span, missing_text

Pins = tuple[int | None, int | None]
NO_PINS: Pins = (None, None)
Bools = NDArray[np.bool_]

BUDGET_NEAR = 3.0  # times the slowest point: farther away it does not belong into a linear chart
FEW_POINTS = 2  # measured of one curve: what more there are lie at powers of two
CURVE_NEAR = 5.0  # times the slowest predicted point: what was measured above it is only named


@dataclass(frozen=True, slots=True, eq=False)
class SweepChart:
    """A priced sweep and how to draw it. device: its name, or that it is this very machine.

    value: one of VALUES. log_x: the axis of the batch or width; of both axes of a heat map. pins:
    the points of A and B. piece: whether it is a piece of a longer sweep, looked at closely.
    timing: the batch that is being timed.
    """

    found: Sweep
    device: Text | str
    dtype: str
    budget_s: float | None = None
    curves: tuple[MeasuredCurve, ...] = ()
    value: str = PASS
    log_x: bool = False
    pins: Pins = NO_PINS
    piece: bool = False
    timing: int | None = None

    @property
    def heat(self) -> bool:
        """Whether both batch and width change: a heat map."""
        return not one_axis(self.found)

    @property
    def log_y(self) -> bool:
        """Times grow with the batch: beside a logarithmic x only logarithms show all of them."""
        return self.value == EXAMPLE or (self.value != PEAK and self.log_x)

    @property
    def predicted(self) -> bool:
        """Whether what is drawn is known without measuring it."""
        return bool(np.isfinite(self.y).any())

    @property
    def drawn(self) -> tuple[MeasuredCurve, ...]:
        """The curves that have what is drawn, with those points that have it."""
        found = (curve.known(self.value) for curve in self.curves)
        return tuple(curve for curve in found if curve is not None)

    @property
    def peaks(self) -> tuple[tuple[MeasuredCurve, float], ...]:
        """Of a throughput along the batch: how many examples a second the device of a curve could
        compute, of all that share a peak the first.
        """
        if self.value != RATE or self.found.points.widths is not None:
            return ()
        found: dict[str, tuple[MeasuredCurve, float]] = {}
        for curve in self.drawn:
            if curve.peak is not None:
                each = float(curve.flop[0] / curve.batches[0])
                found.setdefault(str(curve.peak.said), (curve, curve.peak.rate / each))
        return tuple(found.values())

    @property
    def measured(self) -> tuple[MeasuredPoint, ...]:
        """All points of the curves."""
        plain = (curve for curve in self.curves if not curve.copies)
        return tuple(point for curve in plain for point in curve.points)

    @property
    def missing(self) -> Text:
        """Why nothing can be drawn; NOTHING where something can."""
        if self.predicted or self.drawn:
            return NOTHING
        if self.value == FASTER:
            return Text(N_("no data: a speed-up is one of two backends that were timed here"))
        if self.value != ENERGY:
            return missing_text(self.found)
        if not self.curves:
            return Text(N_("no data: energy is measured, and nothing was timed here yet"))
        sensed = (point.run.sensed for point in self.measured)
        reasons = (one.missing.get("energy_cpu_j") for one in sensed if one is not None)
        why = next((reason for reason in reasons if reason), None)
        if why is None:
            return Text(N_("no data: no sensor told the energy of a pass that was timed here"))
        return Text(N_("no data on energy: {why}"), why=why)

    @property
    def x(self) -> Floats:
        """[points] batch or width, along a sweep of one axis."""
        return axis_values(self.found).astype(np.float64)

    @property
    def y(self) -> Floats:
        """[points] what is drawn of each."""
        return values_of(self.found, self.value)

    @property
    def budget(self) -> Floats | None:
        """[points] the budget as the chart draws it, None where there is none to be drawn."""
        if self.budget_s is None or self.value in (PEAK, ENERGY, FASTER):
            return None
        batches = self.found.points.batches.astype(np.float64)
        if self.value == RATE:
            return batches / self.budget_s
        return self.budget_s / (batches if self.value == EXAMPLE else np.ones_like(batches))

    def showing(self, value: str, log_x: bool) -> SweepChart:
        """The same sweep, drawn otherwise."""
        return replace(self, value=value, log_x=log_x)

    def between(self, first: int, last: int) -> SweepChart:
        """A piece of a sweep of one axis, first point to last, as a chart of its own."""
        inside = [None if at is None or not first <= at <= last else at - first for at in self.pins]
        found, pins = self.found[first : last + 1], (inside[0], inside[1])
        return replace(self, found=found, pins=pins, piece=True)


def values_of(found: Sweep, value: str) -> Floats:
    """[points] one of VALUES."""
    match value:
        case "peak":
            return found.efficiency
        case "example":
            return found.per_example
        case "rate":
            return 1 / found.per_example
        case "energy" | "faster":
            return np.full(len(found.points), np.nan)
    return found.seconds


def grid(found: Sweep) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The batches [columns] and the widths [rows] of a sweep over both."""
    points = found.points
    if points.widths is None:
        raise ValueError("only a sweep over both batch and width has a grid")
    columns = int(np.argmax(points.widths != points.widths[0])) or len(points)
    return points.batches[:columns], points.widths[::columns]


def thinned(x: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """One x a pixel column with the least `low` and the greatest `high` that fall into it.

    x: pixels, ascending; those that have no value are left out. So a saw-tooth finer than the
    screen is a band of its full height and never an invented slope.
    """
    seen = np.isfinite(low) & np.isfinite(high)  # what does not fit the memory has no time
    x, low, high = x[seen], low[seen], high[seen]
    column = np.floor(x)
    starts = np.flatnonzero(np.diff(column, prepend=-np.inf))
    lows, highs = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    single = np.diff(starts, append=len(x)) == 1
    return np.where(single, x[starts], column[starts] + 0.5), lows, highs


def ceiling(chart: SweepChart) -> float:
    """The greatest measured value, as drawn, that the y axis makes room for.

    So that one slow way to compute, far above, does not press everything else flat on 0.
    """
    if chart.log_y or chart.value in (RATE, PEAK) or not chart.predicted:
        return np.inf
    return CURVE_NEAR * float(np.nanmax(chart.y))


def above(chart: SweepChart, curve: MeasuredCurve) -> Bools:
    """[points] which medians of a curve lie above the `ceiling`."""
    return curve.scaled(chart.value)[1] > ceiling(chart)


def suits_logarithms(chart: SweepChart) -> bool:
    """Whether a linear axis would hide what was measured: far above all that is predicted, or at
    the powers of two that a timed sweep goes through, most of which are near its left end.
    """
    linear = replace(chart, log_x=False)
    drawn = () if chart.heat else linear.drawn
    return any(len(curve.x) > FEW_POINTS or above(linear, curve).any() for curve in drawn)


def budget_seen(chart: SweepChart) -> bool:
    """Whether the budget is near enough to be drawn with the points."""
    if chart.budget is None or chart.heat:
        return False
    slowest = [float(np.nanmax(chart.y))] if chart.predicted else []
    most = ceiling(chart)
    slowest += [min(most, float(curve.scaled(chart.value)[1].max())) for curve in chart.drawn]
    return chart.log_y or float(chart.budget.max()) <= BUDGET_NEAR * max(slowest, default=0.0)


def caption(chart: SweepChart, filled: bool = False, *, basis: Text | str = "") -> Text:
    """How to read the chart: what is predicted and how surely, what was measured.

    filled: whether it is so wide that neighbouring points share a column of pixels, and differ.
    basis: said in place of the sweep's own, where that is too long.
    """
    found = chart.found
    if not found.known and not chart.drawn:
        return missing_text(found)
    plain = chart.heat or chart.value == PEAK or bool(np.isnan(found.error).all())
    with_band = N_("predicted for {device}, {error}, the band; {basis}")
    parts = [
        Text(
            N_("predicted for {device}, {error}; {basis}") if plain else with_band,
            device=chart.device,
            error=error_span(found),
            basis=basis or found.basis,
        )
    ]
    if not found.known:
        parts = [missing_text(found)]
    elif not chart.predicted:
        parts = []
    if chart.drawn:
        dots = N_("{kind} here: marks = median, band = p10 to p90")
        parts.append(Text(dots, kind=label(MEASURED)))
        if chart.predicted:
            parts.append(Text(N_("dashed = predicted")))
        if any(any(curve.estimated) for curve in chart.drawn):
            parts.append(Text(N_("hollow = {kind} from a part of a pass"), kind=label(ESTIMATED)))
    elif chart.curves and chart.value == PEAK:
        parts.append(Text(N_("no peak is known of what ran here: calibrate this machine")))
    if filled:
        parts.append(Text(N_("filled = goes up and down from one point to the next")))
    if chart.heat:
        parts.append(Text(_LIGHTER[chart.value]))
    return joined(parts, "semicolons")


_LIGHTER = {
    PEAK: N_("lighter = more share of the peak"),
    EXAMPLE: N_("lighter = more time per example"),
    PASS: N_("lighter = more time of a pass"),
    RATE: N_("lighter = more examples per second"),
}
