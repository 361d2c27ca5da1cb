"""A tiled product on a device -> its Trace.

Tiles are handed out row by row, breadth first over the units. Real dispatch is greedy: the next
tile goes to whichever slot comes free. With tiles of equal length that is exactly the lock-step of
waves computed here in closed form.
"""

from __future__ import annotations

import numpy as np

from mmviz.core.device import Device
from mmviz.core.tiling import Tiling
from mmviz.core.trace import Clock, Trace
from mmviz.errors import InputError

MAX_TILES = 8_388_608  # 2**23: above, a trace would not fit the window's memory and time


def tile_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
    """How long one tile takes a unit that computes nothing else, and in which clock.

    Where the device has a peak for `dtype`: seconds, 2·tm·tn·k over the unit's share of it; a lower
    bound, nothing reaches its peak. Where it has none: steps. A lane's step is one multiplication
    and addition, any other unit's moves its whole tile one k_step on.
    """
    cells = tiling.tile[0] * tiling.tile[1]
    peak = device.peak(dtype)
    if peak is not None:
        return 2.0 * cells * tiling.gemm.k / (peak / device.units), "s"
    if device.kind == "lanes":
        return float(cells * tiling.gemm.k), "steps"
    return float(tiling.k_steps), "steps"


def schedule(tiling: Tiling, device: Device, dtype: str) -> Trace:
    """Tiles in raster order along rows, tile i in slot i mod slots; modelled.

    Tiles that share a unit share its speed. An edge tile lasts as long as a full one. Raises
    InputError above MAX_TILES.
    """
    tiles, slots, units = tiling.tiles, tiling.slots, tiling.units
    if tiles > MAX_TILES:
        raise InputError(
            f"{tiling.gemm.name} has {tiles:,} tiles of {tiling.tile[0]}×{tiling.tile[1]} on "
            f"{device.name}; at most {MAX_TILES:,} can be drawn: choose larger tiles, "
            "a smaller batch or another device"
        )
    alone, clock = tile_time(tiling, device, dtype)
    index = np.arange(tiles, dtype=np.int32)
    m, n = np.divmod(index, np.int32(tiling.tiles_n))
    wave, slot = np.divmod(index, np.int32(min(slots, tiles)))
    unit = slot % np.int32(units)
    shared = alone * tiling.resident
    start = wave * shared
    end = (wave + 1) * shared  # the same product as the next wave's start: no gap, no overlap
    full, rest = divmod(tiles, slots)
    if rest:
        # In the last wave a unit holds fewer tiles than it could, and each runs faster for it.
        first = full * slots
        holds = rest // units + (unit[first:] < rest % units)
        end[first:] = start[first:] + holds * alone
    return Trace(tiling, m, n, unit, start, end, clock)
