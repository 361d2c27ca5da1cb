"""A product cut into tiles, and how many waves of them a device needs.

Source: NVIDIA, Matrix Multiplication Background User's Guide (tile and wave quantization).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.orders import ROWS, Order, check_order, order_for
from mmviz.core.schedule.partition import switch_ratio, thread_tile
from mmviz.core.schedule.systolic import fold_tile
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import check_count
from mmviz.core.time.wave_time import Shapes, constants_of, predict

KEEP_LARGER = 0.9  # a smaller tile must save a tenth of the time in series to be preferred


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


def tile_product(
    gemm: Gemm,
    device: Device,
    tile: Tile | None = None,
    order: str | None = None,
    k_step: int | None = None,
    dtype: str = DEFAULT,
) -> Tiling:
    """`gemm` on `device` in tiles of `tile`; see `tile_products`."""
    return tile_products((gemm,), device, tile, order, k_step, dtype)[0]


def tile_products(
    gemms: Sequence[Gemm],
    device: Device,
    tile: Tile | None = None,
    order: str | None = None,
    k_step: int | None = None,
    dtype: str = DEFAULT,
) -> tuple[Tiling, ...]:
    """Each product on `device` in tiles of `tile`, handed out in `order`. Raises InputError.

    tile None: chosen. order None: the device's own, and with the tile the parts of k are chosen,
    too. On a GPU whose peak in `dtype` is known that goes by the least predicted time, else by
    `choose_tile`. See `arrange` for what an order changes.
    """
    step = device.k_step if k_step is None else check_count(k_step, "k-step")
    if tile is not None:
        check_count(tile[0], "tile height")
        check_count(tile[1], "tile width")
    asked = order_for(device, order)
    choices = _choices(gemms, device, tile, order, asked, dtype)
    return tuple(
        arrange(
            Tiling(gemm, chosen, step, device.units, device.resident_tiles(chosen)),
            device,
            asked if parts == 1 else check_order(f"split-k-{parts}"),
        )
        for gemm, (chosen, parts) in zip(gemms, choices, strict=True)
    )


def _choices(
    gemms: Sequence[Gemm],
    device: Device,
    tile: Tile | None,
    order: str | None,
    asked: Order,
    dtype: str,
) -> list[tuple[Tile, int]]:
    """Tile and parts of k of each product; parts 1 where the order says how many."""
    if tile is not None:
        return [(tile, 1)] * len(gemms)
    if device.kind != "gpu" or device.peak(dtype) is None or device.bandwidth is None:
        return [(choose_tile(gemm, device, dtype), 1) for gemm in gemms]
    parts = None if order is None else asked.number if asked.kind == "split-k" else 1
    found = predict(
        Shapes.from_gemms(gemms), device, dtype, constants_of(device, dtype), parts=parts
    )
    sides = zip(found.tm.tolist(), found.tn.tolist(), found.parts.tolist(), strict=True)
    return [((tm, tn), of if order is None else 1) for tm, tn, of in sides]


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
    if order.kind == "openblas":
        ratio, _ = switch_ratio(device.blas_core)
        return replace(whole, tile=thread_tile(gemm, device.units, ratio), resident=1)
    if device.array is not None and order.dataflow is not None:
        tile, k_step = fold_tile(gemm, device.array, order.dataflow)
        return replace(whole, tile=tile, k_step=k_step, resident=1)
    return whole


def choose_tile(gemm: Gemm, device: Device, dtype: str = DEFAULT) -> Tile:
    """The tile that leaves the busiest unit the fewest cells to compute.

    The device lists its tiles from most to least efficient; an earlier one is kept unless a later
    one saves a tenth. A plain rule for devices without a time model.
    """
    tiles = device.tiles_for(dtype)
    best, least = tiles[0], float("inf")
    for tile in tiles:
        tiling = Tiling(gemm, tile, device.k_step, device.units, device.resident_tiles(tile))
        cells = tiling.tiles_in_series * tile[0] * tile[1]
        if cells < least * KEEP_LARGER:
            best, least = tile, cells
    return best
