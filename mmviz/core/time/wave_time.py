"""Seconds of many products on a GPU: some constants, the least over tiles and split-K.

    time    = t0 + quantizing + join + smooth maximum of compute and memory + heat
    compute = ceil over units of (tiles in series) · (k + edge) · term + (waves - 1) · wave
    term    = 2 · max(cells, (cell · cells + side · (tm + tn)) · tile) · aligned · units
              / (peak · rate)
    memory  = root of the sum of squares of
              bytes past the L2 / (bandwidth · share) and
              bytes one tile streams · units / (bandwidth · share · reach)
    streams = size · k · (min(tn, n) + act · min(tm, m))
    quantizing = (cast + cast_far past the L2) · bytes read and written / bandwidth + cast_few · few

and no launch begins sooner than `pace` after the one before. The form follows the wave model of the
design notes (tiles, waves, split-K, roofline), refined by what rows of published timings showed: a
tile pays for its sides as well as for its cells, its start and end cost as much as `edge` terms of
k, long products slow down by `heat` of their time at the peak, as clocks fall under load, and no
unit streams faster than its ways to the memory allow, so that a few tiles of a long k wait however
much bandwidth is left.

More work never takes less time: each part grows with m, n, k and the stack or stays, for each tile
and each split of k, and what there is to choose from gets less as a product grows, never more
(`Choices.closed`). Only `alignment`, which goes by what divides the sides, can fall.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.grid import over, tiles_of, waves_and_series
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.alignment import alignment_factor
from mmviz.core.time.constants import Constants
from mmviz.core.time.tile_choice import Steps, closed_tiles, steps_of
from mmviz.core.time.traffic import bytes_past_l2
from mmviz.errors import InputError
from mmviz.text import N_

PARTS = (1, 2, 3, 4, 6, 8, 12, 16, 32)
MOST_TILES_SPLIT = 3  # times the units: more tiles than that are never split along k
JOIN_SPEED = 3  # how many times faster than memory partial products are written and read
LONG_S = 50e-6  # products at least so long are judged a second time on their own
HEAT_S = 1e-3  # products shorter than this hardly warm the chip
FEW_ROWS = 4  # times the units: so many rows of A keep a chip busy that quantizes them
PACING = 8  # exponent of the smooth maximum of a product and the pace of launches
_CAST_FALL = 4  # how sharply an L2 stops holding what is quantized
_BLOCK = 24_576  # products × choices looked at together: they stay in the processor's cache

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """A tile and parts of k for each product [products].

    even: 1 where the work is spread evenly over the units whatever the tiles (stream-K).
    """

    tm: Floats
    tn: Floats
    parts: Floats
    resident: Floats
    even: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """Of each product: seconds, the tile's height and width, the parts of k."""

    seconds: Floats
    tm: NDArray[np.int64]
    tn: NDArray[np.int64]
    parts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What the time of each product [products], cut as it is, is made of.

    total: seconds; computing: those without the launch. padding: work in tiles over work wanted;
    idling: work of the busiest unit over an even share; alignment: how many times longer for
    misaligned rows; bytes: what memory moves.
    """

    total: Floats
    computing: Floats
    padding: Floats
    idling: Floats
    alignment: Floats
    bytes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Tiles [tiles] and parts of k [parts]: each with each; steps: which tiles a product may take.

    free: more tiles than MOST_TILES_SPLIT a unit are not split. even: as of `Candidates`.
    """

    tm: Floats
    tn: Floats
    resident: Floats
    parts: Floats
    steps: Steps | None
    free: bool
    even: float

    def close(self, seconds: Floats, shapes: Shapes, tiles: Floats, units: int) -> None:
        """Sets what is no choice to inf: [tiles × parts × products]. More with any more work.

        tiles: [tiles × 1 × products].
        """
        if self.free:
            many = (tiles > MOST_TILES_SPLIT * units) & (self.parts > 1)[:, None]
            seconds[many] = np.inf
        if self.steps is not None:
            seconds[
                np.broadcast_to(closed_tiles(shapes, self.steps, units)[:, None], seconds.shape)
            ] = np.inf


def choices_for(
    device: Device,
    dtype: str,
    tile: Tile | None = None,
    parts: int | None = None,
    *,
    alone: bool = False,
    even: bool = False,
) -> Choices:
    """The tile given, or all that the device has in `dtype`; times the parts given, or PARTS.

    alone: no two tiles share a unit. even: the work is spread evenly over the units.
    """
    of = np.array(PARTS if parts is None else (parts,), dtype=np.float64)
    steps = None if tile is not None else steps_of(device.steps_for(dtype))
    if tile is not None:
        listed: tuple[Tile, ...] = (tile,)
    else:
        listed = device.tiles_for(dtype) if steps is None else steps.tiles
    tm, tn = np.array(listed, dtype=np.float64).T
    resident = np.ones(len(tm)) if alone else _resident(device, tm * tn)
    return Choices(tm, tn, resident, of, steps, parts is None, float(even))


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
    found = choose(shapes, device, dtype, constants, choices_for(device, dtype, tile, parts))
    seconds = terms(shapes, device, dtype, constants, found).total
    tm, tn, of = (column.astype(np.int64) for column in (found.tm, found.tn, found.parts))
    return Predicted(seconds, tm, tn, of)


def choose(
    shapes: Shapes, device: Device, dtype: str, constants: Constants, choices: Choices
) -> Candidates:
    """The choice that takes least, of each product. Raises InputError as `predict`."""
    best = np.zeros(len(shapes), dtype=np.int64)
    whole = _whole(shapes, device, choices)
    for rows, some in ((whole, replace(choices, parts=np.ones(1))), (~whole, choices)):
        where, many = np.nonzero(rows)[0], len(some.tm) * len(some.parts)
        size = max(1, _BLOCK // many)
        for start in range(0, len(where), size):
            at = where[start : start + size]
            found = _least(shapes[at], device, dtype, constants, some)
            best[at] = found if some is choices else found * len(choices.parts)
    tile, part = np.divmod(best, len(choices.parts))
    parts = np.minimum(choices.parts[part], shapes.k)  # a part has a term at least
    columns = (choices.tm[tile], choices.tn[tile], parts, choices.resident[tile])
    return Candidates(*columns, choices.even)


def _whole(shapes: Shapes, device: Device, choices: Choices) -> Bools:
    """Which products have too many tiles to be split, however large those are."""
    if not choices.free:
        return np.zeros(len(shapes), dtype=np.bool_)
    m, n, _ = shapes.sides
    tiles = shapes.stack * tiles_of(m, n, choices.tm[:, None], choices.tn[:, None])
    found: Bools = tiles.min(axis=0) > MOST_TILES_SPLIT * device.units
    return found


def _least(
    shapes: Shapes, device: Device, dtype: str, constants: Constants, choices: Choices
) -> NDArray[np.int64]:
    """Which choice takes least, counted over tiles and within each over parts.

    The greater of compute and memory is near their smooth maximum, and never above it: what is
    above the best one's smooth maximum with its plain one is out, and few are left to be looked at
    closely.
    """
    columns = (choices.tm, choices.tn, choices.resident)
    tm, tn, resident = (column[:, None, None] for column in columns)
    of = _sides(shapes, device, dtype, constants)
    tiles = of.stack * tiles_of(of.m, of.n, tm, tn)
    parts = np.minimum(choices.parts[:, None], of.k)
    cut = _cut(of, tiles, tm, tn, parts, resident, choices.even)
    flat = (len(choices.tm) * len(choices.parts), len(shapes))
    plain = np.maximum(cut.compute, cut.memory)
    plain += cut.besides
    choices.close(plain, shapes, tiles, device.units)
    compute, memory, besides, plain = (
        column.reshape(flat) for column in (cut.compute, cut.memory, cut.besides, plain)
    )
    first = plain.argmin(axis=0)
    at = (first, np.arange(len(first)))
    bound = _smooth(compute[at], memory[at], constants.smooth) + besides[at]
    left = np.nonzero(plain <= bound)
    near = np.full(flat, np.inf)
    near[left] = _smooth(compute[left], memory[left], constants.smooth) + besides[left]
    found: NDArray[np.int64] = near.argmin(axis=0)
    return found


def terms(
    shapes: Shapes, device: Device, dtype: str, constants: Constants, cut: Candidates
) -> Terms:
    """What the time of each product is made of, cut as `cut` says.

    Raises InputError where the device has no peak in `dtype` or no bandwidth.
    """
    of = _sides(shapes, device, dtype, constants)
    tm, tn, parts = cut.tm, cut.tn, cut.parts
    tiles = of.stack * tiles_of(of.m, of.n, tm, tn)
    found = _cut(of, tiles, tm, tn, parts, cut.resident, cut.even)
    pieces, compute, memory, besides = found.pieces, found.compute, found.memory, found.besides
    computing = _smooth(compute, memory, constants.smooth) + besides + of.quantizing
    total = launched(computing, constants)
    padding = pieces * (tm * tn) * found.walk / (of.stack * of.m * of.n * of.k)
    idling = found.series * device.units / pieces
    return Terms(total, computing, padding, idling, of.aligned, of.moved)


def launched(computing: Floats, constants: Constants) -> Floats:
    """Seconds from one launch to the next, of launches that compute so long."""
    total = constants.t0 + computing
    if constants.pace <= 0:
        return total
    return _smooth(total, np.full(len(total), constants.pace), PACING)


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Of each product what does not depend on how it is cut."""

    m: Floats
    n: Floats
    k: Floats
    stack: Floats
    device: Device
    constants: Constants
    peak: float
    bandwidth: float
    size: float
    aligned: Floats
    moved: Floats
    quantizing: Floats


def _sides(shapes: Shapes, device: Device, dtype: str, constants: Constants) -> _Sides:
    peak, bandwidth = device.peak(dtype), device.bandwidth
    if peak is None or bandwidth is None:
        said = N_("{device} has no peak in {dtype} or no bandwidth: no time is known")
        raise InputError(said, device=device.name, dtype=dtype)
    c, size = constants, BYTES[dtype]
    m, n, k = shapes.sides
    stack = shapes.stack.astype(np.float64)
    aligned = alignment_factor(shapes.rows, dtype, c.odd)
    keeps = (device.l2, c.hit, c.others, c.fall)
    moved = bytes_past_l2(m, n, k, size, out_bytes(dtype), *keeps, stack=stack)
    quantizing = np.zeros(len(shapes))
    if c.cast > 0 or c.cast_far > 0 or c.cast_few > 0:
        rows = stack * m
        both = rows * k * (2 + size)  # read as two bytes, written as what they become
        far = 1.0 if device.l2 is None else 1 / (1 + (device.l2 / both) ** _CAST_FALL)
        few = k * rows / (rows + FEW_ROWS * device.units)
        quantizing = both / bandwidth * (c.cast + c.cast_far * far) + c.cast_few * few
    of = (device, c, peak * c.rate, bandwidth, size, aligned, moved, quantizing)
    return _Sides(m, n, k, stack, *of)


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Seconds of compute, memory and what comes besides; pieces, those in series, terms walked."""

    compute: Floats
    memory: Floats
    besides: Floats
    pieces: Floats
    series: Floats
    walk: Floats


def _cut(
    of: _Sides, tiles: Floats, tm: Floats, tn: Floats, parts: Floats, resident: Floats, even: float
) -> _Cut:
    """Products that are cut into `tiles` tiles of tm × tn cells: arrays that broadcast."""
    c, device, units = of.constants, of.device, of.device.units
    cells = tm * tn
    pieces = tiles * parts
    waves, series = waves_and_series(pieces, units, resident)
    if even:
        waves, series = np.ones_like(pieces), pieces / units
    walk = over(of.k / parts, device.k_step) * device.k_step
    work = np.maximum(cells, (c.cell * cells + c.side * (tm + tn)) * _dearer(c, tm, tn))
    compute = series * ((walk + c.edge) * of.aligned)
    compute *= work * (2 * units / of.peak)
    waves -= 1
    waves *= c.wave
    compute += waves
    reached = of.bandwidth * c.share
    wide = np.minimum(tn, of.n) + c.act * np.minimum(tm, of.m)
    memory = np.square(walk) * np.square(wide * (of.size * units / (reached * c.reach)))
    memory += np.square(of.moved / reached)
    np.sqrt(memory, out=memory)
    at_peak = pieces * walk  # what is past the edge is multiplied, too
    at_peak *= cells * (2 / of.peak)
    besides = at_peak + HEAT_S
    np.divide(np.square(at_peak, out=at_peak), besides, out=besides)
    besides *= c.heat
    # The parts are written in float32, read and added; they stay near the units, in the L2.
    joined = of.stack * of.m * of.n * (4 / (JOIN_SPEED * of.bandwidth))
    besides += np.where(parts > 1, c.join + joined * parts, 0.0)
    return _Cut(compute, memory, besides, pieces, series, walk)


def _dearer(c: Constants, tm: Floats, tn: Floats) -> Floats:
    """By which factor the work of each tile is dearer than its cells and sides say."""
    found = np.ones(tm.shape)
    for (height, width), factor in c.tiles:
        found[(tm == height) & (tn == width)] = factor
    return found


def _smooth(one: Floats, other: Floats, exponent: float) -> Floats:
    """The smooth maximum: at least the greater, at most 2^(1 / exponent) of it."""
    more, less = np.maximum(one, other), np.minimum(one, other)
    found: Floats = more * np.exp(np.log1p((less / more) ** exponent) / exponent)
    return found


def _resident(device: Device, cells: Floats) -> Floats:
    """How many tiles of so many cells one unit holds at once."""
    found = np.ones(cells.shape)
    for least, together in reversed(device.resident):
        found[cells >= least] = together
    return found
