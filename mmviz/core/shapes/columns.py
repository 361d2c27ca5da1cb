"""Many products at once, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.gemm import Gemm

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Products m × n × k, arrays of one length.

    rows: the lengths of their contiguous rows, joined bit by bit (or): what divides it divides all.
    """

    m: Ints
    n: Ints
    k: Ints
    rows: Ints

    @classmethod
    def of(cls, m: Ints, n: Ints, k: Ints) -> Shapes:
        """Row-major C[m × n] = A[m × k] · B: rows of A have k elements, of B and C k or n."""
        return cls(m, n, k, np.bitwise_or(n, k))

    @classmethod
    def from_gemms(cls, gemms: Sequence[Gemm]) -> Shapes:
        """Products of a pass. In wgrad A is X as it lies in memory: rows of m and of n elements."""
        sides = [(gemm.m, gemm.n, gemm.k, gemm.role == "wgrad") for gemm in gemms]
        return cls.turned(*np.array(sides, dtype=np.int64).reshape(-1, 4).T)

    @classmethod
    def turned(cls, m: Ints, n: Ints, k: Ints, turned: Ints) -> Shapes:
        """`turned`: 1 for those that are wgrad."""
        return cls(m, n, k, np.bitwise_or(n, np.where(turned, m, k)))

    @property
    def sides(self) -> tuple[Floats, Floats, Floats]:
        """m, n and k as floats."""
        return self.m.astype(np.float64), self.n.astype(np.float64), self.k.astype(np.float64)

    def gemms(self) -> list[Gemm]:
        """As nameless products."""
        rows = zip(self.m.tolist(), self.n.tolist(), self.k.tolist(), strict=True)
        return [Gemm("", "product", m, n, k) for m, n, k in rows]

    def __len__(self) -> int:
        return len(self.m)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Shapes:
        return Shapes(self.m[rows], self.n[rows], self.k[rows], self.rows[rows])
