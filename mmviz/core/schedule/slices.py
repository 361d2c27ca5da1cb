"""How far each product of a stack is at an instant, looked at one by one or several together."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.grid import over
from mmviz.core.schedule.trace import Frame, Trace

Counts = NDArray[np.int64]
Indices = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Of each group of slices [groups] how many rows of the trace it has, how many have begun,
    and how many of these are being computed.
    """

    rows: Counts
    begun: Counts
    active: Counts


def groups_of(stack: int, most: int) -> int:
    """How many slices go together, one after the other, so that there are at most `most` groups."""
    return over(stack, max(1, most))


def standing(frame: Frame, together: int) -> Standing:
    """How far the slices are, `together` of them a group; the last group may have fewer."""
    trace = frame.trace
    order, bounds = by_group(trace, together)
    if order is None:
        begun = np.clip(frame.begun - bounds[:-1], 0, np.diff(bounds))
    else:
        parts = np.split(order, bounds[1:-1])
        begun = np.array([np.searchsorted(part, frame.begun) for part in parts], np.int64)
    active = np.bincount(_group(trace, frame.active, together), minlength=len(bounds) - 1)
    return Standing(np.diff(bounds), begun, active.astype(np.int64))


def slice_now(frame: Frame) -> int:
    """The slice whose tile began last."""
    return int(slices_of(frame.trace, np.array([max(frame.begun - 1, 0)]))[0])


def slices_of(trace: Trace, rows: Indices) -> Indices:
    """Which slice each of these rows is of."""
    return trace.tiling.place_of(trace.tiles_of(rows)[0])[0]


def _group(trace: Trace, rows: Indices, together: int) -> Indices:
    return np.asarray(slices_of(trace, rows) // together)


@functools.lru_cache(maxsize=2)  # asked for at every frame
def by_group(trace: Trace, together: int) -> tuple[Indices | None, Counts]:
    """Rows by group, ascending in each, and where each group's begin, and the end.

    Rows None: all in their order, as most orders deal slice after slice.
    """
    groups = over(trace.tiling.gemm.stack, together)
    of = np.asarray(_group(trace, np.arange(len(trace), dtype=np.int32), together), np.int32)
    order = None if (of[1:] >= of[:-1]).all() else np.argsort(of, kind="stable")
    bounds = np.concatenate(([0], np.cumsum(np.bincount(of, minlength=groups)))).astype(np.int64)
    return order, bounds
