"""What of a session is swept: the axis, its range, which points of it, what was measured there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mmviz.bench.results import Run
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.shapes.network import MAX_COUNT, Network
from mmviz.core.shapes.products import Products
from mmviz.core.time.sweep import MAX_POINTS, Points, points_of
from mmviz.core.time.sweep_range import edged, multiples
from mmviz.errors import InputError
from mmviz.state.actions import set_batch, set_units
from mmviz.state.session import Session
from mmviz.state.sweep.chart import PASS

BATCH, WIDTH, BOTH = "batch", "width", "both"
AXES = (BATCH, WIDTH, BOTH)
GRID_SIDE = 64  # points along each side of a heat map
LEAST_RANGE = 2_048

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SweepChoice:
    """axis: one of AXES. layer: whose width is swept. value, log_x: how the chart is drawn.

    batches, widths: from and to; (0, 0) for what suits the session.
    """

    axis: str = BATCH
    layer: int = 0
    batches: Range = (0, 0)
    widths: Range = (0, 0)
    value: str = PASS
    log_x: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One backend's run at one batch of a network."""

    network: Network
    dtype: str
    training: bool
    run: Run


def settled(choice: SweepChoice, session: Session) -> SweepChoice:
    """The choice with a layer the network has, and with ranges."""
    layers = session.layered.layers
    layer = min(choice.layer, len(layers) - 1)
    batches = choice.batches if choice.batches[1] else (1, _reach(session.batch))
    widths = choice.widths if choice.widths[1] else (1, _reach(layers[layer].units))
    return replace(choice, layer=layer, batches=batches, widths=widths)


def reaching(choice: SweepChoice, session: Session) -> SweepChoice:
    """The choice as it was; a range that ends before the session's own count suits it anew."""
    if session.batch > choice.batches[1]:
        choice = replace(choice, batches=(0, 0))
    if isinstance(session.network, Products) or choice.layer >= len(session.network.layers):
        return choice
    if session.network.layers[choice.layer].units > choice.widths[1]:
        choice = replace(choice, widths=(0, 0))
    return choice


def _reach(now: int) -> int:
    """The end of a range in which `now` is somewhere in the middle: a power of two."""
    reach = LEAST_RANGE
    while reach < 2 * now:
        reach *= 2
    return min(reach, MAX_COUNT)


def points_for(session: Session, choice: SweepChoice) -> Points:
    """The points of a settled choice; the session's own batch and width are among them.

    Along one axis every count, or the edges of tiles where these would be more than MAX_POINTS; of
    both, counts at which tiles are full. Raises InputError for a range from more to less, and for a
    list of products.
    """
    network, layer = session.layered, choice.layer
    for what, (low, high) in (("batch", choice.batches), ("units", choice.widths)):
        if low > high:
            raise InputError(f"the {what} of a sweep begin at {low:,}, above their end {high:,}")
    width, even = network.layers[layer].units, network.layers[layer].activation == "swiglu"
    if choice.axis == BATCH:
        batches = edged(*choice.batches, MAX_POINTS - 1)
        return points_of(network, _with(batches, session.batch, choice.batches), session.training)
    if choice.axis == WIDTH:
        most = MAX_POINTS - 1
        widths = _even(edged(*choice.widths, most), even)
        every = _with(widths, width, choice.widths)
        return points_of(network, (session.batch,), session.training, layer, every)
    widths = _even(multiples(*choice.widths, GRID_SIDE), even)
    batches = multiples(*choice.batches, GRID_SIDE)
    every = _with(widths, width, choice.widths)
    columns = _with(batches, session.batch, choice.batches)
    return points_of(network, columns, session.training, layer, every)


def _with(values: Sequence[int], own: int, within: Range) -> tuple[int, ...]:
    """The values and the session's own, if it is in the range."""
    if not within[0] <= own <= within[1]:
        return tuple(values)
    return tuple(sorted({*values, own}))


def _even(values: Sequence[int], even: bool) -> tuple[int, ...]:
    kept = tuple(value for value in values if value % 2 == 0) if even else tuple(values)
    if not kept:
        raise InputError("swiglu needs an even number of units, and the range has none")
    return kept


def now_at(points: Points, session: Session) -> int | None:
    """The point the session is at, None where it is none of them."""
    here = points.batches == session.batch
    if points.widths is not None and points.layer is not None:
        here = here & (points.widths == session.layered.layers[points.layer].units)
    found = np.flatnonzero(here)
    return int(found[0]) if len(found) else None


def enter(session: Session, batch: int, layer: int | None, width: int | None) -> Session:
    """The session at a point of a sweep: its batch, and its width where one was swept."""
    changed = set_batch(session, batch)
    return changed if layer is None or width is None else set_units(changed, layer, width)


def measured_at(
    points: Points, dtype: str, records: Sequence[Measured]
) -> tuple[MeasuredPoint, ...]:
    """What was measured of this very network within the range of a sweep along one axis."""
    found = []
    for record in records:
        same = (record.dtype, record.training) == (dtype, points.training)
        if not same or len(record.network.layers) != len(points.network.layers):
            continue
        batch, width = record.run.batch, None
        if points.widths is None:
            inside = points.batches.min() <= batch <= points.batches.max()
        else:
            width = record.network.layers[points.layer or 0].units
            inside = bool(points.widths.min() <= width <= points.widths.max())
            inside = inside and bool((points.batches == batch).all())
        like = points.network
        if width is not None and points.layer is not None and inside:
            like = like.with_units(points.layer, width)
        if inside and _sides(like) == _sides(record.network):
            found.append(MeasuredPoint(record.run, width))
    return tuple(found)


def _sides(network: Network) -> tuple[object, ...]:
    """What of a network its time depends on."""
    return network.inputs, tuple((layer.units, layer.activation) for layer in network.layers)


def kept(records: Sequence[Measured], more: Sequence[Measured]) -> tuple[Measured, ...]:
    """Records with newer ones in place of older ones of the same point and backend."""
    by = {
        (_sides(r.network), r.dtype, r.training, r.run.backend, r.run.batch): r
        for r in (*records, *more)
        if r.run.samples_s
    }
    return tuple(by.values())
