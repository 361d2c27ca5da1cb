"""What products take on a GPU: waves of tiles, by the constants of `wave_time`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.device.device import Calibration, Device, Sides
from mmviz.core.device.lattice import Lattice
from mmviz.core.schedule.order import Order
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time import alignment
from mmviz.core.time.constants import Constants, alike, constants_for, fitted_for, judged_for
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.learned import factor
from mmviz.core.time.wave_time import LONG_S, Candidates, choices_for, choose, launched, terms
from mmviz.text import N_, NOTHING, Text, own

# Each doubling of a side beyond what was measured adds so much to the error, as roots of squares
# add. Fits of half the rows (up to, or from, the middle of m, n or k) were judged on the others, on
# six devices: 6 to 7 % more at twice the last side, 9 at 4 times, 13 at 8, 18 at 32.
OUTSIDE = 0.05
FARTHEST = 5  # doublings, beyond which nobody looked
# No stack was ever fitted: of two published ones, of a thousand rows and terms on what must be an
# A100, predictions are 18 and 29 % too short (pytorch#83272, by CUDA 11.6 and 11.7).
STACKED = 0.24
EAGER_S = 20e-6  # a launch that takes longer has the gap of eager calls in it: kernels take < 5 µs
# What a call takes whose end the host waits for, where a device's own rows do not tell (floors of
# published timings around one eager call: 46 to 125 µs with the kernel's own start).
EAGER_GAP = 30e-6


@dataclass(frozen=True, slots=True)
class ByWaves:
    """The time model of a GPU in one dtype, of which peak FLOP/s and bandwidth bytes/s are known.

    peak: at the clock its units run at. fitted: the calibration it rests on, None: the datasheet
    alone. eager: each product is launched by a call of the host, which waits for its end.
    """

    device: Device
    dtype: str
    peak: float
    bandwidth: float
    fitted: Calibration | None
    constants: Constants
    eager: bool = False

    @property
    def gap(self) -> float:
        """Seconds before each product that the launches take, beside the start of its kernel."""
        return (self.constants.gap or EAGER_GAP) if self.eager else 0.0

    @property
    def basis(self) -> Text:
        """What predictions rest on, in a phrase."""
        fitted, launch = self.fitted, self.constants.t0
        if fitted is None:
            return Text(N_("datasheet only: no kernel reaches it"))
        if not fitted.own:
            basis = Text(N_("datasheet and {source}"), source=own(fitted.source))
        elif fitted.dtype != self.dtype:
            said = N_("calibrated in {dtype} on {rows:group} measured products")
            basis = Text(said, dtype=fitted.dtype, rows=fitted.rows)
        else:
            basis = Text(N_("calibrated on {rows:group} measured products"), rows=fitted.rows)
        if self.eager:
            said = N_("{basis}, launch gap of {launch:seconds} included")
            if not self.constants.gap:
                said = N_("{basis}, with an assumed launch gap of {launch:seconds}")
            return Text(said, basis=basis, launch=self.gap)
        if self.constants.gap > 0:
            said = N_("{basis}, without the launch gap of {launch:seconds} of eager calls")
            return Text(said, basis=basis, launch=self.constants.gap)
        if launch <= EAGER_S:
            return basis
        said = N_("{basis}, launch gap of {launch:seconds} included")
        return Text(said, basis=basis, launch=launch)

    @property
    def beyond(self) -> Text:
        """What may come on top of the error shown (floors and spread of the published timings)."""
        if judged_for(self.device, self.dtype) is None or (self.eager and not self.constants.gap):
            return NOTHING
        if self.constants.t0 > EAGER_S or self.constants.gap > 0:
            return Text(N_("± of one collection of eager calls: others differ by 17 to 40 %"))
        return Text(
            N_(
                "± of kernels alone: launches by the host add some 30 µs each where it waits, and "
                "other collections of timings differ by 4 % and more"
            )
        )

    @property
    def learned(self) -> Lattice | None:
        """What rows taught beyond the constants, where they are of units that compute alike."""
        if self.fitted is None or self.dtype not in alike(self.fitted.dtype):
            return None
        return self.fitted.learned

    def choose(self, shapes: Shapes, order: Order, parts: int | None) -> Candidates:
        """Tile and, of k where it is not given, parts that take least in that order."""
        device, dtype = self.device, self.dtype
        choices = choices_for(device, dtype, parts=parts, alone=order.alone, even=order.even)
        return choose(shapes, device, dtype, self.constants, choices)

    def launched(self, computing: Floats) -> Floats:
        """Seconds of launches that compute so long, each with its start, pace and gap."""
        return launched(computing, self.constants) + self.gap

    def stages(self, cuts: Cuts) -> tuple[Floats, Floats]:
        shapes = cuts.shapes
        found = terms(shapes, self.device, self.dtype, self.constants, _as_cut(cuts))
        at_peak = 2.0 * shapes.stack * shapes.m * shapes.n * shapes.k / self.peak
        tiled = at_peak * found.padding
        idle = tiled * found.idling
        aligned = idle * found.alignment
        fed = np.maximum(aligned, found.bytes / self.bandwidth)
        off = factor(self.learned, found.total, shapes) - 1
        # Nothing is learned that would be faster than the peak.
        total = np.maximum(found.total * (1 + off), at_peak)
        learned = np.clip(found.computing + found.total * off, at_peak, total)
        parts = (at_peak, tiled, idle, aligned, fed, found.computing, learned, total + self.gap)
        stages = np.stack(parts)
        return stages, self._errors(shapes, stages)

    def _errors(self, shapes: Shapes, stages: Floats) -> Floats:
        """Shares of the time, NaN where not known."""
        judged = judged_for(self.device, self.dtype)
        if judged is None:
            return np.full(len(shapes), np.nan)
        fitted, error = judged
        misaligned = alignment.UNCERTAIN * (stages[3] - stages[2]) / stages[-1]
        if fitted.constant("odd") is not None:
            scattered = alignment.off_lines(shapes.rows, self.dtype)
            misaligned = np.hypot(misaligned, np.where(scattered, alignment.SCATTER, 0.0))
        short, long = fitted.error_short or error, fitted.error_long or error
        plain = np.where(stages[-1] <= LONG_S, short, long)
        unseen = shapes.m < fitted.least_m
        if fitted.sides is not None:
            doublings = _outside(shapes, fitted.sides)
            plain = np.hypot(plain, OUTSIDE * doublings)
            unseen |= doublings > FARTHEST
        plain = np.where(shapes.stack > 1, np.hypot(plain, STACKED), plain)
        if fitted.least_m > 1:  # the product of a matrix and a vector, whichever side it stands
            unseen |= shapes.n == 1
        found: Floats = np.where(unseen, np.nan, np.hypot(plain, misaligned))
        if self.eager and not self.constants.gap:
            return np.full(len(shapes), np.nan)  # the gap is assumed
        if self.constants.gap > 0 and not self.eager:
            # Judged on calls with their gap: as many seconds are more of what is left without.
            found *= 1 + self.constants.gap / stages[-1]
        return found


def _outside(shapes: Shapes, sides: Sides) -> Floats:
    """How many doublings each product lies beyond the sides that were measured, all three added."""
    found = np.zeros(len(shapes))
    for side, (least, most) in zip(shapes.sides, sides, strict=True):
        found += np.log2(np.maximum(least / side, 1.0)) + np.log2(np.maximum(side / most, 1.0))
    return found


def by_waves(
    device: Device, dtype: str, peak: float, bandwidth: float, *, eager: bool = False
) -> ByWaves:
    """Raises InputError where the device's constants are none of this model."""
    fitted = fitted_for(device, dtype)
    constants = constants_for(device, dtype, fitted)
    return ByWaves(device, dtype, peak * constants.rate, bandwidth, fitted, constants, eager)


def _as_cut(cuts: Cuts) -> Candidates:
    tm, tn, parts, resident = (
        column.astype(np.float64) for column in (cuts.tm, cuts.tn, cuts.parts, cuts.resident)
    )
    return Candidates(tm, tn, parts, resident, float(cuts.order.even))
