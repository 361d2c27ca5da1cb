"""Many products at once, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.gemm import Gemm

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Products m × n × k, arrays of one length.

    rows: the lengths of the rows of A, B and C as they lie in memory, joined bit by bit (or): what
    divides it divides all. A matrix of one row or one column lies in one piece: it has none.
    stack: how many of such products one launch computes, each of matrices of its own.
    """

    m: Ints
    n: Ints
    k: Ints
    rows: Ints
    stack: Ints

    @classmethod
    def of(cls, m: Ints, n: Ints, k: Ints, stack: Ints | None = None) -> Shapes:
        """Row-major C[m × n] = A[m × k] · B[k × n]; stack None: one of each."""
        return cls.turned(m, n, k, np.zeros_like(m), stack)

    @classmethod
    def from_gemms(cls, gemms: Sequence[Gemm]) -> Shapes:
        """Products of a pass. In wgrad A is X as it lies in memory: rows of m and of n elements."""
        sides = [(x.m, x.n, x.k, x.role == "wgrad", x.stack) for x in gemms]
        return cls.turned(*np.array(sides, dtype=np.int64).reshape(-1, 5).T)

    @classmethod
    def turned(cls, m: Ints, n: Ints, k: Ints, turned: Ints, stack: Ints | None = None) -> Shapes:
        """`turned`: 1 for those that are wgrad: A lies in memory as k × m."""
        a = np.where(turned, _rows(k, m), _rows(m, k))
        several = np.ones_like(m) if stack is None else stack
        return cls(m, n, k, a | _rows(k, n) | _rows(m, n), several)

    @property
    def sides(self) -> tuple[Floats, Floats, Floats]:
        """m, n and k as floats."""
        return self.m.astype(np.float64), self.n.astype(np.float64), self.k.astype(np.float64)

    @property
    def single(self) -> Shapes:
        """One of each stack."""
        return replace(self, stack=np.ones_like(self.stack))

    def gemms(self) -> list[Gemm]:
        """As nameless products."""
        columns = (self.m, self.n, self.k, self.stack)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [Gemm("", "product", m, n, k, stack=stack) for m, n, k, stack in rows]

    def __len__(self) -> int:
        return len(self.m)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Shapes:
        sides = self.m[rows], self.n[rows], self.k[rows]
        return Shapes(*sides, self.rows[rows], self.stack[rows])


def _rows(count: Ints, length: Ints) -> Ints:
    """How long the rows of a matrix are; 0 where it is one row or one column."""
    return np.where((count > 1) & (length > 1), length, 0)
