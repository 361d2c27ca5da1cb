"""Systolic arrays: how many cycles a product takes, and what every multiplier does in each.

R × C multipliers, each with a link to its right and its lower neighbour only. One matrix sits
still in the array, fold after fold (dataflow):

    ws  B sits, row r holds k, column c holds n; A flows right, sums flow down; T = M
    os  C grows in place, row r is m, column c is n; A flows right, B flows down; T = K
    is  A sits, row r holds k, column c holds m; B flows right, sums flow down; T = N

Cycles of a fold as SCALE-Sim v2 counts them: ws and is 2R + C + T - 2, of which the first R load
what sits still; os R + C + T - 2, without the drain (the closed form of the ISPASS 2020 paper adds
it: 2R + C + T - 2). Every fold lasts as long as a full one, also at the edges. An array of that
paper begins a fold when the one before has left it.

One that is double-buffered has a second place beside every multiplier, into which what will sit
still next is shifted meanwhile, and the next fold's elements follow the last ones of this fold: a
fold comes max(T, R) cycles after the one before, since R take its loading. One alone lasts as long
as without. Sources: Jouppi et al., 2017, of TPU v1 (a second tile of weights hides the 256 cycles
it takes to shift one in); the book How to Scale Your Model, part 2, appendix B, of TPUs since
(after the first bubble new inputs and weights come without another one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Dataflow
from mmviz.core.device.device import Tile
from mmviz.core.shapes.gemm import Gemm

Array = tuple[int, int]
Indices = NDArray[np.int32]
Amount = TypeVar("Amount", int, NDArray[Any])


@dataclass(frozen=True, slots=True)
class Folds:
    """How often the array is filled, rows × columns of folds, and the cycles they take.

    cycles_per_fold: from the first cycle of its loading to its last sum. every: how much later each
    fold begins than the one before; the same, where none begins before the one before has ended.
    """

    down: int
    across: int
    cycles_per_fold: int
    every: int

    @property
    def folds(self) -> int:
        return self.down * self.across

    @property
    def cycles(self) -> int:
        """Of all folds on one array."""
        return self.cycles_of(self.folds)

    def cycles_of(self, folds: int) -> int:
        """Of so many folds, one after the other on one array."""
        return cycles_of(folds, self.every, self.cycles_per_fold)

    @property
    def overlapped(self) -> bool:
        """Whether a fold begins before the one before has ended."""
        return self.every < self.cycles_per_fold


def sides(gemm: Gemm, dataflow: Dataflow) -> tuple[int, int, int]:
    """S_R, S_C, T: what lies along the rows and columns of the array, and what flows through."""
    return {
        "ws": (gemm.k, gemm.n, gemm.m),
        "os": (gemm.m, gemm.n, gemm.k),
        "is": (gemm.k, gemm.m, gemm.n),
    }[dataflow]


def folds(gemm: Gemm, array: Array, dataflow: Dataflow, double_buffered: bool = False) -> Folds:
    """The folds of `gemm` on one array and their cycles."""
    (rows, columns), (along_r, along_c, through) = array, sides(gemm, dataflow)
    every, cycles = fold_cycles(through, array, dataflow, double_buffered)
    return Folds(-(-along_r // rows), -(-along_c // columns), int(cycles), int(every))


def fold_cycles(
    through: Amount, array: Array, dataflow: Dataflow, double_buffered: bool
) -> tuple[Amount, Amount]:
    """How many cycles after the one before a fold begins, and how many it lasts.

    through: T, one or an array of them. What grows in place (os) is shifted out beside the next
    fold as what sits still is shifted in: in R cycles, too.
    """
    rows, columns = array
    cycles = load_cycles(array, dataflow) + rows + columns + through - 2
    # The larger of two without a call, which an int and an array would each want another of.
    every = through + (rows - through) * (through < rows) if double_buffered else cycles
    return every, cycles


def cycles_of(folds: Amount, every: Amount, cycles: Amount) -> Amount:
    """Of so many folds on one array, each `every` cycles after the one before; no fold: of none."""
    found: Amount = (folds > 0) * ((folds - 1) * every + cycles)
    return found


def fold_tile(gemm: Gemm, array: Array, dataflow: Dataflow) -> tuple[Tile, int]:
    """The block of C that the folds of one strip compute, and the k one fold of it covers."""
    tm, tn, k_step = strip(gemm.m, gemm.n, gemm.k, array, dataflow)
    return (tm, tn), k_step


def strip(
    m: Amount, n: Amount, k: Amount, array: Array, dataflow: Dataflow
) -> tuple[Amount | int, Amount | int, Amount | int]:
    """The same of one product or of many: rows, columns, and the terms of k of a fold.

    ws: all rows, C columns, R terms of k a fold. os: R × C, all of k in one fold. is: C rows, all
    columns, R terms of k a fold.
    """
    rows, columns = array
    found: dict[Dataflow, tuple[Amount | int, Amount | int, Amount | int]] = {
        "ws": (m, columns, rows),
        "os": (rows, columns, k),
        "is": (columns, n, rows),
    }
    return found[dataflow]


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """One cycle of one fold; all arrays [R × C], indices into the whole product, -1 for none.

    active: this multiplier multiplies and adds in this cycle. a_m, a_k: the element of A in the
    cell, sitting or passing; b_k, b_n: of B; c_m, c_n: the output it adds to. The one that the
    dataflow keeps still (A for is, B for ws, C for os) stays put between loading and the end.
    """

    active: NDArray[np.bool_]
    a_m: Indices
    a_k: Indices
    b_k: Indices
    b_n: Indices
    c_m: Indices
    c_n: Indices


@dataclass(frozen=True, slots=True)
class Within:
    """A fold that is in an array: which, and which of its cycles it is in, both from 0."""

    fold: int
    cycle: int


def together(
    array: Array,
    dataflow: Dataflow,
    gemm: Gemm,
    within: Sequence[Within],
    loading: Within | None,
    ahead: int = 0,
) -> Activity:
    """What every multiplier does while several folds are in the array, the youngest first.

    A multiplier belongs to the youngest one whose front has reached it, or else to the oldest.
    loading: the fold whose still elements come from above, into the second places.
    """
    young, *older = within
    found = activity(array, dataflow, gemm, young.fold, young.cycle, ahead)
    reached = front(array, dataflow, young.cycle, ahead)
    for one in older:
        behind = activity(array, dataflow, gemm, one.fold, one.cycle, ahead)
        found = _joined(found, behind, reached)
        reached = reached | front(array, dataflow, one.cycle, ahead)
    if loading is None or dataflow == "os":
        return found
    comes = activity(array, dataflow, gemm, loading.fold, loading.cycle, ahead)
    above = np.zeros(found.active.shape, bool)
    above[:ahead, ahead:] = True
    names = ("b_k", "b_n") if dataflow == "ws" else ("a_m", "a_k")
    taken = {name: np.where(above, getattr(comes, name), getattr(found, name)) for name in names}
    return replace(found, **taken)


def front(array: Array, dataflow: Dataflow, cycle: int, ahead: int = 0) -> NDArray[np.bool_]:
    """Where a fold's first elements have been [ahead + R × ahead + C]."""
    r = np.arange(-ahead, array[0])[:, None]
    c = np.arange(-ahead, array[1])[None, :]
    return np.asarray(cycle - load_cycles(array, dataflow) - r - c >= 0)


def _joined(young: Activity, old: Activity, reached: NDArray[np.bool_]) -> Activity:
    """The younger fold where its front has been, the older one elsewhere."""
    taken = {}
    for field in fields(Activity):
        ours, theirs = getattr(young, field.name), getattr(old, field.name)
        taken[field.name] = np.where(reached, ours, theirs)
    return Activity(**taken)


def activity(
    array: Array, dataflow: Dataflow, gemm: Gemm, fold: int, cycle: int, ahead: int = 0
) -> Activity:
    """What every multiplier does in `cycle` (from 0) of `fold` (from 0, k innermost).

    An element enters at the left (for os also at the top) one cycle later in each further row or
    column, moves one cell a cycle, and meets its partner there: the front of active cells runs
    diagonally. With `ahead` columns more at the left and rows more at the top, arrays are
    [ahead + R × ahead + C]: there stands what will enter next, skewed as it will enter.
    """
    found = folds(gemm, array, dataflow)  # each by itself lasts as long where folds overlap
    if not (0 <= fold < found.folds and 0 <= cycle < found.cycles_per_fold):
        raise IndexError(
            f"cycle {cycle} of fold {fold}: there are {found.folds} folds of "
            f"{found.cycles_per_fold} cycles"
        )
    (rows, columns), load = array, load_cycles(array, dataflow)
    r = np.arange(-ahead, rows)[:, None]
    c = np.arange(-ahead, columns)[None, :]
    top, left = corner(found, array, dataflow, fold)
    along_r, along_c, through = sides(gemm, dataflow)
    t = cycle - load - r - c  # which of the T elements of its row stands in a cell
    flowing = (t >= 0) & (t < through)
    in_row = (r >= 0) & (top + r < along_r)
    in_column = (c >= 0) & (left + c < along_c)
    cell = in_row & in_column
    if dataflow == "os":
        # A comes from the left along row r, B from the top along column c.
        active = flowing & cell
        return Activity(
            active,
            a_m=_where(flowing & in_row, top + r),
            a_k=_where(flowing & in_row, t),
            b_k=_where(flowing & in_column, t),
            b_n=_where(flowing & in_column, left + c),
            c_m=_where(cell, top + r),
            c_n=_where(cell, left + c),
        )
    # What sits still is shifted in from the top, the lowest row first, in the first R cycles.
    held = r + max(rows - 1 - cycle, 0)
    held_here = (held >= 0) & (held < rows) & (top + held < along_r) & in_column
    moving = flowing & in_row
    active = moving & cell
    still_k, still_other = _where(held_here, top + held), _where(held_here, left + c)
    moving_k, moving_other = _where(moving, top + r), _where(moving, t)
    out_t, out_c = _where(active, t), _where(active, left + c)
    if dataflow == "ws":
        return Activity(active, moving_other, moving_k, still_k, still_other, out_t, out_c)
    return Activity(active, still_other, still_k, moving_k, moving_other, out_c, out_t)


def load_cycles(array: Array, dataflow: Dataflow) -> int:
    """Cycles that shift in what sits still."""
    return 0 if dataflow == "os" else array[0]


def corner(found: Folds, array: Array, dataflow: Dataflow, fold: int) -> tuple[int, int]:
    """Where along S_R and S_C a fold begins: a strip of C to its end before the next one."""
    if dataflow == "os":
        down, across = divmod(fold, found.across)
    else:
        across, down = divmod(fold, found.down)
    return down * array[0], across * array[1]


def _where(condition: NDArray[np.bool_], values: NDArray[np.int_]) -> Indices:
    return np.where(condition, values, -1).astype(np.int32)
