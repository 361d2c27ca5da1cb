"""A list of products on an open GPU; a stack is one dispatch, whose third side counts it."""

from __future__ import annotations

from functools import partial

from mmviz.backends.base import Host
from mmviz.backends.webgpu import layers
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.work import Group, Work
from mmviz.core.learning.operands import Operands
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products


class WebgpuProducts(Work):
    """See `base.PreparedProducts`."""

    def __init__(
        self,
        device: Device,
        products: Products,
        operands: Operands,
        dtype: str,
        variant: str = "auto",
    ) -> None:
        try:
            super().__init__(device, dtype, variant)
            self._shapes = [(gemm.stack, gemm.m, gemm.n) for gemm in products.gemms]
            for i, gemm in enumerate(products.gemms):
                a, b = self._placed(operands.a[i]), self._placed(operands.b[i])
                c = device.matrix(gemm.stack * gemm.m, gemm.n, dtype)
                self.results.append(c)
                self._put(i, gemm, a, b, c)
            self.ready()
        except BaseException:
            device.close()
            raise

    def _put(self, number: int, gemm: Gemm, a: Matrix, b: Matrix, c: Matrix) -> None:
        """The steps of one of them."""
        m, k = gemm.m, gemm.k
        make = partial(layers.stack, self.device, a=a, b=b, c=c, m=m, k=k)
        rung, steps = self.ladder.steps(("nn", m, gemm.n, k), make)
        self.rungs.append(rung)
        self.groups.append(Group("product", number, steps, gemm.count))

    def _placed(self, values: Host) -> Matrix:
        return self._given(values.reshape(-1, values.shape[-1]))

    def product(self, number: int) -> Host:
        found: Host = self.device.download(self.results[number])
        return found.reshape(self._shapes[number])
