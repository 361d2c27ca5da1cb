"""As OpenBLAS parts a product among its threads: one tile a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Device
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.partition import ratio_text, switch_ratio, thread_tile
from mmviz.core.schedule.tiling import Tiling
from mmviz.text import N_, Text


class OpenBlas(Order):
    name = "openblas"
    about = Text(N_("one tile a thread, as OpenBLAS parts a product; threads beyond its need idle"))
    bodies = (Cpu,)
    alone = True
    own_tile = True

    def arranged(self, tiling: Tiling, device: Device) -> Tiling:
        ratio, _ = switch_ratio(device.blas_core)
        return replace(tiling, tile=thread_tile(tiling.gemm, device.units, ratio), resident=1)

    def note(self, device: Device, tilings: Sequence[Tiling]) -> Text:  # noqa: ARG002  # for others
        return ratio_text(device.blas_core)
