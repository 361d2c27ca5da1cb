"""Tiles as a library was seen to choose them, by the steps of a device file.

The steps were read off the names of the kernels that ran (published timings of single-precision
layers, sitar-lab/NeuSight): small tiles while there are few blocks of the output for the units,
larger ones from then on. A product may take a tile of its own step or of a later one; the tiles of
the steps before are closed to it, so that what there is to choose from only gets less with more
work, and more work is never faster for a tile it brings within reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Tile, TileStep
from mmviz.core.shapes.columns import Shapes

BLOCK = 64 * 64  # cells of the block the steps are counted in

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The tiles of all steps, and up to how many blocks and multiplications a unit each is open."""

    tiles: tuple[Tile, ...]
    blocks: Floats
    work: Floats


def steps_of(steps: Sequence[TileStep]) -> Steps | None:
    """None without steps. A tile is open as far as the last step that has it."""
    if not steps:
        return None
    # A step is left for good as soon as it or a later one no longer holds; the last holds all.
    found: dict[Tile, tuple[float, float]] = {}
    for place, step in enumerate(steps, start=1):
        last = place == len(steps)
        for tile in step.tiles:
            blocks, work = found.get(tile, (0.0, 0.0))
            found[tile] = (
                max(blocks, np.inf if last else step.blocks),
                max(work, np.inf if last else step.work),
            )
    blocks, work = np.array(list(found.values())).T
    return Steps(tuple(found), blocks, work)


def closed_tiles(shapes: Shapes, steps: Steps, units: int) -> Bools:
    """[tiles × products] which tiles the steps no longer have for so much work."""
    m, n, k = shapes.sides
    cells = shapes.stack * m * n
    blocks, work = cells / (BLOCK * units), cells * k / units
    past: Bools = (blocks > steps.blocks[:, None]) | (work > steps.work[:, None])
    return past
