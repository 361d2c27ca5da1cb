"""Numbers rounded to the nearest a floating-point format has, of two to the one of even code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_EXPONENT = np.uint64(0x7FF0_0000_0000_0000)  # of a float64
_DIGITS = 52  # of a float64, after the leading one
_PAST = 2.0**900  # beyond all formats, and far from where float64 ends


@dataclass(frozen=True, slots=True)
class Grid:
    """The numbers of a format: ±significand · 2^e, and subnormal ones below 2^least.

    digits: bits of the significand after the leading one. largest: the largest number. saturates:
    what is larger becomes that; else it becomes infinite where it rounds past it.
    """

    digits: int
    least: int
    largest: float
    saturates: bool = False


GRIDS = {
    "tf32": Grid(10, -126, (2 - 2.0**-10) * 2.0**127),
    "float16": Grid(10, -14, 65_504.0),
    "bfloat16": Grid(7, -126, (2 - 2.0**-7) * 2.0**127),
    "e4m3": Grid(3, -6, 448.0, saturates=True),
    "e2m1": Grid(1, 0, 6.0, saturates=True),
}
"""E4M3 has no infinity, and 448 instead of 480, whose code is no number (P. Micikevicius et al.,
FP8 Formats for Deep Learning, arXiv 2209.05433); E2M1 has neither (OCP Microscaling Formats v1.0).
Both saturate, as conversions for inference do. tf32: what cuBLAS rounds float32 to.
"""


def rounded(x: NDArray[Any], grid: Grid) -> Floats:
    """Finite `x`, rounded; float64 of the same shape.

    Added to 1.5 · 2^(52 − digits) times its power of two, a number loses all digits below the last
    the format has, by the rounding of float64 itself, which is to the nearest, ties to even.
    """
    x = np.ascontiguousarray(x, np.float64)
    power: Floats = (x.view(np.uint64) & _EXPONENT).view(np.float64)
    power = np.clip(power, 2.0**grid.least, _PAST)
    power *= 1.5 * 2.0 ** (_DIGITS - grid.digits)
    found: Floats = x + power
    found -= power
    if grid.saturates:
        return np.clip(found, -grid.largest, grid.largest, out=found)
    return np.where(np.abs(found) > grid.largest, np.copysign(np.inf, found), found)
