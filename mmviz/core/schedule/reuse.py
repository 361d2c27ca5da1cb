"""What a unit can keep of A and B from one tile to the next, and how much that saves.

An idealized count of elements, not of bytes on a bus: a unit (or one of its slots) has room for the
strips of one tile, and no cache lies between the units and the memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.trace import Trace

KEEPS_A, KEEPS_B = 1, 2


@dataclass(frozen=True, slots=True)
class Traffic:
    """Elements of A and B loaded in the whole product.

    scheduled: every row of the trace loads its two strips, unless its unit keeps one from the row
    before. untiled: every multiply-add loads its two factors. ideal: every element once.
    """

    scheduled: int
    untiled: int
    ideal: int


def kept(trace: Trace) -> NDArray[np.uint8]:
    """For each row of the trace what its unit keeps from the tile before: KEEPS_A | KEEPS_B.

    A is kept where that tile lies in the same row of tiles, B where it lies in the same column of
    the same slice, and where its terms of k hold all of this row's. With several tiles resident,
    the tile before is the one that ran in the same place of the unit: its residents take turns.
    """
    place = _places(trace)
    order = np.argsort(place, kind="stable")  # by place, in order of start
    before, after = order[:-1], order[1:]
    k0, k1 = trace.k_range(slice(None))
    same = (place[before] == place[after]) & (k0[before] <= k0[after]) & (k1[after] <= k1[before])
    found = np.zeros(len(trace), np.uint8)
    found[after[same & (trace.m[before] == trace.m[after])]] |= KEEPS_A
    part = trace.tiling.place_of(trace.m)[0]  # the slice of a stack: each has a B of its own
    same &= part[before] == part[after]
    found[after[same & (trace.n[before] == trace.n[after])]] |= KEEPS_B
    return found


def loads(trace: Trace) -> NDArray[np.int64]:
    """Elements of A and B each row of the trace loads when it starts; strips are cut at the edge.

    Rows are in order of their start: the sum of the first `frame.begun` is the traffic until then.
    """
    gemm, (tm, tn) = trace.tiling.gemm, trace.tiling.tile
    keeps = kept(trace)
    k0, k1 = trace.k_range(slice(None))
    row = trace.m.astype(np.int64) % trace.tiling.tiles_m
    high = np.minimum(gemm.m - row * tm, tm)
    wide = np.minimum(gemm.n - trace.n.astype(np.int64) * tn, tn)
    sides = np.where(keeps & KEEPS_A, 0, high) + np.where(keeps & KEEPS_B, 0, wide)
    return np.asarray(sides * (k1 - k0).astype(np.int64), np.int64)


def traffic(trace: Trace) -> Traffic:
    """The whole product's loads, beside those without tiles and the fewest there can be."""
    gemm = trace.tiling.gemm
    return Traffic(
        int(loads(trace).sum()),
        gemm.flop,
        gemm.stack * (gemm.m * gemm.k + gemm.k * gemm.n),
    )


def _places(trace: Trace) -> NDArray[np.integer[Any]]:
    """Unit × place of each row: the nth row of a unit of r residents runs in place n mod r."""
    tiling = trace.tiling
    # int16 sorts by radix, a whole product in a few milliseconds
    small = tiling.slots <= np.iinfo(np.int16).max
    unit = trace.unit.astype(np.int16) if small else trace.unit
    if tiling.resident == 1:
        return unit
    order = np.argsort(unit, kind="stable")
    first = np.searchsorted(unit[order], np.arange(tiling.units).astype(unit.dtype))
    nth = np.empty(len(trace), np.int64)
    nth[order] = np.arange(len(trace)) - first[unit[order]]
    return np.asarray(unit + nth % tiling.resident * tiling.units, unit.dtype)
