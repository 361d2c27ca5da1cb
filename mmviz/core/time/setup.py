"""Setup: what is priced and what is timed. Hashable: the key of all that is found out."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device, Tile
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.gemm import Gemm, Products, lower
from mmviz.core.shapes.network import Network


@dataclass(frozen=True, slots=True)
class Pass:
    """What a clock sees of a setup: the same time, whatever device it is modelled on."""

    network: Network | Products
    batch: int
    dtype: str
    training: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """A workload and how it is computed. tile, order None: chosen for each product.

    Of a list of products batch is 1 and training False.
    """

    network: Network | Products
    device: Device
    batch: int = 1
    training: bool = False
    dtype: str = DEFAULT
    tile: Tile | None = None
    order: str | None = None

    @property
    def timed(self) -> Pass:
        """The part that a clock sees."""
        return Pass(self.network, self.batch, self.dtype, self.training)

    def gemms(self) -> tuple[Gemm, ...]:
        """The products of one pass."""
        return lower(self.network, self.batch, self.training)
