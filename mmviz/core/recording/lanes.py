"""Slots of a unit told apart: tiles that are resident at once, each in a lane of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.trace import Trace


def lanes(trace: Trace) -> NDArray[np.int32]:
    """The lane of each row, from 0 in each unit: the first one that is free when the row starts.

    No two rows of one unit and one lane overlap; a unit has as many lanes as it holds tiles at
    most. A recording does not say which slot a block had: this is one way they can have lain.
    """
    return lanes_of(trace.unit, trace.start, trace.end)


def lanes_of(
    unit: NDArray[np.integer[Any]], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.int32]:
    """The same of spans in any order."""
    found = np.zeros(len(start), np.int32)
    starts, ends, units = start.tolist(), end.tolist(), unit.tolist()
    free: dict[int, list[float]] = {}  # until when each lane is taken
    for row in np.lexsort((end, start)).tolist():
        taken = free.setdefault(units[row], [])
        lane = next((i for i, past in enumerate(taken) if past <= starts[row]), len(taken))
        taken[lane : lane + 1] = [ends[row]]
        found[row] = lane
    return found
