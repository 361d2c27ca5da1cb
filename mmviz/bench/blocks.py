"""How far a median may be off where samples that follow each other are alike.

The notch of a box plot takes every sample for a throw of its own. Samples are none: whoever takes
a core takes it for a while, and all of that while are slow. So the series is cut into stretches,
and how their medians lie says what chance makes of the median of all: the method of batch means
(Law and Kelton, Simulation Modeling and Analysis), with medians, which a single slow pass does not
move. The wider of notch and drift is what holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mmviz.bench.stats import FEW, NOTCH, Stats, summarize

STRETCHES = 10
"""So few that each outlasts what took the core, and so many that one of them proves nothing."""

LEAST = 5  # values with quartiles of their own


def drift(samples_s: Sequence[float], share: float = 0.5) -> tuple[float, float] | None:
    """From where to where the median may lie, in seconds, by how it moves from one stretch of the
    series to the next; None of too few samples to tell. share: another quantile, 0 … 1.

    The second smallest and the second largest of ten medians: in 98 of 100 cases the true one lies
    between them, however the times are spread, in two heaps too (order statistics; David and
    Nagaraja, Order Statistics, section 7.1).
    """
    if len(samples_s) < FEW:
        return None
    parts = np.array_split(np.asarray(samples_s, np.float64), STRETCHES)
    found = sorted(float(np.quantile(part, share)) for part in parts)
    return found[1], found[-2]


def median_between(
    samples_s: Sequence[float], stats: Stats | None = None
) -> tuple[float, float] | None:
    """The same by the wider of notch and drift, around the median; stats: of these samples, where
    they are known already.
    """
    known, moved = stats or summarize(samples_s), drift(samples_s)
    if known is None or known.error is None or moved is None:
        return None
    low, high = moved
    return min(low, known.p50 / (1 + known.error)), max(high, known.p50 * (1 + known.error))


def median_of_few(values_s: Sequence[float]) -> tuple[float, float | None]:
    """Median of at least one, and its notch as a share of it, None of fewer than LEAST.

    Where a part of a pass is timed, which nobody calls faster by that alone.
    """
    stats = summarize(values_s)
    assert stats is not None
    if stats.n < LEAST or not stats.p50:
        return stats.p50, None
    return stats.p50, NOTCH * stats.iqr / math.sqrt(stats.n) / stats.p50
