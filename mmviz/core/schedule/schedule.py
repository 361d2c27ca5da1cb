"""A tiled product on a device, in some order -> its Trace, in closed form.

Real dispatch is greedy: the next piece goes to whichever slot comes free, breadth first over the
units at the start. While pieces wait, every slot is full and each runs by itself, so pieces of
equal length come free in the order they were dealt; only at the end do units hold fewer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device
from mmviz.core.schedule.orders import Order, order_for
from mmviz.core.schedule.streamk import stream_k, stream_k_time
from mmviz.core.schedule.systolic import Folds, folds
from mmviz.core.schedule.tiling import Tiling, arrange
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.errors import InputError

MAX_TILES = 8_388_608  # 2**23: above, a trace would not fit the window's memory and time

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


def term_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, int, Clock]:
    """What a unit that computes nothing else takes for `terms` terms of k of one tile.

    Time, terms, clock. Where the device has a peak for `dtype`: seconds for 1 term, 2·tm·tn over
    the unit's share of it; a lower bound, nothing reaches its peak. Where it has none: steps. A
    lane's step is one multiplication and addition, any other unit's moves its whole tile one k_step
    on; an array's is a cycle, and k_step terms (or all there are) take a fold.
    """
    cells = tiling.tile[0] * tiling.tile[1]
    peak = device.peak(dtype)
    if device.kind == "systolic":
        return float(tile_folds(tiling, device).cycles_per_fold), tiling.k_step, "steps"
    if peak is not None:
        return 2.0 * cells / (peak / device.units), 1, "s"
    if device.kind == "lanes":
        return float(cells), 1, "steps"
    return 1.0, tiling.k_step, "steps"


def tile_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
    """How long one tile, or the longest part of one, takes a unit that computes nothing else."""
    time, terms, clock = term_time(tiling, device, dtype)
    return time * -(-tiling.part_k[1] // terms), clock


def least_time(
    tiling: Tiling, device: Device, dtype: str, order: str | None = None
) -> tuple[float, Clock]:
    """The duration of the schedule, without building it, and its clock."""
    chosen = tiling.order if order is None else order_for(device, order)
    tiling = arrange(tiling, device, chosen)
    alone, clock = tile_time(tiling, device, dtype)
    if chosen.kind == "stream-k":
        time, terms, _ = term_time(tiling, device, dtype)
        return stream_k_time(tiling, time, terms), clock
    if chosen.kind == "split-k":
        last = max(0, tiling.pieces - tiling.slots)
        index = np.arange(last, tiling.pieces, dtype=np.int64)
        return float(_deal(index, tiling, device, dtype)[2].max()), clock
    return alone * tiling.tiles_in_series, clock


def schedule(tiling: Tiling, device: Device, dtype: str, order: str | None = None) -> Trace:
    """The schedule of `order`, or of the one the tiling was made for; modelled.

    The tiling of the trace is `arrange`d for the order. Tiles that share a unit share its speed. An
    edge tile lasts as long as a full one. What split-K and stream-K take to add their partial
    products up is not modelled. Raises InputError for an order this device has not, and above
    MAX_TILES.
    """
    chosen = tiling.order if order is None else order_for(device, order)
    tiling = arrange(tiling, device, chosen)
    check_size(tiling, device)
    if chosen.kind == "stream-k":
        time, terms, clock = term_time(tiling, device, dtype)
        return stream_k(tiling, time, terms, clock)
    if device.kind == "systolic":
        return _folded(tiling, device)
    index = np.arange(tiling.pieces, dtype=np.int32)
    unit, start, end = _deal(index, tiling, device, dtype)
    _, clock = tile_time(tiling, device, dtype)
    if tiling.parts == 1:
        m, n = _raster(index, tiling, chosen)
        return Trace(tiling, m, n, unit, start, end, clock)
    # The part is the slowest index of the grid: all first parts are dealt before any second one.
    part, tile = np.divmod(index, np.int32(tiling.tiles))
    m, n = _raster(tile, tiling, chosen)
    k0 = part * np.int32(tiling.part_k[0])
    k1 = np.where(part == tiling.parts - 1, tiling.gemm.k, k0 + tiling.part_k[0]).astype(np.int32)
    return Trace(tiling, m, n, unit, start, end, clock, k0=k0, k1=k1)


def check_size(tiling: Tiling, device: Device, most: int = MAX_TILES) -> None:
    """Raise InputError where a trace would have more than `most` rows."""
    tiles, what = rows_at_most(tiling), "tiles of {}×{}".format(*tiling.tile)
    if tiling.order.dataflow is not None:
        what = "folds"
    elif tiles > tiling.tiles:
        what = f"pieces of {what}"
    if tiles > most:
        raise InputError(
            f"{tiling.gemm.name} has {tiles:,} {what} on {device.name}; at most {most:,} can be "
            "drawn: choose larger tiles, a smaller batch or another device"
        )


def rows_at_most(tiling: Tiling) -> int:
    """Rows of the tiling's trace: tiles, parts of them or folds; an upper bound for stream-K."""
    if tiling.order.dataflow is not None:
        return tiling.tiles * tiling.k_steps
    if tiling.order.kind == "stream-k":
        # Every unit's run of k-steps but the first may begin inside a tile and cut it in two.
        return tiling.tiles + min(tiling.units, tiling.tiles * tiling.k_steps) - 1
    return tiling.pieces


def _raster(index: Ints, tiling: Tiling, order: Order) -> tuple[Ints, Ints]:
    """Tile coordinates by place in the order."""
    if order.kind == "columns":
        n, m = np.divmod(index, np.int32(tiling.tiles_m))
        return m, n
    if order.kind == "swizzle":
        return swizzle(tiling.tiles_m, tiling.tiles_n, order.number)
    m, n = np.divmod(index, np.int32(tiling.tiles_n))
    return m, n


def swizzle(tiles_m: int, tiles_n: int, size: int) -> tuple[Ints, Ints]:
    """Tiles by block of CUTLASS's identity swizzle: bands of 2^s columns, along n within a band.

    Grid tiles_m·2^s × ceil(tiles_n / 2^s), x fastest; blocks past the edge do nothing and take no
    time. Source: CUTLASS, threadblock_swizzle.h.
    """
    shift = swizzle_shift(tiles_n, size)
    bands = -(-tiles_n // (1 << shift))
    x = np.arange(tiles_m << shift, dtype=np.int32)
    m = np.tile(x >> shift, bands)
    band = np.arange(bands, dtype=np.int32) << shift
    n = (band[:, None] + (x & ((1 << shift) - 1))[None, :]).ravel()
    inside = n < tiles_n
    return (m, n) if inside.all() else (m[inside], n[inside])


def swizzle_shift(tiles_n: int, size: int) -> int:
    """log2 of the columns in a band: no more than a swizzle of `size` asks or tiles_n can use."""
    for shift, least_size, least_tiles in ((3, 8, 6), (2, 4, 3), (1, 2, 2)):
        if size >= least_size and tiles_n >= least_tiles:
            return shift
    return 0


def _deal(
    index: NDArray[np.signedinteger[Any]], tiling: Tiling, device: Device, dtype: str
) -> tuple[Ints, Floats, Floats]:
    """Unit, start and end of the pieces `index`, which must hold the last ones up to the end.

    All pieces last equally long, but for the last part of each tile, which is no shorter and comes
    after all others.
    """
    time, terms, _ = term_time(tiling, device, dtype)
    short, long = (time * -(-k // terms) * tiling.resident for k in tiling.part_k)
    slots = index.dtype.type(min(tiling.slots, tiling.pieces))
    wave, slot = np.divmod(index, slots)
    start, end = wave * short, (wave + 1) * short  # the same product as the next wave's start
    if long != short:
        # The first long piece meets `turn` slots busy with short ones; from then on the slots come
        # free in turns, in the order they were dealt.
        first = tiling.tiles * (tiling.parts - 1)
        full, turn = divmod(first, int(slots))
        rows = slice(int(np.searchsorted(index, first)), None)
        turns, place = np.divmod(index[rows] - first, slots)
        begin = np.where(place >= slots - turn, (full + 1) * short, full * short)
        start[rows], end[rows] = begin + turns * long, begin + (turns + 1) * long
    unit = (slot % tiling.units).astype(np.int32)
    if tiling.resident > 1:
        _drain(unit, start, end, tiling.resident, int(slots))
    return unit, start, end


def _drain(unit: Ints, start: Floats, end: Floats, resident: int, slots: int) -> None:
    """Speed up what runs once the last piece has started: a unit's speed is shared by fewer.

    `end` holds ends at 1/resident of the speed and is mended in place. The pieces in flight on one
    unit end in order of what is left of them; between two ends the rest share the unit.
    """
    last = float(start[-1])
    flying = len(end) - slots + np.flatnonzero(end[-slots:] > last)
    left = (end[flying] - last) / resident
    order = np.lexsort((left, unit[flying]))
    flying, left = flying[order], left[order]
    first = np.flatnonzero(np.diff(unit[flying], prepend=-1))
    held = np.diff(first, append=len(flying))
    now, before = np.full(len(first), last), np.zeros(len(first))
    for rank in range(int(held.max())):
        has = held > rank
        rows = first[has] + rank
        now[has] += (left[rows] - before[has]) * (held[has] - rank)
        before[has] = left[rows]
        end[flying[rows]] = now[has]


def _folded(tiling: Tiling, device: Device) -> Trace:
    """Systolic arrays: tiles row by row, each array one after the other, a row a fold.

    The folds of a tile follow each other along k on one array, which keeps their sum. A wave is the
    nth tile of each array.
    """
    tiles = tiling.tiles
    units = min(tiling.units, tiles)
    chain, cycles = tiling.k_steps, tile_folds(tiling, device).cycles_per_fold
    # Row i: which wave, then which fold of its tiles, then which array.
    wave, within = np.divmod(np.arange(tiles * chain, dtype=np.int32), np.int32(units * chain))
    width = np.minimum(tiles - wave * units, units).astype(np.int32)
    fold, unit = np.divmod(within, width)
    m, n = np.divmod(wave * np.int32(units) + unit, np.int32(tiling.tiles_n))
    start = (wave * chain + fold) * float(cycles)
    end = (wave * chain + fold + 1) * float(cycles)
    if chain == 1:
        return Trace(tiling, m, n, unit, start, end, "steps")
    k0 = fold * np.int32(tiling.k_step)
    k1 = np.minimum(k0 + np.int32(tiling.k_step), np.int32(tiling.gemm.k))
    waves = np.arange(0, tiles * chain, units * chain, dtype=np.int32)
    return Trace(tiling, m, n, unit, start, end, "steps", k0=k0, k1=k1, wave_rows=waves)


def tile_folds(tiling: Tiling, device: Device) -> Folds:
    """Folds of the whole product and cycles of each on one array of a systolic device."""
    dataflow = tiling.order.dataflow
    if device.array is None or dataflow is None:
        raise InputError(f"{device.name} is no systolic array, or {tiling.order.id} no dataflow")
    return folds(tiling.gemm, device.array, dataflow)
