"""Our own tiles on a CUDA GPU: programs that say who computed which of them when."""

from __future__ import annotations

import sys
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Colour, Place
from mmviz.backends.cuda.passes import TiledPass, TiledProducts
from mmviz.backends.cuda.recorder import CudaRecorder
from mmviz.backends.cuda.source import DTYPES, TILES
from mmviz.backends.cuda.tiled import Gpu, Tiles
from mmviz.backends.cupy_device import checked_cupy, gpu_facts, knows, ready_cupy
from mmviz.backends.recorder import How
from mmviz.backends.steps import checked_bytes, checked_products_bytes
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import check_order
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.text import N_, Text, own


class CudaTiles:
    """Computes on the first CUDA GPU. float32 is multiplied and added as such, the others by tensor
    cores, which add up in float32.
    """

    id = "cuda-tiles"
    name = Text(N_("CUDA tiles"))
    title = Text(N_("CUDA tiles (mmviz's own programs on the GPU, by CuPy)"))
    colour: Colour = "vermilion"
    is_gpu = True
    trains = True
    library = ""
    proves: Literal[""] = ""
    recording_orders = (
        "rows",
        "columns",
        "swizzle-2",
        "swizzle-4",
        "swizzle-8",
        "split-k-2",
        "split-k-4",
        "split-k-8",
        "persistent",
    )
    recording_tiles = TILES

    @property
    def dtypes(self) -> tuple[str, ...]:
        """As of CuPy's: those of the GPU once it is loaded."""
        cupy = sys.modules.get("cupy")
        return DTYPES if cupy is None else tuple(x for x in DTYPES if knows(cupy, x))

    def check(self) -> None:
        checked_cupy()

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - every listed dtype is quick
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002 - it computes in what was asked for
        return None

    def facts(self) -> dict[str, str]:
        return gpu_facts()

    def place(self) -> Place | None:
        return Place(gpu_facts()["gpu"], clock=True)

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        return checked_bytes(network, batch, training)

    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        return checked_products_bytes(products)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> TiledPass:
        cupy = ready_cupy(dtype)
        tiles = Tiles(Gpu(cupy), dtype, check_order(self.recording_orders[0]))
        return TiledPass(cupy, tiles, network, values, dtype, target)

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> TiledProducts:
        cupy = ready_cupy(dtype)
        tiles = Tiles(Gpu(cupy), dtype, check_order(self.recording_orders[0]))
        return TiledProducts(cupy, tiles, products, operands, dtype)

    def prepare_recording(
        self,
        workload: Workload,
        numbers: Values | Operands,
        dtype: str,
        how: How,
        target: NDArray[np.float32] | None = None,
    ) -> CudaRecorder:
        """See `backends.recorder.Records.prepare_recording`."""
        order, tile = self._order(how), _tile(how)
        if how.threads is not None:
            raise InputError(N_("{who} takes no number of threads: it is a GPU's"), who=self.name)
        cupy = ready_cupy(dtype)
        gpu = Gpu(cupy)
        made = _made(cupy, Tiles(gpu, dtype, order, tile), workload, numbers, dtype, target)
        for gemm, one in zip(_gemms(workload, numbers, target), made.multiplies.made, strict=True):
            if one.tiling.pieces > MAX_TILES:
                said = N_("{product} has {tiles:group} tiles; at most {most:group} can be drawn")
                name, tiles = own(gemm.name), one.tiling.pieces
                raise InputError(said, product=name, tiles=tiles, most=MAX_TILES)
        return CudaRecorder(cupy, gpu, made, order.id)

    def _order(self, how: How) -> Order:
        """Raises InputError for one that it has not."""
        if how.order not in ("", *self.recording_orders):
            raise InputError(
                N_("{who} hands out tiles by {known}, not by {order!r:.60}"),
                who=self.name,
                known=", ".join(self.recording_orders),
                order=how.order,
            )
        return check_order(how.order or self.recording_orders[0])


def _made(
    cupy: Any,
    tiles: Tiles,
    workload: Workload,
    numbers: Values | Operands,
    dtype: str,
    target: NDArray[np.float32] | None,
) -> TiledPass | TiledProducts:
    if isinstance(numbers, Operands):
        listed = Products(workload.name, workload.lower())
        return TiledProducts(cupy, tiles, listed, numbers, dtype)
    network = workload.layered
    assert network is not None  # only those have Values
    return TiledPass(cupy, tiles, network, numbers, dtype, target, graphed=False)


def _gemms(workload: Workload, numbers: Values | Operands, target: Any) -> Any:
    if isinstance(numbers, Operands):
        return workload.lower()
    return workload.lower(len(numbers.x), target is not None)


def _tile(how: How) -> Tile | None:
    """Raises InputError for one that no program has."""
    if how.tile is None or how.tile in CudaTiles.recording_tiles:
        return how.tile
    raise InputError(
        N_("no program computes tiles of {m}×{n}; there are {known}"),
        m=how.tile[0],
        n=how.tile[1],
        known=", ".join(f"{m}×{n}" for m, n in TILES),
    )


def make() -> CudaTiles:
    return CudaTiles()
