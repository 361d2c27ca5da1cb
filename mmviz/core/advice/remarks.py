"""What is to be said of a shape as it is: which side of the roofline, and what one row more costs.

No change is advised here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.ridge import compute_bound_from

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


def _weight(cost: Cost) -> float:
    """What a product counts for: its time, or where none is known its FLOP."""
    gemm = cost.tiling.gemm
    return gemm.total_flop if cost.predicted_s is None else gemm.count * cost.predicted_s
