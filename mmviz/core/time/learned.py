"""What timings taught beyond the constants: the factor of a `Lattice` for many products.

The factor comes last, after tiles were chosen by the time of the model alone, so it prefers none.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.lattice import Lattice
from mmviz.core.shapes.columns import Shapes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def factor(lattice: Lattice | None, seconds: Floats, shapes: Shapes) -> Floats:
    """By how much each product's time of the model in `seconds` is multiplied; without lattice 1.

    m is that of all of a stack, seconds of the launch. seconds · factor grows with seconds, m, n, k
    and the stack, or stays.
    """
    if lattice is None:
        return np.ones(len(seconds))
    axes, values = _tables(lattice)
    m, n, k = shapes.sides
    tall = shapes.stack * m  # of a stack: its products one under the other, as many rows as tiles
    sides = (np.log(np.maximum(seconds, 1e-300)), np.log2(tall), np.log2(n), np.log2(k))
    places, weights = corners(axes, sides)
    found: Floats = np.exp((values[places] * weights).sum(axis=0))
    return found


def corners(axes: tuple[Floats, ...], sides: tuple[Floats, ...]) -> tuple[Ints, Floats]:
    """[2^axes, products] the nodes around each product, in one row of all, and their weights.

    axes: rising nodes of each; sides: of each the products' coordinates, clamped to the nodes.
    """
    places = np.zeros((1, len(sides[0])), dtype=np.int64)
    weights = np.ones((1, len(sides[0])))
    for nodes, side in zip(axes, sides, strict=True):
        inside = np.clip(side, nodes[0], nodes[-1])
        left = np.clip(np.searchsorted(nodes, inside, side="right") - 1, 0, len(nodes) - 2)
        share = (inside - nodes[left]) / (nodes[left + 1] - nodes[left])
        places = places * len(nodes) + left
        places = np.concatenate([places, places + 1])
        weights = np.concatenate([weights * (1 - share), weights * share])
    return places, weights


@functools.lru_cache(maxsize=16)
def _tables(lattice: Lattice) -> tuple[tuple[Floats, ...], Floats]:
    return lattice.axes, np.array(lattice.values)
