"""Who computes which piece of which tile when (Trace), and how that looks at one instant (Frame).

A modelled schedule is a Trace, a recorded one is a Trace: whoever draws, lists or tests it cannot
tell them apart except by `provenance`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from mmviz.core.provenance import MODELLED, Provenance
from mmviz.core.schedule.columns import (
    Column,
    DealtUnits,
    Listed,
    ListedTimes,
    ListedUnits,
    Rows,
    Times,
    Units,
    WaveTimes,
    busy_in_waves,
)
from mmviz.core.schedule.raster import Raster, RasteredTiles
from mmviz.core.schedule.tiling import Tiling

Clock = Literal["s", "steps"]
Indices = NDArray[np.integer[Any]]
Value = TypeVar("Value", bound=np.generic)

WAITING, COMPUTING, DONE = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The picture at time `t`; nothing in it depends on the frames before.

    begun: how many rows of the trace have started, the first ones. active: rows being computed, in
    order of their start; k_done [active]: where along k each stands, k0 … k1. wave: number of the
    youngest wave begun, from 1.
    """

    trace: Trace
    t: float
    begun: int
    active: NDArray[np.intp]
    k_done: NDArray[np.float64]
    wave: int

    @property
    def computing(self) -> int:
        return len(self.active)

    @property
    def done(self) -> int:
        return self.begun - len(self.active)

    @property
    def waiting(self) -> int:
        return len(self.trace) - self.begun

    def state(self) -> NDArray[np.uint8]:
        """WAITING, COMPUTING or DONE for every tile [rows_m × tiles_n].

        A tile in pieces computes from the start of its first piece to the end of its last.
        """
        trace = self.trace
        state = np.zeros((trace.tiling.rows_m, trace.tiling.tiles_n), np.uint8)
        if trace.k0 is not None:
            start, end = trace.spans_at(*np.indices(state.shape))
            state[start <= self.t] = COMPUTING
            state[end <= self.t] = DONE
            return state
        state[trace.tiles_of(slice(0, self.begun))] = DONE
        state[trace.tiles_of(self.active)] = COMPUTING
        return state


class _Field(Generic[Value]):
    """A field of Trace that takes an array or a Column, and is read as an array."""

    def __init__(self, listed: type[Listed[Value]]) -> None:
        self._listed = listed

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, trace: object, _owner: type) -> NDArray[Value]:
        if trace is None:
            raise AttributeError(self._name)  # so that a dataclass sees no default
        column: Column[Value] = trace.__dict__[self._name]
        return column.values

    def __set__(self, trace: object, value: NDArray[Value] | Column[Value]) -> None:
        made = value if isinstance(value, Column) else self._listed(value)
        trace.__dict__[self._name] = made


@dataclass(frozen=True, eq=False)
class Trace:
    """Columns over tiles or pieces of tiles, in the order they start; at least one row.

    m, n: tile coordinates, the slices of a stack one under the other: m is slice · tiles_m + the
    row in that. unit: who computes it, from 0; start, end: in `clock`, from 0. k0, k1: the terms of
    k a row covers; None where every row is a whole tile. wave_rows: the first row of each wave;
    None where every wave but the last has `tiling.slots` rows.

    Who needs a few rows of many asks `tiles_of`, `rows_at`, `starts`, `ends` and `units`, which
    need not write the columns out.
    """

    tiling: Tiling
    m: _Field[np.int32] = _Field(Listed)
    n: _Field[np.int32] = _Field(Listed)
    unit: _Field[np.int32] = _Field(ListedUnits)
    start: _Field[np.float64] = _Field(ListedTimes)
    end: _Field[np.float64] = _Field(ListedTimes)
    clock: Clock = "s"
    provenance: Provenance = MODELLED
    k0: NDArray[np.int32] | None = None
    k1: NDArray[np.int32] | None = None
    wave_rows: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def starts(self) -> Times:
        """When rows start."""
        found: Times = self.__dict__["_start"]
        return found

    @property
    def ends(self) -> Times:
        """When rows end."""
        found: Times = self.__dict__["_end"]
        return found

    @property
    def units(self) -> Units:
        """Who computes rows, and which rows a unit computes."""
        found: Units = self.__dict__["_unit"]
        return found

    def tiles_of(self, rows: Rows) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """m, n of the tiles these rows compute."""
        m, n = self._tiles
        return m.of(rows), n.of(rows)

    def row_at(self, m: int, n: int) -> int:
        """The first row that computes this tile, -1 where none does."""
        return int(self.rows_at(np.array([m]), np.array([n]))[0])

    def rows_at(self, m: Indices, n: Indices) -> Indices:
        """The first row that computes each of these tiles, -1 where none does."""
        raster = self._raster
        return self._first_rows[m, n] if raster is None else raster.place(m, n)

    def spans_at(self, m: Indices, n: Indices) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """When each of these tiles' first piece starts and its last one ends, NaN: never."""
        raster = self._raster
        if raster is None:
            start, end = self._spans
            return start[m, n], end[m, n]
        first, tiles = raster.place(m, n), self.tiling.tiles
        end = self.ends.of(first)
        for row in range(tiles, len(self), tiles):
            end = np.maximum(end, self.ends.of(first + row))
        return self.starts.of(first), end

    @property
    def _raster(self) -> Raster | None:
        """The rule that both coordinates follow, None where they were given row by row."""
        m, n = self._tiles
        if isinstance(m, RasteredTiles) and isinstance(n, RasteredTiles) and m.raster is n.raster:
            return m.raster
        return None

    @property
    def _tiles(self) -> tuple[Column[np.int32], Column[np.int32]]:
        return self.__dict__["_m"], self.__dict__["_n"]

    @cached_property
    def _first_rows(self) -> NDArray[np.int32]:
        """The first row of each tile [rows_m × tiles_n], -1 for none."""
        found = np.full(self.tiling.tiles, -1, np.int32)
        rows = np.arange(len(self) - 1, -1, -1, dtype=np.int32)
        found[self._tile[::-1].copy()] = rows  # of a tile's pieces the one written last stays
        return found.reshape(self.tiling.rows_m, self.tiling.tiles_n)

    @property
    def _tile(self) -> NDArray[np.int32]:
        """Which tile each row computes, row by row of tiles from 0."""
        return self.m * np.int32(self.tiling.tiles_n) + self.n

    @cached_property
    def _spans(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`spans_at` of every tile [rows_m × tiles_n]."""
        first = self._first_rows
        start, end = self.start[first], np.full(self.tiling.tiles, -np.inf)
        np.maximum.at(end, self._tile, self.end)
        start[first < 0] = end[first.ravel() < 0] = np.nan
        return start, end.reshape(first.shape)

    @property
    def duration(self) -> float:
        return self.ends.last

    @property
    def nbytes(self) -> int:
        """Of all columns, written out."""
        columns = (self.m, self.n, self.unit, self.start, self.end)
        optional = (self.k0, self.k1, self.wave_rows)
        return sum(column.nbytes for column in (*columns, *optional) if column is not None)

    def k_range(self, rows: Rows) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The terms of k, first and past the last, that these rows cover."""
        if self.k0 is None or self.k1 is None:
            first = np.zeros(_count(rows, len(self)), np.int32)
            return first, first + np.int32(self.tiling.gemm.k)
        return self.k0[rows], self.k1[rows]

    def at(self, t: float) -> Frame:
        """The frame at `t`, clipped to 0 … duration. At the end every tile is done."""
        t = min(max(t, 0.0), self.duration)
        begun = self.starts.first_after(t)
        active = np.arange(self.ends.first_after(t), begun)
        active = active[self.ends.of(active) > t]
        start, end = self.starts.of(active), self.ends.of(active)
        k0, k1 = self.k_range(active)
        k_done = np.asarray(k0 + (t - start) / (end - start) * (k1 - k0), np.float64)
        return Frame(self, t, begun, active, k_done, int(self.wave_of(np.array([begun - 1]))[0]))

    @property
    def waves(self) -> int:
        """How many waves there are; a wave is the nth piece of each slot."""
        if self.wave_rows is not None:
            return len(self.wave_rows)
        return -(-len(self) // self.tiling.slots)

    def wave_of(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
        """The wave each of these rows belongs to, from 1."""
        if self.wave_rows is not None:
            return np.searchsorted(self.wave_rows, rows, side="right")
        return rows // self.tiling.slots + 1

    def tiles_of_wave(self, wave: int) -> slice:
        """Rows of the trace that belong to `wave`, from 1."""
        if self.wave_rows is not None:
            past = int(self.wave_rows[wave]) if wave < self.waves else len(self)
            return slice(int(self.wave_rows[wave - 1]), past)
        slots = self.tiling.slots
        return slice((wave - 1) * slots, min(wave * slots, len(self)))

    def wave_starts(self) -> NDArray[np.float64]:
        """When each wave's first tile starts."""
        rows = slice(None, None, self.tiling.slots) if self.wave_rows is None else self.wave_rows
        return self.starts.of(rows)

    def wave_start(self, wave: int) -> float:
        """When the first tile of `wave`, from 1, starts; after the last one: the duration."""
        if wave > self.waves:
            return self.duration
        return float(self.starts.of(np.array([self.tiles_of_wave(wave).start]))[0])

    def waves_begun(self, t: float) -> int:
        """How many waves have begun at `t`; found without a look at all of them."""
        begun = int(self.starts.up_to(np.array([t]))[0])
        return int(self.wave_of(np.array([begun - 1]))[0]) if begun else 0

    def k_step_time(self, wave: int) -> float:
        """How long one k-step of the wave's quickest piece takes: the pitch for stepping by k.

        A systolic array steps by the cycle.
        """
        if self.tiling.order.dataflow is not None:
            return 1.0
        rows = self.tiles_of_wave(wave)
        k0, k1 = self.k_range(rows)
        steps = -((k0 - k1) // np.int32(min(self.tiling.k_step, self.tiling.gemm.k)))
        return float(((self.ends.of(rows) - self.starts.of(rows)) / steps).min())

    def busy(self) -> NDArray[np.float64]:
        """Share of the duration each unit computes [units], resident tiles side by side once."""
        return np.asarray(self.busy_time() / self.duration)

    def busy_time(self) -> NDArray[np.float64]:
        """How long each unit computes [units], resident tiles side by side counted once."""
        return self._busy_time

    @cached_property
    def _busy_time(self) -> NDArray[np.float64]:
        match self.starts, self.ends, self.units:
            case WaveTimes() as starts, WaveTimes() as ends, DealtUnits() as dealt:
                found = busy_in_waves(starts, ends, dealt, self.tiling.units)
                if found is not None:
                    return found
        if self.tiling.resident == 1:
            length = self.end - self.start
            busy = np.bincount(self.unit, weights=length, minlength=self.tiling.units)
            return np.asarray(busy, np.float64)
        unit, time, held = _held(self)
        spans = np.where(held[:-1] > 0, np.diff(time), 0.0)  # it is 0 between two units
        busy = np.bincount(unit[:-1], weights=spans, minlength=self.tiling.units)
        return np.asarray(busy, np.float64)

    def ready(self) -> None:
        """Work out now what is kept, and else worked out when it is first asked for."""
        first = np.zeros(1, np.intp)
        self.spans_at(first, first)
        self.rows_at(first, first)
        self.units.rows_of(0)
        self.at(self.duration / 2)
        self.busy_time()

    @property
    def efficiency(self) -> float:
        """Busy time of all units over the time they had, 0 … 1; padding counts as busy."""
        busy = float(self.busy_time().sum())
        return min(busy / (self.duration * self.tiling.units), 1.0)  # a rounding above


def stretched(trace: Trace, seconds: float) -> Trace:
    """The same trace lasting `seconds`: every start and end later by one factor.

    What keeps units from their peak inside of a tile slows all tiles alike.
    """
    factor = seconds / trace.duration
    m, n = trace._tiles
    return Trace(
        trace.tiling,
        m,
        n,
        trace.units,
        trace.starts.scaled(factor),
        trace.ends.scaled(factor),
        "s",
        trace.provenance,
        trace.k0,
        trace.k1,
        trace.wave_rows,
    )


def alike(trace: Trace, tiling: Tiling) -> Trace:
    """The same schedule for another product of the same shape; both have the same columns."""
    m, n = trace._tiles
    columns = m, n, trace.units, trace.starts, trace.ends
    rest = trace.clock, trace.provenance, trace.k0, trace.k1, trace.wave_rows
    return Trace(tiling, *columns, *rest)


def _count(rows: Rows, of: int) -> int:
    return len(range(*rows.indices(of))) if isinstance(rows, slice) else len(rows)


def most_held(trace: Trace) -> int:
    """The most tiles any unit holds at one time; one that ends makes room for one that starts."""
    return int(_held(trace)[2].max())


def idle_in_last_wave(trace: Trace) -> int:
    """How many units get no tile in the last wave."""
    last = trace.units.of(trace.tiles_of_wave(trace.waves))
    return trace.tiling.units - len(np.unique(last))


def _held(trace: Trace) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int_]]:
    """Starts and ends by unit, then time: the unit, the time, and how many it holds from then."""
    unit = np.concatenate((trace.unit, trace.unit))
    time = np.concatenate((trace.start, trace.end))
    change = np.repeat(np.array([1, -1]), len(trace))
    order = np.lexsort((change, time, unit))
    # sums to 0 over each unit, so one cumsum serves all
    return unit[order], time[order], np.cumsum(change[order])


def wave_pieces(trace: Trace, unit: str) -> Iterator[str]:
    """Who computes what in each wave: 'SM0 (0,0) SM1 (0,1)'.

    A piece names its terms of k, past the last one, 'SM0 (0,0) k0–72'; of a stack its slice.
    """
    stack = trace.tiling.gemm.stack > 1
    for wave in range(1, trace.waves + 1):
        rows = trace.tiles_of_wave(wave)
        k0, k1 = trace.k_range(rows)
        which, m = trace.tiling.place_of(trace.m[rows])
        columns = (trace.unit[rows], which, m, trace.n[rows], k0, k1)
        pieces = zip(*(column.tolist() for column in columns), strict=True)
        yield " ".join(
            f"{unit}{u} {which if stack else ''}({m},{n})"
            + ("" if trace.k0 is None else f" k{first}–{past}")
            for u, which, m, n, first, past in pieces
        )
