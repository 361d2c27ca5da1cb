"""Tiles dealt to units one after the other, in closed form.

Real dispatch is greedy: the next piece goes to whichever slot comes free, breadth first over the
units at the start. While pieces wait, every slot is full and each runs by itself, so pieces of
equal length come free in the order they were dealt; only at the end do units hold fewer.
"""

from __future__ import annotations

from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Cpu, Gpu, Lanes, Systolic
from mmviz.core.device.device import Device
from mmviz.core.provenance import MODELLED, Provenance
from mmviz.core.schedule.columns import DealtUnits, Floats, Ints, WaveTimes
from mmviz.core.schedule.raster import Raster, RasteredTiles
from mmviz.core.schedule.systolic import Folds, folds
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.errors import InputError
from mmviz.text import N_, own

Indices = NDArray[np.signedinteger[Any]]


def term_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, int, Clock]:
    """What a unit that computes nothing else takes for `terms` terms of k of one tile.

    Time, terms, clock. Where the device has a peak for `dtype`: seconds for 1 term, 2·tm·tn over
    the unit's share of it; a lower bound, nothing reaches its peak. Where it has none: steps. A
    lane's step is one multiplication and addition, any other unit's moves its whole tile one k_step
    on; an array's is a cycle, and k_step terms (or all there are) take as long as from one fold to
    the next.
    """
    cells = tiling.tile[0] * tiling.tile[1]
    peak, body = device.peak(dtype), device.body
    if isinstance(body, Systolic):
        return float(tile_folds(tiling, device).every), tiling.k_step, "steps"
    if peak is not None:
        return 2.0 * cells / (peak / device.units), 1, "s"
    match body:
        case Lanes():
            return float(cells), 1, "steps"
        case Cpu() | Gpu():
            return 1.0, tiling.k_step, "steps"
        case _:
            assert_never(body)


def tile_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
    """How long one tile, or the longest part of one, takes a unit that computes nothing else."""
    time, terms, clock = term_time(tiling, device, dtype)
    return time * -(-tiling.part_k[1] // terms), clock


def deal(tiling: Tiling, device: Device, dtype: str, raster: Raster) -> Trace:
    """Tiles in the order of `raster`, or parts of them: all first ones before any second one."""
    rows, parts = tiling.pieces, tiling.parts
    m, n = (RasteredTiles(raster, rows, axis) for axis in (0, 1))
    time, terms, clock = term_time(tiling, device, dtype)
    short, long = (time * -(-k // terms) * tiling.resident for k in tiling.part_k)
    if short != long:
        index = np.arange(rows, dtype=np.int32)
        unit, start, end, _ = part_times(index, tiling, device, dtype)
        return Trace(tiling, m, n, unit, start, end, clock, *_terms(tiling))
    slots = min(tiling.slots, rows)
    wave = np.arange(-(-rows // slots), dtype=np.float64)
    starts, ends = wave * long, (wave + 1) * long  # the same product as the next wave's start
    tail = None
    if tiling.resident > 1:
        last = np.arange(rows - slots, rows)
        tail = ends[last // slots]
        unit = (last % slots % tiling.units).astype(np.int32)
        _drain(unit, float(starts[-1]), tail, tiling.resident)
    return Trace(
        tiling,
        m,
        n,
        DealtUnits(tiling.units, slots, rows),
        WaveTimes(starts, slots, rows),
        WaveTimes(ends, slots, rows, tail),
        clock,
        *(_terms(tiling) if parts > 1 else ()),
    )


def _terms(tiling: Tiling) -> tuple[Provenance, Ints, Ints]:
    """Modelled, and the terms of k that each part covers; the last takes the rest."""
    part = tiling.part_k[0]
    first = np.arange(tiling.parts, dtype=np.int32) * np.int32(part)
    past = np.append(first[1:], np.int32(tiling.gemm.k))
    return MODELLED, np.repeat(first, tiling.tiles), np.repeat(past, tiling.tiles)


def part_times(
    index: Indices, tiling: Tiling, device: Device, dtype: str
) -> tuple[Ints, Floats, Floats, Clock]:
    """Unit, start and end of the pieces `index`, which must hold the last ones up to the end.

    All pieces last equally long, but for the last part of each tile, which is no shorter and comes
    after all others.
    """
    time, terms, clock = term_time(tiling, device, dtype)
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
        tail = slice(len(end) - int(slots), None)
        _drain(unit[tail], float(start[-1]), end[tail], tiling.resident)
    return unit, start, end, clock


def _drain(unit: Ints, last: float, end: Floats, resident: int) -> None:
    """Speed up what runs once the last piece has started, at `last`: fewer share a unit's speed.

    unit, end: of the last pieces, one a slot. `end` holds ends at 1/resident of the speed and is
    mended in place. The pieces in flight on one unit end in order of what is left of them; between
    two ends the rest share the unit.
    """
    flying = np.flatnonzero(end > last)
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


def tile_folds(tiling: Tiling, device: Device) -> Folds:
    """Folds of the whole product and cycles of each on one array of a systolic device."""
    dataflow = tiling.order.dataflow
    if not isinstance(device.body, Systolic) or dataflow is None:
        raise InputError(
            N_("{device} is no systolic array, or {order} no dataflow"),
            device=own(device.name),
            order=tiling.order.id,
        )
    body = device.body
    return folds(tiling.gemm, body.array, dataflow, body.double_buffered)
