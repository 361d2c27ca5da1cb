"""A list of products in PyTorch's own calls; a stack is one `bmm`."""

from __future__ import annotations

from functools import partial
from typing import Any

from mmviz.backends.base import Host
from mmviz.backends.steps import Step
from mmviz.backends.torch_devices import Device
from mmviz.backends.torch_steps import Tensor, TorchSteps, on_host
from mmviz.core.learning.operands import Operands
from mmviz.core.shapes.products import Products


class TorchProducts(TorchSteps):
    """See `base.PreparedProducts`."""

    def __init__(
        self, torch: Any, device: Device, products: Products, operands: Operands, dtype: str
    ) -> None:
        super().__init__(torch, device, dtype)
        self._results: list[Tensor] = []
        with self._room():
            self._place(products, operands)

    def product(self, number: int) -> Host:
        return on_host(self._results[number])

    def _place(self, products: Products, operands: Operands) -> None:
        for place, (gemm, a, b) in enumerate(
            zip(products.gemms, operands.a, operands.b, strict=True)
        ):
            first, second = self._sent(a, brought=True), self._sent(b, brought=True)
            out = self._empty(gemm.stack, gemm.m, gemm.n)
            self._made += self._launch(place, first, second, out) * gemm.count
            self._results.append(out)
        self._fetched = self._results
        self.place(self._made)

    def _launch(self, place: int, first: Tensor, second: Tensor, out: Tensor) -> list[Step]:
        """One product, or a stack of them at once."""
        if len(first) > 1 and self._most_macs is None:
            do = partial(self._torch.bmm, first, second, out=out)
            return [Step("product", place, do, first.numel() * second.shape[2])]
        return [
            step
            for one, other, into in zip(first, second, out, strict=True)
            for step in self._multiply("product", place, one, other, into)
        ]
