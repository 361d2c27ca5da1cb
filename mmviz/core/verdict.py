"""Whether one of two figures is better: the one rule by which anything is called so.

Let a be the smaller of two figures and b the larger. An error e says that a figure is about 1 + e
times the truth, or the truth 1 + e times it. Such factors multiply, so their logarithms add up, by
the root of the sum of squares: the ratio of both is off by the factor exp(hypot(e_a, e_b)). One is
better where b/a is more than that; else they are too close to call; and where an error is not known
nothing is said. For small errors this is b - a > a · hypot(e_a, e_b); for large ones it asks for
more, as it must: 100 and 122, both ± 15 %, are 22 apart, and the root of the sum of 15² and 18.3²
is 24. It is all one which of the two is named first, and in which unit they are.

That root is the one of errors which have nothing to do with each other. Errors of one model on one
device mostly go the same way, and then the ratio is off by less. By how much less depends on how
alike the two shapes are, and no figure says it: independent ones are as wide as can be defended.
What both figures share to the last bit, as the layers of a pass that stay as they are, is off by
the very same and cancels: that alone is left out, as `shared`.

An error is a mean one: of ten verdicts that lie just outside of it some are wrong. What may come on
top of it, `Provenance.beyond`, is not in it, and is to be said beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.core.provenance import Provenance

Floats = NDArray[np.float64]

SAME = 1e-9  # relative: two figures this close are one

MOST = 100.0  # both errors together: what is off more than that is not told from anything

WhyNone = Literal["", "even", "close", "unknown"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A time, a rate, a count; error: how far it may be off as a share of it, None: not known."""

    value: float
    error: float | None

    @classmethod
    def counted(cls, value: float) -> Figure:
        """What was counted or computed, not predicted: there is nothing it could be off."""
        return cls(value, 0.0)

    @classmethod
    def resting(cls, value: float, rests: Provenance) -> Figure:
        """As far off as what it rests on says."""
        return cls(value, 0.0 if rests.kind == "computed" else rests.error)

    def per(self, number: float) -> Figure:
        """The same shared out, as a time among the examples of its pass: as far off, relatively."""
        return Figure(self.value / number, self.error)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which of two figures is better: 0 the first, 1 the second, None: neither is called so.

    why_none: even where they are one, close where they lie within the error, unknown where no error
    is known; "" where there is a verdict. share: the smaller over the larger, 0 … 1; error: how far
    `1 - share` may be off, None: not known.
    """

    better: Literal[0, 1] | None
    why_none: WhyNone
    share: float
    error: float | None


def judge(first: Figure, second: Figure, *, less: bool = True, shared: float = 0.0) -> Verdict:
    """Which of two figures, neither below 0, is better.

    less: the smaller is. shared: what of both is one and the same, and so is off alike.
    """
    a, b = first.value, second.value
    larger = max(a, b)
    share = min(a, b) / larger if larger else 1.0
    if math.isclose(a, b, rel_tol=SAME):
        return Verdict(None, "even", share, 0.0)
    off = apart(first, second, shared)
    if off is None:
        return Verdict(None, "unknown", share, None)
    if abs(a - b) <= off:
        return Verdict(None, "close", share, off / larger)
    return Verdict(0 if (a < b) == less else 1, "", share, off / larger)


def apart(first: Figure, second: Figure, shared: float = 0.0) -> float | None:
    """How far two figures must lie apart, in their unit, for one to be better; None: unknown."""
    if not (_known(first.error) and _known(second.error)):
        return None
    own = max(min(first.value, second.value) - shared, 0.0)
    return own * math.expm1(min(math.hypot(first.error or 0.0, second.error or 0.0), MOST))


def tied(values: Floats, errors: Floats, at: int) -> NDArray[np.bool_]:
    """Which of many figures are too close to call beside the one at `at`; it itself is not.

    errors: as in Figure, NaN where not known: nothing is said of those.
    """
    smaller = np.minimum(values, values[at])
    close = np.abs(values - values[at]) <= smaller * np.expm1(np.hypot(errors, errors[at]))
    close[at] = False
    return np.asarray(close)


def _known(error: float | None) -> bool:
    """NaN is how columns say that it is not."""
    return error is not None and not math.isnan(error)
