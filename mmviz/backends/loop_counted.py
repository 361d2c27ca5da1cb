"""A pass of loops over Python lists that counts what it does, so that it can stop and tell how far
it came.

Numbers are lists from the start of the lesson: turning arrays into lists, a block at a time where
not all of them fit, is not computing, and the clock stands still meanwhile (`paused_s`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Part
from mmviz.backends.caches import flush_caches
from mmviz.backends.loop_scalars import Row, loops
from mmviz.core.device.device import Tile
from mmviz.text import Text

FLOAT_BYTES = 32  # a float object and the list's pointer to it
ROW_BYTES = 88  # a list: its head, its share of the list of lists, places kept for appending
BLOCK = 1_000_000  # numbers held as lists at once: 32 MB
SUM, CELL = 12, 4
"""A sum that is begun and kept counts as so many multiply-adds beside its own, and a cell that goes
through a function as so many, about what they take. What is estimated is as coarse as that.
"""
_STEP = 50_000  # multiply-adds between two looks at the clock: a few milliseconds


class CountedPass:
    """The part of a `base.Ready` that knows nothing of what is computed. Whoever fills it sets
    `units`, the multiply-adds of a whole pass and what counts as such, and yields them in `steps`.
    """

    paused_s = 0.0
    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()
    units: int

    def steps(self) -> Iterator[int]:
        """One pass: after each step, how many units it was."""
        raise NotImplementedError

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; the share is one of the units."""
        if budget_s == UNLIMITED:
            deque(self.steps(), maxlen=0)
            return 1.0
        stop_at, done = perf_counter() - self.paused_s + budget_s, 0
        for units in self.steps():
            done += units
            if 0 < done < self.units and perf_counter() - self.paused_s > stop_at:
                return done / self.units
        return 1.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is done meanwhile is no computing."""
        began = perf_counter()
        try:
            yield
        finally:
            self.paused_s += perf_counter() - began

    def blocks(self, rows: NDArray[Any] | list[Row]) -> Iterator[tuple[int, list[Row]]]:
        """Rows as lists, with the number of the first; of an array a block at a time."""
        if isinstance(rows, list):
            yield 0, rows
            return
        at_once = max(1, BLOCK // rows.shape[1])
        for first in range(0, len(rows), at_once):
            with self.held():
                block = rows[first : first + at_once].tolist()
            yield first, block
            with self.held():
                block.clear()  # letting a million floats go takes time as well

    def times(
        self, rows: Sequence[Row], columns: NDArray[Any] | list[Row], starts: Row, out: list[Row]
    ) -> Iterator[int]:
        """Append start + row · column for every column to the row's list in `out`."""
        length = len(columns[0])
        wide = max(1, _STEP // length)
        for first, block in self.blocks(columns):
            for j in range(0, len(block), wide):
                some = block[j : j + wide]
                pairs = list(zip(some, starts[first + j : first + j + len(some)], strict=True))
                high = max(1, _STEP // (length * len(some)))
                for i in range(0, len(rows), high):
                    part = rows[i : i + high]
                    loops(part, pairs, out[i : i + high])
                    yield len(part) * len(some) * (length + SUM)

    def parts(self) -> tuple[Part, ...]:
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        """A loop knows no tiles."""
        return ()

    def flush(self) -> None:
        flush_caches()

    def copied(self) -> float | None:
        return None

    def close(self) -> None:
        self.__dict__.clear()
