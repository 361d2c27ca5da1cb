"""Products whose workgroups draw tickets, in a pass of a network or of a list.

There is no clock inside a kernel of WebGPU (gfx-rs/wgpu#4550), but one counter for all of them: a
workgroup draws from it as it starts and as it ends. So it is known which tile came before which and
how many were in flight, and not when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host, What
from mmviz.backends.webgpu import layers
from mmviz.backends.webgpu.chain import LAYOUTS, Chain
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.ladder import Shape
from mmviz.backends.webgpu.lists import WebgpuProducts
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.passes import WebgpuPass
from mmviz.backends.webgpu.products import REGISTER, TILED, Layout, Rung
from mmviz.backends.webgpu.work import Group, Work
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.schedule.grid import tiles_of
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, Text

KERNELS = (TILED, *REGISTER)
MOST_TILES = 16_384  # of a product that nobody names a tile for: then the next larger tile
_UNASKED = (TILED, REGISTER[0], REGISTER[2])  # from small to large

Ints = NDArray[np.int64]
Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ticketed:
    """One product, cut into tiles of `rung`.

    group: which of the pass's groups it is. tickets: the counter, then two of each workgroup.
    drawing: its steps; sums: the same without what follows the sums, by the same programs; bare:
    without tickets. shape: what its best kernel is chosen by; best: its steps on another kernel.
    m, n, k0, k1: of each workgroup, its tile and its terms of k.
    """

    group: int
    rung: Rung
    layout: Layout
    a: Matrix
    b: Matrix
    c: Matrix
    tickets: Matrix
    drawing: Steps
    sums: Steps
    bare: Steps
    shape: Shape
    best: Callable[[Rung], Any]
    m: Ints
    n: Ints
    k0: Ints
    k1: Ints

    @property
    def whole(self) -> bool:
        """Whether every workgroup computes a whole tile."""
        return not self.k0.any()

    def operands(self, device: Device, rows: int) -> tuple[Host, Host, Host]:
        """At most so many rows of op(A) and of C, from all over it, and op(B), as they are now."""
        a, b, c = (device.download(matrix) for matrix in (self.a, self.b, self.c))
        a, b = a.T if self.layout == "tn" else a, b.T if self.layout == "nt" else b
        some = np.unique(np.linspace(0, len(c) - 1, min(rows, len(c))).astype(np.int64))
        return a[some], b, c[some]


class Tiles:
    """Makes them, for one device; tile: asked for, None: chosen for each product."""

    def __init__(self, device: Device, dtype: str, tile: Tile | None) -> None:
        self.device, self.found = device, list[Ticketed]()
        itemsize = 2 if dtype == "float16" else 4
        able = [
            rung
            for rung in KERNELS
            if rung.threads <= device.workgroup_threads
            and rung.bytes(itemsize) <= device.workgroup_bytes
        ]
        self._rungs = [
            rung for rung in able if (rung.tm, rung.tn) == tile or (not tile and rung in _UNASKED)
        ]
        if not self._rungs:
            raise InputError(
                N_("{gpu} records tiles of {known}, none of {tile}"),
                gpu=device.adapter.name,
                known=", ".join(f"{rung.tm}x{rung.tn}" for rung in able),
                tile="" if tile is None else f"{tile[0]}x{tile[1]}",
            )

    def rung(self, m: int, n: int) -> Rung:
        """The kernel for C[m × n]: of the smallest tiles that are not too many."""
        few = (rung for rung in self._rungs if tiles_of(m, n, rung.tm, rung.tn) <= MOST_TILES)
        return next(few, self._rungs[-1])

    def put(
        self,
        group: int,
        rung: Rung,
        shape: Shape,
        matrices: tuple[Matrix, Matrix, Matrix],
        make: Callable[..., Any],
        alone: bool = True,
    ) -> Steps:
        """The steps that draw tickets, of what `make` makes of a rung and tickets; alone: it takes
        `finish`, too.
        """
        device, (a, b, c) = self.device, matrices
        places = self._places(rung, shape[0], a, b, c)
        tickets = device.matrix(1, 1 + 2 * len(places[0]), "float32")
        drawing = tuple(make(rung, tickets=tickets))
        sums = tuple(make(rung, tickets=tickets, finish=False)) if alone else drawing
        bare = tuple(make(rung))
        self.found.append(
            Ticketed(
                group, rung, shape[0], a, b, c, tickets, drawing, sums, bare, shape, make, *places
            )
        )
        return drawing

    def _places(
        self, rung: Rung, layout: Layout, a: Matrix, b: Matrix, c: Matrix
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """m, n, k0, k1 of the workgroups in the order of their numbers; raises Unavailable where
        they are no tiles of one grid.
        """
        found = []
        for m0, m1, n0, n1, k0, k1 in layers.cuts(self.device, rung, layout, a, b, c):
            if m0 % rung.tm or n0 % rung.tn:
                gpu = self.device.adapter.name
                raise Unavailable(Text(N_("{gpu} binds no row of tiles of it at once"), gpu=gpu))
            down, across = -(-(m1 - m0) // rung.tm), -(-(n1 - n0) // rung.tn)
            m, n = np.divmod(np.arange(down * across), across)
            found.append((m + m0 // rung.tm, n + n0 // rung.tn, m * 0 + k0, m * 0 + k1))
        m, n, first, past = (np.concatenate(column) for column in zip(*found, strict=True))
        return m, n, first, past


class TicketedChain(Chain):
    """Whose products draw tickets."""

    def __init__(self, tiles: Tiles, *given: Any) -> None:
        super().__init__(*given)
        self._tiles = tiles

    def _product(
        self, what: What, layer: int, a: Matrix, b: Matrix, c: Matrix, **more: Any
    ) -> None:
        layout, stage = LAYOUTS[what]
        rung = self._tiles.rung(c.rows, c.cols)

        def make(rung: Rung, **how: Any) -> Any:
            return layers.product(self._device, rung, layout, a, b, c, **more, **how)

        shape = self.shape(layout, a, c)
        steps = self._tiles.put(len(self.groups), rung, shape, (a, b, c), make)
        self.rungs.append(rung)
        self.groups.append(Group(what, layer, steps, stage=stage))


class TicketedPass(WebgpuPass):
    """A pass of a network; its products are `ticketed.found`."""

    def __init__(
        self,
        device: Device,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        tile: Tile | None,
    ) -> None:
        self.ticketed = _tiles(device, dtype, tile)
        super().__init__(device, network, values, dtype, target)

    def _chain(self, names: list[str], batch: int) -> Chain:
        return TicketedChain(self.ticketed, self.device, self.dtype, self.ladder, names, batch)


class TicketedProducts(WebgpuProducts):
    """A list; of a stack the first product draws tickets."""

    def __init__(
        self,
        device: Device,
        products: Products,
        operands: Operands,
        dtype: str,
        tile: Tile | None,
    ) -> None:
        self.ticketed = _tiles(device, dtype, tile)
        super().__init__(device, products, operands, dtype)

    def _put(self, number: int, gemm: Gemm, a: Matrix, b: Matrix, c: Matrix) -> None:
        m, n, k = gemm.m, gemm.n, gemm.k
        rung = self.ticketed.rung(m, n)
        make = partial(layers.stack, self.device, a=a, b=b, c=c, m=m, k=k)
        first = a.cut(0, m), b.cut(0, k), c.cut(0, m)
        shape: Shape = ("nn", m, n, k)
        steps = self.ticketed.put(len(self.groups), rung, shape, first, make, alone=False)
        self.rungs.append(rung)
        self.groups.append(Group("product", number, steps))


Drawn = TicketedPass | TicketedProducts


def _tiles(device: Device, dtype: str, tile: Tile | None) -> Tiles:
    try:
        device.check(dtype)
        return Tiles(device, dtype, tile)
    except BaseException:
        device.close()
        raise


def drawn(work: Work, product: Ticketed) -> tuple[Ints, Ints]:
    """The tickets of its workgroups, drawn at their start and their end; raises Unavailable where
    they are not each of 0, 1, 2, … once.
    """
    raw = work.device.download(product.tickets).view(np.uint32)[0, 1:].astype(np.int64)
    start, end = raw[0::2], raw[1::2]
    if (np.sort(raw) != np.arange(len(raw))).any() or (start >= end).any():
        gpu = work.device.adapter.name
        raise Unavailable(Text(N_("{gpu} gave tickets that no workgroup can have drawn"), gpu=gpu))
    return start, end
