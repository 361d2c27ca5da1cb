"""What a systolic array does at one instant: which fold, which cycle, every multiplier's state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Dataflow
from mmviz.core.schedule.deal import tile_folds
from mmviz.core.schedule.systolic import (
    Activity,
    Array,
    Folds,
    Within,
    corner,
    front,
    load_cycles,
    sides,
    together,
)
from mmviz.core.schedule.trace import Frame
from mmviz.core.shapes.gemm import Gemm
from mmviz.state.picture.matrices import Matrix, matrices
from mmviz.state.picture.selection import unit_of
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, P_, Text

# What a place in or around the array shows; where several share a pixel the highest is seen.
EMPTY, UNUSED, WAITING, HOLDS, DONE, LEFT, TOP, OUT, NOW = range(9)

SLACK = 1e-6  # of a cycle: a position times a duration is rarely whole to the last bit


@dataclass(frozen=True, slots=True)
class ArrayMoment:
    """One array (`unit`, of `arrays`) at one instant.

    fold: as core counts them over the whole product, k innermost; where folds overlap, the youngest
    whose elements enter. nth, of: the same among this array's own, from 1. cycle: of this fold,
    from 0. finished: this array has computed all of its folds; fold and cycle are then its last.
    duration: cycles of the whole product. older: folds whose last elements are still in the array,
    the youngest first; loading: the one that is loaded into the second places meanwhile, None where
    there is none. turned: the rest of the picture is drawn as W·X.
    """

    gemm: Gemm
    array: Array
    dataflow: Dataflow
    folds: Folds
    unit: int
    arrays: int
    fold: int
    nth: int
    of: int
    cycle: int
    finished: bool
    duration: int
    turned: bool
    older: tuple[Within, ...] = ()
    loading: Within | None = None

    @property
    def within(self) -> tuple[Within, ...]:
        """The folds in the array, the youngest first."""
        return (Within(self.fold, self.cycle), *self.older)

    @property
    def loaded(self) -> float:
        """How much of what will sit still next stands in the second places, 0 … 1."""
        rows = self.array[0]
        return min(self.loading.cycle + 1, rows) / rows if self.loading is not None else 0.0

    @property
    def load(self) -> int:
        """The first cycles of a fold, which shift in what will sit still."""
        return 0 if self.dataflow == "os" else self.array[0]

    @property
    def through(self) -> int:
        """How many elements of its row pass every multiplier in a fold."""
        return sides(self.gemm, self.dataflow)[2]

    @property
    def filled(self) -> tuple[int, int]:
        """Rows and columns of the array that this fold uses."""
        along_r, along_c, _ = sides(self.gemm, self.dataflow)
        (rows, columns), (top, left) = self.array, self.corner
        return min(rows, along_r - top), min(columns, along_c - left)

    @property
    def corner(self) -> tuple[int, int]:
        """Where this fold begins along the sides that lie on the array's rows and columns."""
        return corner(self.folds, self.array, self.dataflow, self.fold)

    @property
    def multipliers(self) -> int:
        return self.array[0] * self.array[1]

    @property
    def roles(self) -> tuple[tuple[str, Matrix], ...]:
        """(still, left, top or out) and the matrix in it; always as drawn for X·W."""
        a, b, c = matrices(self.gemm)
        return {
            "ws": (("still", b), ("left", a), ("out", c)),
            "os": (("still", c), ("left", a), ("top", b)),
            "is": (("still", a), ("left", b), ("out", c)),
        }[self.dataflow]


def moment_of(view: PictureView, frame: Frame) -> ArrayMoment | None:
    """The array of the selected tile or unit, else the first one; None on any other device.

    Arrays walk their tiles in lockstep, each tile fold after fold, so time alone tells the fold.
    """
    device, tiling = view.device, frame.trace.tiling
    dataflow, selection = tiling.order.dataflow, view.selection
    if device.array is None or dataflow is None:
        return None
    found = tile_folds(tiling, device)
    unit = (unit_of(frame.trace, selection) if selection is not None else None) or 0
    chain, slice_tiles = tiling.k_steps, tiling.tiles_m * tiling.tiles_n
    of = max(0, -(-(tiling.tiles - unit) // tiling.units)) * chain
    now = int(frame.t + SLACK)
    finished = now >= found.cycles_of(of)
    # Where folds overlap, the first elements of one enter once what sits still is loaded.
    early = load_cycles(device.array, dataflow) if found.overlapped else 0
    nth = min(max(now - early, 0) // found.every, max(of - 1, 0))

    def fold(nth: int) -> int:
        tile = nth // chain * tiling.units + unit
        return min(tile, tiling.tiles - 1) % slice_tiles * chain + nth % chain

    cycle = found.cycles_per_fold - 1 if finished else now - nth * found.every
    older: list[Within] = []
    for before in range(nth - 1, -1, -1):
        since = now - before * found.every
        if finished or since >= found.cycles_per_fold:
            break
        older.append(Within(fold(before), since))
    loads = dataflow != "os" and not finished and nth + 1 < of and cycle >= found.every
    return ArrayMoment(
        gemm=tiling.gemm,
        array=device.array,
        dataflow=dataflow,
        folds=found,
        unit=unit,
        arrays=tiling.units,
        fold=fold(nth),
        nth=nth + 1,
        of=of,
        cycle=cycle,
        finished=finished,
        duration=round(frame.trace.duration),
        turned=view.turned,
        older=tuple(older),
        loading=Within(fold(nth + 1), cycle - found.every) if loads else None,
    )


def around_of(moment: ArrayMoment, ahead: int) -> Activity:
    """What every multiplier does, with so many places more at the left and above."""
    moments, loading = moment.within, moment.loading
    return together(moment.array, moment.dataflow, moment.gemm, moments, loading, ahead)


def places(moment: ArrayMoment, left: int = 0, above: int = 0, below: int = 0) -> NDArray[np.uint8]:
    """State of every multiplier, and what stands around the array [above + R + below × left + C].

    left columns and above rows hold what will enter next, below rows the sums that have left.
    """
    rows, columns = moment.array
    ahead = max(left, above)
    around = around_of(moment, ahead)
    found = np.zeros((above + rows + below, left + columns), np.uint8)
    inside = found[above : above + rows, left:]
    inside[:] = _inside(moment, around.active[ahead:, ahead:])
    if moment.finished:
        return found
    enters = around.b_k if moment.dataflow == "is" else around.a_k
    comes = around.a_k if moment.dataflow == "is" else around.b_k
    found[above : above + rows, :left][enters[ahead:, ahead - left : ahead] >= 0] = LEFT
    found[:above, left:][comes[ahead - above : ahead, ahead:] >= 0] = TOP
    found[above + rows :, left:][leaving(moment, below) >= 0] = OUT
    return found


def _inside(moment: ArrayMoment, active: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """UNUSED, WAITING, HOLDS, NOW or DONE for every multiplier [R × C]."""
    if moment.finished:
        filled_r, filled_c = moment.filled if moment.of else (0, 0)
        r, c = np.arange(moment.array[0])[:, None], np.arange(moment.array[1])[None, :]
        used = (r < filled_r) & (c < filled_c)
        return np.where(used, DONE, UNUSED).astype(np.uint8)
    state = _of_fold(moment)
    reached = front(moment.array, moment.dataflow, moment.cycle)
    for one in moment.older:
        behind = _of_fold(replace(moment, fold=one.fold, cycle=one.cycle))
        state = np.where(reached, state, behind)
        reached = reached | front(moment.array, moment.dataflow, one.cycle)
    return np.where(active, NOW, state).astype(np.uint8)


def _of_fold(moment: ArrayMoment) -> NDArray[np.int_]:
    """The same of its youngest fold as if no other one were there, but for NOW."""
    rows, columns = moment.array
    filled_r, filled_c = moment.filled if moment.of else (0, 0)
    r, c = np.arange(rows)[:, None], np.arange(columns)[None, :]
    used = (r < filled_r) & (c < filled_c)
    still = WAITING if moment.dataflow == "os" else HOLDS
    here = used & (moment.cycle >= moment.load)
    if still == HOLDS:
        # While it is loaded, what will sit in the lowest row comes past all rows above.
        held = r + max(rows - 1 - moment.cycle, 0)
        here = (held < filled_r) & (c < filled_c)
    state = np.where(used, WAITING, UNUSED)
    state = np.where(here, still, state)
    past = used & (moment.cycle - moment.load - r - c >= moment.through)
    return np.where(past, DONE, state)


def leaving(moment: ArrayMoment, below: int) -> NDArray[np.int32]:
    """Which of the T elements each sum that has left the array is [below × C], -1 for none.

    A sum leaves its column one cycle after the lowest row has added to it; rows without a term of
    k pass it on. What grows in place leaves after the fold, which the count leaves out.
    """
    found = np.full((below, moment.array[1]), -1, np.int32)
    for one in seen_by_each(moment):
        found = np.where(found < 0, leaving_in(one, below), found)
    return found


def seen_by_each(moment: ArrayMoment) -> tuple[ArrayMoment, ...]:
    """The moment as each fold in the array sees it, the youngest first."""
    return tuple(replace(moment, fold=one.fold, cycle=one.cycle) for one in moment.within)


def leaving_in(moment: ArrayMoment, below: int) -> NDArray[np.int32]:
    """`leaving`, of the youngest fold alone."""
    rows, columns = moment.array
    if moment.dataflow == "os":
        return np.full((below, columns), -1, np.int32)
    c, j = np.arange(columns)[None, :], np.arange(1, below + 1)[:, None]
    t = moment.cycle - moment.load - (rows - 1) - c - j
    out = (t >= 0) & (t < moment.through) & (c < moment.filled[1])
    return np.where(out, t, -1).astype(np.int32)


def at_work(moment: ArrayMoment) -> int:
    """How many multipliers multiply and add in this cycle."""
    return int(np.count_nonzero(places(moment) == NOW))


def fold_share(moment: ArrayMoment) -> float:
    """Share of its multipliers' cycles that this fold uses, 0 … 1; up to the next one, if any."""
    rows, columns = moment.filled
    used = rows * columns * moment.through
    lasts = moment.folds.every if moment.of > 1 else moment.folds.cycles_per_fold
    return used / (moment.multipliers * lasts)


def product_share(moment: ArrayMoment) -> float:
    """The same over all folds and arrays, those that wait for the last one included."""
    gemm = moment.gemm
    could = moment.multipliers * moment.arrays * moment.duration
    return gemm.stack * gemm.m * gemm.n * gemm.k / could


def summed(moment: ArrayMoment, m: int, n: int, cycle: int) -> int:
    """How many terms a fold's multipliers have added to cell (m, n) of C in its cycles 0 … `cycle`.

    Not cut to the terms the fold has: below 1 none yet, above all of them, else the last one now.
    """
    rows, columns = moment.array
    before = {
        "ws": n % columns + m,
        "os": m % rows + n % columns,
        "is": m % columns + n,
    }[moment.dataflow]
    return cycle - moment.load - before + 1


def sentence(moment: ArrayMoment) -> Text:
    """'fold 3 of 4, cycle 12 of 38: 24 of 64 multipliers at work; W sits still, …'."""
    said = _happens(moment)
    if moment.arrays == 1:
        return said
    return Text(N_("array {i}: {what}"), i=moment.unit, what=said)


def _happens(moment: ArrayMoment) -> Text:
    if not moment.of:
        return Text(N_("no tile is left for it"))
    cycle, cycles = moment.cycle, moment.folds.cycles_per_fold
    all_done = P_(
        "{n:group} fold of {cycles:group} cycles done",
        "all {n:group} folds of {cycles:group} cycles done",
    )
    if moment.folds.overlapped:  # a cycle belongs to several, so that all of them are counted
        cycle += (moment.nth - 1) * moment.folds.every
        cycles = moment.folds.cycles_of(moment.of)
        all_done = P_(
            "{n:group} fold done in {cycles:group} cycles",
            "all {n:group} folds done in {cycles:group} cycles",
        )
    if moment.finished:
        return Text(all_done, n=moment.of, cycles=cycles)
    where = Text(
        N_("fold {nth:group} of {of:group}, cycle {cycle:group} of {cycles:group}"),
        nth=moment.nth,
        of=moment.of,
        cycle=cycle + 1,
        cycles=cycles,
    )
    names = {place: matrix.name for place, matrix in moment.roles}
    if moment.cycle < moment.load:
        shifted = N_("{where}: {still} is shifted in from above, its lowest row first")
        return Text(shifted, where=where, **names)
    now = at_work(moment)
    if not now:
        empty = N_("{where}: no work left, but a fold that leaves multipliers empty lasts as long")
        return Text(empty, where=where)
    busy = Text(
        P_(
            "{now:group} of {n:group} multiplier at work",
            "{now:group} of {n:group} multipliers at work",
        ),
        now=now,
        n=moment.multipliers,
    )
    if moment.dataflow == "os":
        moves = N_(
            "{where}: {busy}; {still} grows in place, {left} enters from the left and {top} from "
            "above, each a cycle later"
        )
        return Text(moves, where=where, busy=busy, **names)
    moves = N_(
        "{where}: {busy}; {still} sits still, {left} enters from the left, each row a cycle later "
        "than the one above"
    )
    if moment.loading is not None:
        moves = N_(
            "{where}: {busy}; {still} sits still, {left} enters from the left; the next part of "
            "{still} is loaded beside it"
        )
    return Text(moves, where=where, busy=busy, **names)


def shares(moment: ArrayMoment) -> tuple[tuple[Text, float], ...]:
    """How much of the array works: now, over this fold, over the whole product."""
    return (
        (Text(N_("at work now")), at_work(moment) / moment.multipliers),
        (Text(N_("over this fold")), fold_share(moment) if moment.of else 0.0),
        (Text(N_("over the product")), product_share(moment)),
    )
