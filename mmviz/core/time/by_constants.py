"""What products take on a calibrated CPU, by the constants of `cpu_time`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.time.cpu_time import cpu_seconds
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.traffic import bytes_past_l2
from mmviz.text import N_, NOTHING, Text


@dataclass(frozen=True, slots=True)
class ByConstants:
    """The time model of a CPU in one dtype, whose peak FLOP/s is known."""

    device: Device
    body: Cpu
    dtype: str
    peak: float
    fitted: Calibration

    @property
    def basis(self) -> Text:
        return Text(N_("calibrated on this machine, products only: no bias, no activation"))

    @property
    def beyond(self) -> Text:
        return NOTHING  # what it does not cover, the basis says

    def stages(self, cuts: Cuts) -> tuple[Floats, Floats]:
        m, n, k = cuts.shapes.sides
        threads, size = self.body.blas_threads or self.device.units, BYTES[self.dtype]
        constants = dict(self.fitted.constants)
        total = cpu_seconds(m, n, k, constants, threads, size, self.body.blas_core)
        at_peak = 2 * m * n * k / self.peak
        # A thread's share of C is no tile that is padded: nothing is computed past the edge.
        idle = at_peak / cuts.single.wave_efficiency
        bandwidth = self.device.bandwidth
        moved = bytes_past_l2(m, n, k, size, size)
        fed = idle if bandwidth is None else np.maximum(idle, moved / bandwidth)
        computed = total - (self.fitted.constant("t0") or 0.0)
        # Fitted, a product may take no longer than the call; it computes all the same.
        computed = np.where(computed > 0, computed, np.minimum(at_peak, total / 2))
        stages = np.stack([at_peak, at_peak, idle, idle, fed, computed, computed, total])
        # Caches are faster than the memory, and a thread alone faster than its share of the peak.
        stages[1:5] = np.minimum(stages[1:5], np.maximum(computed, at_peak))
        # NumPy has the library compute the products of a stack one by one, in a single call.
        stages[:-1] *= cuts.shapes.stack
        stages[-1] = stages[-2] + total - computed
        error = np.nan if self.fitted.error is None else self.fitted.error
        return stages, np.full(len(cuts), error)
