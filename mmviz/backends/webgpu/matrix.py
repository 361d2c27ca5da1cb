"""A stored matrix, and the parts of it that one binding can hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """rows × cols elements of `itemsize` bytes in a buffer, row after row, from row `start` on."""

    buffer: Any
    rows: int
    cols: int
    itemsize: int
    start: int = 0

    def cut(self, first: int, rows: int) -> Matrix:
        """So many of its rows."""
        return replace(self, start=self.start + first, rows=rows)

    @property
    def bytes(self) -> int:
        return self.rows * self.cols * self.itemsize

    def rows_within(self, limit: int) -> int:
        """How many rows a binding of at most `limit` bytes holds, wherever they begin; at least 1.

        A binding begins at an aligned byte, up to `ALIGN` bytes before the first row.
        """
        return max(1, (limit - ALIGN) // (self.cols * self.itemsize))

    def part(self, first: int, last: int) -> Part:
        """Rows first … last - 1 as they are bound."""
        begin = (self.start + first) * self.cols * self.itemsize
        aligned = begin - begin % ALIGN
        end = (self.start + last) * self.cols * self.itemsize
        size = min(-(-(end - aligned) // 16) * 16, int(self.buffer.size) - aligned)
        return Part(self.buffer, aligned, size, (begin - aligned) // self.itemsize)


ALIGN = 256  # bytes; no adapter asks for more


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What is bound: `size` bytes from `offset`; the rows begin `first` elements into it."""

    buffer: Any
    offset: int
    size: int
    first: int


def ranges(whole: int, most: int) -> Iterator[tuple[int, int]]:
    """0 … whole cut into parts of at most `most`: (begin, end)."""
    for begin in range(0, whole, most):
        yield begin, min(whole, begin + most)
