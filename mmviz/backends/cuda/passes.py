"""A network's pass and a list of products on a CUDA GPU, in tiles of our own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.cuda.tiled import Tiles
from mmviz.backends.cupy_pass import CupyPass
from mmviz.backends.cupy_products import CupyProducts
from mmviz.backends.cupy_steps import CupySteps
from mmviz.backends.steps import Step
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products


class InTiles(CupySteps):
    """What a pass and a list have in common: what is recorded may be launched one by one. graphed:
    a small pass may become one CUDA graph, which nobody can record the inside of.
    """

    multiplies: Tiles
    graphed: bool

    @property
    def stream(self) -> Any:
        """On which all is launched."""
        return self._stream

    @property
    def dtype(self) -> str:
        return self._dtype

    @property
    def steps(self) -> tuple[Step, ...]:
        """What a pass computes, in order."""
        return self._steps

    def tiles(self) -> tuple[Tile | None, ...]:
        return tuple(one.program.tile for one in self.multiplies.made)

    def record(self) -> None:
        """See `CupySteps.record`."""
        if self.graphed:
            super().record()


class TiledPass(InTiles, CupyPass):
    """See `CupyPass`: products are ours, the sums of rows and all else as there."""

    def __init__(
        self,
        cupy: Any,
        tiles: Tiles,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        *,
        graphed: bool = True,
    ) -> None:
        self.multiplies, self.graphed = tiles, graphed
        super().__init__(cupy, network, values, dtype, target, tiles)


class TiledProducts(InTiles, CupyProducts):
    """See `CupyProducts`: sums are told in float32, whatever was multiplied."""

    def __init__(
        self, cupy: Any, tiles: Tiles, products: Products, operands: Operands, dtype: str
    ) -> None:
        self.multiplies, self.graphed = tiles, False
        super().__init__(cupy, products, operands, dtype, tiles)
