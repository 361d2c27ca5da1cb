"""What was measured at the points of a sweep, a curve each backend; and the peaks beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.break_even import copied
from mmviz.bench.results import Run
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.time.sweep import Sweep
from mmviz.core.time.sweep_marks import one_axis
from mmviz.state.clock.peaks import Peak, peak_of
from mmviz.state.clock.rows import flop_of
from mmviz.state.sweep.values import ENERGY, EXAMPLE, FASTER, PEAK, RATE

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredCurve:
    """One backend's medians with their p10 and p90, seconds of a pass; x: batch or width.

    rests_on: what each point does, measured or estimated. flop: of a pass. joules: of a pass, NaN
    where no sensor told. peak: what the FLOP/s are a share of, None where it is not known. points:
    the runs themselves. copies: each with its input brought from the host and its output back.
    base: the backend that speed-ups are over, and base_s its medians at these points, NaN where it
    was not measured.
    """

    backend: str
    x: Floats
    batches: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    flop: Floats
    joules: Floats
    points: tuple[MeasuredPoint, ...]
    peak: Peak | None = None
    copies: bool = False
    base: str = ""
    base_s: Floats | None = None

    @property
    def rests_on(self) -> tuple[Provenance, ...]:
        """What each point does."""
        return tuple(point.run.provenance for point in self.points)

    @property
    def estimated(self) -> tuple[bool, ...]:
        """Which points were not measured whole."""
        return tuple(point.run.estimated for point in self.points)

    def scaled(self, value: str) -> tuple[Floats, Floats, Floats]:
        """The lower, the middle and the upper of p10, p50 and p90 as the chart draws them; NaN
        where that is not known.
        """
        if value == ENERGY:
            each = self.joules / self.batches
            return each, each, each
        if value in (RATE, PEAK, FASTER):
            of = self.batches
            if value == PEAK:
                of = self.flop / (np.nan if self.peak is None else self.peak.rate)
            if value == FASTER:  # its own is 1 everywhere
                own = self.backend == self.base and not self.copies
                of = self.batches * np.nan if own or self.base_s is None else self.base_s
            return of / self.p90, of / self.p50, of / self.p10
        by = self.batches if value == EXAMPLE else np.ones(len(self.x))
        return self.p10 / by, self.p50 / by, self.p90 / by

    def known(self, value: str) -> MeasuredCurve | None:
        """With those points alone that have that value; None where none has."""
        kept = ~np.isnan(self.scaled(value)[1])
        if kept.all():
            return self
        if not kept.any():
            return None
        points = tuple(point for point, keep in zip(self.points, kept, strict=True) if keep)
        base = None if self.base_s is None else self.base_s[kept]
        columns = {name: getattr(self, name)[kept] for name in _COLUMNS}
        return replace(self, points=points, base_s=base, **columns)


_COLUMNS = ("x", "batches", "p10", "p50", "p90", "flop", "joules")


def curves_of(
    found: Sweep, measured: Iterable[MeasuredPoint], dtype: str = "", here: Device | None = None
) -> tuple[MeasuredCurve, ...]:
    """A curve for each backend that was timed, and one more with copies where it was timed so; none
    where both batch and width change. dtype, here: see `state.clock.peaks.peak_of`.
    """
    if not one_axis(found):
        return ()
    by: dict[str, list[MeasuredPoint]] = {}
    for point in measured:
        if point.run.samples_s:
            by.setdefault(point.run.backend, []).append(point)
    curves = []
    for backend, points in by.items():
        points.sort(key=_x)
        peak = peak_of(points[0].run, dtype, here)
        curves.append(_curve(found, backend, points, peak))
        if copying := [replace(one, run=copied(one.run)) for one in points if one.run.copied]:
            curves.append(replace(_curve(found, backend, copying, peak), copies=True))
    return _beside_base(curves)


def _beside_base(curves: Sequence[MeasuredCurve]) -> tuple[MeasuredCurve, ...]:
    """With the times of the backend that is the fastest at the least point; alone it has none to be
    compared with.
    """
    plain = [curve for curve in curves if not curve.copies and not any(curve.estimated)]
    if len(curves) < 2 or not plain:
        return tuple(curves)
    least = min(float(curve.x[0]) for curve in plain)
    base = min((c for c in plain if c.x[0] == least), key=lambda c: float(c.p50[0]))
    times = dict(zip(base.x.tolist(), base.p50.tolist(), strict=True))
    return tuple(
        replace(
            curve,
            base=base.backend,
            base_s=np.array([times.get(x, np.nan) for x in curve.x.tolist()]),
        )
        for curve in curves
    )


def _x(point: MeasuredPoint) -> float:
    return float(point.run.batch if point.width is None else point.width)


def _curve(
    found: Sweep, backend: str, points: Sequence[MeasuredPoint], peak: Peak | None
) -> MeasuredCurve:
    runs = [point.run for point in points]
    ranks = [np.percentile(run.samples_s, (10, 50, 90)) for run in runs]
    p10, p50, p90 = np.maximum(np.array(ranks, dtype=np.float64), 1e-12).T
    return MeasuredCurve(
        backend,
        np.array([_x(point) for point in points]),
        np.array([float(run.batch) for run in runs]),
        p10,
        p50,
        p90,
        np.array([_flop(found, point) for point in points]),
        np.array([_joules(run) for run in runs]),
        tuple(points),
        peak,
    )


def _flop(found: Sweep, point: MeasuredPoint) -> float:
    of = found.points
    network = of.network
    if point.width is not None and of.layer is not None:
        network = network.with_units(of.layer, point.width)
    return float(flop_of(network, point.run.batch, of.training))


def _joules(run: Run) -> float:
    return np.nan if run.energy_j is None else run.energy_j
