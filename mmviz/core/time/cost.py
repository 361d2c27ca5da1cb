"""What a product takes and why: the peak, what is lost of it one cause after the other, the time.

Peak → tile quantization → wave quantization → alignment → memory → kernel efficiency → launch. Each
loss is the time by which its cause puts off the end, all causes before it counted; together with
the time at the peak they are the predicted time. GPUs are priced by `core.wave_time`, calibrated
CPUs by `core.cpu_time`, systolic arrays by their cycles and the memory's bandwidth; lanes have no
clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz import units
from mmviz.core.device.device import Device
from mmviz.core.schedule.schedule import least_time
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.time import alignment
from mmviz.core.time.cpu_time import device_seconds
from mmviz.core.time.wave_time import (
    LONG_S,
    Candidates,
    Shapes,
    bytes_past_l2,
    constants_of,
    fitted_for,
    terms,
)

LOSSES = ("tile", "wave", "alignment", "memory", "kernel", "launch")
"""Ids of the losses in their order; LOSS_NAMES says them in words."""

LOSS_NAMES = {
    "peak": "peak",
    "tile": "tile quantization",
    "wave": "wave quantization",
    "alignment": "alignment",
    "memory": "memory-bound",
    "kernel": "kernel efficiency",
    "launch": "launch",
}

EAGER_S = 20e-6  # a launch that takes longer is the gap of eager calls: kernels begin in under 5 µs

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cost:
    """One product on one device in one dtype; times in seconds, of the product computed once.

    bytes: of the three matrices, each moved once. peak FLOP/s and bandwidth bytes/s: the device's,
    None where not known. at_peak_s: FLOP over the peak. losses: seconds by LOSSES, at_peak_s and
    they make predicted_s; None where no time is known, `why` says why. error: mean absolute error
    of such predictions as a share of the measured time, None: not known. basis: what the prediction
    rests on, in a phrase.
    """

    tiling: Tiling
    dtype: str
    peak: float | None
    bandwidth: float | None
    at_peak_s: float | None
    losses: tuple[float, ...] | None
    predicted_s: float | None
    error: float | None
    basis: str

    @property
    def bytes(self) -> int:
        gemm = self.tiling.gemm
        cells = gemm.m * gemm.k + gemm.k * gemm.n + gemm.m * gemm.n
        return BYTES[self.dtype] * cells

    @property
    def intensity(self) -> float:
        """FLOP per byte."""
        return self.tiling.gemm.flop / self.bytes

    @property
    def ridge(self) -> float | None:
        """The intensity from which on the roofline is flat: peak over bandwidth."""
        return self.peak / self.bandwidth if self.peak and self.bandwidth else None

    @property
    def bound(self) -> str | None:
        """The roofline's side: memory or compute; None where it is not known."""
        ridge = self.ridge
        return None if ridge is None else "memory" if self.intensity < ridge else "compute"

    @property
    def limiter(self) -> str | None:
        """What most of the time is made of: peak or the id of a loss."""
        return _largest(self.at_peak_s, self.losses)

    @property
    def rate(self) -> float | None:
        """FLOP/s of the prediction."""
        return self.tiling.gemm.flop / self.predicted_s if self.predicted_s else None

    @property
    def computing_s(self) -> float | None:
        """The prediction without the launch."""
        if self.predicted_s is None or self.losses is None:
            return None
        return self.predicted_s - self.losses[-1]


@dataclass(frozen=True, slots=True, eq=False)
class PassCost:
    """All products of a pass one after the other; a list's as often as it counts them.

    Compared by identity, since a list may have thousands.

    at_peak_s, losses, predicted_s: sums, None where one of them is not known. error: the mean of
    the products' own by their time, as if all were off the same way.
    """

    costs: tuple[Cost, ...]

    @property
    def flop(self) -> int:
        return sum(cost.tiling.gemm.total_flop for cost in self.costs)

    @property
    def bytes(self) -> int:
        return sum(cost.tiling.gemm.count * cost.bytes for cost in self.costs)

    @property
    def predicted_s(self) -> float | None:
        return self._sum([cost.predicted_s for cost in self.costs])

    @property
    def at_peak_s(self) -> float | None:
        return self._sum([cost.at_peak_s for cost in self.costs])

    @property
    def losses(self) -> tuple[float, ...] | None:
        sums = []
        for i in range(len(LOSSES)):
            total = self._sum(
                [None if cost.losses is None else cost.losses[i] for cost in self.costs]
            )
            if total is None:
                return None
            sums.append(total)
        return tuple(sums)

    @property
    def error(self) -> float | None:
        total = self.predicted_s
        off = self._sum(
            [
                None if c.error is None or not c.predicted_s else c.error * c.predicted_s
                for c in self.costs
            ]
        )
        return off / total if off is not None and total else None

    def price(self, device: Device, passes: int = 1_000_000) -> float | None:
        """What so many passes cost by the device's price an hour; None where that is not known."""
        total = self.predicted_s
        if total is None or device.price_hour is None:
            return None
        return passes * total / 3600 * device.price_hour

    @property
    def limiter(self) -> str | None:
        return _largest(self.at_peak_s, self.losses)

    def _sum(self, values: Sequence[float | None]) -> float | None:
        total = 0.0
        for cost, value in zip(self.costs, values, strict=True):
            if value is None:
                return None
            total += cost.tiling.gemm.count * value
        return total


def _largest(at_peak_s: float | None, losses: tuple[float, ...] | None) -> str | None:
    if at_peak_s is None or losses is None:
        return None
    parts = (("peak", at_peak_s), *zip(LOSSES, losses, strict=True))
    return max(parts, key=lambda part: part[1])[0]


def cost_of(tiling: Tiling, device: Device, dtype: str) -> Cost:
    """The cost of one product as it is tiled."""
    return costs_of((tiling,), device, dtype)[0]


def costs_of(tilings: Sequence[Tiling], device: Device, dtype: str) -> tuple[Cost, ...]:
    """The costs of many products of one device at once, one after the other in the order given."""
    stages, basis, error = _stages(tilings, device, dtype)
    peak, bandwidth = device.peak(dtype), device.bandwidth
    if stages is None:
        return tuple(
            Cost(t, dtype, peak, bandwidth, None, None, None, None, basis) for t in tilings
        )
    times = np.diff(stages, axis=0).T.tolist()
    return tuple(
        Cost(tiling, dtype, peak, bandwidth, at_peak, tuple(losses), total, off, basis)
        for tiling, at_peak, losses, total, off in zip(
            tilings, stages[0].tolist(), times, stages[-1].tolist(), error, strict=True
        )
    )


def _stages(
    tilings: Sequence[Tiling], device: Device, dtype: str
) -> tuple[Floats | None, str, Sequence[float | None]]:
    """[1 + losses, products]: seconds at the peak, then after each loss; what it rests on; errors.

    The first are None where no time is known.
    """
    nothing = [None] * len(tilings)
    if device.peak(dtype) is None:
        why = "lanes have no clock" if device.kind == "lanes" else f"no peak in {dtype} is known"
        return None, str(device.uncalibrated) or why, nothing
    if device.kind == "cpu":
        return _cpu_stages(tilings, device, dtype)
    if device.bandwidth is None:
        return None, "no bandwidth is known", nothing
    if device.kind == "systolic":
        return _array_stages(tilings, device, dtype)
    return _gpu_stages(tilings, device, dtype)


def _gpu_stages(
    tilings: Sequence[Tiling], device: Device, dtype: str
) -> tuple[Floats, str, Sequence[float | None]]:
    shapes = Shapes.from_gemms([tiling.gemm for tiling in tilings])
    stages, error = gpu_stages(shapes, _as_tiled(tilings), device, dtype)
    known = [None if math.isnan(e) else e for e in error.tolist()]
    return stages, basis_of(device, dtype), known


def gpu_stages(
    shapes: Shapes, tiled: Candidates, device: Device, dtype: str
) -> tuple[Floats, Floats]:
    """Products on a GPU, one candidate each ([products × 1], not free), as arrays.

    [1 + losses, products]: seconds at the peak, then after each of LOSSES, the last the predicted
    time. [products]: `Cost.error`, NaN where it is not known. Raises InputError where the device
    has no peak in `dtype` or no bandwidth.
    """
    constants, fitted = constants_of(device, dtype), fitted_for(device, dtype)
    found = terms(shapes, device, dtype, constants, tiled)
    peak, bandwidth = _known(device.peak(dtype)), _known(device.bandwidth)
    flop = 2.0 * shapes.m * shapes.n * shapes.k
    stages = np.empty((1 + len(LOSSES), len(shapes)))
    stages[0] = flop / peak
    stages[1] = stages[0] * found.padding[:, 0]
    stages[2] = stages[1] * found.idling[:, 0]
    stages[3] = stages[2] * found.alignment[:, 0]
    stages[4] = np.maximum(stages[3], found.bytes[:, 0] / bandwidth)
    stages[6] = found.total[:, 0]
    stages[5] = stages[6] - constants.t0
    if fitted is None or fitted.error is None or BYTES[fitted.dtype] != BYTES[dtype]:
        return stages, np.full(len(shapes), np.nan)  # other units compute wider types
    misaligned = alignment.UNCERTAIN * (stages[3] - stages[2]) / stages[6]
    short, long = fitted.error_short or fitted.error, fitted.error_long or fitted.error
    plain = np.where(stages[6] <= LONG_S, short, long)
    return stages, np.where(shapes.m < fitted.least_m, np.nan, np.hypot(plain, misaligned))


def basis_of(device: Device, dtype: str) -> str:
    """What predictions on a GPU rest on, in a phrase."""
    fitted = fitted_for(device, dtype)
    if fitted is None:
        return "datasheet only: no kernel reaches it"
    launch = constants_of(device, dtype).t0
    gap = f", launch gap of {units.seconds(launch)} included" if launch > EAGER_S else ""
    if not fitted.own:
        return f"datasheet and {fitted.source.partition(';')[0]}{gap}"
    if fitted.dtype != dtype:
        return f"calibrated in {fitted.dtype} on {fitted.rows:,} measured products{gap}"
    return f"calibrated on {fitted.rows:,} measured products{gap}"


def _as_tiled(tilings: Sequence[Tiling]) -> Candidates:
    """One candidate a product, [products × 1]: as it is tiled."""
    rows = [(*t.tile, t.parts, t.resident, t.order.even) for t in tilings]
    tm, tn, parts, resident, even = np.array(rows, dtype=np.float64).T[:, :, None]
    return Candidates(tm, tn, parts, resident, even, free=False)


def _cpu_stages(
    tilings: Sequence[Tiling], device: Device, dtype: str
) -> tuple[Floats | None, str, Sequence[float | None]]:
    m, n, k = (np.array([getattr(t.gemm, side) for t in tilings], dtype=float) for side in "mnk")
    total = device_seconds(device, dtype, m, n, k)
    fitted = device.calibration(dtype)
    if total is None or fitted is None:
        return None, str(device.uncalibrated) or f"not calibrated in {dtype}", [None] * len(tilings)
    peak = _known(device.peak(dtype))
    idle = np.array([t.wave_efficiency for t in tilings])
    stages = np.empty((1 + len(LOSSES), len(tilings)))
    stages[0] = 2 * m * n * k / peak
    # A thread's share of C is no tile that is padded: nothing is computed past the edge.
    stages[1] = stages[0]
    stages[2] = stages[1] / idle
    stages[3] = stages[2]
    bandwidth = device.bandwidth
    moved = bytes_past_l2(m, n, k, BYTES[dtype], None, 0.0)
    stages[4] = stages[3] if bandwidth is None else np.maximum(stages[3], moved / bandwidth)
    stages[6] = total
    stages[5] = np.maximum(total - (fitted.constant("t0") or 0.0), 0.0)
    # Caches are faster than the memory, and a thread alone faster than its share of the peak.
    stages[1:5] = np.minimum(stages[1:5], np.maximum(stages[5], stages[0]))
    return (
        stages,
        "calibrated on this machine, products only: no bias, no activation",
        [fitted.error] * len(tilings),
    )


def _array_stages(
    tilings: Sequence[Tiling], device: Device, dtype: str
) -> tuple[Floats | None, str, Sequence[float | None]]:
    nothing = [None] * len(tilings)
    if device.clock is None:
        return None, "no clock is known", nothing
    peak, bandwidth = _known(device.peak(dtype)), _known(device.bandwidth)
    m, n, k = (np.array([getattr(t.gemm, side) for t in tilings], dtype=float) for side in "mnk")
    cycles = np.array([least_time(t, device, dtype)[0] for t in tilings])
    moved = bytes_past_l2(m, n, k, BYTES[dtype], None, 0.0)
    stages = np.empty((1 + len(LOSSES), len(tilings)))
    stages[0] = 2 * m * n * k / peak
    stages[1] = stages[0] / np.array([t.tile_efficiency for t in tilings])
    stages[2] = stages[1] / np.array([t.wave_efficiency for t in tilings])
    stages[3] = stages[2]
    stages[4] = np.maximum(stages[3], moved / bandwidth)
    stages[5] = np.maximum(cycles / device.clock, moved / bandwidth)
    stages[5] = np.maximum(stages[5], stages[0])  # a peak is published rounded, up or down
    stages[6] = stages[5]
    stages[1:5] = np.minimum(stages[1:5], np.maximum(stages[5], stages[0]))
    return stages, "datasheet and cycles: filling and draining counted, nothing measured", nothing


def _known(value: float | None) -> float:
    if value is None:
        raise ValueError("asked for a figure that the caller had to check")
    return value
