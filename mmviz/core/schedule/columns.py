"""Columns of a Trace: lists of values, or rules that give any row's value without a list.

Of four million tiles a picture asks for the few thousand it has pixels for. A column whose values
follow a rule is written out only for who asks for all of it, and then once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.integer[Any]]
Rows = slice | Indices
Value = TypeVar("Value", bound=np.generic)
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def indices(rows: Rows, of: int) -> Indices:
    """A slice as indices, made for no more rows than it has."""
    return np.arange(*rows.indices(of), dtype=np.int32) if isinstance(rows, slice) else rows


class Column(ABC, Generic[Value]):
    """A value for each row of a trace; never changed."""

    @abstractmethod
    def __len__(self) -> int: ...

    @cached_property
    def values(self) -> NDArray[Value]:
        """Of all rows."""
        return self._written()

    @abstractmethod
    def _written(self) -> NDArray[Value]: ...

    @abstractmethod
    def of(self, rows: Rows) -> NDArray[Value]:
        """Of these rows."""


class Listed(Column[Value]):
    """Values as they were given."""

    def __init__(self, given: NDArray[Value]) -> None:
        self._given = given

    def __len__(self) -> int:
        return len(self._given)

    def _written(self) -> NDArray[Value]:
        return self._given

    def of(self, rows: Rows) -> NDArray[Value]:
        return self.values[rows]


class Times(Column[np.float64]):
    """When rows start or end."""

    @abstractmethod
    def scaled(self, factor: float) -> Times:
        """The same, every time later by one factor."""

    @abstractmethod
    def first_after(self, t: float) -> int:
        """The first row whose time is later than `t`; the number of rows where none is."""

    @abstractmethod
    def up_to(self, times: Floats) -> Indices:
        """How many rows are no later than each of these times; of starts, which ascend."""

    @abstractmethod
    def latest_before(self, t: float) -> float | None:
        """The latest time that is earlier than `t`."""

    @property
    @abstractmethod
    def last(self) -> float:
        """The latest of all times."""


class ListedTimes(Listed[np.float64], Times):
    """Times row by row, in any order."""

    @cached_property
    def _latest(self) -> Floats:
        """The latest time of each row and all before it: finds rows by bisection."""
        values = self.values
        if (values[1:] >= values[:-1]).all():
            return values
        return np.maximum.accumulate(values)

    def scaled(self, factor: float) -> Times:
        return ListedTimes(self.values * factor)

    def first_after(self, t: float) -> int:
        return int(np.searchsorted(self._latest, t, side="right"))

    def up_to(self, times: Floats) -> Indices:
        return np.searchsorted(self.values, times, side="right")

    def latest_before(self, t: float) -> float | None:
        values = self.values
        if self._latest is values:  # they ascend
            place = int(np.searchsorted(values, t, side="left"))
            return float(values[place - 1]) if place else None
        found = float(np.max(values, where=values < t, initial=-np.inf))
        return found if found > -np.inf else None

    @property
    def last(self) -> float:
        return float(self._latest[-1])


class WaveTimes(Times):
    """One time for each wave of `slots` rows, times ascending, but for the rows of `tail`.

    The tail are the last rows, each with a time of its own.
    """

    def __init__(self, waves: Floats, slots: int, rows: int, tail: Floats | None = None) -> None:
        self.waves, self._slots, self._rows = waves, slots, rows
        self._tail = np.empty(0) if tail is None else tail
        self._head = rows - len(self._tail)

    def __len__(self) -> int:
        return self._rows

    def _written(self) -> Floats:
        found = np.empty((len(self.waves), self._slots))
        found[:] = self.waves[:, None]
        flat = found.ravel()[: self._rows]
        flat[self._head :] = self._tail
        return flat

    def of(self, rows: Rows) -> Floats:
        if "values" in self.__dict__:
            return self.values[rows]
        at = indices(rows, self._rows)
        found = np.asarray(self.waves[at // self._slots], np.float64)
        late = at >= self._head
        if late.any():
            found[late] = self._tail[at[late] - self._head]
        return found

    def scaled(self, factor: float) -> Times:
        waves, tail = self.waves * factor, self._tail * factor
        return WaveTimes(waves, self._slots, self._rows, tail)

    def first_after(self, t: float) -> int:
        wave = int(np.searchsorted(self.waves, t, side="right"))
        if wave * self._slots < self._head:
            return wave * self._slots
        later = np.flatnonzero(self._tail > t)
        return self._head + int(later[0]) if len(later) else self._rows

    def up_to(self, times: Floats) -> Indices:
        waves = np.searchsorted(self.waves, times, side="right")
        return np.minimum(waves * self._slots, self._rows)

    def latest_before(self, t: float) -> float | None:
        whole = -(-self._head // self._slots)  # of the last one only the rows before the tail
        place = int(np.searchsorted(self.waves[:whole], t, side="left"))
        tail = self._tail[self._tail < t]
        found = [*self.waves[max(place - 1, 0) : place].tolist(), *tail.tolist()]
        return max(found) if found else None

    @property
    def last(self) -> float:
        return float(self._tail.max() if len(self._tail) else self.waves[-1])


class Units(Column[np.int32]):
    """Which unit computes a row."""

    @abstractmethod
    def rows_of(self, unit: int) -> Indices:
        """All rows of that unit, ascending."""

    @abstractmethod
    def last_before(self, unit: int, rows: Indices) -> Indices:
        """The last row of that unit before each of these, -1 where there is none."""

    @property
    def most_rows(self) -> int:
        """Of all units the one with the most rows has so many."""
        return int(np.bincount(self.values).max())


class ListedUnits(Listed[np.int32], Units):
    """Units row by row."""

    @cached_property
    def _sorted(self) -> tuple[Indices, Indices]:
        """Rows by unit, and where each unit's begin."""
        values = self.values
        most = int(values.max())
        if most < np.iinfo(np.int16).max:
            values = values.astype(np.int16)  # sorts by radix
        order = np.argsort(values, kind="stable")
        return order, np.searchsorted(values[order], np.arange(most + 2, dtype=values.dtype))

    def rows_of(self, unit: int) -> Indices:
        order, bounds = self._sorted
        return order[bounds[unit] : bounds[unit + 1]] if unit + 1 < len(bounds) else order[:0]

    def last_before(self, unit: int, rows: Indices) -> Indices:
        mine = np.append(-1, self.rows_of(unit))
        return np.asarray(mine[np.searchsorted(mine, rows) - 1])


class DealtUnits(Units):
    """Rows dealt to slots in turn, slots to units in turn."""

    def __init__(self, units: int, slots: int, rows: int) -> None:
        self._units, self.slots, self._rows = units, slots, rows

    def __len__(self) -> int:
        return self._rows

    @property
    def most_rows(self) -> int:
        waves, rest = divmod(self._rows, self.slots)  # the first unit's
        return waves * -(-self.slots // self._units) + -(-rest // self._units)

    def _written(self) -> Ints:
        waves = -(-self._rows // self.slots)
        found = np.empty((waves, self.slots), np.int32)
        found[:] = np.arange(self.slots, dtype=np.int32) % np.int32(self._units)
        return found.ravel()[: self._rows]

    def of(self, rows: Rows) -> Ints:
        at = indices(rows, self._rows)
        return np.asarray(at % self.slots % self._units, np.int32)

    def rows_of(self, unit: int) -> Indices:
        waves = np.arange(0, self._rows, self.slots)
        rows = (waves[:, None] + np.arange(unit, self.slots, self._units)).ravel()
        return rows[rows < self._rows]

    def last_before(self, unit: int, rows: Indices) -> Indices:
        if unit >= self.slots:
            return np.full(rows.shape, -1)
        wave, slot = np.divmod(rows - 1, self.slots)
        mine = slot - (slot - unit) % self._units
        last = self.slots - 1 - (self.slots - 1 - unit) % self._units
        found = np.where(mine < 0, (wave - 1) * self.slots + last, wave * self.slots + mine)
        return np.maximum(found, -1)


def busy_in_waves(
    starts: WaveTimes, ends: WaveTimes, dealt: DealtUnits, units: int
) -> Floats | None:
    """How long each unit holds a row [units], rows side by side once; None: not wave upon wave.

    The same sums in the same order as over the rows one by one.
    """
    begin, finish, slots, rows = starts.waves, ends.waves, dealt.slots, len(dealt)
    if (finish[:-1] != begin[1:]).any():
        return None
    last = np.arange((len(begin) - 1) * slots, rows)
    unit, end = dealt.of(last), ends.of(last)
    before = float(np.add.accumulate(np.diff(begin))[-1]) if len(begin) > 1 else 0.0
    busy = np.where(np.arange(units) < slots, before, 0.0)
    now = np.full(units, begin[-1])
    order = np.lexsort((end, unit))
    unit, end = unit[order], end[order]
    nth = np.arange(len(unit)) - np.searchsorted(unit, unit)
    for place in range(int(nth.max()) + 1):
        of, until = unit[nth == place], end[nth == place]
        busy[of] += until - now[of]
        now[of] = until
    return busy
