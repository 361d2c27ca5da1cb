"""A list of products as loops: one after the other, a stack's as well."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmviz.backends.base import Host
from mmviz.backends.loop_counted import BLOCK, FLOAT_BYTES, ROW_BYTES, SUM, CountedPass
from mmviz.backends.loop_scalars import Row
from mmviz.core.learning.operands import Operands
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products


class LoopProducts(CountedPass):
    """See `base.PreparedProducts`. Rows of A and C are lists of one product at a time."""

    def __init__(self, products: Products, operands: Operands) -> None:
        self._gemms, self._operands = products.gemms, operands
        self._results = [np.empty((gemm.stack, gemm.m, gemm.n)) for gemm in products.gemms]
        self.units = sum(x.products * x.m * x.n * (x.k + SUM) for x in products.gemms)

    def product(self, number: int) -> Host:
        return self._results[number]

    def steps(self) -> Iterator[int]:
        for place, gemm in enumerate(self._gemms):
            starts = [0.0] * gemm.n
            for number in range(gemm.products):
                which = number % gemm.stack
                for first, rows in self.blocks(self._operands.a[place][which]):
                    out: list[Row] = [[] for _ in rows]
                    yield from self.times(rows, self._operands.b[place][which].T, starts, out)
                    with self.held():  # an array again, which is no part of the lesson either
                        self._results[place][which, first : first + len(out)] = out
                        out.clear()


def host_bytes(products: Products) -> int:
    """Results as arrays, and the largest block of lists of each factor and of the result."""
    results = sum(gemm.stack * gemm.m * gemm.n for gemm in products.gemms)
    largest = max(products.gemms, key=lambda gemm: rows_at_once(gemm) * (gemm.n + gemm.k))
    rows = rows_at_once(largest)
    blocks = rows * (largest.n + largest.k) + max(BLOCK, largest.k)
    return 8 * results + FLOAT_BYTES * blocks + ROW_BYTES * 3 * rows


def rows_at_once(gemm: Gemm) -> int:
    """How many rows of A are lists at once."""
    return min(gemm.m, max(1, BLOCK // gemm.k))
