"""What stands beside a recording: another one, or the model of the same tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mmviz.core.device.device import Device
from mmviz.core.recording.causes import Because, because
from mmviz.core.recording.comparing import Compared, compare
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sides import Side, modelled, recorded
from mmviz.core.schedule.orders import order_for
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import Cost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.state.recording.units import units_of
from mmviz.text import N_, Text


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A product on both sides, and by what they differ."""

    gemm: Gemm
    compared: Compared
    because: Because


def beside_model(recording: Recording, device: Device) -> tuple[Pair, ...]:
    """Each product of a recording beside the device's model of it: the model first.

    Raises InputError where the device cannot compute it, or has more tiles than are drawn.
    """
    found = []
    for place, one in enumerate(recording.products):
        if not one.placed:
            said = N_("{name} is a timeline alone: no model has its tiles")
            raise InputError(said, name=one.gemm.name)
        cost = cost_of(recording, one, device)
        ran = recorded(recording, place, units_of(recording, one))
        found.append(_pair(one.gemm, modelled(cost, device), ran))
    return tuple(found)


def beside_other(
    one: Recording, other: Recording, device: Device | None = None
) -> tuple[Pair, ...]:
    """Each product that both recordings have. device: whose roofline tells whether memory binds.

    Raises InputError where they are of different products.
    """
    shapes = [[_shape(x.gemm) for x in recording.products] for recording in (one, other)]
    count = min(map(len, shapes))
    if not count or shapes[0][:count] != shapes[1][:count]:
        raise InputError(
            N_("they are of different products: {a} and {b}"), a=_named(one), b=_named(other)
        )
    found = []
    for place in range(count):
        gemm = one.products[place].gemm
        sides = [_side(recording, place, device) for recording in (one, other)]
        found.append(_pair(gemm, *sides))
    return tuple(found)


def cost_of(recording: Recording, one: Recorded, device: Device) -> Cost:
    """What the model says of a product, cut as it ran and in its order where the device has it."""
    tiling, of = one.trace.tiling, recording.of
    try:
        order: str | None = order_for(device, tiling.order.id).id
    except InputError:
        order = None
    setup = Setup(of.workload, device, of.batch, of.training, of.dtype, tiling.tile, order)
    return price_gemms((tiling.gemm,), setup).costs[0]


def _side(recording: Recording, place: int, device: Device | None) -> Side:
    one = recording.products[place]
    found = recorded(recording, place, units_of(recording, one))
    if device is None or not one.placed:
        return found
    return replace(found, bound=cost_of(recording, one, device).bound)


def _pair(gemm: Gemm, a: Side, b: Side) -> Pair:
    found = compare(a, b)
    return Pair(gemm, found, because(found))


def _shape(gemm: Gemm) -> tuple[int, int, int]:
    return gemm.m, gemm.n, gemm.k


def _named(recording: Recording) -> Text:
    """'alexnet (128 × 4 096 × 9 216, …)'."""
    first, *rest = recording.products
    shape = Text("{shape:shape}", shape=_shape(first.gemm))
    more = N_("{name} ({shape}, …)") if rest else N_("{name} ({shape})")
    return Text(more, name=recording.of.workload.name, shape=shape)


def whole_s(pairs: Sequence[Pair], at: int) -> float | None:
    """The walls of one side's products together, None where one of them is not known."""
    walls = [pair.compared.sides[at].wall_s for pair in pairs]
    known = [wall for wall in walls if wall is not None]
    return sum(known) if len(known) == len(walls) else None


def leading(pairs: Sequence[Pair]) -> Pair:
    """The product whose walls lie farthest apart in seconds; of those that tell a cause, if any."""
    told = [pair for pair in pairs if pair.because.evidence is not None]
    return max(told or pairs, key=_apart)


def residuals(pairs: Sequence[Pair]) -> tuple[float, float] | None:
    """Of the tiles of all products the middle of what the second side takes longer, and below which
    95 % of them are off, in seconds; None where no tiles are compared.
    """
    found = [pair.compared.residual for pair in pairs]
    known = [one.longer[~np.isnan(one.longer)] for one in found if one is not None]
    together = np.concatenate(known) if known else np.empty(0)
    if not len(together):
        return None
    return float(np.median(together)), float(np.percentile(np.abs(together), 95))


def _apart(pair: Pair) -> float:
    a, b = (side.wall_s for side in pair.compared.sides)
    return 0.0 if a is None or b is None else abs(a - b)
