"""What a whole pass takes over a range of batches, over one layer's width, or over both at once.

All points are priced together by `core.time.price`, each different product once. GPUs go through
arrays alone. Where an order cuts tiles of its own each product is cut by itself, about 20 µs of
Python apiece, which bounds those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.provenance import Provenance
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.network import MAX_COUNT, Network
from mmviz.core.time.cost import LOSSES, Priced
from mmviz.core.time.price import price_shapes
from mmviz.core.time.saved import unhidden
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.text import N_, Text

_Side = tuple[Any, ...]
MAX_POINTS = 10_000
PARTS_OF_TIME = ("peak", *LOSSES)
"""The rows of `Sweep.parts` and `Sweep.causes`."""

_ARRAYS = (
    "seconds", "error", "at_peak", "tiles", "waves", "parts", "causes", "memory_bound",
    "workspace", "needed", "fits",
)  # fmt: skip

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
    """Every point priced, as arrays [points].

    seconds of the whole pass, NaN where no time is known (the basis says why). error: as
    `PassCost.error`, NaN: not known. at_peak: FLOP over the peak, seconds. tiles, waves: sums over
    the products of a pass, as `Tiling` counts them. parts [PARTS_OF_TIME, points]: seconds at the
    peak and lost to each cause, together `seconds`. causes: the same, what memory hides counted as
    waiting for it. memory_bound: how many of its products are on
    the memory's side of the roofline, -1 where there is none. workspace: bytes of partial sums of
    the product that needs most of them. needed: bytes of memory, of which the device has `memory`;
    fits: whether that suffices; `mmviz.core.memory` fills in both. calibrate: a calibration of this
    machine would bring times.
    """

    points: Points
    seconds: Floats
    error: Floats
    at_peak: Floats
    tiles: Ints
    waves: Ints
    parts: Floats
    causes: Floats
    memory_bound: Ints
    workspace: Floats
    needed: Floats
    fits: NDArray[np.bool_]
    provenance: Provenance
    calibrate: bool = False
    memory: float | None = None

    def __getitem__(self, rows: slice) -> Sweep:
        """Some of the points."""
        some = {name: getattr(self, name)[..., rows] for name in _ARRAYS}
        return replace(self, points=self.points[rows], **some)

    @property
    def basis(self) -> Text:
        """What the predictions rest on, or why there are none, in a phrase."""
        return self.provenance.basis

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
        parts = self.parts[:, point]
        return None if np.isnan(parts).any() else PARTS_OF_TIME[int(parts.argmax())]


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
        said = N_("a sweep has 1 to {most:group} points, not {total:group}")
        raise InputError(said, most=MAX_POINTS, total=total)
    if not 1 <= min(batches) <= max(batches) <= MAX_COUNT:
        raise InputError(N_("every batch of a sweep is from 1 to {most:group}"), most=MAX_COUNT)
    if len(widths) and not 1 <= min(widths) <= max(widths) <= MAX_COUNT:
        raise InputError(N_("every width of a sweep is from 1 to {most:group}"), most=MAX_COUNT)
    found = np.array(batches, dtype=np.int64)
    if layer is None or not widths:
        return Points(network, found, training=training)
    odd = next((width for width in widths if width % 2), widths[0])
    network.with_units(layer, odd)  # raises where the layer's activation needs even ones
    every = np.repeat(np.array(widths, dtype=np.int64), len(batches))
    return Points(network, np.tile(found, len(widths)), layer, every, training)


def sweep(points: Points, setup: Setup) -> Sweep:
    """Price every point as the setup is priced; raises InputError for an order the device has not.

    What the setup says of the workload, its batch and whether it trains, the points say.
    """
    sides, which = _different(_sides(points))
    rows = np.concatenate([np.stack(np.broadcast_arrays(*side), axis=1) for side in sides])
    different, at = np.unique(rows, axis=0, return_inverse=True)
    priced = price_shapes(Shapes.turned(*different.T), setup)
    return _added(points, priced, at.reshape(len(sides), len(points))[which])


def different_products(points: Points) -> int:
    """How many products of a pass are not alike at every point."""
    return len(_different(_sides(points[:1]))[0])


def pieces(points: Points, size: int) -> Iterator[Points]:
    """The same points, at most `size` at a time, for who must not stop for long; see `joined`."""
    for start in range(0, len(points), size):
        yield points[start : start + size]


def joined(points: Points, parts: Sequence[Sweep]) -> Sweep:
    """The sweeps of all `pieces` of `points` as one."""
    if not parts:
        raise ValueError("a sweep is joined of at least one part")
    every = {name: np.concatenate([getattr(part, name) for part in parts], -1) for name in _ARRAYS}
    first = parts[0]
    rests, memory = first.provenance, first.memory
    return Sweep(points, provenance=rests, calibrate=first.calibrate, memory=memory, **every)


def _different(sides: list[_Side]) -> tuple[list[_Side], list[int]]:
    """Those that are not alike at every point, and which of them each one is."""
    found: dict[tuple[Any, ...], int] = {}
    which = []
    for side in sides:
        key = tuple(id(one) if isinstance(one, np.ndarray) else one for one in side)
        which.append(found.setdefault(key, len(found)))
    firsts = dict(zip(reversed(which), reversed(sides), strict=True))
    return [firsts[place] for place in range(len(found))], which


def layer_sides(points: Points) -> list[_Side]:
    """What each layer reads, its units and what it passes on, each [points] or one number."""
    network = points.network
    units: list[Any] = [layer.units for layer in network.layers]
    outputs: list[Any] = [layer.outputs for layer in network.layers]
    if points.layer is not None and points.widths is not None:
        units[points.layer] = points.widths
        halved = network.layers[points.layer].activation == "swiglu"
        outputs[points.layer] = points.widths // 2 if halved else points.widths
    return list(zip([network.inputs, *outputs[:-1]], units, outputs, strict=True))


def _sides(points: Points) -> list[_Side]:
    """m, n, k and whether it is wgrad, each [points] or one number, of each product of a pass.

    The order is that of `lower`.
    """
    batches = points.batches
    forward: list[_Side] = []
    backward: list[_Side] = []
    zeros = np.zeros(len(points), dtype=np.int64)
    ones = zeros + 1
    for i, (width, out, _) in enumerate(layer_sides(points)):
        forward.append((batches, out, width, zeros))
        backward.append((width, out, batches, ones))
        if i > 0:
            backward.append((batches, width, out, zeros))
    return [*forward, *reversed(backward)] if points.training else forward


def _added(points: Points, priced: Priced, at: Ints) -> Sweep:
    """The sums of every pass, product by product in its order; `at` [products, points]."""
    zeros = np.zeros(len(points), dtype=np.int64)
    seconds, off = zeros.astype(np.float64), zeros.astype(np.float64)
    parts, causes = (np.zeros((len(PARTS_OF_TIME), len(points))) for _ in range(2))
    tiles, waves, memory = zeros, zeros, zeros
    workspace, of_workspace = zeros.astype(np.float64), priced.workspace
    of_seconds, of_parts, of_memory = priced.seconds, priced.parts, priced.memory_bound
    of_causes = unhidden(of_parts)
    of_tiles, of_waves, of_off = priced.cuts.tiles, priced.cuts.waves, priced.error * of_seconds
    for of in at:
        seconds = seconds + of_seconds[of]
        off = off + of_off[of]
        parts, causes = parts + of_parts[:, of], causes + of_causes[:, of]
        tiles, waves = tiles + of_tiles[of], waves + of_waves[of]
        memory = memory + of_memory[of]
        workspace = np.maximum(workspace, of_workspace[of])
    return Sweep(
        points,
        seconds,
        off / seconds,
        parts[0],
        tiles,
        waves,
        parts,
        causes,
        np.maximum(memory, -1),
        workspace,
        np.zeros(len(points)),
        np.ones(len(points), dtype=np.bool_),
        priced.provenance,
        priced.calibrate,
    )
