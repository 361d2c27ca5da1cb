"""A product cut into tiles, and how many waves of them a device needs.

Source: NVIDIA, Matrix Multiplication Background User's Guide (tile and wave quantization).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.orders import ROWS, Order
from mmviz.core.schedule.partition import switch_ratio, thread_tile
from mmviz.core.schedule.systolic import fold_tile
from mmviz.core.shapes.gemm import Gemm


@dataclass(frozen=True, slots=True)
class Tiling:
    """The output of `gemm` in tiles of tm × tn cells, walked along k in steps of `k_step`.

    Edge tiles cover fewer cells but last as long as full ones: `padded_cells` are computed,
    `gemm.m * gemm.n` are wanted. `resident` tiles share one of `units` units. `parts`: pieces each
    tile is cut into along k, computed independently (split-K); 1 for whole tiles. `order`: the one
    the tiling is for.
    """

    gemm: Gemm
    tile: Tile
    k_step: int
    units: int
    resident: int
    parts: int = 1
    order: Order = ROWS

    @property
    def tiles_m(self) -> int:
        return -(-self.gemm.m // self.tile[0])

    @property
    def tiles_n(self) -> int:
        return -(-self.gemm.n // self.tile[1])

    @property
    def tiles(self) -> int:
        return self.tiles_m * self.tiles_n

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
        return -(-self.pieces // self.slots)

    @property
    def k_steps(self) -> int:
        return -(-self.gemm.k // self.k_step)

    @property
    def padded_cells(self) -> int:
        """Cells computed, those past the edge of the output included."""
        return self.tiles * self.tile[0] * self.tile[1]

    @property
    def tile_efficiency(self) -> float:
        """Wanted cells over computed cells, 0 … 1."""
        return self.gemm.m * self.gemm.n / self.padded_cells

    @property
    def tiles_in_series(self) -> int:
        """Tiles (or parts of them) the busiest unit computes; the device is done when it is."""
        full, rest = divmod(self.pieces, self.slots)
        return full * self.resident + -(-rest // self.units)

    @property
    def wave_efficiency(self) -> float:
        """Tiles over what the units could have computed in the same time, 0 … 1."""
        return self.pieces / (self.tiles_in_series * self.units)


def arrange(tiling: Tiling, device: Device, order: Order) -> Tiling:
    """The tiling as `order` uses it.

    Split-K cuts k, but never into parts of nothing. Persistent workers and stream-K have one tile
    resident. OpenBLAS and systolic arrays cut tiles to their own size: a tile of an array is the
    strip of C that its folds compute one after the other, k_step the terms of k in a fold.
    """
    gemm, whole = tiling.gemm, replace(tiling, parts=1, order=order)
    if order.kind == "split-k":
        return replace(whole, parts=min(order.number, gemm.k))
    if order.kind in ("persistent", "stream-k"):
        return replace(whole, resident=1)
    if order.kind == "openblas" and isinstance(device.body, Cpu):
        ratio, _ = switch_ratio(device.body.blas_core)
        return replace(whole, tile=thread_tile(gemm, device.units, ratio), resident=1)
    if device.array is not None and order.dataflow is not None:
        tile, k_step = fold_tile(gemm, device.array, order.dataflow)
        return replace(whole, tile=tile, k_step=k_step, resident=1)
    return whole
