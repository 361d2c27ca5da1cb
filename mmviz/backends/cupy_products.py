"""A list of products on a CUDA GPU; a stack is one product of cuBLAS."""

from __future__ import annotations

from typing import Any

from mmviz.backends.base import Host
from mmviz.backends.cupy_gemm import Multiplies
from mmviz.backends.cupy_steps import CupySteps
from mmviz.backends.steps import Step
from mmviz.core.learning.operands import Operands
from mmviz.core.shapes.products import Products


class CupyProducts(CupySteps):
    """See `base.PreparedProducts`."""

    def __init__(
        self,
        cupy: Any,
        products: Products,
        operands: Operands,
        dtype: str,
        multiplies: Multiplies | None = None,
    ) -> None:
        super().__init__(cupy, dtype, multiplies)
        with self._stream:
            self._place(products, operands)

    def product(self, number: int) -> Host:
        return self.on_host(self._fetched[number])

    def _place(self, products: Products, operands: Operands) -> None:
        for place, (gemm, a, b) in enumerate(
            zip(products.gemms, operands.a, operands.b, strict=True)
        ):
            first, second = self._sent(a, brought=True), self._sent(b, brought=True)
            c = self._empty(gemm.stack, gemm.m, gemm.n, dtype=self._products.written)
            if gemm.stack > 1:
                call = self._products.stack(first, second, c)
            else:
                call = self._products.product(first[0], second[0], c[0])
            step = Step("product", place, call, gemm.flop // 2)
            self._made += [step] * gemm.count
            self._fetched.append(c)
        self.place(self._made)
