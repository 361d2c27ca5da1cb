"""Products cut into tiles, many at once: counts of tiles and waves as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
"""Whole numbers, as integers or, where many candidates are looked at, as floats."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """C[m × n] in tiles of tm × tn, each cut into `parts` along k; arrays that broadcast.

    `resident` tiles share one of `units` units. Of one product a `Tiling` says the same.
    """

    m: Numbers
    n: Numbers
    tm: Numbers
    tn: Numbers
    parts: Numbers
    resident: Numbers
    units: int

    @property
    def tiles(self) -> Numbers:
        return _up(self.m, self.tm) * _up(self.n, self.tn)

    def waves_and_series(self, pieces: Numbers) -> tuple[Numbers, Numbers]:
        """Waves, and the pieces that the busiest unit computes one after the other."""
        slots = self.units * self.resident
        full = _down(pieces, slots)
        rest = pieces - full * slots
        return full + (rest > 0), full * self.resident + _up(rest, self.units)


def _up(a: Numbers, b: Numbers | int) -> Numbers:
    return -(-a // b) if np.issubdtype(a.dtype, np.integer) else np.ceil(a / b)


def _down(a: Numbers, b: Numbers | int) -> Numbers:
    return a // b if np.issubdtype(a.dtype, np.integer) else np.floor(a / b)
