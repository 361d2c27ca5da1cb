"""A closer look at a sweep of one axis: which piece of it is seen, of whole batches or units."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mmviz.state.sweep.chart import SweepChart

NOTCH = 1.25  # of the wheel: so much closer
LEAST = 5  # points that are always seen


@dataclass(frozen=True, slots=True)
class Closer:
    """From a share of the axis to another, 0 … 1, as the chart is drawn: of counts, or their logs.

    What is seen of it begins and ends at a point, `points` says which; the shares stay as they
    were asked for, so that many small steps are one large one.
    """

    low: float = 0.0
    high: float = 1.0

    @property
    def whole(self) -> bool:
        """Whether all of it is seen."""
        return (self.low, self.high) == (0.0, 1.0)

    def zoomed(self, chart: SweepChart, at: float, closer: float) -> Closer:
        """`closer` times as close about `at`, a share of the axis, which stays where it is seen."""
        size = (self.high - self.low) / closer
        if size >= 1.0:
            return ALL
        low = at - (at - self.low) / closer
        found = _within(low, low + size)
        first, last = found._nearest(chart)
        return self if closer > 1 and last - first + 1 < LEAST else found

    def panned(self, share: float) -> Closer:
        """Moved by a share of the axis, as far as it goes."""
        return self if self.whole else _within(self.low + share, self.high + share)

    def showing(self, chart: SweepChart, point: int) -> Closer:
        """Moved as little as is needed for a point to be seen."""
        first, last = self.points(chart)
        at = float(shares(chart)[point])
        if point < first:
            return self.panned(at - self.low)
        return self.panned(at - self.high) if point > last else self

    def points(self, chart: SweepChart) -> tuple[int, int]:
        """The first and the last point that are seen: the nearest to either end.

        Where points are far apart there are others beyond, so that there are never too few.
        """
        most = len(chart.found.points) - 1
        first, last = (0, most) if self.whole else self._nearest(chart)
        missing = max(0, min(LEAST, most + 1) - (last - first + 1))
        first = max(0, first - missing // 2)
        last = min(most, max(last, first + LEAST - 1))
        return max(0, min(first, last - LEAST + 1)), last

    def _nearest(self, chart: SweepChart) -> tuple[int, int]:
        along = shares(chart)
        first, last = (int(np.abs(along - end).argmin()) for end in (self.low, self.high))
        return first, last


ALL = Closer()


def shares(chart: SweepChart) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """[points] 0 … 1: where each is along the axis."""
    x = np.log(chart.x) if chart.log_x else chart.x
    low, high = float(x[0]), float(x[-1])
    return (x - low) / (high - low) if high > low else np.zeros(len(x))


def _within(low: float, high: float) -> Closer:
    """As large, and within the axis."""
    size = min(high - low, 1.0)
    low = min(max(low, 0.0), 1.0 - size)
    high = 1.0 if math.isclose(low + size, 1.0) else low + size
    return Closer(low, high)
