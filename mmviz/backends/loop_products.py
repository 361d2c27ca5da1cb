"""A list of products as loops: one after the other, a stack's as well."""

from __future__ import annotations

from functools import partial

import numpy as np

from mmviz.backends.base import UNLIMITED, Host, Part
from mmviz.backends.caches import flush_caches
from mmviz.backends.loop_lists import BLOCK, FLOAT_BYTES, ROW_BYTES, Lists
from mmviz.backends.loop_parts import OutOfTimeError
from mmviz.backends.loop_pieces import rows_piece, sums_piece
from mmviz.backends.loop_scalars import Row
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.text import Text


class LoopProducts:
    """See `base.PreparedProducts`. Rows of A and C are lists of one product at a time."""

    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

    def __init__(self, products: Products, operands: Operands) -> None:
        self._gemms, self._operands = products.gemms, operands
        self._lists = Lists(drops=True)
        self._results = [np.empty((gemm.stack, gemm.m, gemm.n)) for gemm in products.gemms]
        for place, gemm in enumerate(products.gemms):
            self._lists.ledger.expect(("rows", place), gemm.count * gemm.m, rows_piece)
            terms = gemm.count * gemm.m * gemm.n * gemm.k
            self._lists.ledger.expect(("sums", place), terms, partial(sums_piece, gemm.k))

    @property
    def paused_s(self) -> float:
        """See `base.Ready`."""
        return self._lists.ledger.paused_s

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; the share is one of the seconds a whole pass would take."""
        self._lists.ledger.start(budget_s)
        try:
            for place, gemm in enumerate(self._gemms):
                for number in range(gemm.count):
                    self._multiply(place, number % gemm.stack)
        except OutOfTimeError:
            return self._lists.ledger.stopped()
        return 1.0

    def parts(self) -> tuple[Part, ...]:
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        return ()

    def flush(self) -> None:
        flush_caches()

    def copied(self) -> float | None:
        return None

    def product(self, number: int) -> Host:
        return self._results[number]

    def close(self) -> None:
        self.__dict__.clear()

    def _multiply(self, place: int, which: int) -> None:
        lists, b = self._lists, self._operands.b[place][which]
        for first, some in lists.blocks(self._operands.a[place][which]):
            out = lists.rows(("rows", place), len(some))
            for _, columns in lists.blocks(b.T):
                lists.multiply(("sums", place), some, columns, [0.0] * len(columns), out)
            self._keep(place, which, first, out)

    def _keep(self, place: int, which: int, first: int, out: list[Row]) -> None:
        """Rows that are done, as an array; it is no part of the lesson either."""
        with self._lists.held():
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
