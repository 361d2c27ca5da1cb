"""Stream-K: the k-steps of all tiles spread evenly over the units.

Source: Osama et al., Stream-K: Work-centric Parallel Decomposition for Dense Matrix-Matrix
Multiplication on the GPU, arXiv 2301.03598. Tiles follow row by row, each along k; every unit takes
a run of k-steps that may begin and end inside a tile. Adding up the pieces of a tile that several
units share is not modelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.schedule.deal import term_time
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.text import N_, Text

Counts = NDArray[np.int64]


class StreamK(Order):
    name = "stream-k"
    about = Text(
        N_(
            "all k-steps of all tiles spread evenly, tiles cut where a unit's share ends; "
            "adding the partial products up is not modelled"
        )
    )
    bodies = (Gpu,)
    even = True
    alone = True

    def rows_at_most(self, tiling: Tiling) -> int:
        # Every unit's run of k-steps but the first may begin inside a tile and cut it in two.
        return tiling.tiles + min(tiling.units, tiling.tiles * tiling.k_steps) - 1

    def rows_text(self, tiling: Tiling) -> Text:
        if self.rows_at_most(tiling) == tiling.tiles:
            return super().rows_text(tiling)
        m, n = tiling.tile
        return Text(N_("pieces of tiles of {m}×{n}"), m=m, n=n)

    def trace(self, tiling: Tiling, device: Device, dtype: str) -> Trace:
        return stream_k(tiling, *term_time(tiling, device, dtype))

    def duration(self, tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
        """As long as the unit with the most work takes."""
        time, terms, clock = term_time(tiling, device, dtype)
        return float(np.diff(_work(tiling, shares(tiling), terms)).max()) * time, clock


def shares(tiling: Tiling) -> Counts:
    """Where each unit's run of k-steps begins, and the end [units with work + 1]."""
    total = tiling.tiles * tiling.k_steps
    workers = min(tiling.units, total)
    even, more = divmod(total, workers)
    unit = np.arange(workers + 1, dtype=np.int64)
    return unit * even + np.minimum(unit, more)


def stream_k(tiling: Tiling, time: float, terms: int, clock: Clock) -> Trace:
    """The schedule; `terms` terms of k of one tile take `time`, terms being 1 or the k-step.

    A wave is the nth piece of each unit. Of every unit it starts before anybody's next one, since
    only the first may be short; after the first wave the units start in the order in which they
    were done with that.
    """
    steps, bounds = tiling.k_steps, shares(tiling)
    tile, work = bounds[:-1] // steps, _work(tiling, bounds, terms)
    whole = int(_work(tiling, np.array([steps]), terms)[0])
    total = np.diff(work)
    first = np.minimum(_work(tiling, (tile + 1) * steps, terms) - work[:-1], total)
    pieces = -(-bounds[1:] // steps) - tile
    by = np.argsort(first, kind="stable")
    # [waves × units], the units in that order.
    wave = np.arange(int(pieces.max()))[:, None]
    m, n = np.divmod((tile[by] + wave).astype(np.int32), np.int32(tiling.tiles_n))
    start, end = first[by] + (wave - 1) * whole, first[by] + wave * whole
    start[0] = 0
    unit = np.broadcast_to(by.astype(np.int32), end.shape).copy()
    k0 = np.zeros(end.shape, np.int32)
    k1 = np.full(end.shape, tiling.gemm.k, np.int32)
    k0[0] = ((bounds[:-1] - tile * steps) * tiling.k_step)[by]
    last = pieces[by] - 1, np.arange(len(by))
    end[last] = total[by]
    k1[last] = np.minimum((bounds[1:] - (tile + pieces - 1) * steps) * tiling.k_step, k1[last])[by]
    # The first wave is in the order of the units, and at the end some have no piece any more.
    back, full, there = np.argsort(by), int(pieces.min()), wave < pieces[by]
    columns: list[NDArray[Any]] = []
    for column in (m, n, unit, start * time, end * time, k0, k1):
        column[0] = column[0][back]
        flat = column.ravel()
        rest = column[full:][there[full:]]
        past = full * len(by) + len(rest)
        flat[past - len(rest) : past] = rest
        columns.append(flat[:past])
    m, n, unit, begin, finish, k0, k1 = columns
    rows = np.cumsum(np.append(0, there.sum(axis=1)))[:-1].astype(np.int32)
    return Trace(tiling, m, n, unit, begin, finish, clock, k0=k0, k1=k1, wave_rows=rows)


def _work(tiling: Tiling, at: Counts, terms: int) -> Counts:
    """Work before k-step `at` of the whole run: k-steps, or terms of k where `terms` is 1."""
    if terms == tiling.k_step:
        return at
    tile, step = np.divmod(at, tiling.k_steps)
    return np.asarray(tile * tiling.gemm.k + np.minimum(step * tiling.k_step, tiling.gemm.k))
