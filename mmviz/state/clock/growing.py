"""Samples as a chart draws them while they come: what is new is added, nothing is done again.

Columns and bands hold between MOST / 2 and MOST of their kind, however many samples there are:
once there are more, two and two become one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mmviz.state.clock.series import BAND_COLUMNS, COLUMNS, Floats, band

MOST_BANDS = 2 * BAND_COLUMNS
BINS_A_DECADE = 200  # each 1.2 % wide


class Columns:
    """The lowest and the highest sample of each column of a series that grows."""

    def __init__(self, most: int = COLUMNS) -> None:
        self._most = most
        self._low, self._high = np.empty(most), np.empty(most)
        self._full = 0  # columns that are
        self.per = 1  # samples of a column
        self._open: Floats = np.empty(0)  # samples of the one that is not full

    def extend(self, values: Floats) -> None:
        """Append samples; costs their number on average."""
        waiting = np.concatenate((self._open, values))
        while len(waiting) >= self.per:
            room = self._most - self._full
            if not room:
                self._merge()
                continue
            whole = min(room, len(waiting) // self.per)
            grid = waiting[: whole * self.per].reshape(whole, self.per)
            self._low[self._full : self._full + whole] = grid.min(axis=1)
            self._high[self._full : self._full + whole] = grid.max(axis=1)
            self._full += whole
            waiting = waiting[whole * self.per :]
        self._open = waiting.copy()

    def _merge(self) -> None:
        half = self._most // 2
        self._low[:half] = np.minimum(self._low[0::2], self._low[1::2])
        self._high[:half] = np.maximum(self._high[0::2], self._high[1::2])
        self._full, self.per = half, 2 * self.per

    def points(self) -> tuple[Floats, Floats]:
        """Positions and values of a line that covers the same pixels as one through all samples.

        Positions count samples from 0.
        """
        low, high = self._low[: self._full], self._high[: self._full]
        at: Floats = np.asarray(np.arange(self._full) * self.per + (self.per - 1) / 2, np.float64)
        if len(self._open):
            low, high = np.append(low, self._open.min()), np.append(high, self._open.max())
            end = self._full * self.per + (len(self._open) - 1) / 2
            at = np.asarray(np.append(at, end), np.float64)
        if self.per == 1:
            return at, np.array(low, np.float64)
        return np.repeat(at, 2), np.asarray(np.stack((low, high), axis=1).ravel(), np.float64)

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest of all, None of none."""
        if not self._full and not len(self._open):
            return None
        low = np.append(self._low[: self._full], self._open).min()
        high = np.append(self._high[: self._full], self._open).max()
        return float(low), float(high)


class Bands:
    """p10, median and p90 of the last WINDOW samples, along a series that grows."""

    def __init__(self, most: int = MOST_BANDS) -> None:
        self._most = most
        self._held = np.empty((most, 3))
        self._full = 0
        self._per = 1
        self._last: tuple[int, Floats] = (0, np.empty((0, 3)))  # where the series ends

    def follow(self, values: Floats) -> None:
        """values: all samples, those of the last call and the new ones behind them."""
        n = len(values)
        while n // self._per > self._most:
            half = self._full // 2
            self._held[:half] = self._held[1 : 2 * half : 2]
            self._full, self._per = half, 2 * self._per
        ends = np.arange(self._full + 1, n // self._per + 1) * self._per
        if len(ends):
            self._held[self._full : self._full + len(ends)] = band(values, ends)
            self._full += len(ends)
        rest = np.array([n]) if n % self._per else np.empty(0, np.int64)
        self._last = n, band(values, rest) if len(rest) else np.empty((0, 3))

    def lines(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Positions, counted in samples from 0, then p10, median and p90 there."""
        n, last = self._last
        at = np.arange(1, self._full + 1) * self._per - 1.0
        if len(last):
            at = np.append(at, n - 1.0)
        low, middle, high = np.concatenate((self._held[: self._full], last)).T
        return np.asarray(at, np.float64), low, middle, high


class Distribution:
    """How many samples lie in each bin of a logarithmic axis, counted as they come."""

    def __init__(self) -> None:
        self._first = 0  # the bin of counts[0], from 1 s
        self._counts: NDArray[np.int64] = np.zeros(0, np.int64)

    def extend(self, values: Floats) -> None:
        """Count more samples, each above 0."""
        if not len(values):
            return
        bins = np.floor(np.log10(values) * BINS_A_DECADE).astype(np.int64)
        low, high = int(bins.min()), int(bins.max())
        if not len(self._counts):
            self._first = low
        before = max(0, self._first - low)
        after = max(0, high - self._first - len(self._counts) + 1)
        if before or after:
            self._counts = np.pad(self._counts, (before, after))
            self._first -= before
        self._counts += np.bincount(bins - self._first, minlength=len(self._counts))

    def quantile(self, share: float) -> float | None:
        """Seconds that so large a share of the samples did not exceed, to half a bin; None of none.

        What is drawn as a mark: figures that are read come from the samples themselves.
        """
        total = int(self._counts.sum())
        if not total:
            return None
        at = int(np.searchsorted(np.cumsum(self._counts), share * total))
        return float(10.0 ** ((self._first + min(at, len(self._counts) - 1) + 0.5) / BINS_A_DECADE))

    def bars(self, low: float, high: float, most: int) -> tuple[Floats, NDArray[np.int64]]:
        """Edges [k + 1], as logarithms (base 10), and counts [k] of at most so many equal bars that
        cover low … high, logarithms themselves; k is 0 where there is nothing to show.
        """
        start, end = (math.floor(x * BINS_A_DECADE) for x in (low, high))
        wide = max(1, -(-(end - start + 1) // max(most, 1)))
        start -= start % wide
        count = (end - start) // wide + 1
        every = np.zeros(count * wide, np.int64)
        a, b = max(start, self._first), min(start + len(every), self._first + len(self._counts))
        if a < b:
            every[a - start : b - start] = self._counts[a - self._first : b - self._first]
        counts = every.reshape(count, wide).sum(axis=1)
        edges = (start + wide * np.arange(count + 1)) / BINS_A_DECADE
        return edges, counts
