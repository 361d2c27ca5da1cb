"""What a product's time is made of, unit by unit: nothing is left over.

    wall · units = Σ over units of (before the first tile + tiles + between them + after the last)
                   + (wall - trace) · units

Source: the definition of idle time; so it holds to the last bit whatever the schedule is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.recording.sides import Floats, Side, whole_rows
from mmviz.core.recording.slots import most_at_once
from mmviz.core.schedule.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """Seconds, each shared out among all units, so that they add up to the wall.

    launch: before the first tile of all and after the last; start: until each unit's first; work:
    tiles; between: from one to the next; tail: after each unit's last. median: of whole tiles;
    slowest: of all, at the edges too; at: m, n of that one. in_flight: the most tiles at one time.
    busy: share of the trace in which units compute, 0 … 1.
    """

    wall: float
    launch: float
    start: float
    work: float
    between: float
    tail: float
    median: float
    slowest: float
    at: tuple[int, int]
    in_flight: int
    busy: float


def account(side: Side) -> Account | None:
    """Of a side whose every tile is known, and when it ran; None for others."""
    if side.order_only or side.sampled or side.wall_s is None:
        return None
    trace = side.trace
    units, lasts = trace.tiling.units, trace.duration
    first, last, busy = _by_unit(trace)
    times = trace.end - trace.start
    slowest = int(times.argmax())
    return Account(
        side.wall_s,
        side.wall_s - lasts,
        float(first.sum()) / units,
        float(busy.sum()) / units,
        float((last - first - busy).sum()) / units,
        float((lasts - last).sum()) / units,
        float(np.median(times[whole_rows(trace)])),
        float(times.max()),
        (int(trace.m[slowest]), int(trace.n[slowest])),
        most_at_once(trace.start, trace.end),
        trace.efficiency,
    )


def _by_unit(trace: Trace) -> tuple[Floats, Floats, Floats]:
    """Of each unit when its first tile starts and its last one ends, and how long it computes.

    One without a tile is idle after a last one that ended at 0.
    """
    first = np.full(trace.tiling.units, np.inf)
    last = np.zeros(trace.tiling.units)
    np.minimum.at(first, trace.unit, trace.start)
    np.maximum.at(last, trace.unit, trace.end)
    return np.where(np.isinf(first), 0.0, first), last, trace.busy_time()
