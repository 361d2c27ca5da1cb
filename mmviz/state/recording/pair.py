"""Two schedules of one product: as it ran, beside the model or beside another recording of it."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from mmviz.core.device.device import Device
from mmviz.core.memory.fit import held
from mmviz.core.recording import sides
from mmviz.core.recording.causes import Because, because
from mmviz.core.recording.comparing import Compared, compare
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sides import Side
from mmviz.core.schedule.orders import order_for
from mmviz.core.time.cost import Cost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.state.recording.units import KINDS, units_of
from mmviz.text import N_, NOTHING, Text

TIMELINE = Text(N_("a timeline alone: its file does not say which product it is of"))
OTHER = Text(N_("the other recording has no such product"))


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """against: the other recording, None: the model of `device`. left: its side, None where there
    is none, and `missing` says why. right: what ran. compared, why: both held together, None
    without a left side.
    """

    recording: Recording
    product: int
    device: Device
    against: Recording | None
    left: Side | None
    right: Side
    missing: Text
    compared: Compared | None
    why: Because | None

    @property
    def recorded(self) -> Recorded:
        """The product as it ran."""
        return self.recording.products[self.product]

    @property
    def common(self) -> bool:
        """Whether both are in seconds, on one scale; else each runs over its own whole time."""
        return self.left is None or not (self.left.order_only or self.right.order_only)

    @property
    def end(self) -> float:
        """Where the common scale ends, from the first start of either."""
        found = [side.trace.duration for side in (self.left, self.right) if side is not None]
        return max(found) if self.common else self.right.trace.duration

    def time_at(self, side: Side, position: float) -> float:
        """Where a side stands, in its own clock, at a share of the scale."""
        return min(
            position * (self.end if self.common else side.trace.duration), side.trace.duration
        )


@functools.lru_cache(maxsize=4)  # several panels show the same one
def pair_of(
    recording: Recording,
    product: int,
    device: Device,
    against: Recording | None = None,
    *,
    roofline: bool = False,
) -> Pair:
    """The product of a recording beside the same one of `against`, else beside the model of it.

    roofline: the device is the one that both recordings ran on, and tells whether memory binds.
    """
    one = recording.products[product]
    left, right, missing = both_of(recording, product, device, against)
    if roofline and left is not None and left.placed and against is not None:
        left = replace(left, bound=cost_of(recording, one, device).bound)
    compared = None if left is None else compare(left, right)
    why = None if compared is None else because(compared)
    return Pair(recording, product, device, against, left, right, missing, compared, why)


def both_of(
    recording: Recording, product: int, device: Device, against: Recording | None
) -> tuple[Side | None, Side, Text]:
    """What a product is held against, None where there is nothing; as it ran; and why the first is
    not there.
    """
    right = side_of(recording, product)
    if not right.placed:
        return None, right, TIMELINE
    left, missing = _left(recording, recording.products[product], device, against, product)
    return left, right, missing


def side_of(recording: Recording, product: int) -> Side:
    """A product of a recording, as it is compared."""
    noun = units_of(recording, recording.products[product])
    return sides.recorded(recording, product, noun, KINDS.get(recording.by, ""))


def cost_of(recording: Recording, one: Recorded, device: Device) -> Cost:
    """What the device's model says of a product, cut as it ran, in its order where the device has
    that; raises InputError.
    """
    tiling, of = one.trace.tiling, recording.of
    try:
        order: str | None = order_for(device, tiling.order.id).id
    except InputError:
        order = None
    tile = tiling.tile if device.body.takes_tiles else None
    setup = Setup(of.workload, device, of.batch, of.training, of.dtype, tile, order)
    return held(price_gemms((tiling.gemm,), setup), setup).costs[0]


def _left(
    recording: Recording, one: Recorded, device: Device, against: Recording | None, product: int
) -> tuple[Side | None, Text]:
    gemm = one.gemm
    if against is not None:
        found = _same(against, gemm.m, gemm.n, gemm.k, product)
        if found is None:
            return None, OTHER
        return side_of(against, found), NOTHING
    try:
        return sides.modelled(cost_of(recording, one, device), device), NOTHING
    except InputError as error:
        return None, error.cause


def _same(recording: Recording, m: int, n: int, k: int, first: int) -> int | None:
    """The product of these sides: the one at the same place where it is, else the first."""
    order = sorted(range(len(recording.products)), key=lambda i: (i != first, i))
    shapes = [(p.gemm.m, p.gemm.n, p.gemm.k) for p in recording.products]
    return next((i for i in order if shapes[i] == (m, n, k)), None)
