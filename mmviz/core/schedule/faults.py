"""What can be wrong with a Trace, modelled or recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.trace import Trace, most_held
from mmviz.text import N_, Text


def faults(trace: Trace, *, sampled: bool = False) -> Iterator[Text]:
    """What is wrong with a trace, one sentence each; nothing for a sound one.

    Every term of k of every output tile is computed exactly once, every row has a unit that exists
    and takes time, rows are in order of their start, and no unit ever holds more than its
    residency. sampled: some rows were left out, so that terms may be missing, but none is twice. A
    recorded tile may be shorter than a step of its clock: it takes no less than no time.
    """
    tiling = trace.tiling
    if (m := _outside(trace.m, tiling.rows_m)) is not None:
        yield Text(N_("row of tiles {m} of {of}"), m=m, of=tiling.rows_m)
        return
    if (n := _outside(trace.n, tiling.tiles_n)) is not None:
        yield Text(N_("column of tiles {n} of {of}"), n=n, of=tiling.tiles_n)
        return
    yield from _cover_faults(trace, sampled)
    if (unit := _outside(trace.unit, tiling.units)) is not None:
        yield Text(N_("unit {unit} of {of}"), unit=unit, of=tiling.units)
    if not (trace.end >= trace.start).all():
        yield Text(N_("a tile that ends before it starts"))
    elif trace.provenance.kind != "recorded" and not (trace.end > trace.start).all():
        yield Text(N_("a tile that takes no time"))
    if (np.diff(trace.start) < 0).any():
        yield Text(N_("a tile listed before one that starts earlier"))
    held = most_held(trace)
    if held > tiling.resident:
        yield Text(
            N_("a unit holds {held} tiles, its residency is {resident}"),
            held=held,
            resident=tiling.resident,
        )


def _outside(numbers: NDArray[np.integer[Any]], count: int) -> int | None:
    """One that is not from 0 to `count` - 1, None where all are."""
    least, most = int(numbers.min()), int(numbers.max())
    return least if least < 0 else most if most >= count else None


def _cover_faults(trace: Trace, sampled: bool) -> Iterator[Text]:
    """Sorted by tile and k, each row must begin where the one before ended, or a tile at 0 … K."""
    tiling = trace.tiling
    tile = trace.m.astype(np.int64) * tiling.tiles_n + trace.n
    times = np.bincount(tile, minlength=tiling.tiles)
    missing = 0 if sampled else np.count_nonzero(times == 0)
    if trace.k0 is None:
        again = int((times > 1).sum())
        if missing or again:
            said = N_("{missing:group} tiles missing, {again:group} computed twice")
            yield Text(said, missing=missing, again=again)
        return
    if missing:
        yield Text(N_("{missing:group} tiles missing"), missing=missing)
    k0, k1 = (k.astype(np.int64) for k in trace.k_range(slice(None)))
    if (k1 <= k0).any():
        yield Text(N_("a piece without a term of k"))
    order = np.lexsort((k0, tile))
    tile, k0, k1 = tile[order], k0[order], k1[order]
    first = np.diff(tile, prepend=-1) != 0
    last = np.append(first[1:], True)
    gaps = np.append(
        k0 - np.where(first, 0, np.roll(k1, 1)),  # before each row
        (tiling.gemm.k - k1)[last],  # and after the last of each tile
    )
    if gaps.any():
        lost, again = gaps[gaps > 0].sum(), -gaps[gaps < 0].sum()
        if sampled and not again:
            return
        said = N_("{lost:group} terms of k missing, {again:group} computed twice")
        yield Text(said, lost=int(lost), again=int(again))
