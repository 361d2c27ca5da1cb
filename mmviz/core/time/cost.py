"""What a product takes and why: the peak, what is lost of it one cause after the other, the time.

Peak → tile quantization → wave quantization → alignment → memory → kernel efficiency → learned →
launch. Each loss is the time by which its cause puts off the end, all causes before it counted;
together with the time at the peak they are the predicted time. What was learned from timings, by
which they differ from all that has a cause, may be a gain: below 0. `core.time.model` says which
model predicts it.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.schedule.grid import over
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import BYTES, out_bytes, product_bytes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import launches
from mmviz.core.time.cuts import Cuts, Floats, Ints
from mmviz.core.time.traffic import bytes_past_l2
from mmviz.text import N_, NOTHING, Text

LOSSES = ("tile", "wave", "alignment", "memory", "kernel", "learned", "launch")
"""Ids of the losses in their order; LOSS_NAMES says them in words."""

FINE = 1e-6
"""Of a launch: less computing than that beside it is not found as a difference, which may be 0."""

_PARTIAL = 4.0  # bytes of a partial sum

LOSS_KEYS = {
    "peak": "peak",
    "tile": "tile_quantization",
    "wave": "wave_quantization",
    "alignment": "alignment",
    "memory": "memory_bound",
    "kernel": "kernel_efficiency",
    "learned": "learned",
    "launch": "launch",
}
"""What files and programs call them."""

LOSS_NAMES = {
    "peak": N_("peak"),
    "tile": N_("tile quantization"),
    "wave": N_("wave quantization"),
    "alignment": N_("alignment"),
    "memory": N_("memory-bound"),
    "kernel": N_("kernel efficiency"),
    "learned": N_("learned from timings"),
    "launch": N_("launch"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """One product on one device in one dtype; times in seconds, of one launch with its stack.

    peak FLOP/s, at the clock its units run at, and bandwidth bytes/s: the device's, None where not
    known. at_peak_s: FLOP over the peak. losses: seconds by LOSSES, at_peak_s and they make
    predicted_s; None where no time is known, and then the provenance's basis says why. Its error:
    mean absolute error of such predictions as a share of the measured time. held: False where the
    device cannot hold the pass it is of: that has no time, not even one at the peak.
    """

    tiling: Tiling
    dtype: str
    peak: float | None
    bandwidth: float | None
    at_peak_s: float | None
    losses: tuple[float, ...] | None
    predicted_s: float | None
    provenance: Provenance
    held: bool = True

    @property
    def error(self) -> float | None:
        return self.provenance.error

    @property
    def basis(self) -> Text:
        """What the prediction rests on, or why there is none, in a phrase."""
        return self.provenance.basis

    @property
    def bytes(self) -> int:
        """Of the three matrices, each moved once."""
        gemm = self.tiling.gemm
        return gemm.stack * product_bytes(gemm.m, gemm.n, gemm.k, self.dtype)

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
        found, launch = self.predicted_s - self.losses[-1], self.losses[-1]
        return found if found > FINE * launch else sum(self.losses[:-1], self.at_peak_s or 0.0)

    @property
    def launch_s(self) -> float | None:
        """What of the prediction is launch."""
        return None if self.losses is None else self.losses[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """Many products of one device in one dtype, as columns [products]; a `Cost` is a row of it.

    peak: as `Cost.peak`. stages [1 + losses, products]: seconds at the peak, then after each of
    LOSSES; NaN where no time is known, and then the provenance's basis says why; `calibrate`: a
    calibration of this machine would bring it. error: as `Cost.error`, NaN where it is not known.
    held: as `Cost.held`.
    """

    cuts: Cuts
    device: Device
    dtype: str
    peak: float | None
    stages: Floats
    error: Floats
    provenance: Provenance
    calibrate: bool = False
    held: bool = True

    def __len__(self) -> int:
        return len(self.cuts)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Priced:
        stages, error = self.stages[:, rows], self.error[rows]
        return replace(self, cuts=self.cuts[rows], stages=stages, error=error)

    @property
    def seconds(self) -> Floats:
        """Predicted."""
        found: Floats = self.stages[-1]
        return found

    @property
    def parts(self) -> Floats:
        """[1 + losses, products]: seconds at the peak, and lost to each of LOSSES."""
        found: Floats = np.concatenate([self.stages[:1], np.diff(self.stages, axis=0)])
        return found

    @property
    def workspace(self) -> Floats:
        """Bytes of the partial sums, in float32, of those whose k is split; 0 of others."""
        m, n, _ = self.cuts.shapes.sides
        parts = np.where(self.cuts.parts > 1, self.cuts.parts, 0)
        found: Floats = _PARTIAL * parts * m * n * self.cuts.shapes.stack
        return found

    @property
    def memory_bound(self) -> Ints:
        """1 for those on the memory's side of the roofline, 0 on the other, -1 where not known."""
        peak, bandwidth = self.peak, self.device.bandwidth
        if not peak or not bandwidth:
            return np.full(len(self), -1, dtype=np.int64)
        m, n, k = self.cuts.shapes.sides
        moved = bytes_past_l2(m, n, k, BYTES[self.dtype], out_bytes(self.dtype))
        found: Ints = (2 * m * n * k / moved < peak / bandwidth).astype(np.int64)
        return found

    def costs(self, gemms: Sequence[Gemm]) -> tuple[Cost, ...]:
        """Every row as a value, of these products."""
        peak, bandwidth = self.peak, self.device.bandwidth
        parts = self.parts.T.tolist()
        rows = zip(
            self.cuts.tilings(gemms), parts, self.seconds.tolist(), self.error.tolist(), strict=True
        )
        known: dict[float, Provenance] = {}
        found = []
        for tiling, (at_peak, *losses), total, off in rows:
            if off != off:  # NaN
                rests = self.provenance
            elif (rests := known.get(off)) is None:  # type: ignore[assignment]
                rests = known[off] = replace(self.provenance, error=off)
            if total != total:
                none = None, None, None
                cost = Cost(tiling, self.dtype, peak, bandwidth, *none, rests, self.held)
            else:
                lost = tuple(losses)
                cost = Cost(tiling, self.dtype, peak, bandwidth, at_peak, lost, total, rests)
            found.append(cost)
        return tuple(found)


@dataclass(frozen=True, eq=False)
class PassCost:
    """All products of a pass one after the other; a list's as often as it counts them.

    at_peak_s, losses, predicted_s: sums, None where one of them is not known. error: the mean of
    the products' own by their time, as if all were off the same way. Compared by identity.
    """

    gemms: tuple[Gemm, ...]
    priced: Priced

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        """Of each product."""
        return self.priced.costs(self.gemms)

    @property
    def basis(self) -> Text:
        return self.priced.provenance.basis

    @property
    def provenance(self) -> Provenance:
        return replace(self.priced.provenance, error=self.error)

    @cached_property
    def counts(self) -> Ints:
        """How often each product is computed."""
        return np.array([gemm.count for gemm in self.gemms], dtype=np.int64)

    @cached_property
    def flop(self) -> int:
        return sum(gemm.total_flop for gemm in self.gemms)

    @cached_property
    def bytes(self) -> int:
        dtype = self.priced.dtype
        return sum(x.products * product_bytes(x.m, x.n, x.k, dtype) for x in self.gemms)

    @cached_property
    def tiles(self) -> int:
        return self._count(self.priced.cuts.tiles)

    @cached_property
    def waves(self) -> int:
        """Of all launches; tiles of a group fill theirs together, in the slots of its first."""
        waves, found = self.priced.cuts.waves, launches(self.gemms)
        if len(found) < len(waves):
            waves = waves.copy()
            cuts = self.priced.cuts
            pieces = cuts.tiles * cuts.parts
            for places in found:
                if len(places) > 1:
                    rows = slice(places.start, places.stop)
                    waves[rows], first = 0, places.start
                    slots = cuts.units * int(cuts.resident[first])
                    waves[first] = over(int(pieces[rows].sum()), slots)
        return self._count(waves)

    @cached_property
    def predicted_s(self) -> float | None:
        return self._sum(self.priced.seconds)

    @cached_property
    def at_peak_s(self) -> float | None:
        return self._sum(self.priced.stages[0])

    @cached_property
    def losses(self) -> tuple[float, ...] | None:
        found = []
        for lost in self.priced.parts[1:]:
            total = self._sum(lost)
            if total is None:
                return None
            found.append(total)
        return tuple(found)

    @cached_property
    def error(self) -> float | None:
        off = self._sum(self.priced.error * self.priced.seconds)
        return off / self.predicted_s if off is not None and self.predicted_s else None

    def price(self, device: Device, passes: int = 1_000_000) -> float | None:
        """What so many passes cost by the device's price an hour; None where that is not known."""
        total = self.predicted_s
        if total is None or device.price_hour is None:
            return None
        return passes * total / 3600 * device.price_hour

    def energy(self, device: Device) -> float | None:
        """Joules of a pass if the device drew its power limit throughout; None: not known."""
        total, limit = self.predicted_s, device.power_limit
        return None if total is None or limit is None else total * limit

    @property
    def limiter(self) -> str | None:
        return _largest(self.at_peak_s, self.losses)

    def without_times(self, why: Text) -> PassCost:
        """The same products where the device cannot hold them: of no time, price or energy."""
        old = self.priced
        stages, error = (np.full_like(x, np.nan) for x in (old.stages, old.error))
        rests = replace(old.provenance, basis=why, beyond=NOTHING)
        found = replace(old, stages=stages, error=error, provenance=rests)
        return replace(self, priced=replace(found, calibrate=False, held=False))

    def __getitem__(self, places: Sequence[int]) -> PassCost:
        """Of some of its products."""
        gemms = tuple(self.gemms[place] for place in places)
        return PassCost(gemms, self.priced[np.array(places, dtype=np.int64)])

    def _count(self, values: Ints) -> int:
        # The largest product as often as a list may count it has more tiles than 64 bits hold.
        return sum(map(operator.mul, self.counts.tolist(), values.tolist()))

    def _sum(self, values: Floats) -> float | None:
        # One after the other, as a clock adds them up: the sum does not hang on how many there are.
        total = float(np.cumsum(self.counts * values)[-1])
        return None if total != total else total


def mean_error(costs: Sequence[Cost]) -> float | None:
    """The mean error of products of one device or several by their time; None: not known."""
    total = off = 0.0
    for cost in costs:
        if cost.error is None or not cost.predicted_s:
            return None
        total += cost.tiling.gemm.count * cost.predicted_s
        off += cost.tiling.gemm.count * (cost.error * cost.predicted_s)
    return off / total if total else None


def _largest(at_peak_s: float | None, losses: tuple[float, ...] | None) -> str | None:
    if at_peak_s is None or losses is None:
        return None
    parts = (("peak", at_peak_s), *zip(LOSSES, losses, strict=True))
    return max(parts, key=lambda part: part[1])[0]
