"""What products take on systolic arrays: the cycles of their folds, and the memory's bandwidth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.device.device import Device
from mmviz.core.schedule.schedule import least_time
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.wave_time import bytes_past_l2
from mmviz.text import N_, NOTHING, Text


@dataclass(frozen=True, slots=True)
class ByCycles:
    """The time model of arrays whose clock, peak FLOP/s and bandwidth bytes/s are known."""

    device: Device
    dtype: str
    peak: float
    bandwidth: float
    clock: float

    @property
    def basis(self) -> Text:
        return Text(N_("datasheet and cycles: filling and draining counted, nothing measured"))

    @property
    def beyond(self) -> Text:
        return NOTHING  # no error is known that it could come on top of

    def stages(self, cuts: Cuts) -> tuple[Floats, Floats]:
        m, n, k = cuts.shapes.sides
        cycles = np.array([least_time(t, self.device, self.dtype)[0] for t in cuts.tilings()])
        stack = cuts.shapes.stack.astype(np.float64)
        size, out = BYTES[self.dtype], out_bytes(self.dtype)
        moved = bytes_past_l2(m, n, k, size, out, None, 0.0, stack)
        at_peak = 2 * stack * m * n * k / self.peak
        tiled = at_peak / cuts.tile_efficiency
        idle = tiled / cuts.wave_efficiency
        fed = np.maximum(idle, moved / self.bandwidth)
        total = np.maximum(cycles / self.clock, moved / self.bandwidth)
        total = np.maximum(total, at_peak)  # a peak is published rounded, up or down
        stages = np.stack([at_peak, tiled, idle, idle, fed, total, total])
        stages[1:5] = np.minimum(stages[1:5], total)
        return stages, np.full(len(cuts), np.nan)
