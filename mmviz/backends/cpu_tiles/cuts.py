"""A product cut for threads: which tiles, and the views and panels that each of them multiplies."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Tile
from mmviz.core.schedule.grid import over

Array = NDArray[Any]

SIDES = (1024, 512, 256)  # of tiles that BLAS multiplies about as well as the whole
SMALL = (256, 128, 64, 32)  # of those it does not, for products that are small themselves
ENOUGH, LEAST = 8, 2  # tiles a thread: that one's last tile is a small part; that all have some


def fitting_tile(m: int, n: int, threads: int) -> Tile:
    """The largest tile with ENOUGH of them for each thread, else the largest with LEAST.

    Measured beside one np.matmul: tiles 256 wide and wider cost a few percent, 64 wide up to 80 %.
    """
    wanted = ((ENOUGH, side) for side in SIDES), ((LEAST, side) for side in SMALL)
    for least, side in (pair for some in wanted for pair in some):
        if over(m, side) * over(n, side) >= least * threads:
            return min(m, side), min(n, side)
    return min(m, SMALL[-1]), min(n, SMALL[-1])


@dataclass(slots=True)
class Cut:
    """Tiles of one product, row by row; `tiles[i]` are the views a, b and c of the i-th.

    B's columns are copied beforehand, a panel for each column of tiles: in a row of the whole
    matrix those of a tile lie far from those of the next row. packing_ns: what that took.
    """

    tile: Tile
    tiles: list[tuple[Array, Array, Array]] = field(default_factory=list)
    packing_ns: int = 0
    _panels: list[Array] = field(default_factory=list)
    _lasting: bool = False

    @property
    def columns(self) -> int:
        """Of tiles."""
        return len(self._panels)

    def lay(self, a: Array, b: Array, c: Array, lasting: bool) -> None:
        """The tiles of a [m × k] · b [k × n] into c. lasting: b is the same every time, so that its
        panels are, too.
        """
        began = perf_counter_ns()
        if not (lasting and self._lasting):
            self._pack(b)
            self._lasting = lasting
            self.packing_ns = perf_counter_ns() - began
        tm, tn = self.tile
        rows = [slice(i, i + tm) for i in range(0, a.shape[0], tm)]
        columns = [slice(j, j + tn) for j in range(0, b.shape[1], tn)]
        above = [a[row] for row in rows]
        self.tiles = [
            (strip, panel, c[row, column])
            for row, strip in zip(rows, above, strict=True)
            for column, panel in zip(columns, self._panels, strict=True)
        ]

    def _pack(self, b: Array) -> None:
        tn = self.tile[1]
        parts = [b[:, j : j + tn] for j in range(0, b.shape[1], tn)]
        if not self._panels:
            self._panels = [np.empty(part.shape, part.dtype) for part in parts]
        for panel, part in zip(self._panels, parts, strict=True):
            panel[...] = part
