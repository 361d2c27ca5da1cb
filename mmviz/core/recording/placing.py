"""Whether two sides compute the same tiles in another order."""

from __future__ import annotations

import numpy as np

from mmviz.core.recording.evidence import Order
from mmviz.core.recording.sides import Floats, Side

REORDERED = 0.25  # of the tiles, from which on it is another order and no overtaking here and there
ALIKE = 0.8  # rank correlation: units that go at different speeds overtake, and stay above it


def reordered(a: Side, b: Side) -> Order | None:
    """Both have the same tiles; None where they come in one order, give or take a wave."""
    places = [_places(side) for side in (a, b)]
    both = ~np.isnan(places[0]) & ~np.isnan(places[1])
    count = int(both.sum())
    if count < 2:
        return None
    ranks = [_ranked(where, both) for where in places]
    apart = np.where(both, np.abs(ranks[1] - ranks[0]), -1.0)
    wave = max(a.trace.tiling.slots, b.trace.tiling.slots)
    moved = int(np.count_nonzero(apart > wave))
    if moved < REORDERED * count or _correlation(apart[both]) > ALIKE:
        return None
    m, n = np.unravel_index(int(apart.argmax()), apart.shape)
    at = int(m), int(n)
    return Order(moved, count, at, (int(ranks[0][at]) + 1, int(ranks[1][at]) + 1))


def _correlation(apart: Floats) -> float:
    """Spearman's, of how far ranks lie apart."""
    n = len(apart)
    return 1 - 6 * float((apart**2).sum()) / (n * (n * n - 1))


def _places(side: Side) -> Floats:
    """When the first piece of each tile starts [tiles_m × tiles_n], NaN: not kept."""
    trace = side.trace
    shape = trace.tiling.rows_m, trace.tiling.tiles_n
    found = np.full(shape, np.inf)
    np.minimum.at(found, (trace.m, trace.n), trace.start)
    found[np.isinf(found)] = np.nan
    return found


def _ranked(where: Floats, both: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> Floats:
    """The place of each tile among those that both have, from 0."""
    found = np.full(where.shape, np.nan)
    order = np.argsort(where[both], kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order))
    found[both] = ranks
    return found
