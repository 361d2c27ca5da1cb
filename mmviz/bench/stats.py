"""What is published of a series of samples: never a mean, always how many and how far apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from mmviz.text import N_, Text

FEW = 20
"""Of fewer samples the 99 % is nearly the largest: shown nowhere, though kept with the samples."""

NOTCH = 1.57  # interquartile ranges over the root of the count


class Stats(msgspec.Struct, frozen=True):
    """Count, then seconds: minimum, 10 %, median, interquartile range, 99 %.

    All by the same formula from whatever samples there are; of one sample, or of an estimate, each
    is that number and the range 0.
    """

    n: int
    min: float
    p10: float
    p50: float
    iqr: float
    p99: float

    @property
    def tail(self) -> float | None:
        """The 99 % where there are samples enough to speak of it, else None."""
        return self.p99 if self.n >= FEW else None

    @property
    def error(self) -> float | None:
        """How far the median may be off by chance, as a share of it; None of FEW samples.

        1.57·IQR/√n, the notch of McGill, Tukey and Larsen (Variations of Box Plots, 1978): medians
        whose notches meet are not told apart. What slows all samples alike is not in it.
        """
        if self.n < FEW or not self.p50:
            return None
        return NOTCH * self.iqr / math.sqrt(self.n) / self.p50

    @property
    def disturbance(self) -> Text | None:
        """What an IQR over 10 % or 25 % of the median says of the samples, else None.

        The thresholds are those of torch.utils.benchmark ("significant influence", "fluctuation").
        """
        if self.iqr > 0.25 * self.p50:
            return Text(N_("noisy"))
        return Text(N_("a little noisy")) if self.iqr > 0.10 * self.p50 else None


def summarize(samples_s: Sequence[float] | NDArray[np.float64]) -> Stats | None:
    """Statistics of at least one sample (linear interpolation between ranks), else None."""
    values = np.asarray(samples_s, np.float64)
    if not len(values):
        return None
    p10, p25, p50, p75, p99 = np.percentile(values, (10, 25, 50, 75, 99)).tolist()
    return Stats(len(values), float(values.min()), p10, p50, p75 - p25, p99)
