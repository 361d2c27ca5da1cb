"""Which tiles a product is cut into: those asked for, the least predicted time, a plain rule."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import order_for
from mmviz.core.schedule.splitk import SplitK
from mmviz.core.schedule.tiling import Tiling, arrange
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import check_count
from mmviz.core.time.wave_time import Shapes, constants_of, predict

KEEP_LARGER = 0.9  # a smaller tile must save a tenth of the time in series to be preferred


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
            Tiling(
                gemm,
                chosen,
                step,
                device.units,
                device.resident_tiles(chosen),
                asked if parts == 1 else SplitK(parts),
            ),
            device,
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
    parts = None if order is None else asked.parts
    found = predict(
        Shapes.from_gemms(gemms), device, dtype, constants_of(device, dtype), parts=parts
    )
    sides = zip(found.tm.tolist(), found.tn.tolist(), found.parts.tolist(), strict=True)
    return [((tm, tn), of if order is None else 1) for tm, tn, of in sides]


def choose_tile(gemm: Gemm, device: Device, dtype: str = DEFAULT) -> Tile:
    """The tile that leaves the busiest unit the fewest cells to compute.

    The device lists its tiles from most to least efficient; an earlier one is kept unless a later
    one saves a tenth. A plain rule for devices without a time model.
    """
    tiles, order = device.tiles_for(dtype), order_for(device)
    best, least = tiles[0], float("inf")
    for tile in tiles:
        resident = device.resident_tiles(tile)
        tiling = Tiling(gemm, tile, device.k_step, device.units, resident, order)
        cells = tiling.tiles_in_series * tile[0] * tile[1]
        if cells < least * KEEP_LARGER:
            best, least = tile, cells
    return best
