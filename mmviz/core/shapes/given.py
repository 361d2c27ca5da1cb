"""Numbers of a matrix that are given one by one, where others are drawn at random."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BLOCK = 4_096  # numbers held as one, and copied where one of them changes
_BYTES = 8
_MOST = 1e30
_FLOAT64 = np.dtype("<f8")


@dataclass(frozen=True, slots=True)
class GivenMatrix:
    """Numbers [rows × columns] in float64, as a value: hashable, equal where all of them are.

    blocks: row after row, little-endian, BLOCK numbers in each but the last. A matrix of which one
    number was changed shares all other blocks with the one before, and bytes keep their hash, so
    that a step of undo costs a block and a look into a cache costs no look at every number. finite:
    whether all are finite and of at most 1e30, so that products can be computed; looked at once.
    """

    rows: int
    columns: int
    blocks: tuple[bytes, ...] = field(repr=False)
    finite: bool = field(default=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        whole, rest = divmod(self.rows * self.columns, BLOCK)
        sizes = [BLOCK * _BYTES] * whole + [rest * _BYTES] * bool(rest)
        if self.rows < 0 or self.columns < 0 or [*map(len, self.blocks)] != sizes:
            raise ValueError("the numbers of a matrix do not fill it")

    @classmethod
    def of(cls, values: NDArray[np.floating] | Sequence[Sequence[float]]) -> GivenMatrix:
        """From an array, or from rows of equal length; -0 becomes 0, which it equals."""
        array = np.asarray(values, _FLOAT64)
        if array.ndim != 2:  # of no rows
            array = array.reshape(0, 0)
        data = (array + 0.0).tobytes()
        step = BLOCK * _BYTES
        parts = tuple(data[i : i + step] for i in range(0, len(data), step))
        return cls(array.shape[0], array.shape[1], parts, bool((np.abs(array) <= _MOST).all()))

    @property
    def array(self) -> NDArray[np.float64]:
        """All of them [rows × columns], to be read only."""
        data = np.frombuffer(b"".join(self.blocks), _FLOAT64)
        return data.reshape(self.rows, self.columns)

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return self.rows * self.columns

    def __getitem__(self, row: int) -> tuple[float, ...]:
        """The numbers of a row."""
        return tuple(self.array[row].tolist())

    def with_number(self, row: int, column: int, value: float) -> GivenMatrix:
        """With another number in one place."""
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise IndexError(f"no place {row}, {column} in {self.rows} × {self.columns}")
        which, at = divmod(row * self.columns + column, BLOCK)
        block = bytearray(self.blocks[which])
        struct.pack_into("<d", block, at * _BYTES, value + 0.0)
        blocks = (*self.blocks[:which], bytes(block), *self.blocks[which + 1 :])
        return GivenMatrix(self.rows, self.columns, blocks, self.finite and abs(value) <= _MOST)
