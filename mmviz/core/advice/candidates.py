"""The changes worth pricing, those first on which most of the time depends, within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mmviz.core.advice.neighbours import (
    INPUTS,
    Change,
    batches_near,
    is_gated,
    new_sides,
    subjects,
    width_change,
    width_of,
    widths_near,
)
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.time.cost import Cost
from mmviz.core.time.setup import Setup
from mmviz.text import N_, Text

BUDGET = 1_000  # products priced for batches, and as many for widths; bounds the time
LONGEST = 3  # products whose waves are looked at

Shape = tuple[int, int, int, bool, int]
"""m, n, k, whether it is wgrad, and the stack: what a product's time hangs on."""


def shape_of(gemm: Gemm, new: Mapping[str, int]) -> Shape:
    """Of the product with these sides new."""
    m, n, k = (new.get("m", gemm.m), new.get("n", gemm.n), new.get("k", gemm.k))
    return m, n, k, gemm.role == "wgrad", gemm.stack


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change and the products it touches: their places in the pass, and what they become."""

    change: Change
    places: tuple[int, ...]
    shapes: tuple[Shape, ...]


def batch_change(before: int, after: int) -> Change:
    """Another batch."""
    return Change(Text(N_("batch")), "batch", before, after)


def candidates(gemms: Sequence[Gemm], costs: Sequence[Cost], setup: Setup) -> list[Candidate]:
    """Batches and widths near those of the pass; of a list, sides of its products padded."""
    network, batch = setup.workload.layered, setup.batch
    if network is None:
        return _within(_product_changes(costs, setup), gemms, None)
    longest = _longest(costs)
    near = batches_near(batch, [c.tiling for c in longest], setup.device, setup.dtype)
    batches = _within((batch_change(batch, other) for other in near), gemms, network)
    widths = _width_changes(network, costs, setup)
    return [*batches, *_within(widths, gemms, network)]


def _within(
    changes: Iterable[Change], gemms: Sequence[Gemm], network: Network | None
) -> list[Candidate]:
    """The changes that the budget allows, with what they make of the products."""
    found: list[Candidate] = []
    left = BUDGET
    by_layer: dict[int, list[int]] = {}
    for place, gemm in enumerate(gemms):
        by_layer.setdefault(gemm.layer, []).append(place)
    for change in changes:
        places = range(len(gemms)) if change.kind == "batch" else _touched(change, by_layer)
        left -= len(places)
        if left < 0 and found:
            break
        touched = [gemms[place] for place in places]
        new = [shape_of(gemm, new_sides(gemm, change, network)) for gemm in touched]
        found.append(Candidate(change, tuple(places), tuple(new)))
    return found


def _touched(change: Change, by_layer: Mapping[int, list[int]]) -> list[int]:
    """Places of the products that a width is a side of: its layer's and the next one's."""
    layers = set(change.layers)
    if change.kind == "width":
        layers |= {layer + 1 for layer in change.layers}
    return sorted(place for layer in layers for place in by_layer.get(layer, ()))


def _longest(costs: Sequence[Cost]) -> list[Cost]:
    return sorted(costs, key=lambda c: -c.tiling.gemm.count * (c.predicted_s or 0))[:LONGEST]


def _width_changes(network: Network, costs: Sequence[Cost], setup: Setup) -> Iterable[Change]:
    """Changes of width, those first on which most of the time depends."""
    of_layer: dict[int, float] = {}
    forward: dict[int, Cost] = {}
    for cost in costs:
        gemm = cost.tiling.gemm
        of_layer[gemm.layer] = of_layer.get(gemm.layer, 0.0) + (cost.predicted_s or 0.0)
        if gemm.role == "forward":
            forward[gemm.layer] = cost

    def weight(subject: tuple[tuple[int, ...], bool]) -> float:
        layers = {x for layer in subject[0] for x in (layer, layer + 1)}
        return -sum(of_layer.get(layer, 0.0) for layer in layers)

    for layers, trim in sorted(subjects(network), key=weight):
        waves = setup.device.body.has_waves
        tilings = [forward[i].tiling for i in layers[:LONGEST] if i != INPUTS and waves]
        before = width_of(network, layers)
        gated = any(is_gated(network, i) for i in layers)
        change = width_change(network, layers, before)
        for after in widths_near(before, tilings, setup.dtype, trim=trim):
            if not (gated and after % 2):
                yield replace(change, after=after)


def _product_changes(costs: Sequence[Cost], setup: Setup) -> Iterable[Change]:
    """Sides of a list's products padded, those first that take longest."""
    order = sorted(
        range(len(costs)),
        key=lambda i: -costs[i].tiling.gemm.count * (costs[i].predicted_s or 0.0),
    )
    for place in order:
        gemm = costs[place].tiling.gemm
        if gemm.group:  # its time is a share of its launch, which has no error that would carry it
            continue
        for side in "nkm":
            before = getattr(gemm, side)
            for after in widths_near(before, (), setup.dtype, trim=False):
                what = Text(N_("{side} of {name}"), side=side, name=gemm.name)
                yield Change(what, "product", before, after, (place,), side)
