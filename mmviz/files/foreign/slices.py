"""Slices of a trace as they are read, in columns; and the launches they are of."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.recording.foreign import Launch
from mmviz.errors import InputError
from mmviz.files.foreign.rows import Row
from mmviz.files.ordinary import printable
from mmviz.text import N_

MOST_SLICES = 4_000_000
MOST_ROWS = 1 << 21
MOST_NAMES = 10_000  # of regions
MOST_NS = 1 << 53  # about a hundred days from the first slice to the last


class Slices:
    """In the order they are added; where: the file, for what is wrong with it."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._start, self._end = array("d"), array("d")
        self._row, self._region = array("i"), array("i")
        self._rows: dict[Hashable, int] = {}
        self._regions: dict[str, int] = {}
        self._open: dict[Hashable, list[tuple[float, str]]] = {}
        self._zero: int | None = None
        self.unpaired = 0

    def __len__(self) -> int:
        return len(self._start)

    @property
    def rows(self) -> Sequence[Any]:
        """Keys, in the order they were met first."""
        return tuple(self._rows)

    def add(self, row: Hashable, region: Any, start: Any, lasts: Any) -> tuple[float, float]:
        """One that began at `start` and took `lasts`, in the file's own unit of time; when it began
        and ended.
        """
        return self._put(row, region, self._moment(start), self._time(lasts))

    def _put(self, row: Hashable, region: Any, begin: float, took: float) -> tuple[float, float]:
        if took < 0:
            raise InputError(N_("{where}: a slice ends before it begins"), where=self._where)
        if len(self._start) == MOST_SLICES:
            raise InputError(
                N_("{where} has more than {most} slices"), where=self._where, most=MOST_SLICES
            )
        number = self._rows.setdefault(row, len(self._rows))
        name = self._regions.setdefault(
            region if isinstance(region, str) else "", len(self._regions)
        )
        if number == MOST_ROWS or name == MOST_NAMES:
            raise InputError(N_("{where} has too many rows or names"), where=self._where)
        self._start.append(begin)
        self._end.append(begin + took)
        self._row.append(number)
        self._region.append(name)
        return begin, begin + took

    def begin(self, row: Hashable, region: Any, at: Any) -> None:
        """One that will end by `end` of this row."""
        self._open.setdefault(row, []).append((self._moment(at), region))
        self.unpaired += 1

    def end(self, row: Hashable, at: Any) -> None:
        """The youngest of this row that has begun ends; where none has, nothing does."""
        if not self._open.get(row):
            self.unpaired += 1
            return
        begun, region = self._open[row].pop()
        self.unpaired -= 1
        self._put(row, region, begun, self._moment(at) - begun)

    def whole(self) -> bool:
        """Whether all times are whole numbers."""
        times = np.frombuffer(self._start), np.frombuffer(self._end)
        return all(bool((column == np.floor(column)).all()) for column in times)

    def single(self) -> bool:
        """Whether all starts are numbers that float32 holds, as Proton kept them once."""
        starts = np.frombuffer(self._start)
        with np.errstate(over="ignore"):
            return bool((starts.astype(np.float32) == starts).all())

    def launches(self, rows: Sequence[Row | None], unit_ns: float, name: str) -> list[Launch]:
        """One for each kernel, its slices by start, times from the file's first one on. rows: where
        each of `self.rows` ran, None: it is left out. name: what a kernel is called that has none.
        """
        known = np.array([row is not None for row in rows], bool)
        used = known[np.frombuffer(self._row, np.int32)]
        row = np.frombuffer(self._row, np.int32)[used]
        start, end = (np.frombuffer(column)[used] for column in (self._start, self._end))
        begin = start.min()
        start, end = (self._ns(column - begin, unit_ns) for column in (start, end))
        region = np.frombuffer(self._region, np.int32)[used].astype(np.int64)
        places = [one if one is not None else _NOWHERE for one in rows]
        of = np.array([(one.sm, one.block, one.warp) for one in places], np.int64)[row]
        kernels = {one.kernel: None for one in places if one is not _NOWHERE}
        numbers = {kernel: i for i, kernel in enumerate(kernels)}
        kernel = np.array([numbers.get(one.kernel, -1) for one in places])[row]
        regions = tuple(printable(text) or "?" for text in self._regions)
        found = []
        for text, number in numbers.items():
            these = np.flatnonzero(kernel == number)
            these = these[np.argsort(start[these], kind="stable")]
            called = printable(text) or name
            columns = (of[these, 1], of[these, 2], of[these, 0], region[these])
            found.append(Launch(called, *columns, start[these], end[these], regions))
        return found

    def _moment(self, value: Any) -> float:
        """A time of the file's clock, from its zero on; from another one where numbers are so large
        that a float would lose their last digits, as nanoseconds since 1970 are.
        """
        at = self._time(value)
        if self._zero is None:
            self._zero = value if type(value) is int and abs(value) > _LARGE else 0
        return float(value - self._zero) if self._zero else at

    def _time(self, value: Any) -> float:
        if type(value) not in (int, float) or not -_FAR < value < _FAR:
            raise InputError(N_("{where}: a time is no number"), where=self._where)
        return float(value)

    def _ns(self, times: NDArray[np.float64], unit_ns: float) -> NDArray[np.int64]:
        if float(times.max()) * unit_ns > MOST_NS:
            raise InputError(N_("{where}: times are too far apart"), where=self._where)
        return np.round(times * unit_ns).astype(np.int64)


_LARGE = 1 << 40
_FAR = 1e300  # later than any time, and less than a float can be
_NOWHERE = Row("", "", 0, 0, 0)
