"""What a chart of a sweep shows: predicted points, measured curves over them, budget, axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.results import ESTIMATED, MEASURED, Run
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.provenance import Provenance
from mmviz.core.time.sweep import Sweep
from mmviz.core.time.sweep_marks import axis_values, one_axis
from mmviz.text import N_, Text, joined
from mmviz.words.provenance import label
from mmviz.words.sweep import error_span, missing_text

Pins = tuple[int | None, int | None]
NO_PINS: Pins = (None, None)
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BUDGET_NEAR = 3.0  # times the slowest point: farther away it does not belong into a linear chart
CURVE_NEAR = 5.0  # times the slowest predicted point: what was measured above it is only named
PASS, EXAMPLE, PEAK = "pass", "example", "peak"
VALUES = {
    PASS: N_("time of a pass"),
    EXAMPLE: N_("time per example"),
    PEAK: N_("share of the peak"),
}
"""What is drawn of a point, and what it is called."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredCurve:
    """One backend's medians with their p10 and p90, seconds of a pass; x: batch or width.

    rests_on: what each point does, measured or estimated.
    """

    backend: str
    x: Floats
    batches: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    rests_on: tuple[Provenance, ...]

    @property
    def estimated(self) -> tuple[bool, ...]:
        """Which points were not measured whole."""
        return tuple(provenance.kind == ESTIMATED.kind for provenance in self.rests_on)

    def scaled(self, value: str) -> tuple[Floats, Floats, Floats]:
        """p10, p50, p90 as the chart draws them."""
        by = self.batches if value == EXAMPLE else np.ones(len(self.x))
        return self.p10 / by, self.p50 / by, self.p90 / by


@dataclass(frozen=True, slots=True, eq=False)
class SweepChart:
    """A priced sweep and how to draw it. device: its name, or that it is this very machine.

    value: one of VALUES. log_x: the axis of the batch or width; of both axes of a heat map. pins:
    the points of A and B. piece: whether it is a piece of a longer sweep, looked at closely.
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

    @property
    def heat(self) -> bool:
        """Whether both batch and width change: a heat map."""
        return not one_axis(self.found)

    @property
    def log_y(self) -> bool:
        """Times grow with the batch: beside a logarithmic x only logarithms show all of them."""
        return self.value == EXAMPLE or (self.value == PASS and self.log_x)

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
        if self.budget_s is None or self.value == PEAK:
            return None
        by = self.found.points.batches if self.value == EXAMPLE else 1
        return np.broadcast_to(self.budget_s / by, len(self.found.points)).astype(np.float64)

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
    if value == PEAK:
        return found.efficiency
    return found.per_example if value == EXAMPLE else found.seconds


def grid(found: Sweep) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The batches [columns] and the widths [rows] of a sweep over both."""
    points = found.points
    if points.widths is None:
        raise ValueError("only a sweep over both batch and width has a grid")
    columns = int(np.argmax(points.widths != points.widths[0])) or len(points)
    return points.batches[:columns], points.widths[::columns]


def curves_of(found: Sweep, measured: Iterable[MeasuredPoint]) -> tuple[MeasuredCurve, ...]:
    """A curve for each backend that was timed; none where both batch and width change."""
    if not one_axis(found):
        return ()
    by: dict[str, list[tuple[float, Run]]] = {}
    for point in measured:
        if point.run.samples_s:
            x = point.run.batch if point.width is None else point.width
            by.setdefault(point.run.backend, []).append((float(x), point.run))
    return tuple(_curve(backend, sorted(runs, key=_place)) for backend, runs in by.items())


def _place(pair: tuple[float, Run]) -> float:
    return pair[0]


def _curve(backend: str, runs: Sequence[tuple[float, Run]]) -> MeasuredCurve:
    ranks = [np.percentile(run.samples_s, (10, 50, 90)) for _, run in runs]
    p10, p50, p90 = np.array(ranks, dtype=np.float64).T
    return MeasuredCurve(
        backend,
        np.array([x for x, _ in runs]),
        np.array([float(run.batch) for _, run in runs]),
        p10,
        p50,
        p90,
        tuple(run.provenance for _, run in runs),
    )


def thinned(x: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """One x a pixel column with the least `low` and the greatest `high` that fall into it.

    x: pixels, ascending. So a saw-tooth finer than the screen is a band of its full height and
    never an invented slope.
    """
    column = np.floor(x)
    starts = np.flatnonzero(np.diff(column, prepend=-np.inf))
    lows, highs = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    single = np.diff(starts, append=len(x)) == 1
    return np.where(single, x[starts], column[starts] + 0.5), lows, highs


def ceiling(chart: SweepChart) -> float:
    """The greatest measured value, as drawn, that the y axis makes room for.

    So that one slow way to compute, far above, does not press everything else flat on 0.
    """
    return np.inf if chart.log_y else CURVE_NEAR * float(np.nanmax(chart.y))


def above(chart: SweepChart, curve: MeasuredCurve) -> Bools:
    """[points] which medians of a curve lie above the `ceiling`."""
    return curve.scaled(chart.value)[1] > ceiling(chart)


def budget_seen(chart: SweepChart) -> bool:
    """Whether the budget is near enough to be drawn with the points."""
    if chart.budget is None or chart.heat:
        return False
    slowest = [float(np.nanmax(chart.y))]
    most = ceiling(chart)
    slowest += [min(most, float(curve.scaled(chart.value)[1].max())) for curve in chart.curves]
    return chart.log_y or float(chart.budget.max()) <= BUDGET_NEAR * max(slowest)


def caption(chart: SweepChart, filled: bool = False, *, basis: Text | str = "") -> Text:
    """How to read the chart: what is predicted and how surely, what was measured.

    filled: whether it is so wide that neighbouring points share a column of pixels, and differ.
    basis: said in place of the sweep's own, where that is too long.
    """
    found = chart.found
    if not found.known:
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
    if chart.curves and chart.value != PEAK:
        dots = N_("{kind} here: dots = median, band = p10 to p90")
        parts.append(Text(dots, kind=label(MEASURED)))
        if any(any(curve.estimated) for curve in chart.curves):
            parts.append(Text(N_("hollow = {kind} from a part of a pass"), kind=label(ESTIMATED)))
    if filled:
        parts.append(Text(N_("filled = goes up and down from one point to the next")))
    if chart.heat:
        parts.append(Text(_LIGHTER[chart.value]))
    return joined(parts, "semicolons")


_LIGHTER = {
    PEAK: N_("lighter = more share of the peak"),
    EXAMPLE: N_("lighter = more time per example"),
    PASS: N_("lighter = more time of a pass"),
}
