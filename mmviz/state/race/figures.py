"""What is compared of both sides of a race: their times with their errors, and what they count."""

from __future__ import annotations

from mmviz.core.device.body import CYCLE
from mmviz.core.device.device import Device
from mmviz.core.verdict import Figure
from mmviz.state.picture.reuse import traffic_of
from mmviz.state.race.sides import Axis, Side

Sides = tuple[Side, Side]


def times(sides: Sides, axis: Axis) -> tuple[Figure, Figure]:
    """When both finish on the axis, and how far that may be off.

    Steps of lanes and cycles of an array without a clock are all there is of them, and counted. By
    those of a real device, which waits for memory too, its time goes only about, nobody knows how
    far; seconds nobody predicted are a bound or were recorded once: how far these are off is not
    known.
    """
    left, right = (Figure(side.finish, _error(side, axis)) for side in sides)
    return left, right


def pass_times(sides: Sides) -> tuple[Figure, Figure] | None:
    """What is predicted for the whole pass of both; None where it is of one."""
    found = []
    for side in sides:
        cost = side.derived.pass_cost
        if cost.predicted_s is None:
            return None
        found.append(Figure(cost.predicted_s, cost.error))
    return found[0], found[1]


def each(sides: Sides, figures: tuple[Figure, Figure]) -> tuple[Figure, Figure]:
    """The same of one example."""
    left, right = (f.per(side.session.batch) for side, f in zip(sides, figures, strict=True))
    return left, right


def batches_differ(sides: Sides) -> bool:
    """Whether a pass of one side is of more examples, so that time per example is what counts."""
    left, right = (side.session for side in sides)
    return left.network.has_batch and right.network.has_batch and left.batch != right.batch


def _error(side: Side, axis: Axis) -> float | None:
    if axis.kind == "s":
        return side.error if axis.predicted else None
    return count_error(side.derived.device)


def count_error(device: Device) -> float | None:
    """How far a count of a device's ticks is off as a time; None: not known."""
    exact = not device.body.has_clock or (device.tick is CYCLE and device.clock is None)
    return 0.0 if exact else None


def work(side: Side) -> int:
    """FLOP asked for, of all products of the side."""
    return sum(derived.gemm.flop for derived in side.products)


def edge_efficiency(side: Side) -> float:
    """FLOP asked for over FLOP computed, cells past the edge included, 0 … 1."""
    computed = sum(2 * s.tiling.padded_cells * s.gemm.k for s in side.products)
    return work(side) / computed


def loads(side: Side) -> int | None:
    """Elements of A and B the units load, keeping what the tile before left; None: not counted."""
    counts = [traffic_of(leg.trace) for leg in side.legs]
    known = [count.scheduled for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def busy(side: Side) -> float:
    """Share of the time of all units that computes, 0 … 1."""
    times = [leg.end - leg.start for leg in side.legs]
    shares = [float(leg.trace.busy().mean()) for leg in side.legs]
    return sum(t * share for t, share in zip(times, shares, strict=True)) / sum(times)
