"""A list of products on whole arrays, shared by NumPy and CuPy; a stack is one matmul in 3-D."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from mmviz.backends.base import UNLIMITED, Host, Part
from mmviz.backends.caches import flush_caches
from mmviz.backends.multiplier import BudgetSpentError, Multiplier
from mmviz.core.device.device import Tile
from mmviz.core.learning.activations import Array
from mmviz.core.learning.operands import Operands
from mmviz.core.shapes.dtype import stored
from mmviz.core.shapes.products import Products
from mmviz.text import Text


class ArrayProducts:
    """See `base.PreparedProducts`; the rest as for `ArrayPass`."""

    paused_s = 0.0
    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

    def __init__(
        self,
        products: Products,
        operands: Operands,
        dtype: str,
        *,
        xp: Any,
        synchronize: Callable[[], object],
        to_host: Callable[[Array], Host],
        most_macs: int | None = None,
        multiplier: Callable[[int], Multiplier] | None = None,
    ) -> None:
        self._synchronize, self._to_host = synchronize, to_host
        self._stacks = [gemm.stack for gemm in products.gemms]
        self._steps: list[tuple[int, Array, Array, Array]] = []
        for gemm, a, b in zip(products.gemms, operands.a, operands.b, strict=True):
            first, second = (xp.asarray(x if gemm.stack > 1 else x[0], dtype=dtype) for x in (a, b))
            shape = (gemm.stack, gemm.m, gemm.n) if gemm.stack > 1 else (gemm.m, gemm.n)
            out = xp.empty(shape, dtype=dtype)
            self._steps.append((gemm.count, first, second, out))
        macs = sum(gemm.total_flop for gemm in products.gemms) // 2
        if multiplier is None:
            self._multiplier = Multiplier(xp, synchronize, macs, most_macs)
        else:
            self._multiplier = multiplier(macs)

    @property
    def second_factors(self) -> list[Array]:
        """B of each product, the very arrays that are multiplied."""
        return [b for _, _, b, _ in self._steps]

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; stops between launches (or their parts) only."""
        self._multiplier.start(budget_s)
        multiply = self._multiplier.multiply
        try:
            for launches, a, b, out in self._steps:
                for _ in range(launches):
                    multiply(a, b, out)
        except BudgetSpentError:
            return self._multiplier.share
        self._synchronize()
        return 1.0

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`."""
        self._multiplier.start(UNLIMITED)
        multiply = self._multiplier.multiply
        self._synchronize()
        last, found = perf_counter(), []
        for place, (launches, a, b, out) in enumerate(self._steps):
            for _ in range(launches):
                multiply(a, b, out)
            self._synchronize()
            now = perf_counter()
            found.append(Part("product", place, now - last))
            last = now
        return tuple(found)

    def tiles(self) -> tuple[Tile | None, ...]:
        return ()

    def flush(self) -> None:
        """See `base.Ready.flush`; of the host."""
        flush_caches()

    def copied(self) -> float | None:
        """See `base.Ready.copied`."""
        return None

    def product(self, number: int) -> Host:
        out = self._to_host(self._steps[number][3])
        return out if self._stacks[number] > 1 else out[None]

    def close(self) -> None:
        self.__dict__.clear()


def products_bytes(products: Products, dtype: str) -> int:
    """Bytes an ArrayProducts adds to the operands: results, and copies in another dtype."""
    cells = 0
    for gemm in products.gemms:
        cells += gemm.stack * gemm.m * gemm.n
        if dtype != "float32":
            cells += gemm.stack * gemm.k * (gemm.m + gemm.n)
    return stored(cells, dtype)
