"""A product cut into tiles, and how many waves of them a device needs.

Source: NVIDIA, Matrix Multiplication Background User's Guide (tile and wave quantization).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.grid import Number, over, waves_and_series
from mmviz.core.shapes.gemm import Gemm

if TYPE_CHECKING:
    from mmviz.core.schedule.order import Order


@dataclass(frozen=True, slots=True)
class Tiling:
    """The output of `gemm` in tiles of tm × tn cells, walked along k in steps of `k_step`.

    Edge tiles cover fewer cells but last as long as full ones: `padded_cells` are computed,
    `gemm.m * gemm.n` are wanted. `resident` tiles share one of `units` units. `order`: the one
    the tiling is for, and arranged by. `parts`: pieces each tile is cut into along k, computed
    independently (split-K); 1 for whole tiles.
    """

    gemm: Gemm
    tile: Tile
    k_step: int
    units: int
    resident: int
    order: Order
    parts: int = 1

    @property
    def tiles_m(self) -> int:
        """Rows of tiles of one product of the stack."""
        return over(self.gemm.m, self.tile[0])

    @property
    def tiles_n(self) -> int:
        return over(self.gemm.n, self.tile[1])

    @property
    def rows_m(self) -> int:
        """Rows of tiles of the whole stack, its slices one under the other."""
        return self.gemm.stack * self.tiles_m

    def place_of(self, m: Number) -> tuple[Number, Number]:
        """In which slice of the stack a row of tiles of all is, and which of its rows, from 0."""
        each: Any = self.tiles_m if isinstance(m, int) else m.dtype.type(self.tiles_m)
        which, row = divmod(m, each)
        return which, row

    @property
    def tiles(self) -> int:
        """Of a launch: those of all products of its stack."""
        return self.rows_m * self.tiles_n

    @property
    def pieces(self) -> int:
        """What is handed to the units: tiles, or the parts of k of each."""
        return self.tiles * self.parts

    @property
    def part_k(self) -> tuple[int, int]:
        """Terms of k in each part but the last, and in the last, which takes the rest (CUTLASS)."""
        part = self.gemm.k // self.parts
        return part, self.gemm.k - (self.parts - 1) * part

    @property
    def slots(self) -> int:
        """Tiles computed at the same time: units × resident tiles."""
        return self.units * self.resident

    @property
    def waves(self) -> int:
        """ceil(pieces / slots)."""
        return waves_and_series(self.pieces, self.units, self.resident)[0]

    @property
    def k_steps(self) -> int:
        return over(self.gemm.k, self.k_step)

    @property
    def padded_cells(self) -> int:
        """Cells computed, those past the edge of the output included."""
        return self.tiles * self.tile[0] * self.tile[1]

    @property
    def tile_efficiency(self) -> float:
        """Wanted cells over computed cells, 0 … 1."""
        return self.gemm.stack * self.gemm.m * self.gemm.n / self.padded_cells

    @property
    def tiles_in_series(self) -> int:
        """Tiles (or parts of them) the busiest unit computes; the device is done when it is."""
        return waves_and_series(self.pieces, self.units, self.resident)[1]

    @property
    def wave_efficiency(self) -> float:
        """Tiles over what the units could have computed in the same time, 0 … 1."""
        return self.pieces / (self.tiles_in_series * self.units)


def arrange(tiling: Tiling, device: Device) -> Tiling:
    """The tiling as its order uses it on `device`: done once, everyone takes it as it is."""
    return tiling.order.arranged(tiling, device)
