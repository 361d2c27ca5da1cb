"""The numbers in and around a systolic array at one instant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.systolic import Indices, front
from mmviz.state.picture.cells import Cells
from mmviz.state.picture.systolic import ArrayMoment, around_of, leaving_in, seen_by_each

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ArrayNumbers:
    """NaN where there is no number; laid out as `places`.

    still: inside the array what sits or grows in a multiplier, around it what will enter or has
    left. moving: what passes a multiplier at work and is multiplied with what sits there.
    """

    still: Numbers
    moving: Numbers


def numbers(
    moment: ArrayMoment, cells: Cells, left: int = 0, above: int = 0, below: int = 0
) -> ArrayNumbers:
    """The operands and sums of this cycle, for as much around the array as asked."""
    rows, columns = moment.array
    ahead = max(left, above)
    around = around_of(moment, ahead)
    a = _pick(cells.a, around.a_m, around.a_k)
    b = _pick(cells.b, around.b_k, around.b_n)
    flowing, other = (b, a) if moment.dataflow == "is" else (a, b)
    shape = above + rows + below, left + columns
    still, moving = np.full(shape, np.nan), np.full(shape, np.nan)
    inner = slice(above, above + rows), slice(left, None)
    if moment.dataflow == "os":
        still[inner] = _grown(moment, cells)
    else:
        still[inner] = other[ahead:, ahead:]
        moving[inner] = np.where(around.active, flowing, np.nan)[ahead:, ahead:]
    if not moment.finished:
        still[above : above + rows, :left] = flowing[ahead:, ahead - left : ahead]
        still[:above, left:] = other[ahead - above : ahead, ahead:]
        still[above + rows :, left:] = _left(moment, cells, below)
    return ArrayNumbers(still, moving)


def _pick(matrix: Numbers, row: Indices, column: Indices) -> Numbers:
    known = (row >= 0) & (column >= 0)
    return np.where(known, matrix[row, column], np.nan)


def _grown(moment: ArrayMoment, cells: Cells) -> Numbers:
    """The sums so far that grow in place [R × C], of the youngest fold that has reached a place."""
    found = np.full(moment.array, np.nan)
    for one in reversed(seen_by_each(moment)):
        reached = front(one.array, one.dataflow, one.cycle)
        found = np.where(reached, _grown_of(one, cells), found)
    return found


def _grown_of(moment: ArrayMoment, cells: Cells) -> Numbers:
    found = np.full(moment.array, np.nan)
    (filled_r, filled_c), (top, left) = moment.filled, moment.corner
    for r in range(filled_r):
        for c in range(filled_c):
            terms = moment.gemm.k if moment.finished else moment.cycle - r - c + 1
            if terms > 0:
                found[r, c] = cells.a[top + r, :terms] @ cells.b[:terms, left + c]
    return found


def _left(moment: ArrayMoment, cells: Cells, below: int) -> Numbers:
    """The sums of a fold's terms of k that have left [below × C]."""
    found = np.full((below, moment.array[1]), np.nan)
    for one in seen_by_each(moment):
        t = leaving_in(one, below)
        top, left = one.corner
        terms = slice(top, top + one.array[0])
        for j, c in zip(*np.nonzero((t >= 0) & np.isnan(found)), strict=True):
            m, n = (t[j, c], left + c) if one.dataflow == "ws" else (left + c, t[j, c])
            found[j, c] = cells.a[m, terms] @ cells.b[terms, n]
    return found
