"""Seconds of many products on a GPU: some constants, the least over tiles and split-K.

    time    = t0 + join + smooth maximum of compute and memory
    compute = ceil over units of (tiles in series) · (k + edge) · term + (waves - 1) · wave
    term    = 2 · max(cells, cell · cells + side · (tm + tn)) · alignment / (peak · rate / units)
    memory  = bytes past the L2 / (bandwidth · share · busy units / units)

after which long products slow down by `heat` of their time at the peak, as clocks fall under load.
The form follows the wave model of the design notes (tiles, waves, split-K, roofline), refined by
what rows of published timings showed: a tile pays for its sides as well as for its cells, its start
and end cost as much as `edge` terms of k, and idle SMs fetch nothing, so that a few tiles see only
their share of the bandwidth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.grid import tiles_of, waves_and_series
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.alignment import alignment_factor
from mmviz.core.time.constants import Constants
from mmviz.core.time.tile_choice import stepped_tiles
from mmviz.errors import InputError
from mmviz.text import N_

PARTS = (1, 2, 3, 4, 6, 8, 12, 16, 32)
LEAST_PART = 128  # terms of k below which a part is not worth its reduction
MOST_TILES_SPLIT = 3  # times the units: more tiles than that are never split along k
JOIN_SPEED = 3  # how many times faster than memory partial products are written and read
OTHER_LAYERS = 8  # whose weights the L2 must hold, too, for a layer's own still to be there
LONG_S = 50e-6  # products at least so long are judged a second time on their own
HEAT_S = 1e-3  # products shorter than this hardly warm the chip
_BLOCK = 65_536  # candidates looked at together: they stay in the processor's cache

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Tiles × parts of k, as arrays [candidates], or [products × candidates] where they differ.

    even: 1 where the work is spread evenly over the units whatever the tiles (stream-K). free: the
    parts are to be chosen from; else the caller fixed them: they are priced, sensible or not.
    """

    tm: Floats
    tn: Floats
    parts: Floats
    resident: Floats
    even: Floats | float = 0.0
    free: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """Of each product: seconds, the tile's height and width, the parts of k."""

    seconds: Floats
    tm: NDArray[np.int64]
    tn: NDArray[np.int64]
    parts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Of each product (rows) × candidate (columns) what its time is made of.

    total: seconds, inf where it cannot be; computing: those without the launch. padding: work in
    tiles over work wanted; idling: work of the busiest unit over an even share; alignment: how many
    times longer for misaligned rows, one column; bytes: what memory moves, one column.
    """

    total: Floats
    computing: Floats
    padding: Floats
    idling: Floats
    alignment: Floats
    bytes: Floats


def candidates_for(
    shapes: Shapes,
    device: Device,
    dtype: str,
    tile: Tile | None = None,
    parts: int | None = None,
) -> Candidates:
    """What there is to choose from.

    The tile given, or the one the device's rule names for each product, or all its tiles in
    `dtype`; times the parts given, or PARTS.
    """
    of = np.array(PARTS if parts is None else (parts,), dtype=np.float64)
    steps = device.steps_for(dtype)
    if tile is None and steps:
        tm, tn = stepped_tiles(shapes.m, shapes.n, shapes.k, steps, device.units)
        tm, tn = (np.repeat(side[:, None], len(of), axis=1) for side in (tm, tn))
    else:
        tiles = np.array(device.tiles_for(dtype) if tile is None else (tile,), dtype=np.float64)
        tm, tn = (np.repeat(side, len(of)) for side in tiles.T)
    resident = np.ones(tm.shape)
    for cells, together in reversed(device.resident):
        resident[tm * tn >= cells] = together
    every = np.broadcast_to(of, (tm.size // len(of), len(of))).reshape(tm.shape)
    return Candidates(tm, tn, every, resident, free=parts is None)


def predict(
    shapes: Shapes,
    device: Device,
    dtype: str,
    constants: Constants,
    tile: Tile | None = None,
    parts: int | None = None,
) -> Predicted:
    """Seconds, tile and parts of k of each product: of what is not given, those that take least.

    Raises InputError where the device has no peak in `dtype` or no bandwidth.
    """
    seconds, tm, tn, chosen = (np.empty(len(shapes)) for _ in range(4))
    size = max(1, _BLOCK // (len(device.tiles_for(dtype)) * len(PARTS)))
    for start in range(0, len(shapes), size):
        rows = slice(start, start + size)
        some = shapes[rows]
        candidates = candidates_for(some, device, dtype, tile, parts)
        total = terms(some, device, dtype, constants, candidates).total
        best = total.argmin(axis=1)
        at = (np.arange(len(best)), best)
        seconds[rows] = total[at]
        for into, of in ((tm, candidates.tm), (tn, candidates.tn), (chosen, candidates.parts)):
            into[rows] = np.broadcast_to(of, total.shape)[at]
    return Predicted(seconds, tm.astype(np.int64), tn.astype(np.int64), chosen.astype(np.int64))


def terms(
    shapes: Shapes,
    device: Device,
    dtype: str,
    constants: Constants,
    candidates: Candidates,
) -> Terms:
    """The terms of each product (rows) × candidate (columns); `total` inf where it cannot be.

    Raises InputError where the device has no peak in `dtype` or no bandwidth.
    """
    peak, bandwidth = device.peak(dtype), device.bandwidth
    if peak is None or bandwidth is None:
        said = N_("{device} has no peak in {dtype} or no bandwidth: no time is known")
        raise InputError(said, device=device.name, dtype=dtype)
    c, units = constants, device.units
    peak *= c.rate
    m, n, k = (side[:, None] for side in shapes.sides)
    stack = shapes.stack.astype(np.float64)[:, None]
    tm, tn, parts, resident = candidates.tm, candidates.tn, candidates.parts, candidates.resident
    tiles = stack * tiles_of(m, n, tm, tn)  # of a stack all fill the waves together
    pieces = tiles * parts
    waves, series = waves_and_series(pieces, units, resident)
    if np.any(candidates.even):
        series = np.where(candidates.even, pieces / units, series)
        waves = np.where(candidates.even, 1.0, waves)
    walk = np.ceil(k / (parts * device.k_step)) * device.k_step
    cells = tm * tn
    cell = 2 * units / peak
    aligned = alignment_factor(shapes.rows, dtype, c.odd)[:, None]
    term = cell * aligned * np.maximum(cells, c.cell * cells + c.side * (tm + tn))
    compute = series * (walk + c.edge) * term + (waves - 1) * c.wave
    moved = bytes_past_l2(m, n, k, BYTES[dtype], out_bytes(dtype), device.l2, c.hit, stack)
    memory = moved / (bandwidth * c.share * np.minimum(pieces / units, 1.0))
    more, less = np.maximum(compute, memory), np.minimum(compute, memory)
    both = more * (1 + (less / more) ** c.smooth) ** (1 / c.smooth)
    at_peak = 2 * pieces * cells * walk / peak  # what is past the edge is multiplied, too
    heat = c.heat * at_peak * at_peak / (at_peak + HEAT_S)
    # The parts are written in float32, read and added; they stay near the units, in the L2.
    join = np.where(parts > 1, c.join + 4 * stack * m * n * parts / (JOIN_SPEED * bandwidth), 0.0)
    total = c.t0 + join + both + heat
    if candidates.free:
        split = (k >= LEAST_PART * parts) & (tiles <= MOST_TILES_SPLIT * units)
        total = np.where((parts == 1) | split, total, np.inf)
    padding = pieces * cells * walk / (stack * m * n * k)
    return Terms(total, join + both + heat, padding, series * units / pieces, aligned, moved)


def bytes_past_l2(
    m: Floats,
    n: Floats,
    k: Floats,
    size: float,
    out: float,
    l2: float | None,
    hit: float,
    stack: Floats | float = 1.0,
) -> Floats:
    """Bytes from and to memory: each matrix once, less the share `hit` of what the L2 keeps.

    size: of an element of A and B, out: of C.

    It keeps A and C, which the products before and after use, while both fit; and B, the weights,
    while OTHER_LAYERS times as much would fit, since other layers pass through before it is used
    again. Without an L2 all bytes.
    """
    passing, weights = stack * (size * m * k + out * m * n), stack * size * (n * k)
    if l2 is None or hit <= 0:
        return passing + weights
    kept = hit / (1 + (passing / l2) ** 4)
    held = hit / (1 + (OTHER_LAYERS * weights / l2) ** 4)
    return passing * (1 - kept) + weights * (1 - held)
