"""Passes of whole networks and lists whose products are computed in tiles."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.array_products import ArrayProducts
from mmviz.backends.arrays import ArrayPass
from mmviz.backends.base import UNLIMITED, Part
from mmviz.backends.cpu_tiles.crew import Crew
from mmviz.backends.cpu_tiles.multiplier import PULLING, Order, TiledMultiplier
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products


class _Tiled:
    """What a pass in tiles has beside one on whole arrays: a crew, and one BLAS thread for each."""

    paused_s = 0.0
    multiplier: TiledMultiplier

    def _made(
        self, gemms: Sequence[Gemm], crew: Crew, tile: Tile | None, order: Order, macs: int
    ) -> TiledMultiplier:
        self.multiplier = TiledMultiplier(gemms, crew, tile, order, macs)
        return self.multiplier

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; that BLAS gets other threads is no computing."""
        began = perf_counter()
        with self.multiplier.threads():
            ready = perf_counter()
            share = self._run(budget_s)
            ended = perf_counter()
        self.paused_s += perf_counter() - ended + ready - began
        return share

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`."""
        with self.multiplier.threads():
            return self._parts()

    def tiles(self) -> tuple[Tile | None, ...]:
        """See `base.Ready.tiles`."""
        return tuple(cut.tile for cut in self.multiplier.cuts)

    def close(self) -> None:
        """See `base.Ready.close`."""
        self.multiplier.close()
        self.__dict__.clear()

    def _run(self, budget_s: float) -> float:
        raise NotImplementedError

    def _parts(self) -> tuple[Part, ...]:
        raise NotImplementedError


class TiledPass(_Tiled, ArrayPass):
    """See `base.Prepared`."""

    def __init__(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        crew: Crew,
        tile: Tile | None = None,
        order: Order = PULLING,
    ) -> None:
        gemms = network.lower(len(values.x), target is not None)
        super().__init__(
            network,
            values,
            dtype,
            target,
            xp=np,
            synchronize=_nothing,
            to_host=np.asarray,
            multiplier=lambda macs: self._made(gemms, crew, tile, order, macs),
        )

    def _run(self, budget_s: float) -> float:
        return ArrayPass.run(self, budget_s)

    def _parts(self) -> tuple[Part, ...]:
        return ArrayPass.parts(self)


class TiledProducts(_Tiled, ArrayProducts):
    """See `base.PreparedProducts`."""

    def __init__(
        self,
        products: Products,
        operands: Operands,
        dtype: str,
        crew: Crew,
        tile: Tile | None = None,
        order: Order = PULLING,
    ) -> None:
        super().__init__(
            products,
            operands,
            dtype,
            xp=np,
            synchronize=_nothing,
            to_host=np.asarray,
            multiplier=lambda macs: self._made(products.gemms, crew, tile, order, macs),
        )

    def _run(self, budget_s: float) -> float:
        return ArrayProducts.run(self, budget_s)

    def _parts(self) -> tuple[Part, ...]:
        return ArrayProducts.parts(self)


def _nothing() -> None:
    """NumPy has computed when it returns."""
