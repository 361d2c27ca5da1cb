"""One product as it is compared: of a recording, or of a model."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import BodyKind, Noun
from mmviz.core.device.device import Device
from mmviz.core.recording.recording import Beside, Recorded, Recording, Spent
from mmviz.core.schedule.grid import over
from mmviz.core.schedule.trace import Trace
from mmviz.core.time.cost import Cost
from mmviz.core.time.timed import clocked, timed
from mmviz.text import NOTHING, Text

FEW = 8
"""Of fewer times nobody knows how much they vary."""

LEAST = 3  # rounds, from which on their range says anything

NOTCH = 1.57
"""One of many times may be off by so many interquartile ranges: the notch of `bench.stats`, of a
count of one. Source: McGill, Tukey and Larsen, Variations of Box Plots, 1978."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """trace: from 0 at its first start. noun: what its units are called, with their own names where
    they have any. wall_s: the whole product, None: not
    known. error: how far wall_s may be off, as a share of it, None: not known. noise: how far the
    time of one tile may be off by chance, as a share of it, None: too few tiles. systematic: how
    far all of them may be off together: the error of a model. pulls: a unit that comes free takes
    the next tile. bound: the roofline's side, None: not known. machine, kind: what it ran on, ""
    unknown. missing: why no time is known. assumed: its seconds are cycles by a clock that nobody
    knows. The rest: as `Recorded` has it.
    """

    trace: Trace
    noun: Noun
    wall_s: float | None
    error: float | None
    noise: float | None
    systematic: float | None = 0.0
    pulls: bool = True
    bound: str | None = None
    machine: str = ""
    kind: BodyKind | Literal[""] = ""
    missing: Text = NOTHING
    assumed: bool = False
    timer_s: float = 0.0
    sampled: bool = False
    placed: bool = True
    packing_s: float = 0.0
    cores: NDArray[np.integer[Any]] | None = None
    spent: Spent = field(default_factory=Spent)
    beside: Beside = field(default_factory=Beside)

    @property
    def recorded(self) -> bool:
        return self.trace.provenance.kind == "recorded"

    @property
    def order_only(self) -> bool:
        """Which tile came before which is known, not when."""
        return self.trace.clock == "steps"

    @property
    def waves(self) -> int | None:
        """The most tiles that a slot computes one after the other: of a model its waves, of what
        ran those of the unit that computed most. None where tiles are left out.
        """
        if self.sampled:
            return None
        return waves_ran(self.trace) if self.recorded else self.trace.waves


def waves_ran(trace: Trace) -> int:
    """The most tiles that a slot of what ran computed one after the other."""
    return over(int(np.bincount(trace.unit).max()), trace.tiling.resident)


def modelled(cost: Cost, device: Device) -> Side:
    """As the device's model has it; raises InputError where there are more tiles than are drawn.

    Where it predicts no time, its error is not known: its tiles take as long as they do at least.
    """
    trace = timed(cost.tiling, clocked(cost, device), cost.dtype, cost.computing_s)
    wall = cost.predicted_s
    if wall is None or trace.clock == "steps":
        wall = trace.duration if trace.clock == "s" else None
    off = cost.error
    missing = cost.basis if wall is None else NOTHING
    return Side(
        trace,
        device.noun,
        wall,
        off,
        0.0,
        off,
        bound=cost.bound,
        machine=device.name,
        kind=device.body.kind,
        missing=missing,
    )


def recorded(
    recording: Recording, product: int, noun: Noun, kind: BodyKind | Literal[""] = ""
) -> Side:
    """As a product of a recording ran; noun: what its units are called, with their names; kind: of
    what it ran on. What a model says is off as the file has it, and no tile of it by chance.
    """
    one = recording.products[product]
    trace, timer = one.trace, recording.timer_s or 0.0
    ran = trace.provenance.kind == "recorded"
    noise = None if one.order_only else tile_noise(trace, timer) if ran else 0.0
    error = _wall_error(one, timer) if ran else one.off
    if error is None and ran:
        error = noise
    if recording.clock_assumed:
        error = None  # whatever varies by chance, all of it may be off by one factor
    return Side(
        trace,
        noun,
        one.lasts_s,
        error,
        noise,
        0.0 if ran else one.off,
        pulls=not recording.order.startswith("static"),
        machine=recording.machine,
        kind=kind,
        assumed=recording.clock_assumed,
        timer_s=timer,
        sampled=one.sampled,
        placed=one.placed,
        packing_s=one.packing_s,
        cores=one.cores,
        spent=one.spent,
        beside=one.beside,
    )


def _wall_error(one: Recorded, timer: float) -> float | None:
    """By chance, as far as its other rounds tell: the middle one of many is less off than any. Of a
    few all that is known is that they lie within their range.
    """
    walls = np.sort(np.asarray(one.walls_s, np.float64))
    if len(walls) < FEW or (one.wall_s and one.wall_s == walls[(len(walls) - 1) // 2]):
        return middle_off(walls, timer)
    return spread(walls, timer)


def middle_off(times: Floats, timer: float) -> float | None:
    """How far the median of these times may be off by chance, as a share of it: of a few their
    range; None: too few.
    """
    if not len(times) or (middle := float(np.median(times))) <= 0:
        return None
    if LEAST <= len(times) < FEW:
        return max(float(np.ptp(times)), timer) / middle
    found = spread(times, timer)
    return None if found is None else max(found / math.sqrt(len(times)), timer / middle)


def spread(times: Floats, timer: float) -> float | None:
    """How far one of these times may be off by chance, as a share of their median; None: too few.

    No less than a step of the clock.
    """
    if len(times) < FEW:
        return None
    p25, p50, p75 = np.percentile(times, (25, 50, 75)).tolist()
    if p50 <= 0:
        return None
    return math.hypot(NOTCH * (p75 - p25), timer) / float(p50)


def tile_noise(trace: Trace, timer: float) -> float | None:
    """How far one of the whole tiles of a unit may be off by chance, as a share of their median.

    As `spread`, of what each takes longer than the one before it, since a drift is no chance. Where
    units have enough tiles it is that of the middle one of them, or the lower of two: one that is
    held up has no say in it. Else of all as they started; None: too few.
    """
    rows = whole_rows(trace)
    times, unit = (trace.end - trace.start)[rows], trace.unit[rows]
    found = [_from_one_to_the_next(times[unit == one], timer) for one in np.unique(unit)]
    known = sorted(noise for noise in found if noise is not None)
    return known[(len(known) - 1) // 2] if known else _from_one_to_the_next(times, timer)


def _from_one_to_the_next(times: Floats, timer: float) -> float | None:
    if len(times) < FEW:
        return None
    p25, p75 = np.percentile(np.diff(times), (25, 75)).tolist()
    middle = float(np.median(times))
    return math.hypot(NOTCH * (p75 - p25) / math.sqrt(2), timer) / middle if middle > 0 else None


def whole_rows(trace: Trace) -> NDArray[np.intp]:
    """Rows that compute whole tiles of the most terms of k; all, where too few are."""
    tiling = trace.tiling
    m, n = tiling.gemm.m // tiling.tile[0], tiling.gemm.n // tiling.tile[1]
    whole = (trace.m % np.int32(tiling.tiles_m) < m) & (trace.n < n)
    if trace.k0 is not None and trace.k1 is not None:
        length = trace.k1 - trace.k0
        whole &= length == length.max()
    rows = np.flatnonzero(whole)
    return rows if len(rows) >= FEW else np.arange(len(trace))
