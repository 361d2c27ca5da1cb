"""Which of those in flight a row is, where nobody says which unit computed it."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.text import N_, Text


def in_flight(start: NDArray[Any], end: NDArray[Any]) -> NDArray[np.int32]:
    """A slot for each row, from 0: the lowest that is free when it starts, so that there are no
    more slots than rows that ran at one time. One that ends makes room for one that starts then.
    """
    slot = np.empty(len(start), np.int32)
    free: list[int] = []
    busy: list[tuple[Any, int]] = []
    made = 0
    for row in np.lexsort((end, start)).tolist():
        while busy and busy[0][0] <= start[row]:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            slot[row] = heapq.heappop(free)
        else:
            slot[row], made = made, made + 1
        heapq.heappush(busy, (end[row], int(slot[row])))
    return slot


def most_at_once(unit: NDArray[Any], start: NDArray[Any], end: NDArray[Any]) -> int:
    """The most rows that any unit had at one time; one that ends makes room for one that starts."""
    units = np.concatenate((unit, unit))
    times = np.concatenate((start, end))
    change = np.repeat(np.array([1, -1]), len(unit))
    order = np.lexsort((change, times, units))
    return int(np.cumsum(change[order]).max())  # it is 0 between two units


def slot_name(slot: int) -> Text:
    """What a slot is called, counted from 0."""
    return Text(N_("slot {n:d}"), n=slot + 1)
