"""wgpu-tiles as a backend: wgpu on the kernels whose workgroups can be recorded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Colour
from mmviz.backends.recorder import How
from mmviz.backends.webgpu.backend import Webgpu
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.recorder import WebgpuRecorder
from mmviz.backends.webgpu.tickets import KERNELS, Drawn, TicketedPass, TicketedProducts
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.text import N_, Text, own


class WebgpuTiles(Webgpu):
    """See `Webgpu`; what it times is its kernel `tiled`."""

    title = Text(N_("wgpu tiles (mmviz's own kernels, recorded in their order)"))
    colour: Colour = "sky blue"
    recording_orders = ("rows",)
    recording_tiles = tuple(sorted({(rung.tm, rung.tn) for rung in KERNELS}))

    def __init__(self, adapter: str = "", *, binding: int | None = None) -> None:
        super().__init__("tiled", adapter, binding=binding)

    @property
    def name(self) -> Text:
        if not self._wanted:
            return own("wgpu-tiles")
        return Text(N_("{name} on {adapter:.30}"), name="wgpu-tiles", adapter=self._wanted)

    @property
    def id(self) -> str:
        return f"wgpu-tiles@{self._wanted}" if self._wanted else "wgpu-tiles"

    def prepare_recording(
        self,
        workload: Workload,
        numbers: Values | Operands,
        dtype: str,
        how: How,
        target: NDArray[np.float32] | None = None,
    ) -> WebgpuRecorder:
        """See `recorder.Records`."""
        if how.order not in ("", *self.recording_orders):
            raise InputError(
                N_("{who} hands out tiles by {known}, not by {order!r:.60}"),
                who=self.name,
                known=", ".join(self.recording_orders),
                order=how.order,
            )
        if how.threads is not None:
            raise InputError(N_("{who} takes no number of threads"), who=self.name)
        device = Device(self._adapter(), self._binding)
        network = workload.layered
        work: Drawn
        if isinstance(numbers, Operands) or network is None:
            listed = Products(workload.name, workload.lower())
            assert isinstance(numbers, Operands)  # a list has nothing else
            work = TicketedProducts(device, listed, numbers, dtype, how.tile)
        else:
            work = TicketedPass(device, network, numbers, dtype, target, how.tile)
        stacked = network is None and any(gemm.stack > 1 for gemm in workload.lower())
        return WebgpuRecorder(work, stacked)


def make(variant: str = "", adapter: str = "") -> WebgpuTiles:
    """variant: it has none; raises InputError for one."""
    if variant:
        raise InputError(N_("wgpu-tiles has no kernel {variant!r:.60} to choose"), variant=variant)
    return WebgpuTiles(adapter)
