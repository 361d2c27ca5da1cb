"""How many tiles and waves a product takes: the same arithmetic for one and for many at once.

Numbers are ints, or arrays that broadcast: whole, or floats where many candidates are looked at.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", int, NDArray[Any])


def tiles_of(m: Number, n: Number, tm: Number, tn: Number) -> Number:
    """Tiles of tm × tn cells that cover C[m × n]."""
    found: Number = over(m, tm) * over(n, tn)
    return found


def waves_and_series(pieces: Number, units: int, resident: Number) -> tuple[Number, Number]:
    """Waves, and how many pieces the busiest unit computes one after the other.

    `resident` pieces share one of `units` units.
    """
    slots = units * resident
    waves = over(pieces, slots)
    before = waves - 1
    return waves, before * resident + over(pieces - before * slots, units)


def over(a: Number, b: Number | int) -> Number:
    """a / b, rounded up."""
    return -(-a // b) if _whole(a) else np.ceil(a / b)


def _whole(number: int | NDArray[Any]) -> bool:
    return isinstance(number, int) or np.issubdtype(number.dtype, np.integer)
