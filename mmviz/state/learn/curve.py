"""The losses of steps in a row, thinned as they come: a chart of any length is of a few points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

MOST = 2_048  # points

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Of each point, oldest first: steps, how many were taken until then; at_s, the seconds spent
    in them; losses, the mean of the steps since the point before. every: steps of a point at most.
    first: steps that were taken before.
    """

    steps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    at_s: Floats = field(default_factory=lambda: np.zeros(0))
    losses: Floats = field(default_factory=lambda: np.zeros(0))
    every: int = 1
    first: int = 0

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def step(self) -> int:
        """How many steps were taken."""
        return int(self.steps[-1]) if len(self) else self.first

    @property
    def spent_s(self) -> float:
        """Seconds of all steps."""
        return float(self.at_s[-1]) if len(self) else 0.0

    def then(self, losses: Sequence[float], seconds: Sequence[float]) -> Curve:
        """With the steps that followed."""
        if not len(losses):
            return self
        begins = np.arange(0, len(losses), self.every)
        counts = np.diff(np.append(begins, len(losses)))
        means = np.add.reduceat(np.asarray(losses, float), begins) / counts
        spent = np.add.reduceat(np.asarray(seconds, float), begins)
        grown = replace(
            self,
            steps=np.concatenate((self.steps, self.step + np.cumsum(counts))),
            at_s=np.concatenate((self.at_s, self.spent_s + np.cumsum(spent))),
            losses=np.concatenate((self.losses, means)),
        )
        while len(grown) > MOST:
            grown = grown._halved()
        return grown

    def _halved(self) -> Curve:
        """Two points become one; the last of an odd number stays."""
        counts = np.diff(self.steps, prepend=self.first)
        pairs = np.arange(0, len(self), 2)
        ends = np.minimum(pairs + 1, len(self) - 1)
        weighed = np.add.reduceat(self.losses * counts, pairs) / np.add.reduceat(counts, pairs)
        return replace(
            self,
            steps=self.steps[ends],
            at_s=self.at_s[ends],
            losses=weighed,
            every=2 * self.every,
        )
