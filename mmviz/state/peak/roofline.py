"""The roofline: every product of the pass by its intensity and its predicted rate.

Source: Williams, Waterman, Patterson, Roofline: An Insightful Visual Performance Model, CACM 2009.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

from mmviz.core.device.device import Device
from mmviz.core.shapes.gemm import Role
from mmviz.core.time.cost import Cost, PassCost
from mmviz.state.derived import Derived
from mmviz.state.device.calibration import machine_beside
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words.device import name as device_name
from mmviz.words.roofline import point_lines
from mmviz.words.waterfall import unknown

MARGIN = 1.6  # of the axes: how many times farther than what lies outermost
HEAD = 0.3  # of what is below the highest roof: room above it for its name
SLOPE, FLAT = 30.0, 10.0  # how many times below and above the ridge the axis reaches at least


@dataclass(frozen=True, slots=True)
class Roof:
    """What a device can reach at most: FLOP/s, bytes/s.

    published: the datasheet's peak, where this one is another, at the clock its units run at.
    """

    name: Text
    peak: float
    bandwidth: float
    published: float | None = None

    @property
    def ridge(self) -> float:
        """FLOP/B from which on the roof is flat."""
        return self.peak / self.bandwidth

    def at(self, intensity: float) -> float:
        """FLOP/s at that intensity."""
        return min(self.peak, intensity * self.bandwidth)


@dataclass(frozen=True, slots=True)
class Point:
    """A product. rate: FLOP/s as predicted; where no time is, the roof's, and known is False."""

    cost: Cost
    rate: float

    @property
    def name(self) -> str:
        return self.cost.tiling.gemm.name

    @property
    def role(self) -> Role:
        return self.cost.tiling.gemm.role

    @property
    def intensity(self) -> float:
        """FLOP/B."""
        return self.cost.intensity

    @property
    def known(self) -> bool:
        return self.cost.rate is not None

    @property
    def lines(self) -> tuple[Text, Text, Text]:
        """Name, intensity and bound, predicted rate and share of the peak."""
        return point_lines(self.cost)


@dataclass(frozen=True, slots=True)
class RooflineView:
    """roofs: the device's, then this machine's where that is calibrated and another.

    across: FLOP/B, up: FLOP/s, first and last of the axes. product: the one looked at, an index of
    points. problem: why there is nothing to show; told: the waterfall says the same.
    """

    roofs: tuple[Roof, ...] = ()
    points: tuple[Point, ...] = ()
    across: tuple[float, float] = (1.0, 10.0)
    up: tuple[float, float] = (1.0, 10.0)
    product: int = 0
    problem: Text = NOTHING
    told: bool = False


def roofline_view(
    cost: PassCost, device: Device, dtype: str, own: Roof | None, product: int
) -> RooflineView:
    """The view of `Part`. own: the roof of this machine, where that is not shown anyway."""
    return replace(_roofline(cost, device, dtype, own), product=product)


@functools.lru_cache(maxsize=4)  # of a list of thousands, whatever product of it is looked at
def _roofline(cost: PassCost, device: Device, dtype: str, own: Roof | None) -> RooflineView:
    roof = roof_of(device, dtype, cost.costs[0].peak)
    if roof is None:
        why = unknown(cost.costs[0], device)
        if device.peak(dtype) is not None:
            why = Text(N_("{none}: no bandwidth is known"), none=None)
        return RooflineView(problem=why, told=cost.predicted_s is None)
    roofs = [roof] if own is None else [roof, own]
    points = tuple(_point(one, roof) for one in cost.costs)
    intensities = [point.intensity for point in points]
    across = (
        min(*intensities, roof.ridge / SLOPE) / MARGIN,
        max(*intensities, roof.ridge * FLAT) * MARGIN,
    )
    rates = [point.rate for point in points] + [each.at(across[0]) for each in roofs]
    low, top = min(rates) / MARGIN, max(each.peak for each in roofs)
    return RooflineView(tuple(roofs), points, across, (low, top * (top / low) ** HEAD))


def roof_of(device: Device, dtype: str, peak: float | None = None) -> Roof | None:
    """None where the device has no known peak in `dtype` or no bandwidth.

    peak: FLOP/s at the clock its units run at, where that is not the datasheet's.
    """
    published, bandwidth = device.peak(dtype), device.bandwidth
    if not (peak := peak or published) or not bandwidth:
        return None
    other = published if published and published != peak else None
    return Roof(device_name(device), peak, bandwidth, other)


def ticks(span: tuple[float, float], most: int) -> tuple[float, ...]:
    """Powers of ten within `span`, every one or every so many that there are at most `most`."""
    first, last = math.ceil(math.log10(span[0])), math.floor(math.log10(span[1]))
    every = max(1, -(-(last - first + 1) // max(1, most)))
    return tuple(10.0**power for power in range(first, last + 1, every))


def _point(cost: Cost, roof: Roof) -> Point:
    return Point(cost, cost.rate if cost.rate is not None else roof.at(cost.intensity))


def _own_roof(derived: Derived) -> Roof | None:
    """This machine's, where it is calibrated and not what is shown anyway."""
    own = machine_beside(derived)
    return None if own is None else roof_of(own, derived.session.dtype)


ROOFLINE = Part(
    "roofline",
    lambda derived: (
        derived.pass_cost,
        derived.device,
        derived.session.dtype,
        _own_roof(derived),
        derived.session.product,
    ),
    roofline_view,
)
