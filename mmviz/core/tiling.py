"""A product cut into tiles, and how many waves of them a device needs.

Source: NVIDIA, Matrix Multiplication Background User's Guide (tile and wave quantization).
"""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device import Device, Tile
from mmviz.core.gemm import Gemm
from mmviz.core.network import check_count

KEEP_LARGER = 0.9  # a smaller tile must save a tenth of the time in series to be preferred


@dataclass(frozen=True, slots=True)
class Tiling:
    """The output of `gemm` in tiles of tm × tn cells, walked along k in steps of `k_step`.

    Edge tiles cover fewer cells but last as long as full ones: `padded_cells` are computed,
    `gemm.m * gemm.n` are wanted. `resident` tiles share one of `units` units.
    """

    gemm: Gemm
    tile: Tile
    k_step: int
    units: int
    resident: int

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
    def slots(self) -> int:
        """Tiles computed at the same time: units × resident tiles."""
        return self.units * self.resident

    @property
    def waves(self) -> int:
        """ceil(tiles / slots)."""
        return -(-self.tiles // self.slots)

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
        """Tiles the busiest unit computes; the device is done when that unit is."""
        full, rest = divmod(self.tiles, self.slots)
        return full * self.resident + -(-rest // self.units)

    @property
    def wave_efficiency(self) -> float:
        """Tiles over what the units could have computed in the same time, 0 … 1."""
        return self.tiles / (self.tiles_in_series * self.units)


def tile_product(gemm: Gemm, device: Device, tile: Tile | None = None) -> Tiling:
    """`gemm` on `device` in tiles of `tile`, or of the tile `choose_tile` names."""
    chosen = choose_tile(gemm, device) if tile is None else tile
    check_count(chosen[0], "tile height")
    check_count(chosen[1], "tile width")
    return Tiling(gemm, chosen, device.k_step, device.units, device.resident_tiles(chosen))


def choose_tile(gemm: Gemm, device: Device) -> Tile:
    """The tile that leaves the busiest unit the fewest cells to compute.

    The device lists its tiles from most to least efficient; an earlier one is kept unless a later
    one saves a tenth. A plain rule, not a library's heuristic: the program calls it modelled.
    """
    best, least = device.tiles[0], float("inf")
    for tile in device.tiles:
        tiling = Tiling(gemm, tile, device.k_step, device.units, device.resident_tiles(tile))
        cells = tiling.tiles_in_series * tile[0] * tile[1]
        if cells < least * KEEP_LARGER:
            best, least = tile, cells
    return best
