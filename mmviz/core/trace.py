"""Who computes which tile when (Trace), and what that looks like at one instant (Frame).

A modelled schedule is a Trace, a recorded one will be a Trace: whoever draws, lists or tests it
cannot tell them apart except by `source`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.core.tiling import Tiling

Clock = Literal["s", "steps"]
Source = Literal["modelled", "recorded", "estimated"]

WAITING, COMPUTING, DONE = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The picture at time `t`; nothing in it depends on the frames before.

    begun: how many tiles have started, the first rows of the trace. active: rows of the tiles being
    computed, in order of their start; k_done [active]: how far each walked along k. wave: number of
    the youngest wave begun, from 1.
    """

    trace: Trace
    t: float
    begun: int
    active: NDArray[np.intp]
    k_done: NDArray[np.float64]
    wave: int

    @property
    def computing(self) -> int:
        return len(self.active)

    @property
    def done(self) -> int:
        return self.begun - len(self.active)

    @property
    def waiting(self) -> int:
        return len(self.trace) - self.begun

    def state(self) -> NDArray[np.uint8]:
        """WAITING, COMPUTING or DONE for every tile [tiles_m × tiles_n]."""
        trace = self.trace
        state = np.zeros((trace.tiling.tiles_m, trace.tiling.tiles_n), np.uint8)
        begun = slice(0, self.begun)
        state[trace.m[begun], trace.n[begun]] = DONE
        state[trace.m[self.active], trace.n[self.active]] = COMPUTING
        return state


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Columns over tiles, in the order the tiles start; at least one tile.

    m, n: tile coordinates; unit: who computes it, from 0; start, end: in `clock`, from 0.
    """

    tiling: Tiling
    m: NDArray[np.int32]
    n: NDArray[np.int32]
    unit: NDArray[np.int32]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    clock: Clock
    source: Source = "modelled"
    ended_by: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # When this tile and all before it have ended: finds the tiles in flight by bisection.
        object.__setattr__(self, "ended_by", np.maximum.accumulate(self.end))

    def __len__(self) -> int:
        return len(self.m)

    @property
    def duration(self) -> float:
        return float(self.ended_by[-1])

    @property
    def nbytes(self) -> int:
        columns = (self.m, self.n, self.unit, self.start, self.end, self.ended_by)
        return sum(column.nbytes for column in columns)

    def at(self, t: float) -> Frame:
        """The frame at `t`, clipped to 0 … duration. At the end every tile is done."""
        t = min(max(t, 0.0), self.duration)
        oldest = int(np.searchsorted(self.ended_by, t, side="right"))
        begun = int(np.searchsorted(self.start, t, side="right"))
        active = oldest + np.flatnonzero(self.end[oldest:begun] > t)
        start, end = self.start[active], self.end[active]
        k_done = (t - start) / (end - start) * self.tiling.gemm.k
        return Frame(self, t, begun, active, k_done, (begun - 1) // self.tiling.slots + 1)

    def tiles_of_wave(self, wave: int) -> slice:
        """Rows of the trace that belong to `wave`, from 1."""
        slots = self.tiling.slots
        return slice((wave - 1) * slots, min(wave * slots, len(self)))

    def wave_starts(self) -> NDArray[np.float64]:
        """When each wave's first tile starts."""
        return self.start[:: self.tiling.slots]

    def busy(self) -> NDArray[np.float64]:
        """Share of the duration each unit computes [units], resident tiles side by side once."""
        # Tiles of one unit and wave run side by side; the longest of them is the unit's busy time.
        wave = np.arange(len(self)) // self.tiling.slots
        spans = np.zeros((int(wave[-1]) + 1, self.tiling.units))
        np.maximum.at(spans, (wave, self.unit), self.end - self.start)
        return np.asarray(spans.sum(axis=0) / self.duration)


def faults(trace: Trace) -> Iterator[str]:
    """What is wrong with a trace, one sentence each; nothing for a sound one.

    Every output tile is computed exactly once, every tile has a unit that exists and takes time,
    and no unit ever holds more tiles than its residency.
    """
    tiling = trace.tiling
    times = np.zeros((tiling.tiles_m, tiling.tiles_n), np.int64)
    np.add.at(times, (trace.m, trace.n), 1)
    if (times != 1).any():
        yield f"{np.count_nonzero(times == 0)} tiles missing, {(times > 1).sum()} computed twice"
    if trace.unit.min() < 0 or trace.unit.max() >= tiling.units:
        yield f"unit {trace.unit.max()} of {tiling.units}"
    if not (trace.end > trace.start).all():
        yield "a tile that takes no time"
    held = most_held(trace)
    if held > tiling.resident:
        yield f"a unit holds {held} tiles, its residency is {tiling.resident}"


def most_held(trace: Trace) -> int:
    """The most tiles any unit holds at one time; one that ends makes room for one that starts."""
    unit = np.concatenate((trace.unit, trace.unit))
    time = np.concatenate((trace.start, trace.end))
    change = np.repeat(np.array([1, -1]), len(trace))
    order = np.lexsort((change, time, unit))
    return int(np.cumsum(change[order]).max())  # sums to 0 over each unit, so one cumsum serves all


def schedule_lines(trace: Trace, unit: str) -> list[str]:
    """The schedule as text, a line a wave: 'wave 1: SM0 (0,0) SM1 (0,1)'."""
    lines = []
    for wave in range(1, trace.tiling.waves + 1):
        rows = trace.tiles_of_wave(wave)
        cells = zip(trace.unit[rows], trace.m[rows], trace.n[rows], strict=True)
        lines.append(f"wave {wave}: " + " ".join(f"{unit}{u} ({m},{n})" for u, m, n in cells))
    return lines
