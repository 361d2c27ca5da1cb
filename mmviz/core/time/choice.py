"""Which tiles a product is cut into: those asked for, the least predicted time, a plain rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.grid import tiles_of, waves_and_series
from mmviz.core.schedule.orders import order_for
from mmviz.core.schedule.systolic import strip
from mmviz.core.schedule.tiling import Tiling, arrange
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import check_count
from mmviz.core.time.by_waves import ByWaves
from mmviz.core.time.cuts import Cuts, Ints
from mmviz.core.time.model import Model, Unknown, model_of
from mmviz.text import N_, Text

KEEP_LARGER = 0.9  # a smaller tile must save a tenth of the time in series to be preferred


def tile_product(
    gemm: Gemm,
    device: Device,
    tile: Tile | None = None,
    order: str | None = None,
    dtype: str = DEFAULT,
) -> Tiling:
    """One product on `device` as `cut` cuts it. Raises InputError."""
    model, shapes = model_of(device, dtype), Shapes.from_gemms((gemm,))
    (tiling,) = cut(shapes, device, dtype, tile, order, model).tilings((gemm,))
    return tiling


def cut(
    shapes: Shapes,
    device: Device,
    dtype: str,
    tile: Tile | None,
    order: str | None,
    model: Model | Unknown,
) -> Cuts:
    """The products in tiles of `tile`, handed out in `order`. Raises InputError.

    tile None: chosen. order None: the device's own, and with the tile the parts of k are chosen,
    too. Where waves are predicted that goes by the least time, else by the device's list of tiles.
    See `arrange` for what an order changes.
    """
    if tile is not None:
        check_count(tile[0], Text(N_("tile height")))
        check_count(tile[1], Text(N_("tile width")))
    asked = order_for(device, order)
    parts = np.full(len(shapes), asked.parts, dtype=np.int64)
    if tile is not None:
        tm, tn = (np.full(len(shapes), side, dtype=np.int64) for side in tile)
    elif isinstance(model, ByWaves):
        found = model.choose(shapes, asked, None if order is None else asked.parts)
        tm, tn, parts = (column.astype(np.int64) for column in (found.tm, found.tn, found.parts))
    else:
        tm, tn = _by_rule(shapes, device, dtype)
    resident = _resident(tm * tn, device)
    step = np.full(len(shapes), device.k_step, dtype=np.int64)
    parts = np.minimum(parts, shapes.k)
    whole = Cuts(shapes, tm, tn, step, parts, resident, device.units, asked, order is not None)
    return _arranged(whole, device)


def _arranged(whole: Cuts, device: Device) -> Cuts:
    """As the order has it: `arrange`, one by one where threads part each product their own way."""
    order = whole.order
    if not order.own_tile:
        return replace(whole, resident=np.ones_like(whole.resident)) if order.alone else whole
    if device.array is not None and order.dataflow is not None:
        m, n, k = whole.shapes.m, whole.shapes.n, whole.shapes.k
        one = np.ones_like(whole.tm)
        tm, tn, step = (one * side for side in strip(m, n, k, device.array, order.dataflow))
        return replace(whole, tm=tm, tn=tn, k_step=step, resident=one)
    rows = [arrange(tiling, device) for tiling in whole.tilings()]
    columns = [(*t.tile, t.k_step, t.parts, t.resident) for t in rows]
    tm, tn, step, parts, resident = np.array(columns, dtype=np.int64).reshape(-1, 5).T
    return replace(whole, tm=tm, tn=tn, k_step=step, parts=parts, resident=resident)


def _by_rule(shapes: Shapes, device: Device, dtype: str) -> tuple[Ints, Ints]:
    """The tile that leaves the busiest unit the fewest cells to compute.

    The device lists its tiles from most to least efficient; an earlier one is kept unless a later
    one saves a tenth. A plain rule where no waves are predicted.
    """
    tiles = np.array(device.tiles_for(dtype), dtype=np.int64)
    best, least = np.zeros(len(shapes), dtype=np.int64), np.full(len(shapes), np.inf)
    one = np.ones(1, dtype=np.int64)
    for place, (tm, tn) in enumerate(tiles):
        resident = _resident(one * tm * tn, device)
        pieces = tiles_of(shapes.m, shapes.n, one * tm, one * tn)
        cells = waves_and_series(pieces, device.units, resident)[1] * tm * tn
        fewer = cells < least * KEEP_LARGER
        best, least = np.where(fewer, place, best), np.where(fewer, cells, least)
    return tiles[best, 0], tiles[best, 1]


def _resident(cells: Ints, device: Device) -> Ints:
    """How many tiles of so many cells one unit holds at once."""
    found = np.ones(len(cells), dtype=np.int64)
    for least, together in reversed(device.resident):
        found[cells >= least] = together
    return found
