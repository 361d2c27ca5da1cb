"""What products move from and to the memory, past the L2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bytes_past_l2(
    m: Floats,
    n: Floats,
    k: Floats,
    size: float,
    out: float,
    l2: float | None = None,
    hit: float = 0.0,
    others: float = 1.0,
    fall: float = 1.0,
    *,
    stack: Floats | float = 1.0,
) -> Floats:
    """Bytes from and to memory: each matrix once, less the share `hit` of what the L2 keeps.

    size: of an element of A and B, out: of C.

    It keeps A and C, which the products before and after use, while both fit; and B, the weights,
    while `others` times as much would fit, since other layers pass through before it is used
    again; both the less, the nearer they come to that, as `fall` says. Without an L2 all bytes.
    """
    passing, weights = stack * (size * m * k + out * m * n), stack * size * (n * k)
    if l2 is None or hit <= 0:
        return passing + weights
    kept = hit / (1 + (passing / l2) ** fall)
    held = hit / (1 + (others * weights / l2) ** fall)
    return passing * (1 - kept) + weights * (1 - held)
