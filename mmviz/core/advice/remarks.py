"""What is to be said of a shape as it is: which side of the roofline, and what one row more costs.

No change is advised here. The batch from which on a product is compute-bound is solved for and then
checked against `Cost.bound`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.time.cost import Cost, PassCost

SEEN = 0.05  # a step of the textbook's smaller than this is not worth a remark
LITTLE = 0.05  # more time than this is no longer called little


@dataclass(frozen=True, slots=True)
class Bound:
    """Which side of the roofline a product is on.

    batch: that of the pass, None where there is none to change; enough: the least at which the
    product is compute-bound, None where none makes it so.
    """

    cost: Cost
    batch: int | None
    enough: int | None

    @property
    def sound(self) -> bool:
        """Whether nothing is to be done."""
        return self.cost.bound == "compute"


@dataclass(frozen=True, slots=True)
class Edge:
    """What one example more than `batch` costs, where it opens a row of tiles.

    old: the longest product as it is tiled; fixed: with a row more in the same tiles; then: in
    those that are predicted to be taken. textbook: how much more time tiles in series take, a share
    of it; slower: how much more is predicted, and error how far that may be off.
    """

    batch: int
    old: Tiling
    fixed: Tiling
    then: Tiling
    textbook: float
    slower: float
    error: float

    @property
    def sound(self) -> bool:
        """Whether the batch just fits, so that nothing is to be done."""
        return self.slower > max(self.error, self.textbook / 2)

    @property
    def clear(self) -> bool:
        """Whether one example more is dearer beyond what that may be off; else it is too close.

        `slower` is a ratio to the smaller time, and its error that of the ratio: wider than what
        `core.verdict` asks for, never narrower.
        """
        return self.slower > self.error

    @property
    def other(self) -> bool:
        """Whether another tile, or another split of k, is predicted to be taken."""
        return (self.old.tile, self.old.parts) != (self.then.tile, self.then.parts)


Remark = Bound | Edge


def bounds(costs: Sequence[Cost], batch: int | None) -> tuple[Bound, ...]:
    """The longest product on each side of the roofline; batch None: there is none to change."""
    found: dict[str, Cost] = {}
    for cost in sorted(costs, key=_weight, reverse=True):
        if (side := cost.bound) is not None:
            found.setdefault(side, cost)
    return tuple(Bound(cost, batch, compute_bound_from(cost)) for cost in found.values())


def compute_bound_from(cost: Cost) -> int | None:
    """The least batch at which the product is compute-bound, None: no batch makes it so.

    2·b·x·y / (b·grows + stays) ≥ ridge, solved for b; x, y: the sides not the batch, grows: bytes
    that an example has of the matrices, stays: those of the third.
    """
    gemm, ridge = cost.tiling.gemm, cost.ridge
    if ridge is None:
        return None
    side = "k" if gemm.role == "wgrad" else "m"
    x, y = (int(getattr(gemm, other)) for other in "mnk" if other != side)
    size, out = BYTES[cost.dtype], out_bytes(cost.dtype)
    if side == "k":  # both operands grow
        grows, stays = size * (x + y), out * x * y
    else:  # x: n, of C; y: k, of A
        grows, stays = out * x + size * y, size * x * y
    left = 2 * x * y - ridge * grows
    if left <= 0 or ridge * stays > left * MAX_COUNT:
        return None
    batch: int = max(1, math.ceil(ridge * stays / left))
    # Rounding of the division may be off by one either way.
    while batch > 1 and _bound_at(cost, side, batch - 1) == "compute":
        batch -= 1
    while _bound_at(cost, side, batch) == "memory":
        batch += 1
    return batch


def at_edge(now: PassCost, more: PassCost, device: Device, batch: int) -> tuple[Edge, ...]:
    """What one example more costs where it opens a row of tiles; `more`: the pass with it.

    By the textbook time goes with the tiles in series, on devices that have waves of them.
    """
    if not device.body.has_waves:
        return ()
    rowed = [i for i, c in enumerate(now.costs) if c.tiling.gemm.role == "forward"]
    place = max(rowed, key=lambda i: _weight(now.costs[i]))
    old, then = now.costs[place].tiling, more.costs[place].tiling
    fixed = replace(old, gemm=then.gemm)
    textbook = fixed.tiles_in_series / old.tiles_in_series - 1
    b, a = now.predicted_s, more.predicted_s
    if not b or a is None or textbook < SEEN or fixed.tiles == old.tiles:
        return ()
    error = a / b * math.hypot(now.error or 0.0, more.error or 0.0)
    return (Edge(batch, old, fixed, then, textbook, a / b - 1, error),)


def _bound_at(cost: Cost, side: str, batch: int) -> str | None:
    other: dict[str, Any] = {side: batch}
    gemm = replace(cost.tiling.gemm, **other)
    return replace(cost, tiling=replace(cost.tiling, gemm=gemm)).bound


def _weight(cost: Cost) -> float:
    """What a product counts for: its time, or where none is known its FLOP."""
    gemm = cost.tiling.gemm
    return gemm.total_flop if cost.predicted_s is None else gemm.count * cost.predicted_s
