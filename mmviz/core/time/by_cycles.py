"""What products take on systolic arrays: the cycles of their folds, and the memory's bandwidth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.grid import over, waves_and_series
from mmviz.core.schedule.systolic import cycles_of, fold_cycles
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.traffic import bytes_past_l2
from mmviz.text import N_, NOTHING, Text


@dataclass(frozen=True, slots=True)
class ByCycles:
    """The time model of arrays whose clock, peak FLOP/s and bandwidth bytes/s are known.

    Seconds are cycles over the clock, no less than the memory needs, and no less than the peak
    allows. More rows, columns or terms never take less: each of the three only grows with them.
    """

    device: Device
    body: Systolic
    dtype: str
    peak: float
    bandwidth: float
    clock: float

    @property
    def basis(self) -> Text:
        if self.body.double_buffered:
            return Text(N_("datasheet and cycles: loading beside the work, nothing measured"))
        return Text(N_("datasheet and cycles: filling and draining counted, nothing measured"))

    @property
    def beyond(self) -> Text:
        return NOTHING  # no error is known that it could come on top of

    @property
    def pace(self) -> int:
        """How many multiplications a multiplier makes in a cycle, whole: two int8 on TPU v5e.

        Derived: the published peak over multipliers and clock. Filling is taken to be as much
        quicker.
        """
        rows, columns = self.body.array
        once = 2 * rows * columns * self.device.units * self.clock
        return max(1, round(self.peak / once))

    def launched(self, computing: Floats) -> Floats:
        """Seconds of launches that compute so long: nothing is known of what they take."""
        return computing

    def stages(self, cuts: Cuts) -> tuple[Floats, Floats]:
        m, n, k = cuts.shapes.sides
        (rows, columns), through = self.body.array, self._through(cuts)
        stack = cuts.shapes.stack.astype(np.float64)
        size, out = BYTES[self.dtype], out_bytes(self.dtype)
        moved = bytes_past_l2(m, n, k, size, out, stack=stack)
        at_peak = 2 * stack * m * n * k / self.peak
        # Past the edges of C, and of k, an array multiplies as much as within.
        folds = cuts.tiles * over(cuts.shapes.k, cuts.k_step)
        tiled = 2.0 * folds * through * (rows * columns) / self.peak
        idle = tiled / cuts.wave_efficiency
        fed = np.maximum(idle, moved / self.bandwidth)
        total = np.maximum(self._cycles(cuts) / (self.clock * self.pace), moved / self.bandwidth)
        total = np.maximum(total, at_peak)  # a peak is published rounded, up or down
        stages = np.stack([at_peak, tiled, idle, idle, fed, total, total, total])
        stages[1:5] = np.minimum(stages[1:5], total)
        return stages, np.full(len(cuts), np.nan)

    def _through(self, cuts: Cuts) -> NDArray[Any]:
        """How many elements flow past each multiplier in a fold."""
        shapes = cuts.shapes
        dataflow = cuts.order.dataflow or self.body.dataflow
        return {"ws": shapes.m, "os": shapes.k, "is": shapes.n}[dataflow]

    def _cycles(self, cuts: Cuts) -> NDArray[Any]:
        """Of the busiest array."""
        dataflow = cuts.order.dataflow or self.body.dataflow
        buffered = self.body.double_buffered
        every, cycles = fold_cycles(self._through(cuts), self.body.array, dataflow, buffered)
        series = waves_and_series(cuts.tiles * cuts.parts, cuts.units, cuts.resident)[1]
        folds = series * over(cuts.shapes.k, cuts.k_step)
        return cycles_of(folds, every, cycles)
