"""Fewer tiles than ran, kept evenly, for a product of too many to be kept; always declared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.schedule.trace import Trace

MOST_ROWS = 131_072  # tiles of a product that are kept; more than a screen has room for
MOST_ROWS_IN_ALL = 1_048_576  # of a recording

Value = TypeVar("Value", bound=np.generic)


def sampled(recorded: Recorded, most: int | None = None) -> Recorded:
    """The product with at most so many tiles, or MOST_ROWS: each n-th by its block's number.

    They keep their numbers and their times, and `tiles_run` says how many there were.
    """
    trace = recorded.trace
    rows, most = len(trace), most or MOST_ROWS
    if rows <= most:
        return recorded
    blocks = np.arange(rows, dtype=np.int64) if recorded.blocks is None else recorded.blocks
    kept = evenly(blocks, most)
    fewer = Trace(
        trace.tiling,
        trace.m[kept],
        trace.n[kept],
        trace.unit[kept],
        trace.start[kept],
        trace.end[kept],
        trace.clock,
        trace.provenance,
        _of(trace.k0, kept),
        _of(trace.k1, kept),
    )
    ran = rows if recorded.tiles_run is None else recorded.tiles_run
    cores = _of(recorded.cores, kept)
    return replace(recorded, trace=fewer, cores=cores, blocks=blocks[kept], tiles_run=ran)


def within(recording: Recording) -> Recording:
    """The recording with no more tiles than are kept, of a product and in all."""
    each = most_each(recording.tiles, len(recording.products))
    products = tuple(sampled(one, each) for one in recording.products)
    return replace(recording, products=products)


def most_each(tiles: int, products: int) -> int:
    """How many tiles of each product are kept, where all of them have so many."""
    if tiles <= MOST_ROWS_IN_ALL:
        return MOST_ROWS
    return least_each(products)


def least_each(products: int) -> int:
    """Of how many tiles none is left out, whatever the other products have."""
    return min(MOST_ROWS, max(1, MOST_ROWS_IN_ALL // products))


def evenly(blocks: NDArray[np.integer[Any]], most: int) -> NDArray[np.intp]:
    """The rows that are kept, ascending: each n-th by its block's number; all of a few."""
    rows = len(blocks)
    if rows <= most:
        return np.arange(rows)
    places = np.arange(most, dtype=np.int64) * rows // most
    return np.sort(np.argsort(blocks, kind="stable")[places])


def _of(column: NDArray[Value] | None, rows: NDArray[Any]) -> NDArray[Value] | None:
    return None if column is None else column[rows]
