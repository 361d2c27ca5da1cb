"""The roofline: every product of the pass by its intensity and its predicted rate.

Source: Williams, Waterman, Patterson, Roofline: An Insightful Visual Performance Model, CACM 2009.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mmviz import units
from mmviz.core.device.device import Device
from mmviz.core.shapes.gemm import Role
from mmviz.core.time.cost import Cost
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.derived import Derived
from mmviz.state.peak.waterfall import unknown

MARGIN = 1.6  # of the axes: how many times farther than what lies outermost
SLOPE, FLAT = 30.0, 10.0  # how many times below and above the ridge the axis reaches at least


@dataclass(frozen=True, slots=True)
class Roof:
    """What a device can reach at most: FLOP/s, bytes/s."""

    name: str
    peak: float
    bandwidth: float

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

    product: int
    name: str
    role: Role
    intensity: float
    rate: float
    known: bool


@dataclass(frozen=True, slots=True)
class Roofline:
    """roofs: the device's, then this machine's where that is calibrated and another.

    across: FLOP/B, up: FLOP/s, first and last of the axes. problem: why there is nothing to show.
    """

    roofs: tuple[Roof, ...]
    points: tuple[Point, ...]
    across: tuple[float, float]
    up: tuple[float, float]
    problem: str = ""


def roofline(derived: Derived) -> Roofline:
    """Of all products of the pass, in their order."""
    dtype = derived.session.dtype
    roof = roof_of(derived.device, dtype)
    if roof is None:
        why = unknown(derived)
        if derived.device.peak(dtype) is not None:
            why = f"{units.NO_DATA}: no bandwidth is known"
        return Roofline((), (), (1.0, 10.0), (1.0, 10.0), why)
    roofs = [roof, *_own_roof(derived)]
    points = tuple(_point(i, cost, roof) for i, cost in enumerate(derived.costs))
    intensities = [point.intensity for point in points]
    across = (
        min(*intensities, roof.ridge / SLOPE) / MARGIN,
        max(*intensities, roof.ridge * FLAT) * MARGIN,
    )
    rates = [point.rate for point in points] + [each.at(across[0]) for each in roofs]
    up = (min(rates) / MARGIN, max(each.peak for each in roofs) * MARGIN)
    return Roofline(tuple(roofs), points, across, up)


def roof_of(device: Device, dtype: str) -> Roof | None:
    """None where the device has no known peak in `dtype` or no bandwidth."""
    peak, bandwidth = device.peak(dtype), device.bandwidth
    return Roof(device.name, peak, bandwidth) if peak and bandwidth else None


def bound_text(cost: Cost) -> str:
    """'memory-bound: 110 FLOP/B, below the ridge at 139'."""
    if cost.ridge is None or cost.bound is None:
        return f"{units.sig(cost.intensity)} FLOP/B"
    side = "below" if cost.bound == "memory" else "not below"
    ridge = units.sig(cost.ridge)
    return f"{cost.bound}-bound: {units.sig(cost.intensity)} FLOP/B, {side} the ridge at {ridge}"


def point_lines(derived: Derived, product: int) -> tuple[str, ...]:
    """Lines about a product: name, intensity and bound, predicted rate, share of the peak."""
    cost = derived.costs[product]
    gemm = cost.tiling.gemm
    role = "" if gemm.role in ("forward", "product") else f" · {gemm.role}"
    head = f"{gemm.name}{role}, {units.shape(gemm.m, gemm.n, gemm.k)}"
    if cost.rate is None or not cost.peak:
        return (head, bound_text(cost), f"predicted: {units.NO_DATA}, {cost.basis}")
    error = units.plus_minus(cost.error)
    of = f"{units.percent(cost.rate / cost.peak)} of the peak"
    return (head, bound_text(cost), f"predicted {units.rate(cost.rate)} {error}, {of}")


def ticks(span: tuple[float, float], most: int) -> tuple[float, ...]:
    """Powers of ten within `span`, every one or every so many that there are at most `most`."""
    first, last = math.ceil(math.log10(span[0])), math.floor(math.log10(span[1]))
    every = max(1, -(-(last - first + 1) // max(1, most)))
    return tuple(10.0**power for power in range(first, last + 1, every))


def _point(index: int, cost: Cost, roof: Roof) -> Point:
    gemm = cost.tiling.gemm
    known = cost.rate is not None
    rate = cost.rate if cost.rate is not None else roof.at(cost.intensity)
    return Point(index, gemm.name, gemm.role, cost.intensity, rate, known)


def _own_roof(derived: Derived) -> tuple[Roof, ...]:
    """This machine's, where it is calibrated and not what is shown anyway."""
    if derived.device.id == THIS_MACHINE:
        return ()
    try:
        roof = roof_of(read_device(THIS_MACHINE), derived.session.dtype)
    except InputError:  # its file is damaged: said where one asks for that device
        return ()
    return () if roof is None else (roof,)
