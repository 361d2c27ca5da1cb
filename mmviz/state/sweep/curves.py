"""What was measured at the points of a sweep, a curve each backend; and the peaks beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.results import Run
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.time.sweep import Sweep
from mmviz.core.time.sweep_marks import one_axis
from mmviz.state.clock.rows import flop_of
from mmviz.state.peak.measured import backend_for
from mmviz.state.sweep.values import ENERGY, EXAMPLE, PEAK, RATE

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Peak:
    """The most a backend's device computes: rate in FLOP/s, as its `device` says of itself."""

    backend: str
    rate: float
    device: Device


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredCurve:
    """One backend's medians with their p10 and p90, seconds of a pass; x: batch or width.

    rests_on: what each point does, measured or estimated. flop: of a pass. joules: of a pass, NaN
    where no sensor told. peak: what the FLOP/s are a share of, None where it is not known. points:
    the runs themselves.
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

    @property
    def rests_on(self) -> tuple[Provenance, ...]:
        """What each point does."""
        return tuple(point.run.provenance for point in self.points)

    @property
    def estimated(self) -> tuple[bool, ...]:
        """Which points were not measured whole."""
        return tuple(point.run.estimated for point in self.points)

    @property
    def software(self) -> bool:
        """Whether a CPU did what it says a GPU does."""
        places = (point.run.place for point in self.points)
        return any(place is not None and place.software for place in places)

    def scaled(self, value: str) -> tuple[Floats, Floats, Floats]:
        """The lower, the middle and the upper of p10, p50 and p90 as the chart draws them; NaN
        where that is not known.
        """
        if value == ENERGY:
            each = self.joules / self.batches
            return each, each, each
        if value in (RATE, PEAK):
            of = self.batches
            if value == PEAK:
                of = self.flop / (np.nan if self.peak is None else self.peak.rate)
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
        names = ("x", "batches", "p10", "p50", "p90", "flop", "joules")
        points = tuple(point for point, keep in zip(self.points, kept, strict=True) if keep)
        return replace(self, points=points, **{name: getattr(self, name)[kept] for name in names})


def curves_of(
    found: Sweep, measured: Iterable[MeasuredPoint], peaks: Sequence[Peak] = ()
) -> tuple[MeasuredCurve, ...]:
    """A curve for each backend that was timed; none where both batch and width change."""
    if not one_axis(found):
        return ()
    by: dict[str, list[MeasuredPoint]] = {}
    for point in measured:
        if point.run.samples_s:
            by.setdefault(point.run.backend, []).append(point)
    peak = {each.backend: each for each in peaks}
    return tuple(
        _curve(found, backend, sorted(points, key=_x), peak.get(backend))
        for backend, points in by.items()
    )


def peaks_of(
    devices: Iterable[Device], dtype: str, measured: Sequence[MeasuredPoint]
) -> tuple[Peak, ...]:
    """Of each backend that computes on one of these devices here; the first that knows says it."""
    found: dict[str, Peak] = {}
    gpu = next((point.machine.gpu for point in measured if point.machine is not None), None)
    for device in devices:
        backend, rate = backend_for(device, gpu), device.peak(dtype)
        if backend is not None and rate is not None:
            found.setdefault(backend, Peak(backend, rate, device))
    return tuple(found.values())


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
