"""What a whole pass takes over a range of batches, over one layer's width, or over both at once.

All points are priced together and exactly as `core.cost.costs_of` prices each of them. GPUs go
through arrays alone. Every other device takes each different product by itself, about 20 µs of
Python apiece, which bounds those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import order_for
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT, Network
from mmviz.core.time.choice import tile_products
from mmviz.core.time.cost import LOSSES, basis_of, costs_of, gpu_stages
from mmviz.core.time.wave_time import Candidates, Shapes, constants_of, predict
from mmviz.errors import InputError

MAX_POINTS = 10_000
PARTS_OF_TIME = ("peak", *LOSSES)
"""What `Sweep.limiter` counts in."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The passes of a sweep: [points] batches, and [points] widths of `layer` where it is swept.

    layer: its index; None where only the batch changes, and then widths is None.
    """

    network: Network
    batches: Ints
    layer: int | None = None
    widths: Ints | None = None
    training: bool = False

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, rows: slice) -> Points:
        widths = None if self.widths is None else self.widths[rows]
        return replace(self, batches=self.batches[rows], widths=widths)

    def width(self, point: int) -> int | None:
        """The swept layer's units at one point, None where only the batch changes."""
        return None if self.widths is None else int(self.widths[point])

    def at(self, point: int) -> Network:
        """The network of one point."""
        width = self.width(point)
        if width is None or self.layer is None:
            return self.network
        return self.network.with_units(self.layer, width)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Every point priced, as arrays [points]; modelled.

    seconds of the whole pass, NaN where no time is known (`basis` says why). error: as
    `PassCost.error`, NaN: not known. at_peak: FLOP over the peak, seconds. tiles, waves: sums over
    the products of a pass, as `Tiling` counts them. limiter: index into PARTS_OF_TIME, -1 where
    not known. memory_bound: how many of its products are on the memory's side of the roofline, -1
    where there is none.
    """

    points: Points
    seconds: Floats
    error: Floats
    at_peak: Floats
    tiles: Ints
    waves: Ints
    limiter: Ints
    memory_bound: Ints
    basis: str

    @property
    def per_example(self) -> Floats:
        """Seconds of the pass over its batch."""
        return self.seconds / self.points.batches

    @property
    def efficiency(self) -> Floats:
        """Share of the peak that the pass reaches, 0 … 1."""
        return self.at_peak / self.seconds

    @property
    def known(self) -> bool:
        """Whether there are times at all."""
        return len(self.seconds) > 0 and not bool(np.isnan(self.seconds).all())

    def limited_by(self, point: int) -> str | None:
        """What most of the time of a point is made of: peak or the id of a loss."""
        found = int(self.limiter[point])
        return None if found < 0 else PARTS_OF_TIME[found]


def points_of(
    network: Network,
    batches: Sequence[int],
    training: bool = False,
    layer: int | None = None,
    widths: Sequence[int] = (),
) -> Points:
    """Every batch with every width of `layer`: widths one after the other, batches within each.

    Raises InputError for more than MAX_POINTS, counts out of range and widths a layer cannot have.
    """
    total = len(batches) * max(1, len(widths))
    if not 1 <= total <= MAX_POINTS:
        raise InputError(f"a sweep has 1 to {MAX_POINTS:,} points, not {total:,}")
    for what, values in (("batch", batches), ("width", widths)):
        if len(values) and not 1 <= min(values) <= max(values) <= MAX_COUNT:
            raise InputError(f"every {what} of a sweep is from 1 to {MAX_COUNT:,}")
    found = np.array(batches, dtype=np.int64)
    if layer is None or not widths:
        return Points(network, found, training=training)
    odd = next((width for width in widths if width % 2), widths[0])
    network.with_units(layer, odd)  # raises where the layer's activation needs even ones
    every = np.repeat(np.array(widths, dtype=np.int64), len(batches))
    return Points(network, np.tile(found, len(widths)), layer, every, training)


def sweep(
    points: Points,
    device: Device,
    dtype: str,
    tile: Tile | None = None,
    order: str | None = None,
) -> Sweep:
    """Price every point; tile and order None: as the library would choose them for each product.

    Raises InputError for an order the device has not.
    """
    asked, sides = order_for(device, order), _sides(points)
    rows = np.concatenate([np.stack(np.broadcast_arrays(*side), axis=1) for side in sides])
    different, at = np.unique(rows, axis=0, return_inverse=True)
    if device.kind == "gpu" and device.peak(dtype) is not None and device.bandwidth is not None:
        priced = _on_gpu(different, device, dtype, tile, order, asked)
    else:
        priced = _one_by_one(different, device, dtype, tile, order)
    return _added(points, priced, at.reshape(len(sides), len(points)))


def pieces(points: Points, size: int) -> Iterator[Points]:
    """The same points, at most `size` at a time, for who must not stop for long; see `joined`."""
    for start in range(0, len(points), size):
        yield points[start : start + size]


def joined(points: Points, parts: Sequence[Sweep]) -> Sweep:
    """The sweeps of all `pieces` of `points` as one."""
    if not parts:
        raise ValueError("a sweep is joined of at least one part")
    arrays = ("seconds", "error", "at_peak", "tiles", "waves", "limiter", "memory_bound")
    every = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return Sweep(points, basis=parts[0].basis, **every)


@dataclass(frozen=True, slots=True, eq=False)
class _Priced:
    """Different products: parts [1 + losses, products] of `seconds`, and what else is summed."""

    parts: Floats
    seconds: Floats
    error: Floats
    tiles: Ints
    waves: Ints
    memory: Ints
    basis: str


def _sides(points: Points) -> list[tuple[Any, ...]]:
    """m, n, k and whether it is wgrad, each [points] or one number, of each product of a pass.

    The order is that of `lower`.
    """
    network, batches = points.network, points.batches
    units: list[Any] = [layer.units for layer in network.layers]
    outputs: list[Any] = [layer.outputs for layer in network.layers]
    if points.layer is not None and points.widths is not None:
        units[points.layer] = points.widths
        halved = network.layers[points.layer].activation == "swiglu"
        outputs[points.layer] = points.widths // 2 if halved else points.widths
    inputs = [network.inputs, *outputs[:-1]]
    forward: list[tuple[Any, ...]] = []
    backward: list[tuple[Any, ...]] = []
    zeros = np.zeros(len(points), dtype=np.int64)
    for i, (width, out) in enumerate(zip(inputs, units, strict=True)):
        forward.append((batches, out, width, zeros))
        backward.append((width, out, batches, zeros + 1))
        if i > 0:
            backward.append((batches, width, out, zeros))
    return [*forward, *reversed(backward)] if points.training else forward


def _on_gpu(
    rows: Ints, device: Device, dtype: str, tile: Tile | None, order: str | None, asked: Order
) -> _Priced:
    """The way of `tile_products` and `costs_of`, in arrays."""
    m, n, k, turned = rows.T
    shapes = Shapes(m, n, k, np.bitwise_or(n, np.where(turned, m, k)))
    tm, tn, parts = _tiled(shapes, device, dtype, tile, order, asked)
    alone = asked.alone
    resident = np.ones(len(rows))
    if not alone:
        for cells, tiles in reversed(device.resident):
            resident[tm * tn >= cells] = tiles
    even = float(asked.even)
    height, width, of, together = (
        side.astype(np.float64)[:, None] for side in (tm, tn, parts, resident)
    )
    tiled = Candidates(height, width, of, together, even, free=False)
    stages, error = gpu_stages(shapes, tiled, device, dtype)
    tiles = -(-m // tm) * -(-n // tn)
    waves = -(-tiles * parts // (device.units * resident.astype(np.int64)))
    split = np.concatenate([stages[:1], np.diff(stages, axis=0)])
    memory, basis = _memory_bound(m, n, k, device, dtype), basis_of(device, dtype)
    return _Priced(split, stages[-1], error, tiles, waves, memory, basis)


def _tiled(
    shapes: Shapes, device: Device, dtype: str, tile: Tile | None, order: str | None, asked: Order
) -> tuple[Ints, Ints, Ints]:
    """Tile height and width and parts of k of each product, chosen or as they are fixed."""
    of = asked.parts
    if tile is not None:
        tm, tn = (np.full(len(shapes), side, dtype=np.int64) for side in tile)
        parts = np.full(len(shapes), of, dtype=np.int64)
    else:
        chosen = None if order is None else of
        found = predict(shapes, device, dtype, constants_of(device, dtype), parts=chosen)
        tm, tn, parts = found.tm, found.tn, found.parts
    return tm, tn, np.minimum(parts, shapes.k)


def _one_by_one(
    rows: Ints, device: Device, dtype: str, tile: Tile | None, order: str | None
) -> _Priced:
    gemms = [
        Gemm("", "wgrad" if turned else "forward", m, n, k) for m, n, k, turned in rows.tolist()
    ]
    tilings = tile_products(gemms, device, tile, order, dtype=dtype)
    costs = costs_of(tilings, device, dtype)
    nothing = (np.nan,) * len(PARTS_OF_TIME)
    parts = np.array(
        [nothing if c.losses is None else (c.at_peak_s, *c.losses) for c in costs], dtype=np.float64
    ).T
    seconds = np.array([c.predicted_s for c in costs], dtype=np.float64)
    error = np.array([c.error for c in costs], dtype=np.float64)
    tiles, waves = (np.array([getattr(t, n) for t in tilings]) for n in ("tiles", "waves"))
    m, n, k, _ = rows.T
    memory = _memory_bound(m, n, k, device, dtype)
    return _Priced(parts, seconds, error, tiles, waves, memory, costs[0].basis)


def _memory_bound(m: Ints, n: Ints, k: Ints, device: Device, dtype: str) -> Ints:
    """1 for products on the memory's side of the roofline, -1 for all where it is not known."""
    peak, bandwidth = device.peak(dtype), device.bandwidth
    if not peak or not bandwidth:
        return np.full(len(m), -1, dtype=np.int64)
    a, b, c = (side.astype(np.float64) for side in (m, n, k))
    moved = BYTES[dtype] * (a * c + c * b + a * b)
    return (2 * a * b * c / moved < peak / bandwidth).astype(np.int64)


def _added(points: Points, priced: _Priced, at: Ints) -> Sweep:
    """The sums of every pass, product by product in its order; `at` [products, points]."""
    zeros = np.zeros(len(points), dtype=np.int64)
    seconds, off = zeros.astype(np.float64), zeros.astype(np.float64)
    parts = np.zeros((len(PARTS_OF_TIME), len(points)))
    tiles, waves, memory = zeros, zeros, zeros
    for of in at:
        seconds = seconds + priced.seconds[of]
        off = off + priced.error[of] * priced.seconds[of]
        parts = parts + priced.parts[:, of]
        tiles, waves = tiles + priced.tiles[of], waves + priced.waves[of]
        memory = memory + priced.memory[of]
    unknown = np.isnan(seconds)
    limiter = np.where(unknown, -1, np.where(unknown, 0.0, parts).argmax(axis=0))
    return Sweep(
        points,
        seconds,
        off / seconds,
        parts[0],
        tiles,
        waves,
        limiter.astype(np.int64),
        np.maximum(memory, -1),
        priced.basis,
    )
