"""Stream-K: the k-steps of all tiles spread evenly over the units.

Source: Osama et al., Stream-K: Work-centric Parallel Decomposition for Dense Matrix-Matrix
Multiplication on the GPU, arXiv 2301.03598. Tiles follow row by row, each along k; every unit takes
a run of k-steps that may begin and end inside a tile. Adding up the pieces of a tile that several
units share is not modelled.
"""

from __future__ import annotations

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

    A wave is the nth piece of each unit.
    """
    steps, bounds = tiling.k_steps, shares(tiling)
    tile_ends = np.arange(tiling.tiles + 1, dtype=np.int64) * steps
    cuts = np.sort(np.concatenate((tile_ends, bounds)), kind="stable")  # merges two sorted runs
    cuts = cuts[np.diff(cuts, prepend=-1) > 0]
    first, past = cuts[:-1], cuts[1:]
    unit = np.searchsorted(bounds, first, side="right") - 1
    tile = first // steps
    begun = _work(tiling, bounds[unit], terms)
    start = np.asarray((_work(tiling, first, terms) - begun) * time, np.float64)
    end = np.asarray((_work(tiling, past, terms) - begun) * time, np.float64)
    nth = np.arange(len(unit)) - np.searchsorted(unit, np.arange(len(bounds) - 1))[unit]
    # Of every unit the nth piece starts before anybody's next one: only the first may be short.
    order = np.argsort(start, kind="stable")  # pieces lie unit by unit: ties keep that order
    m, n = np.divmod(tile[order].astype(np.int32), np.int32(tiling.tiles_n))
    k0 = (first - tile * steps) * tiling.k_step
    k1 = np.minimum((past - tile * steps) * tiling.k_step, tiling.gemm.k)
    return Trace(
        tiling,
        m,
        n,
        unit[order].astype(np.int32),
        start[order],
        end[order],
        clock,
        k0=k0[order].astype(np.int32),
        k1=k1[order].astype(np.int32),
        wave_rows=np.flatnonzero(np.diff(nth[order], prepend=-1)).astype(np.int32),
    )


def _work(tiling: Tiling, at: Counts, terms: int) -> Counts:
    """Work before k-step `at` of the whole run: k-steps, or terms of k where `terms` is 1."""
    if terms == tiling.k_step:
        return at
    tile, step = np.divmod(at, tiling.k_steps)
    return np.asarray(tile * tiling.gemm.k + np.minimum(step * tiling.k_step, tiling.gemm.k))
