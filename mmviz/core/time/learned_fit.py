"""A `Lattice` fitted to what a time model leaves of measured rows.

The logarithms of measured over modelled times, linear between the nodes, by weighted least squares
with a ridge on second differences, so that what few rows say is bent to what more say around, and
one towards 0, where there are none. Weights of one over the miss turn squares into absolute errors.
That more work takes no less time is a bound on each first difference; the quadratic program with
these bounds is solved by the method of multipliers (S. Boyd et al., Distributed Optimization and
Statistical Learning via ADMM, 2011, 5.2), and what is left of a violation is lifted by `rounded`.
scipy is loaded here, and only when a fit is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.lattice import MOST_LOG, Lattice, rounded
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.learned import corners

NODES = (8, 5, 4, 4)  # along the time of the model, m, n, k; more learn no more from 2,500 rows
LEAST_MISS = 0.01  # of a logarithm: nearer rows weigh no more
_ROUNDS = 4  # of weights
_STEPS = 60  # of multipliers, each round

Floats = NDArray[np.float64]
Sides = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Where a lattice has its nodes, and which of them each row lies between.

    rows [rows × nodes]: weights of the nodes of each row, sparse; differences [pairs × nodes] of
    neighbours; least: what each may be at least; bent: the ridge on second differences.
    """

    sides: Sides
    rows: Any
    differences: Any
    least: Floats
    bent: Any


def nodes_for(seconds: Floats, shapes: Shapes) -> Nodes | None:
    """Nodes over products that a time model says take `seconds`; None: they are too alike."""
    sides = _sides_of(seconds, shapes)
    if sides is None:
        return None
    from scipy import sparse  # type: ignore[import-untyped]  # ships no types

    axes = (np.log(sides[0]), *map(np.array, sides[1:]))
    places, weights = corners(axes, (np.log(seconds), *map(np.log2, shapes.sides)))
    size = math.prod(map(len, axes))
    at = (np.tile(np.arange(len(seconds)), len(places)), places.ravel())
    rows = sparse.csr_matrix((weights.ravel(), at), (len(seconds), size))
    places_of = np.arange(size).reshape([len(axis) for axis in axes])
    firsts, bent, least = [], sparse.csr_matrix((size, size)), []
    for axis in range(len(axes)):
        along = np.moveaxis(places_of, axis, 0)
        firsts.append(_differences((along[:-1], along[1:]), (-1.0, 1.0), size))
        second = _differences((along[:-2], along[1:-1], along[2:]), (1.0, -2.0, 1.0), size)
        bent = bent + second.T @ second
        # Along the time: what the model adds, the lattice may take away.
        step = -np.diff(axes[0]) if axis == 0 else np.zeros(len(axes[axis]) - 1)
        least.append(np.repeat(step, along[0].size))
    return Nodes(sides, rows, sparse.vstack(firsts).tocsr(), np.concatenate(least), bent)


def learn(nodes: Nodes, missed: Floats, weights: Floats, ridge: float) -> Lattice:
    """The lattice for rows whose logarithms of measured over modelled time are `missed`.

    ridge: what bending and being away from 0 cost, however many rows there are.
    """
    from scipy import sparse
    from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

    rows, pairs, size = nodes.rows, nodes.differences, nodes.rows.shape[1]
    stiff = ridge * (nodes.bent + sparse.eye(size)) + pairs.T @ pairs
    found = np.zeros(size)
    split, pull = np.maximum(0.0, nodes.least), np.zeros(len(nodes.least))
    for _ in range(_ROUNDS):
        weighed = weights / np.maximum(np.abs(missed - rows @ found), LEAST_MISS)
        weighed *= size / weighed.sum()
        whole = (rows.T @ sparse.diags(weighed) @ rows + stiff).toarray()
        wanted = rows.T @ (missed * weighed)
        factors = cho_factor(whole, overwrite_a=True, check_finite=False)
        for _ in range(_STEPS):
            found = cho_solve(factors, wanted + pairs.T @ (split - pull), check_finite=False)
            now = pairs @ found
            split = np.maximum(now + pull, nodes.least)
            pull += now - split
    grid = np.clip(found, -MOST_LOG, MOST_LOG).reshape([len(side) for side in nodes.sides])
    return rounded(nodes.sides, grid)


def _sides_of(seconds: Floats, shapes: Shapes) -> Sides | None:
    """Times as many rows lie between; sides at equal distances of their logarithms."""
    shares = np.linspace(0, 1, NODES[0])
    times = tuple(dict.fromkeys(float(f"{t:.3g}") for t in np.quantile(seconds, shares)))
    sides = [times]
    for side, count in zip(shapes.sides, NODES[1:], strict=True):
        least, most = math.floor(np.log2(side.min())), math.ceil(np.log2(side.max()))
        few = min(count, most - least + 1)
        sides.append(tuple(np.linspace(least, most, few).round(4).tolist()))
    return tuple(sides) if all(len(side) >= 2 for side in sides) else None


def _differences(places: tuple[Any, ...], signs: tuple[float, ...], size: int) -> Any:
    """[differences × nodes]: neighbours along a side, in sums of these signs."""
    from scipy import sparse

    count = places[0].size
    values = np.repeat(signs, count)
    at = (np.tile(np.arange(count), len(places)), np.concatenate([p.ravel() for p in places]))
    return sparse.csr_matrix((values, at), (count, size))
