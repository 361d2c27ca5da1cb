"""Products of numbers in Python lists, the clock held where they are made lists and let go."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from mmviz.backends.loop_parts import Ledger
from mmviz.backends.loop_scalars import Row, loops

FLOAT_BYTES = 32  # a float object and the list's pointer to it
ROW_BYTES = 88  # a list: its head, its share of the list of lists, places kept for appending
BLOCK = 1_000_000  # numbers held as lists at once: 32 MB
CELLS = 10_000  # activations, new rows and the like between two looks at the clock
_STEP = 50_000  # multiply-adds between two of them: a few milliseconds


class Lists:
    """What a pass does with lists, told to its `ledger`. drops: whether letting go takes
    time worth a look at the clock.
    """

    def __init__(self, drops: bool) -> None:
        self.ledger = Ledger()
        self._drops = drops

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is done meanwhile is no computing."""
        began = perf_counter()
        try:
            yield
        finally:
            self.ledger.pause(began)

    def rows(self, key: Hashable, count: int) -> list[Row]:
        """New rows, to which sums are appended."""
        rows: list[Row] = []
        for start in range(0, count, CELLS):
            part = min(CELLS, count - start)
            rows += [[] for _ in range(part)]
            self.ledger.add(key, part)
        return rows

    def blocks(
        self, matrix: NDArray[Any], kept: list[Row] | None = None
    ) -> Iterator[tuple[int, list[Row]]]:
        """The rows of `matrix` as lists, a block at a time, with the number of the first one.

        All at once where they are kept; else a block is emptied when the next one is asked for.
        """
        if kept is not None:
            yield 0, kept
            return
        at_once = max(1, BLOCK // matrix.shape[1])
        for start in range(0, len(matrix), at_once):
            with self.held():
                rows = matrix[start : start + at_once].tolist()
            yield start, rows
            with self.held():
                rows.clear()  # letting a million floats go takes time as well

    def drop(self, *lists: Sequence[Row]) -> None:
        """Let go of rows that are used no more."""
        if not self._drops:
            return
        with self.held():
            for rows in lists:
                if isinstance(rows, list):
                    rows.clear()

    def multiply(
        self,
        key: Hashable,
        rows: Sequence[Row],
        columns: Sequence[Row],
        starts: Row,
        out: list[Row],
    ) -> None:
        """Append start + row · column for every column to the row's list in `out`."""
        length = len(columns[0])
        wide = max(1, min(len(columns), _STEP // length))
        high = max(1, _STEP // (length * wide))
        for j in range(0, len(columns), wide):
            part = list(zip(columns[j : j + wide], starts[j : j + wide], strict=True))
            for i in range(0, len(rows), high):
                some = rows[i : i + high]
                loops(some, part, out[i : i + high])
                self.ledger.add(key, len(some) * len(part) * length)
