"""Samples in order of size, kept so while they come: statistics of many cost little each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.stats import Stats


class Ranked:
    """Grows by what comes; `stats` are those of `summarize`."""

    def __init__(self) -> None:
        self._sorted: NDArray[np.float64] = np.empty(0)
        self._new: list[float] = []

    def extend(self, samples_s: Sequence[float]) -> None:
        """Append samples; they find their places when somebody asks."""
        self._new.extend(samples_s)

    def stats(self) -> Stats | None:
        """Statistics of all samples so far, None of none."""
        if self._new:
            new = np.sort(np.asarray(self._new, np.float64))
            self._sorted = np.insert(self._sorted, np.searchsorted(self._sorted, new), new)
            self._new = []
        if not len(self._sorted):
            return None
        p10, p25, p50, p75, p99 = (self._quantile(q) for q in (0.10, 0.25, 0.50, 0.75, 0.99))
        return Stats(len(self._sorted), float(self._sorted[0]), p10, p50, p75 - p25, p99)

    def _quantile(self, share: float) -> float:
        """Linear between ranks; from the nearer one, as NumPy does it."""
        at = share * (len(self._sorted) - 1)
        below = int(at)
        low = float(self._sorted[below])
        high = float(self._sorted[min(below + 1, len(self._sorted) - 1)])
        part = at - below
        return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)
