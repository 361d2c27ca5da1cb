"""How long tiles really took, where the GPU's clock goes on in steps that are long beside them.

The clock that all SMs share places a tile to within a step, which is 1 µs before Hopper. The clock
of each SM counts its ticks, and so knows how long a tile took, but not when.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def ticks_per_ns(start_ns: Ints, end_ns: Ints, ticks: Ints) -> float:
    """How fast the clocks of SMs were, over all tiles; 0 where the tiles took no time."""
    spent = int((end_ns - start_ns).sum())
    return int(ticks.sum()) / spent if spent > 0 else 0.0


def refined(
    start_ns: Ints, end_ns: Ints, ticks: Ints, unit: Ints, step_ns: float, per_ns: float
) -> Ints:
    """When each tile ended if it took as long as its ticks say: within a step of what was stamped,
    and no later than another one began on its unit, which it had given way to.
    """
    if per_ns <= 0:
        return end_ns
    stamped = end_ns - start_ns
    took = np.clip(ticks / per_ns, np.maximum(stamped - step_ns, 0), stamped + step_ns)
    found = start_ns + np.rint(took).astype(np.int64)
    for one in np.unique(unit):
        rows = np.flatnonzero(unit == one)
        rows = rows[np.lexsort((end_ns[rows], start_ns[rows]))]
        begins = start_ns[rows]
        # of several that took no time, one after the other, each gave way to the next
        later = np.maximum(np.searchsorted(begins, end_ns[rows]), np.arange(1, len(rows) + 1))
        last = np.append(begins, np.iinfo(np.int64).max)[later]
        found[rows] = np.minimum(found[rows], np.maximum(last, end_ns[rows]))
    return found
