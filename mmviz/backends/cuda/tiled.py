"""Products in tiles, bound to buffers on a CUDA GPU, and launched with stamps or without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.cuda.source import Program
from mmviz.backends.cupy_device import capability
from mmviz.core.device.device import Tile
from mmviz.core.schedule.grid import over
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.gemm import Gemm

Array = Any

_NONE = np.uintp(0)  # an address
_ADDING = 256  # threads of a block that adds parts up
_PROBING, _ROUNDS = 256, 16  # threads of a block, blocks for each SM
_NUMBERS = 1 << 16  # that an SM may have
_LARGE, _SMALL = (128, 128), (64, 64)
_PACK = 8  # a part of k begins where elements are read eight at a time


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Rows of stamps [pieces]: start and end in ns, clock ticks of the SM between them, and the SMs
    they began and ended on.
    """

    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    ticks: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


class Tiled:
    """One product; a call of it computes C = A·B. `tiling`: how it is cut and dealt.

    m, n [pieces]: the tile of each; k0, k1: its terms of k, None where all are whole tiles.
    """

    def __init__(self, gpu: Gpu, gemm: Gemm, program: Program, order: Order, abc: Any) -> None:
        self.a, self.b, self.c = abc
        self.program, self._gpu = program, gpu
        self._kernel, resident = gpu.tiles(program)
        parts = min(order.parts, gemm.k)
        self.tiling = Tiling(gemm, program.tile, program.k_step, gpu.units, resident, order, parts)
        tiling = self.tiling
        place = np.arange(tiling.tiles, dtype=np.int32)
        m, n = order.raster(tiling).tile(place)
        self.m, self.n = (np.tile(side, parts) for side in (m, n))
        # rounded down, so that each part begins where much is read at once
        part_k = gemm.k // parts // _PACK * _PACK or gemm.k // parts
        self.k0 = self.k1 = None
        if parts > 1:
            part = np.repeat(np.arange(parts, dtype=np.int32), tiling.tiles)
            self.k0 = part * np.int32(part_k)
            self.k1 = np.where(part == parts - 1, gemm.k, self.k0 + part_k).astype(np.int32)
        cupy = gpu.cupy
        self._places = cupy.asarray(np.ascontiguousarray(np.stack((m, n), axis=1)))
        self._sums = cupy.empty((parts, gemm.m, gemm.n), "float32") if parts > 1 else None
        self._ticket = cupy.empty(1, "uint32") if order.name == "persistent" else None
        self._stamps: Array = None
        blocks = tiling.pieces if self._ticket is None else min(tiling.pieces, tiling.slots)
        self._grid = (blocks,)
        sizes = (np.int32(gemm.m), np.int32(gemm.n), np.int32(gemm.k))
        rest = (np.int32(tiling.tiles), np.int32(parts), np.int32(part_k))
        into = self.c if self._sums is None else self._sums
        ticket = _NONE if self._ticket is None else self._ticket
        self._args = (self.a, self.b, into, *sizes, self._places, *rest, ticket)

    def __call__(self) -> None:
        self._launch(_NONE)

    def stamp(self) -> None:
        """The same, recorded."""
        if self._stamps is None:
            self._stamps = self._gpu.cupy.empty((self.tiling.pieces, 4), "uint64")
        self._launch(self._stamps)

    def stamps(self) -> Piece:
        """Of the last call that was recorded; on a GPU that has come to its end."""
        start, end, ticks, who = self._gpu.cupy.asnumpy(self._stamps).T.astype(np.int64)
        return Piece(start, end, ticks, who & 0xFFFF, who >> 16 & 0xFFFF)

    def _launch(self, stamps: Array) -> None:
        if self._ticket is not None:
            self._ticket.data.memset_async(0, self._ticket.nbytes)
        threads = (self.program.threads,)
        self._kernel(
            self._grid, threads, (*self._args, stamps), shared_mem=self._gpu.shared(self.program)
        )
        if self._sums is not None:
            cells = np.int64(self.c.size)
            args = (self._sums, self.c, cells, np.int32(self.tiling.parts))
            blocks = min(over(self.c.size, _ADDING), 8 * self._gpu.units)
            self._gpu.adding(self.program)((blocks,), (_ADDING,), args)


class Gpu:
    """The GPU and its programs, each compiled once. units: its SMs; clock_hz: the highest that they
    run at, 0 where the driver does not say.
    """

    def __init__(self, cupy: Any) -> None:
        self.cupy, self._capability = cupy, capability(cupy)
        known = cupy.cuda.Device().attributes
        self.units = int(known["MultiProcessorCount"])
        self.clock_hz = 1e3 * float(known.get("ClockRate") or 0)
        self._modules: dict[Program, Any] = {}
        self._entries: dict[tuple[Program, str], Any] = {}
        self._tiles: dict[Program, tuple[Any, int]] = {}

    def shared(self, program: Program) -> int:
        """Bytes of shared memory a block is to be given."""
        return program.shared_bytes(self._capability)

    def tiles(self, program: Program) -> tuple[Any, int]:
        """What launches it, and how many of its blocks an SM holds at once."""
        if program not in self._tiles:
            kernel = self._entry(program, "tiles")
            shared = self.shared(program)
            kernel.max_dynamic_shared_size_bytes = shared  # of more than 48 KB it must be told
            held = self.cupy.cuda.driver.occupancyMaxActiveBlocksPerMultiprocessor(
                kernel.kernel.ptr, program.threads, shared
            )
            self._tiles[program] = kernel, max(1, int(held))
        return self._tiles[program]

    def adding(self, program: Program) -> Any:
        """What adds parts up."""
        return self._entry(program, "add_parts")

    def probe(self, program: Program, count: int) -> tuple[NDArray[np.int64], list[int]]:
        """By how many ns the clock goes on, so many times; and the numbers of all SMs."""
        steps = self.cupy.empty(count, "uint64")
        present = self.cupy.empty(_NUMBERS, "uint8")
        present.data.memset_async(0, _NUMBERS)
        args = (steps, np.int32(count), present)
        # blocks go to all SMs before any gets a second round of them
        self._entry(program, "probe")((_ROUNDS * self.units,), (_PROBING,), args)
        numbers = np.flatnonzero(self.cupy.asnumpy(present))
        return self.cupy.asnumpy(steps).astype(np.int64), numbers.tolist()

    def _entry(self, program: Program, name: str) -> Any:
        if (program, name) not in self._entries:
            if program not in self._modules:
                code = program.source(self._capability)
                self._modules[program] = self.cupy.RawModule(code=code, options=program.options)
            self._entries[program, name] = self._modules[program].get_function(name)
        return self._entries[program, name]


class Tiles:
    """Binds products of one number format, as `cupy_gemm.Blas` does. tile: None, chosen for each.

    made: what was bound, in this order, the first of each stack.
    """

    written = "float32"
    """NumPy's format of a list's results: sums as they are."""

    def __init__(self, gpu: Gpu, dtype: str, order: Order, tile: Tile | None = None) -> None:
        self._gpu, self._dtype, self._order, self._tile = gpu, dtype, order, tile
        self.made: list[Tiled] = []

    def product(
        self,
        a: Array,
        b: Array,
        c: Array,
        *,
        a_transposed: bool = False,
        b_transposed: bool = False,
    ) -> Tiled:
        """A call for C [m × n] = op(A)·op(B), matrices that lie by rows without gaps."""
        made = self._bound(a, b, c, a_transposed, b_transposed)
        self.made.append(made)
        return made

    def stack(self, a: Array, b: Array, c: Array) -> Stacked:
        """A call for C [stack × m × n] = A [stack × m × k]·B [stack × k × n], one by one."""
        each = (self._bound(*abc, False, False) for abc in zip(a, b, c, strict=True))
        stacked = Stacked(tuple(each))
        self.made.append(stacked.tiled[0])
        return stacked

    def _bound(self, a: Array, b: Array, c: Array, a_turned: bool, b_turned: bool) -> Tiled:
        m, n = c.shape
        gemm = Gemm("C", "product", m, n, a.shape[0] if a_turned else a.shape[1])
        tile = self._tile or fitting_tile(m, n, self._gpu.units)
        summed = self._dtype != "float32" and c.dtype == np.float32
        parted = min(self._order.parts, gemm.k) > 1  # a part has one term at least
        program = Program(self._dtype, tile, a_turned, b_turned, summed, parted)
        return Tiled(self._gpu, gemm, program, self._order, (a, b, c))


@dataclass(frozen=True, slots=True)
class Stacked:
    """Products that are launched one after the other."""

    tiled: tuple[Tiled, ...]

    def __call__(self) -> None:
        for one in self.tiled:
            one()


def fitting_tile(m: int, n: int, units: int) -> Tile:
    """The large one where each unit gets one, else the small one."""
    large = over(m, _LARGE[0]) * over(n, _LARGE[1])
    return _LARGE if large >= units else _SMALL


def each_of(call: Callable[[], object]) -> tuple[Tiled, ...]:
    """The products that a step computes by tiles, the first one first; () for none."""
    if isinstance(call, Tiled):
        return (call,)
    return call.tiled if isinstance(call, Stacked) else ()
