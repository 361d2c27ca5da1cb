"""Which points a sweep has, which of them the session is at, and what was measured there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from mmviz.bench.machine import Machine
from mmviz.bench.results import Run
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.shapes.network import Network
from mmviz.core.time.setup import Pass
from mmviz.core.time.sweep import MAX_POINTS, Points, points_of
from mmviz.core.time.sweep_range import edged, multiples, powers
from mmviz.errors import InputError
from mmviz.state.facts import Timed
from mmviz.state.sweep.chart import Pins
from mmviz.state.sweep.choice import BATCH, LISTED, WIDTH, Range, SweepChoice
from mmviz.text import N_

GRID_SIDE = 64  # points along each side of a heat map
_BACKWARDS = {
    "batch": N_("the batch of a sweep begin at {low:group}, above their end {high:group}"),
    "units": N_("the units of a sweep begin at {low:group}, above their end {high:group}"),
}


def points_for(of: Pass, choice: SweepChoice) -> Points:
    """The points of a settled choice; the pass's own batch and width are among them, the pins, and
    along the batch the powers of two, which are timed.

    Along one axis every count, or the edges of tiles where these would be more than MAX_POINTS; of
    both, counts at which tiles are full. Raises InputError for a range from more to less, and for a
    list of products.
    """
    network, layer = of.workload.layered, choice.layer
    if network is None:
        raise InputError(LISTED)
    for what, (low, high) in (("batch", choice.batches), ("units", choice.widths)):
        if low > high:
            raise InputError(_BACKWARDS[what], low=low, high=high)
    width, even = network.layers[layer].units, network.layers[layer].activation == "swiglu"
    of_batch: tuple[int, ...] = (of.batch, *choice.pinned_batches)
    of_width = (width, *(pin for pin in choice.pinned_widths if not (even and pin % 2)))
    if choice.axis == BATCH:
        of_batch = (*of_batch, *powers(*choice.batches))
        batches = edged(*choice.batches, MAX_POINTS - len(of_batch))
        return points_of(network, _with(batches, of_batch, choice.batches), of.training)
    most = MAX_POINTS - len(of_width)
    if choice.axis == WIDTH:
        widths = _even(edged(*choice.widths, most), even)
        every = _with(widths, of_width, choice.widths)
        return points_of(network, (of.batch,), of.training, layer, every)
    widths = _even(multiples(*choice.widths, GRID_SIDE), even)
    batches = multiples(*choice.batches, GRID_SIDE)
    every = _with(widths, of_width, choice.widths)
    columns = _with(batches, of_batch, choice.batches)
    return points_of(network, columns, of.training, layer, every)


def _with(values: Sequence[int], own: Sequence[int], within: Range) -> tuple[int, ...]:
    """The values, and those of the pass and the pins that are in the range."""
    return tuple(sorted({*values, *(one for one in own if within[0] <= one <= within[1])}))


def _even(values: Sequence[int], even: bool) -> tuple[int, ...]:
    kept = tuple(value for value in values if value % 2 == 0) if even else tuple(values)
    if not kept:
        raise InputError(N_("swiglu needs an even number of units, and the range has none"))
    return kept


def now_at(points: Points, of: Pass) -> int | None:
    """The point a pass is at, None where it is none of them."""
    width = None if points.layer is None else of.workload.layers[points.layer].units
    return _at(points, of.batch, width)


def pins_at(points: Points, choice: SweepChoice) -> Pins:
    """The points at which the pins A and B stand, None for one that is at none of them."""
    found = []
    for batch, width in zip(choice.pinned_batches, choice.pinned_widths, strict=True):
        at = int(points.batches[0]) if choice.axis == WIDTH else batch
        found.append(_at(points, at, None if choice.axis == BATCH else width))
    return found[0], found[1]


def _at(points: Points, batch: int, width: int | None) -> int | None:
    here = points.batches == batch
    if points.widths is not None:
        here = here & (points.widths == width)
    found = np.flatnonzero(here)
    return int(found[0]) if len(found) else None


def measured_at(points: Points, dtype: str, runs: Iterable[Timed]) -> tuple[MeasuredPoint, ...]:
    """What was measured of this very network within the range of a sweep along one axis.

    Of several runs of one backend at one point it is the last.
    """
    found: dict[tuple[str, int, int | None], MeasuredPoint] = {}
    for timed in runs:
        network = timed.of.workload.layered
        same = (timed.of.dtype, timed.of.training) == (dtype, points.training)
        if network is None or not same or len(network.layers) != len(points.network.layers):
            continue
        for run in timed.results.runs:
            point = _point(points, network, run, timed.results.machine)
            if point is not None and run.samples_s:
                found[run.backend, run.batch, point.width] = point
    return tuple(found.values())


def _point(
    points: Points, network: Network, run: Run, machine: Machine | None
) -> MeasuredPoint | None:
    batch, layer, width = run.batch, None, None
    if points.widths is None or points.layer is None:
        inside = points.batches.min() <= batch <= points.batches.max()
    else:
        layer = points.layer
        width = network.layers[layer].units
        inside = bool(points.widths.min() <= width <= points.widths.max())
        inside = inside and bool((points.batches == batch).all())
    alike = sides(points.network, layer) == sides(network, layer)
    return MeasuredPoint(run, width, machine) if inside and alike else None


def sides(network: Network, swept: int | None = None) -> tuple[object, ...]:
    """What of a network its time depends on; of the layer that is `swept` not its units."""
    layers = enumerate(network.layers)
    units = tuple((0 if i == swept else layer.units, layer.activation) for i, layer in layers)
    return network.inputs, units
