"""Slots of a unit told apart: tiles that are resident at once, each in a lane of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.trace import Trace


def lanes(trace: Trace) -> NDArray[np.int32]:
    """The lane of each row, from 0 in each unit: the first one that is free when the row starts.

    No two rows of one unit and one lane overlap; a unit has as many lanes as it holds tiles at
    most. A recording does not say which slot a block had: this is one way they can have lain.
    """
    found = np.zeros(len(trace), np.int32)
    start, end, unit = trace.start.tolist(), trace.end.tolist(), trace.unit.tolist()
    free: list[list[float]] = [[] for _ in range(trace.tiling.units)]
    for row in np.argsort(trace.start, kind="stable").tolist():
        ends = free[unit[row]]
        lane = next((i for i, past in enumerate(ends) if past <= start[row]), len(ends))
        if lane == len(ends):
            ends.append(end[row])
        else:
            ends[lane] = end[row]
        found[row] = lane
    return found
