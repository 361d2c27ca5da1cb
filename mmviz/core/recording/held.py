"""Units that were held up: another program had their core, or two of them were on one."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np

from mmviz.core.recording.evidence import Core
from mmviz.core.recording.sides import FEW, Floats, Side, whole_rows
from mmviz.core.schedule.trace import Trace

NOTICED = 0.10  # share of the time, that a unit must have lost to count as held up
MANY = 16  # units, beside which one has no say in what a tile takes in the middle
CROWDED = 0.25  # share of the time, from which on two units on one core are no passing move
CONCENTRATED = 2 / 3  # of all that was lost, from which on it is one unit's
SLOWER = 1.1  # times as long: less is not called slow, however little chance there is
BEYOND = 2.0  # times the noise, in logarithms: about four standard deviations


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """core: what is told of it. times: how long each row would take without it, in seconds.

    seconds: by how much the trace would be shorter. tail: how much of that is idle time at its end.
    """

    core: Core
    times: Floats
    seconds: float
    tail: float


def held(side: Side) -> Held | None:
    """Of a side that really ran; None where nothing held it up, or too little is known."""
    if not side.recorded or side.order_only or side.sampled or side.noise is None:
        return None
    found = _crowded(side)
    return _slowed(side, side.noise) if found is None else found


def waiting(side: Side, seconds: float) -> Core | None:
    """Units that were ready and had no core for `seconds` or more, whichever tiles it fell on or
    between; None where none was, or the system does not tell.
    """
    wall, waited = side.wall_s or 0.0, side.beside.waited
    units = tuple(
        unit
        for unit, share in enumerate(waited)
        if share >= NOTICED and share * wall >= seconds and unit < side.trace.tiling.units
    )
    if not units or len(waited) != side.trace.tiling.units:
        return None
    of = int(np.isin(side.trace.unit, units).sum())
    return _told(side, units, 0, of, 1.0, None, 0.0)


def relaid(trace: Trace, times: Floats, *, pulls: bool) -> float:
    """How long it lasts if rows take these times, with no time in between them.

    pulls: the next row goes to whichever slot comes free; else each unit keeps its rows.
    """
    tiling = trace.tiling
    if not pulls:
        busy = np.bincount(trace.unit, weights=times, minlength=tiling.units)
        return float(busy.max()) / tiling.resident
    free = [0.0] * min(tiling.slots, len(times))
    for time in times.tolist():
        heapq.heapreplace(free, free[0] + time)
    return max(free)


def _slowed(side: Side, noise: float) -> Held | None:
    """One unit, or several where other programs are known to have run, whose tiles took longer than
    those of the others, beyond chance. One at an edge is slow where it took longer than whole ones.
    """
    trace = side.trace
    times, unit, rows = trace.end - trace.start, trace.unit, whole_rows(trace)
    typical = np.full(len(trace), np.median(times[rows]))
    for one in np.unique(unit) if trace.tiling.units <= MANY else ():
        others = rows[unit[rows] != one]
        if 2 * len(others) >= FEW:
            typical[unit == one] = np.median(times[others])
    slow = times > typical * max(math.exp(min(BEYOND * noise, 10.0)), SLOWER)
    if not slow.any():
        return None
    excess = np.where(slow, times - typical, 0.0)
    by_unit = np.bincount(unit, weights=excess, minlength=trace.tiling.units)
    worst = int(by_unit.argmax())
    noticed = NOTICED * trace.duration * trace.tiling.resident
    if by_unit[worst] < noticed:
        return None
    if trace.tiling.units > 1 and by_unit[worst] >= CONCENTRATED * by_unit.sum():
        units: tuple[int, ...] = (worst,)
    elif (side.beside.others or 0.0) >= NOTICED:
        units = tuple(np.flatnonzero(by_unit >= noticed).tolist())
    else:
        return None  # tiles that took long here and there: nothing says that it was a core
    mine = slow & np.isin(unit, units)
    factor = float(np.median(times[mine] / typical[mine]))
    of = int(np.isin(unit, units).sum())
    core = _told(side, units, int(mine.sum()), of, factor, None, 0.0)
    return _without(side, core, np.where(mine, typical, times))


def _crowded(side: Side) -> Held | None:
    """Several units whose tiles were on one core at the same time: each had its share of it."""
    trace, cores = side.trace, side.cores
    if cores is None or trace.tiling.units < 2:
        return None
    times, lost = trace.end - trace.start, np.zeros(len(trace))
    most, crowd, where = 0.0, set[int](), None
    for core in np.unique(cores[cores >= 0]).tolist():
        rows = np.flatnonzero(cores == core)
        if len(np.unique(trace.unit[rows])) < 2:
            continue
        shared, taken, together = _overlap(trace, rows)
        lost[rows] = taken
        if together > most:
            most, where = together, int(core)
            crowd = set(np.unique(trace.unit[rows[shared > 0.5 * times[rows]]]).tolist())
    overlap = most / trace.duration
    if overlap < CROWDED or len(crowd) < 2:
        return None
    units = tuple(sorted(crowd))
    mine = lost > 0
    factor = float(np.median(times[mine] / (times - lost)[mine]))
    core_told = _told(side, units, int(mine.sum()), len(trace), factor, where, overlap)
    return _without(side, core_told, times - lost)


def _overlap(
    trace: Trace, rows: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> tuple[Floats, Floats, float]:
    """Of rows on one core: for how long each had company, what that took of it where all had an
    equal share, and for how long there was any.
    """
    start, end = trace.start[rows], trace.end[rows]
    edges = np.unique(np.concatenate((start, end)))
    first, past = np.searchsorted(edges, start), np.searchsorted(edges, end)
    change = np.bincount(first, minlength=len(edges)) - np.bincount(past, minlength=len(edges))
    there, length = np.cumsum(change)[:-1], np.diff(edges)
    both = np.where(there > 1, length, 0.0)
    taken = both * (1 - 1 / np.maximum(there, 1))
    company, lost = (np.append(0.0, np.cumsum(x)) for x in (both, taken))
    return company[past] - company[first], lost[past] - lost[first], float(both.sum())


def _told(
    side: Side,
    units: tuple[int, ...],
    slow: int,
    of: int,
    factor: float,
    core: int | None,
    overlap: float,
) -> Core:
    beside, moved = side.beside, 0
    if side.cores is not None:
        for one in units:
            cores = side.cores[side.trace.unit == one]
            moved += int(np.count_nonzero(np.diff(cores[cores >= 0])))
    waits = [beside.waited[one] for one in units if one < len(beside.waited)]
    return Core(
        units,
        slow,
        of,
        factor,
        core,
        overlap,
        moved,
        beside.others,
        max(waits) if waits else None,
    )


def _without(side: Side, core: Core, times: Floats) -> Held:
    """What it would have been: both laid anew, so that what laying changes is in neither."""
    trace = side.trace
    took = trace.end - trace.start
    saved = relaid(trace, took, pulls=side.pulls) - relaid(trace, times, pulls=side.pulls)
    work = float((took - times).sum()) / (trace.tiling.units * trace.tiling.resident)
    return Held(core, times, saved, saved - work)
