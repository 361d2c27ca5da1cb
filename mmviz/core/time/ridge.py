"""From which batch on a product or a whole pass is compute-bound, solved for.

The ridge is peak over bandwidth, FLOP/B. Of a batch b a pass computes b·works FLOP and moves
b·grows + stays bytes, each matrix once, so that it is at or above the ridge where

    b ≥ ridge · stays / (works - ridge · grows)

and at no batch where the right side's divisor is not above 0: an example then moves more bytes than
the arithmetic on it takes, however many come. Source: S. Williams et al., Roofline, 2009; the book
How to Scale Your Model, part 1, solves the same for one layer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.time.cost import Cost


@dataclass(frozen=True, slots=True)
class _Balance:
    """FLOP of an example, bytes that an example has of the matrices, bytes whatever the batch."""

    works: float
    grows: float
    stays: float


def compute_bound_from(cost: Cost) -> int | None:
    """The least batch at which a network's product is compute-bound, None: no batch makes it so."""
    if cost.ridge is None:
        return None
    gemm = cost.tiling.gemm
    batch = _least(_balance(gemm, cost.dtype), cost.ridge)
    if batch is None:
        return None
    # Rounding of the division may be off by one either way.
    side = _batch_side(gemm)
    while batch > 1 and _bound_at(cost, side, batch - 1) == "compute":
        batch -= 1
    while _bound_at(cost, side, batch) == "memory":
        batch += 1
    return batch


def pass_compute_bound_from(costs: Sequence[Cost]) -> int | None:
    """The least batch at which all FLOP of a network's pass over all its bytes reach the ridge.

    None: no batch does, or no ridge is known.
    """
    ridge = costs[0].ridge
    if ridge is None:
        return None
    parts = [_balance(cost.tiling.gemm, cost.dtype) for cost in costs]
    works, grows, stays = (
        sum(getattr(part, name) for part in parts) for name in ("works", "grows", "stays")
    )
    return _least(_Balance(works, grows, stays), ridge)


def _batch_side(gemm: Gemm) -> str:
    return "k" if gemm.role == "wgrad" else "m"


def _balance(gemm: Gemm, dtype: str) -> _Balance:
    side = _batch_side(gemm)
    x, y = (int(getattr(gemm, other)) for other in "mnk" if other != side)
    size, out = BYTES[dtype], out_bytes(dtype)
    if side == "k":  # both operands grow
        return _Balance(2 * x * y, size * (x + y), out * x * y)
    return _Balance(2 * x * y, out * x + size * y, size * x * y)  # x: n, of C; y: k, of A


def _least(balance: _Balance, ridge: float) -> int | None:
    left = balance.works - ridge * balance.grows
    if left <= 0 or ridge * balance.stays > left * MAX_COUNT:
        return None
    return max(1, math.ceil(ridge * balance.stays / left))


def _bound_at(cost: Cost, side: str, batch: int) -> str | None:
    other: dict[str, Any] = {side: batch}
    gemm = replace(cost.tiling.gemm, **other)
    return replace(cost, tiling=replace(cost.tiling, gemm=gemm)).bound
