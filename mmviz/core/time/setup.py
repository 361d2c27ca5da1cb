"""Setup: what is priced and what is timed. Hashable: the key of all that is found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from mmviz.core.device.device import Device, Tile
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.workload import Workload

LaunchKind = Literal["graph", "eager"]
LAUNCH_KINDS: tuple[LaunchKind, ...] = get_args(LaunchKind)
"""How products follow each other on a GPU: recorded in a graph, or each by a call of the host."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a clock sees of a setup: the same time, whatever device it is modelled on."""

    workload: Workload
    batch: int
    dtype: str
    training: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """A workload and how it is computed. tile, order None: chosen for each product.

    launch_kind: how launches follow each other; only of a GPU does a time depend on it. Of a list
    of products batch is 1 and training False.
    """

    workload: Workload
    device: Device
    batch: int = 1
    training: bool = False
    dtype: str = DEFAULT
    tile: Tile | None = None
    order: str | None = None
    launch_kind: LaunchKind = "graph"

    @property
    def timed(self) -> Pass:
        """The part that a clock sees."""
        return Pass(self.workload, self.batch, self.dtype, self.training)

    def gemms(self) -> tuple[Gemm, ...]:
        """The products of one pass."""
        return self.workload.lower(self.batch, self.training)
