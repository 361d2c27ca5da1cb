"""Samples as a chart draws them: as many columns as pixels, whatever their number."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmviz import units

Floats = NDArray[np.float64]

COLUMNS = 1_000  # of raw samples; each has a lowest and a highest point: at most 2,000 points
BAND_COLUMNS = 300
WINDOW = 51  # passes the running median looks back on
SHORTEST_S = 1e-9  # shorter than any clock resolves; a logarithm needs more than zero
# round durations about a decade apart: 1 ns … 10 s, 2 min, 20 min, 4 h, 2 d, 20 d, 200 d, …
_WIDE = (
    *(10.0**e for e in range(-9, 2)),
    *(120.0, 1_200.0, 14_400.0),
    *(172_800.0 * 10.0**e for e in range(8)),
)
# durations a factor of 2.5 apart at most, that read round: … 20 s, 50 s, 2 min, 5 min … 2 h … 24 h
_FINE = (
    *(factor * 10.0**e for e in range(-9, 2) for factor in (1, 2, 5)),
    *(60.0 * minutes for minutes in (2, 5, 10, 20, 50)),
    *(3_600.0 * hours for hours in (2, 5, 10)),
    *(86_400.0 * factor * 10.0**e for e in range(9) for factor in (1, 2, 5)),
)


class Series:
    """Seconds per pass in order, appended while they are measured; a growing array."""

    def __init__(self, samples_s: Sequence[float] = ()) -> None:
        self._buffer = np.empty(1_024)
        self._n = 0
        self.extend(samples_s)

    def __len__(self) -> int:
        return self._n

    def extend(self, samples_s: Sequence[float]) -> None:
        """Append samples; costs their number, not that of all before them, on average."""
        end = self._n + len(samples_s)
        if end > len(self._buffer):
            grown = np.empty(max(end, 2 * len(self._buffer)))
            grown[: self._n] = self._buffer[: self._n]
            self._buffer = grown
        self._buffer[self._n : end] = samples_s
        self._n = end

    @property
    def values(self) -> Floats:
        """All samples [n]; a view, valid until the next `extend`."""
        return self._buffer[: self._n]


def extremes(values: Floats, columns: int = COLUMNS) -> tuple[Floats, Floats]:
    """Positions [m] and values [m] of the lowest and the highest sample of each column.

    At most `2 · columns` points, in order of position, so that a line through them covers the same
    pixels as a line through all `values`. Positions count passes from 0.
    """
    n = len(values)
    if n <= 2 * columns:
        return np.arange(n, dtype=np.float64), values.copy()
    starts = column_ends(n, columns) - np.diff(column_ends(n, columns), prepend=0)
    lows, highs = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    x = np.repeat((starts + np.append(starts[1:], n) - 1) / 2.0, 2)
    return x, np.stack((lows, highs), axis=1).ravel()


def column_ends(n: int, columns: int) -> NDArray[np.int64]:
    """Where each of at most `columns` nearly equal columns of `n` samples ends (exclusive)."""
    columns = min(n, columns)
    return np.arange(1, columns + 1) * n // max(columns, 1)


def running(
    values: Floats, columns: int = BAND_COLUMNS, window: int = WINDOW
) -> tuple[Floats, Floats, Floats, Floats]:
    """Position, p10, median and p90 of the last `window` samples, at the end of each column.

    Before `window` samples have passed, of all so far. Each array has min(n, columns) entries;
    percentiles are interpolated between ranks as NumPy does.
    """
    ends = column_ends(len(values), columns)
    if not len(ends):
        empty = np.empty(0)
        return empty, empty, empty, empty
    p10, p50, p90 = band(values, ends, window).T
    return (ends - 1).astype(np.float64), p10, p50, p90


def band(values: Floats, ends: NDArray[np.int64], window: int = WINDOW) -> Floats:
    """p10, median and p90 [m × 3] of the last `window` samples before each of `ends` [m]."""
    index = ends[:, None] - 1 - np.arange(window)
    ranked = np.sort(np.where(index >= 0, values[np.maximum(index, 0)], np.inf), axis=1)
    held = np.minimum(ends, window)
    return np.stack([_quantile(ranked, held, q) for q in (0.1, 0.5, 0.9)], axis=1)


def _quantile(ranked: Floats, held: NDArray[np.int64], q: float) -> Floats:
    """Quantile `q` of the first `held` entries of each sorted row."""
    at = q * (held - 1)
    low = np.floor(at).astype(np.int64)
    high = np.minimum(low + 1, held - 1)
    rows = np.arange(len(ranked))
    below, above = ranked[rows, low], ranked[rows, high]
    return np.asarray(below + (at - low) * (above - below), np.float64)


def log_range(low_s: float, high_s: float) -> tuple[float, float]:
    """log10 of a calm axis around low_s … high_s (seconds): ends on 1, 2 or 5, over a factor ≥ 4.

    It moves only when the data leave it, so the axis stands still while samples arrive.
    """
    low, high = max(low_s, SHORTEST_S), max(high_s, low_s, SHORTEST_S)
    bottom, top = _step(low / 1.1, down=True), _step(high * 1.1, down=False)
    while top / bottom < 3.99:
        if low / bottom < top / high:
            bottom = _step(bottom * 0.99, down=True)
        else:
            top = _step(top * 1.01, down=False)
    return math.log10(bottom), math.log10(top)


def _step(t: float, *, down: bool) -> float:
    """The next of … 1, 2, 5, 10, 20 … at or below (`down`) or at or above `t`."""
    decade = 10.0 ** math.floor(math.log10(t) + 1e-9)
    steps = [factor * decade for factor in (1.0, 2.0, 5.0, 10.0)]
    if down:
        return max(step for step in steps if step <= t * (1 + 1e-9))
    return min(step for step in steps if step >= t * (1 - 1e-9))


def log_ticks(bottom: float, top: float, most: int = 6) -> list[tuple[float, str]]:
    """Ticks between log10 values as (log10, text): '1 ms', '10 ms', …; at most `most` of them.

    At least two on every axis of `log_range`, where `most` allows it.
    """
    wide, fine = (
        [t for t in every if bottom - 1e-9 <= math.log10(t) <= top + 1e-9]
        for every in (_WIDE, _FINE)
    )
    exact = fine if len(wide) < 2 or (len(wide) < 3 and len(fine) <= most) else wide
    exact = exact[:: math.ceil(len(exact) / max(most, 1))]
    return [(math.log10(t), units.tick(t)) for t in exact]
