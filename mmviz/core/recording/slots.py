"""Slots: which of the rows that ran at one time each is, where nobody says."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.text import N_, Text


def slots_of(
    start: NDArray[Any], end: NDArray[Any], unit: NDArray[np.integer[Any]] | None = None
) -> NDArray[np.int32]:
    """A slot for each row, from 0 in each unit, None: of one unit all. It is the lowest that is
    free when the row starts, so that no two rows of one slot overlap and there are no more slots
    than rows that ran at one time. One that ends makes room for one that starts then.
    """
    found = np.empty(len(start), np.int32)
    starts, ends = start.tolist(), end.tolist()
    units = [0] * len(start) if unit is None else unit.tolist()
    free: dict[int, list[int]] = {}
    busy: dict[int, list[tuple[Any, int]]] = {}
    for row in np.lexsort((end, start)).tolist():
        left, taken = free.setdefault(units[row], []), busy.setdefault(units[row], [])
        while taken and taken[0][0] <= starts[row]:
            heapq.heappush(left, heapq.heappop(taken)[1])
        slot = heapq.heappop(left) if left else len(taken)
        heapq.heappush(taken, (ends[row], slot))
        found[row] = slot
    return found


def most_at_once(start: NDArray[Any], end: NDArray[Any], unit: NDArray[Any] | None = None) -> int:
    """The most rows that any unit had at one time, None: of one unit all; one that ends makes room
    for one that starts.
    """
    unit = np.zeros(len(start), np.int8) if unit is None else unit
    units = np.concatenate((unit, unit))
    times = np.concatenate((start, end))
    change = np.repeat(np.array([1, -1]), len(unit))
    order = np.lexsort((change, times, units))
    return int(np.cumsum(change[order]).max())  # it is 0 between two units


def slot_name(slot: int) -> Text:
    """What a slot is called, counted from 0."""
    return Text(N_("slot {n:d}"), n=slot + 1)
