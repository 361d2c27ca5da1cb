"""Shapes beside those of a pass: another batch, a width padded up or trimmed down.

Where it pays to look: at multiples of what matrix units load (16 bytes) and of what memory moves at
once (128 bytes), at the edges of tiles, and where the last wave is just full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import bits
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT, Network
from mmviz.text import N_, Text, own

BATCH_STEPS = (8, 16, 32, 64, 128, 256)
WIDTH_STEPS = (8, 16, 64, 128)
LOADED, MOVED = 16, 128  # bytes: a matrix unit's load, a line of the memory
BATCH_RANGE = (2 / 3, 3 / 2)  # of the batch: farther away only twice the batch is looked at
WIDTH_RANGE = (0.9, 2.0)
OTHER_TILES = 6  # of the device's largest, whose waves are looked at beside those of the tile used
INPUTS = -1  # stands among numbers of layers for the input features


@dataclass(frozen=True, slots=True)
class Change:
    """One number of a network, or of a list of products, that becomes another.

    what: in words, 'batch' or 'units of fc8'. layers: of a width those that change, from 0, INPUTS
    for the input features; of a list the product's place. side: m, n or k of that product.
    """

    what: Text
    kind: Literal["batch", "width", "product"]
    before: int
    after: int
    layers: tuple[int, ...] = ()
    side: str = ""

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about, whatever the numbers."""
        return self.kind, self.layers, self.side

    @property
    def grows(self) -> bool:
        return self.after > self.before


def batches_near(batch: int, tilings: Sequence[Tiling], device: Device, dtype: str) -> list[int]:
    """Other batches worth a look, nearest first; `tilings`: the longest products first."""
    found = set(_around(batch, BATCH_STEPS))
    if device.body.has_waves:
        rowed = [t for t in tilings if t.gemm.role != "wgrad"]  # there the batch is k
        for tiling in rowed:
            found.update(_wave_edges(tiling, 0))
        for tile in device.tiles_for(dtype)[:OTHER_TILES] if rowed else ():
            found.update(_wave_edges(_with_tile(rowed[0], tile, device), 0))
    low, high = (batch * share for share in BATCH_RANGE)
    near = {b for b in found if low <= b <= high}
    return _nearest(batch, near | {2 * batch})


def widths_near(width: int, tilings: Sequence[Tiling], dtype: str, *, trim: bool) -> list[int]:
    """Other widths worth a look, nearest first, narrower ones only with `trim`.

    `tilings`: of the products that have the width as their n.
    """
    size = bits(dtype)
    found = set(_around(width, {*WIDTH_STEPS, 8 * LOADED // size, 8 * MOVED // size}))
    for tiling in tilings:
        found.update(_wave_edges(tiling, 1))
    low, high = (width * share for share in WIDTH_RANGE)
    return _nearest(width, {w for w in found if low <= w <= high and (trim or w > width)})


def subjects(network: Network) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Widths that can change: (layers, whether they may be trimmed), INPUTS among the layers.

    Each alone, and those of one width together, since rows are aligned only where both sides of a
    product are. What the data gives, input features and the classes of the last layer, may only be
    padded.
    """
    last = len(network.layers) - 1
    alike: dict[tuple[int, bool], list[int]] = {}
    for layer in range(INPUTS, last + 1):
        yield (layer,), layer not in (INPUTS, last)
        alike.setdefault(_width(network, layer), []).append(layer)
    for layers in alike.values():
        if len(layers) > 1:
            yield tuple(layers), not {INPUTS, last} & set(layers)


def width_change(network: Network, layers: tuple[int, ...], after: int) -> Change:
    """The change of these layers, which are of one width, to `after`."""
    return Change(_named(network, layers), "width", width_of(network, layers), after, layers)


def width_of(network: Network, layers: tuple[int, ...]) -> int:
    """Units, or input features, of layers of one width."""
    return _width(network, layers[0])[0]


def rewritten(gemm: Gemm, change: Change, network: Network | None) -> Gemm:
    """The product as the change leaves it; the very same where it does not touch it.

    What `lower` gives for the changed network, without making one. network None: a list's product.
    """
    sides: dict[str, Any] = new_sides(gemm, change, network)
    return replace(gemm, **sides) if sides else gemm


def new_sides(gemm: Gemm, change: Change, network: Network | None) -> dict[str, int]:
    """The sides of the product that the change makes others, by m, n and k."""
    if change.kind == "batch":
        return {"k" if gemm.role == "wgrad" else "m": change.after}
    if network is None:
        return {change.side: change.after} if gemm.layer == change.layers[0] else {}
    sides: dict[str, int] = {}
    if gemm.layer in change.layers:
        sides["k" if gemm.role == "dgrad" else "n"] = change.after
    if gemm.layer - 1 in change.layers:
        outputs = change.after // 2 if is_gated(network, gemm.layer - 1) else change.after
        sides[_INPUT_SIDE[gemm.role]] = outputs
    return sides


def applied(network: Network, layers: tuple[int, ...], after: int) -> Network:
    """The network with `after` units in those layers, INPUTS for input features."""
    for layer in layers:
        if layer == INPUTS:
            network = network.with_inputs(after)
        else:
            network = network.with_units(layer, after)
    return network


_INPUT_SIDE: Mapping[str, str] = {"forward": "k", "wgrad": "m", "dgrad": "n"}


def _around(value: int, steps: Sequence[int] | set[int]) -> Iterator[int]:
    """The multiples of each step next below and above."""
    for step in steps:
        yield (value - 1) // step * step
        yield (value // step + 1) * step


def _wave_edges(tiling: Tiling, axis: int) -> Iterator[int]:
    """Rows (axis 0) or columns (axis 1) at which tiles of this shape end, or just fill waves."""
    side = tiling.tile[axis]
    here, across = tiling.tiles_m, tiling.tiles_n
    if axis:
        here, across = across, here
    for tiles in (here - 1, here, here + 1):
        yield tiles * side
    for waves in (tiling.waves - 1, tiling.waves):
        yield waves * tiling.slots // (across * tiling.parts) * side


def _with_tile(tiling: Tiling, tile: tuple[int, int], device: Device) -> Tiling:
    return replace(tiling, tile=tile, resident=device.resident_tiles(tile), parts=1)


def _nearest(value: int, found: set[int]) -> list[int]:
    kept = (x for x in found if 1 <= x <= MAX_COUNT and x != value)
    return sorted(kept, key=lambda x: (abs(x - value), x))


def is_gated(network: Network, layer: int) -> bool:
    """Whether half of a layer's units gate the other half; the inputs are no such layer."""
    return layer >= 0 and network.layers[layer].outputs != network.layers[layer].units


def _width(network: Network, layer: int) -> tuple[int, bool]:
    """Units and whether only half of them are passed on."""
    if layer == INPUTS:
        return network.inputs, False
    return network.layers[layer].units, is_gated(network, layer)


def _named(network: Network, layers: tuple[int, ...]) -> Text:
    names = [layer_name(network, i) for i in layers if i != INPUTS]
    inputs = Text(N_("input features"))
    if not names:
        return inputs
    *first, last = names
    if len(names) > 3:
        units = Text(N_("units of {layers} layers"), layers=len(names))
    elif first:
        units = Text(N_("units of {first:items} and {last}"), first=tuple(first), last=last)
    else:
        units = Text(N_("units of {last}"), last=last)
    if INPUTS not in layers:
        return units
    return Text(N_("{inputs} and {units}"), inputs=inputs, units=units)


def layer_name(network: Network, layer: int) -> Text:
    """Its own name, else 'layer 2'."""
    name = network.layers[layer].name
    return own(name) if name else Text(N_("layer {number}"), number=layer + 1)
