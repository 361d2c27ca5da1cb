"""Orders of systolic arrays: what sits still in them while the rest flows through.

Source: SCALE-Sim.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmviz.core.device.body import Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.deal import tile_folds
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.systolic import fold_tile
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.text import N_, Text


class Stationary(Order):
    """Tiles row by row, each array one after the other, a row of the trace a fold.

    A tile is the strip of C that its folds compute one after the other, k_step the terms of k in a
    fold. The folds of a tile follow each other along k on one array, which keeps their sum. A wave
    is the nth tile of each array. Where arrays are double-buffered, a row ends as the next fold
    begins to be loaded, its last sums still on their way; an array's last row ends with its sums.
    """

    bodies = (Systolic,)
    alone = True
    own_tile = True

    def arranged(self, tiling: Tiling, device: Device) -> Tiling:
        if device.array is None or self.dataflow is None:
            return tiling
        tile, k_step = fold_tile(tiling.gemm, device.array, self.dataflow)
        return replace(tiling, tile=tile, k_step=k_step, resident=1)

    def rows_at_most(self, tiling: Tiling) -> int:
        return tiling.tiles * tiling.k_steps

    def rows_text(self, tiling: Tiling) -> Text:  # noqa: ARG002  # for others
        return Text(N_("folds"))

    def duration(self, tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:  # noqa: ARG002  # for others
        found = tile_folds(tiling, device)
        return float(found.cycles_of(tiling.tiles_in_series * tiling.k_steps)), "steps"

    def trace(self, tiling: Tiling, device: Device, dtype: str) -> Trace:
        found = tile_folds(tiling, device)
        if tiling.k_steps == 1 and not found.overlapped:
            return super().trace(tiling, device, dtype)
        tiles = tiling.tiles
        units = min(tiling.units, tiles)
        chain, every = tiling.k_steps, float(found.every)
        # Row i: which wave, then which fold of its tiles, then which array.
        rows = np.arange(tiles * chain, dtype=np.int32)
        wave, within = np.divmod(rows, np.int32(units * chain))
        width = np.minimum(tiles - wave * units, units).astype(np.int32)
        fold, unit = np.divmod(within, width)
        m, n = self.over_stack(tiling).tile(wave * np.int32(units) + unit)
        nth = wave * chain + fold
        start, end = nth * every, (nth + 1) * every
        # An array's last fold: it has no tile in the wave after this one.
        last = (fold == chain - 1) & ((wave + 1) * units + unit >= tiles)
        end[last] = start[last] + found.cycles_per_fold
        if chain == 1:
            return Trace(tiling, m, n, unit, start, end, "steps")
        k0 = fold * np.int32(tiling.k_step)
        k1 = np.minimum(k0 + np.int32(tiling.k_step), np.int32(tiling.gemm.k))
        waves = np.arange(0, tiles * chain, units * chain, dtype=np.int32)
        return Trace(tiling, m, n, unit, start, end, "steps", k0=k0, k1=k1, wave_rows=waves)


class WeightStationary(Stationary):
    name = "ws"
    about = Text(N_("weight-stationary: B sits in the array, A flows through"))
    dataflow = "ws"


class OutputStationary(Stationary):
    name = "os"
    about = Text(N_("output-stationary: C grows in the array, A and B flow through"))
    dataflow = "os"


class InputStationary(Stationary):
    name = "is"
    about = Text(N_("input-stationary: A sits in the array, B flows through"))
    dataflow = "is"
