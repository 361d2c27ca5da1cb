"""Tiles as a library was seen to choose them, by the steps of a device file.

The steps were read off the names of the kernels that ran (published timings of single-precision
layers, sitar-lab/NeuSight): small tiles while there are few blocks of the output for the units,
larger ones from then on, and among tiles of a size the one that wastes fewer cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import TileStep

BLOCK = 64 * 64  # cells of the block the steps are counted in
KEEP_FIRST = 1.05  # a later tile of a step must compute so much less

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]


def stepped_tiles(
    m: Ints, n: Ints, k: Ints, steps: Sequence[TileStep], units: int
) -> tuple[Floats, Floats]:
    """Tile height and width of each product m × n × k; the last step takes what no other did."""
    m, n = m.astype(np.float64), n.astype(np.float64)
    blocks, work = m * n / (BLOCK * units), m * n * k / units
    tm, tn = np.empty(len(m)), np.empty(len(m))
    open_ = np.ones(len(m), dtype=np.bool_)
    for place, step in enumerate(steps, start=1):
        here = open_ & (blocks <= step.blocks) & (work <= step.work)
        rows = open_ if place == len(steps) else here
        heights, widths = np.array(step.tiles, dtype=np.float64).T
        cells = (
            np.ceil(m[rows, None] / heights) * heights * np.ceil(n[rows, None] / widths) * widths
        )
        best = (cells * KEEP_FIRST ** (np.arange(len(heights)) > 0)).argmin(axis=1)
        tm[rows], tn[rows] = heights[best], widths[best]
        open_ &= ~here
    return tm, tn
