"""Our own tiles on this computer's cores: every tile a product of the BLAS behind NumPy."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.array_products import products_bytes
from mmviz.backends.arrays import pass_bytes
from mmviz.backends.base import HOST_BLAS, Colour, Place
from mmviz.backends.cpu_tiles.cores import pinnable
from mmviz.backends.cpu_tiles.crew import Crew
from mmviz.backends.cpu_tiles.multiplier import PULLING, STATIC, Order
from mmviz.backends.cpu_tiles.passes import TiledPass, TiledProducts
from mmviz.backends.cpu_tiles.recorder import CpuRecorder
from mmviz.backends.recorder import How
from mmviz.backends.threads import BlasThreads, blas_threads
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.dtype import stored
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, P_, Text

MOST_THREADS = 1024

T = TypeVar("T")

_REMEDY = Text(N_("install it with pip install threadpoolctl"))
_UNHELD = Text(N_("this BLAS lets nobody hold its threads: a tile may take more than one core"))


class CpuTiles:
    """As many threads as NumPy's BLAS takes, each of which multiplies one tile at a time."""

    id = "cpu-tiles"
    name = Text(N_("CPU tiles"))
    title = Text(N_("CPU tiles (mmviz's own threads, BLAS in each)"))
    colour: Colour = "yellow"
    is_gpu = False
    trains = True
    library = HOST_BLAS
    proves: Literal[""] = ""
    dtypes = ("float32", "float64")
    recording_orders: tuple[str, ...] = (PULLING, STATIC)
    recording_tiles: tuple[Tile, ...] = ()

    def check(self) -> None:
        """BLAS has to be held to one thread for each of ours."""
        try:
            BlasThreads()
        except ModuleNotFoundError:  # machines with a GPU and little else
            missing = Text(N_("the package threadpoolctl is not installed"))
            raise Unavailable(missing, _REMEDY) from None

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - the same for every dtype
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002 - it computes in what was asked for
        return None

    def facts(self) -> dict[str, str]:
        return {"numpy": np.__version__}

    def place(self) -> Place | None:
        return None

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:
        """Panels beside what a pass on whole arrays needs."""
        gemms = network.lower(batch, training)
        panels = stored(sum(gemm.k * gemm.n for gemm in gemms), dtype)
        return pass_bytes(network, batch, dtype, training) + panels

    def products_bytes(self, products: Products, dtype: str) -> int:
        panels = stored(sum(gemm.k * gemm.n for gemm in products.gemms), dtype)
        return products_bytes(products, dtype) + panels

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> TiledPass:
        return manned(How(), partial(TiledPass, network, values, dtype, target))

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> TiledProducts:
        return manned(How(), partial(TiledProducts, products, operands, dtype))

    def prepare_recording(
        self,
        workload: Workload,
        numbers: Values | Operands,
        dtype: str,
        how: How,
        target: NDArray[np.float32] | None = None,
    ) -> CpuRecorder:
        """See `backends.recorder.Records.prepare_recording`."""
        order = order_of(how)
        made: TiledPass | TiledProducts
        if isinstance(numbers, Values):
            network = workload.layered
            assert network is not None  # only those have Values
            gemms = network.lower(len(numbers.x), target is not None)
            begin = partial(TiledPass, network, numbers, dtype, target, tile=how.tile, order=order)
            made = manned(how, begin)
        else:
            gemms = workload.lower()
            products = Products(workload.name, gemms)
            listed = partial(TiledProducts, products, numbers, dtype, tile=how.tile, order=order)
            made = manned(how, listed)
        crew = made.multiplier.crew
        return CpuRecorder(made, gemms, order, units_of(crew), _remarks(crew))


def order_of(how: How) -> Order:
    """Raises InputError for an order that threads have not."""
    order: Order
    for order in (PULLING, STATIC):
        if how.order in ("", order):
            return order
    raise InputError(
        N_("threads take tiles in the order {known}, not {order!r:.60}"),
        known=", ".join(CpuTiles.recording_orders),
        order=how.order,
    )


def crew_of(how: How) -> Crew:
    """As many threads as were asked for, or as BLAS takes; raises InputError for what cannot be."""
    threads = (blas_threads() or os.cpu_count() or 1) if how.threads is None else how.threads
    if not 1 <= threads <= MOST_THREADS:
        raise InputError(
            N_("there can be 1 to {most:group} threads, not {threads:group}"),
            most=MOST_THREADS,
            threads=threads,
        )
    return Crew(threads, pinnable() if how.pinned else ())


def manned(how: How, begin: Callable[..., T]) -> T:
    """What `begin` makes with a crew, which goes where nothing is made."""
    crew = crew_of(how)
    try:
        return begin(crew=crew)
    except BaseException:
        crew.close()
        raise


def units_of(crew: Crew) -> tuple[Text, ...]:
    """What each thread is called: by its core where it stays on one that no other has."""
    alone = len(set(crew.cores)) == len(crew)
    if alone:
        return tuple(Text(N_("core {number:d}"), number=core) for core in crew.cores)
    return tuple(Text(N_("thread {number:d}"), number=one + 1) for one in range(len(crew)))


def _remarks(crew: Crew) -> tuple[Text, ...]:
    """Accelerate, which NumPy has on a Mac, is a BLAS that cannot be held."""
    found = [_UNHELD] if blas_threads() is None else []
    cores = len(set(crew.cores))
    if 0 < cores < len(crew):
        said = P_(
            "{threads:group} threads share {n:group} core",
            "{threads:group} threads share {n:group} cores",
        )
        found.append(Text(said, threads=len(crew), n=cores))
    return tuple(found)


def make() -> CpuTiles:
    return CpuTiles()
