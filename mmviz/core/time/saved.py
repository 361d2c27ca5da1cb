"""Which part of its time one computation saves over another, and how much of the difference it is.

Computing is the work at the peak times one factor a loss: what is saved is shared out over the
factors by the logarithms of how each changed, which leaves no rest (the logarithmic mean Divisia
index). The launch is a time of its own beside them. While memory is waited for, tiles, waves and
alignment cost nothing that it does not hide; and where it is waited for before and after, so does
the arithmetic.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mmviz.core.time.cost import LOSSES
from mmviz.core.time.cuts import Floats

Bools = NDArray[np.bool_]
Parts = Sequence[float]

MEMORY = LOSSES.index("memory")
LEAST = 1e-12  # of the whole: what a stage has at least, where losses cancel to nothing


def saved(before: Floats, after: Floats, per: Floats | float = 1.0) -> Floats:
    """[1 + LOSSES, products] seconds saved at the peak, then by each loss; the sum is all of it.

    before, after [1 + LOSSES, products]: seconds at the peak and lost to each cause. per: of what
    is taken after, the part to be compared.
    """
    b, a = _stages(before), _stages(after)
    first, last = b[-2], a[-2] * per
    same = np.isclose(first, last, rtol=1e-9, atol=0.0)
    ratio = np.where(same, 2.0, first / last)
    mean = np.where(same, first, (first - last) / np.log(ratio))
    shrinks = np.concatenate([np.log(b[:1] / (a[:1] * per)), _factors(b) - _factors(a)])
    both = _waited(b) & _waited(a)
    shrinks[1 + MEMORY] += np.where(both, shrinks[0], 0.0)
    shrinks[0] = np.where(both, 0.0, shrinks[0])
    found: Floats = np.concatenate([mean * shrinks, (before[-1] - per * after[-1])[None]])
    return found


def shares(
    before: Mapping[Hashable, Parts], after: Mapping[Hashable, Parts], per: tuple[float, float]
) -> dict[str, float]:
    """Of the difference between two passes, by "peak", LOSSES and "products": what each part makes.

    before, after: of each product, seconds at the peak and lost to each cause. per: by what either
    is divided. "products": all the time of those that only one of them computes. Together they are
    1; below 0: that part takes more after. Empty where there is no difference.
    """
    common = [product for product in before if product in after]
    b, a = (
        np.array([side[p] for p in common]).reshape(-1, 1 + len(LOSSES)).T
        for side in (before, after)
    )
    found = saved(b / per[0], a / per[1]).sum(axis=1)
    more, fewer = (
        sum(sum(parts) for p, parts in side.items() if p not in common) / divisor
        for side, divisor in ((before, per[0]), (after, per[1]))
    )
    every = (*found.tolist(), more - fewer)
    whole = sum(every)
    if not whole:
        return {}
    return {
        part: seconds / whole
        for part, seconds in zip(("peak", *LOSSES, "products"), every, strict=True)
    }


def unhidden(parts: Floats) -> Floats:
    """[1 + LOSSES, products] the same seconds in sum: of a product that waits for memory, what is
    lost to tiles, waves and alignment meanwhile counts as part of that waiting.
    """
    stages = np.cumsum(parts, axis=0)
    waited = _waited(stages)
    found = parts.copy()
    found[1 : 1 + MEMORY] = np.where(waited, 0.0, parts[1 : 1 + MEMORY])
    found[1 + MEMORY] = np.where(waited, stages[1 + MEMORY] - stages[0], parts[1 + MEMORY])
    return found


def _stages(parts: Floats) -> Floats:
    stages = np.cumsum(parts, axis=0)
    return np.maximum(stages, LEAST * np.abs(stages[-1:]))


def _waited(stages: Floats) -> Bools:
    """Whether memory is waited for."""
    found: Bools = stages[1 + MEMORY] > stages[MEMORY] * (1 + 1e-12)
    return found


def _factors(stages: Floats) -> Floats:
    """Logarithms of the factors by which LOSSES before the launch lengthen the time at the peak."""
    logs = np.diff(np.log(stages[:-1]), axis=0)
    waited = _waited(stages)
    logs[MEMORY] = np.where(waited, logs[: MEMORY + 1].sum(axis=0), logs[MEMORY])
    logs[:MEMORY] = np.where(waited, 0.0, logs[:MEMORY])
    return logs
