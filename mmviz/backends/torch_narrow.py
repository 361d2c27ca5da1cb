"""Passes in int8 and float8 by the two products that PyTorch has for them.

`torch._int_mm` multiplies int8 and adds up in int32; `torch._scaled_mm` multiplies E4M3, adds up in
float32 and writes bfloat16, times the scales of both matrices. Weights are quantized beforehand,
activations within the product, by scales that are made of them (`core.quantize`); bias, activation
functions and what is quantized are float32. On a GPU both ask for sides in multiples of 16, int8
for more than 16 rows, too: matrices are laid into larger ones with zeros around them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from mmviz.backends.arrays import pass_bytes
from mmviz.backends.base import What
from mmviz.backends.steps import Step
from mmviz.backends.torch_devices import Device
from mmviz.backends.torch_pass import TorchPass
from mmviz.backends.torch_products import TorchProducts
from mmviz.backends.torch_steps import Tensor
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.quantize.rounding import GRIDS
from mmviz.core.quantize.scaled import INT8
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products

_SIDE = 16  # what cuBLAS asks sides of float8 to be a multiple of; of int8 8 would do
_ROWS = 32  # int8 on CUDA takes no fewer than 17
_TINY = float(np.finfo(np.float32).tiny)
_MOST = {"int8": float(INT8), "float8": GRIDS["e4m3"].largest}


class NarrowProduct:
    """One product out [m × n] = A [m × k]·B [k × n] of float32 tensors; B is not read again."""

    def __init__(
        self, torch: Any, dtype: str, a: Tensor, b: Tensor, out: Tensor, *, padded: bool
    ) -> None:
        self._torch, self._most, self._a, self._out = torch, _MOST[dtype], a, out
        self._whole = dtype == "int8"
        (m, k), n = a.shape, b.shape[1]
        rows, terms, columns = m, k, n
        if padded:
            rows = max(m, _ROWS)
            terms, columns = (-(-side // _SIDE) * _SIDE for side in (k, n))
        narrow = torch.int8 if self._whole else torch.float8_e4m3fn
        zeros = partial(torch.zeros, device=a.device)
        self._first, second = (zeros((x, terms), dtype=narrow) for x in (rows, columns))
        self._codes, self._room = self._first[:m, :k], torch.empty_like(a)
        self._scale = zeros((m, 1) if self._whole else (), dtype=torch.float32)
        self._of_b = zeros((1, n) if self._whole else (), dtype=torch.float32)
        self._quantize(b, 0, self._of_b, torch.empty_like(b), second[:n, :k].T)
        self._second = second.T  # by columns, as both products like it best
        sums = torch.int32 if self._whole else torch.bfloat16
        self._sums = zeros((rows, columns), dtype=sums)
        self._found = self._sums[:m, :n]
        held = (self._first, second, self._room, self._scale, self._of_b, self._sums)
        self.bytes = sum(x.numel() * x.element_size() for x in held)

    def __call__(self) -> None:
        """Quantize A and multiply; the sums are scaled by `finish`."""
        self._quantize(self._a, 1, self._scale, self._room, self._codes)
        torch = self._torch
        if self._whole:
            torch._int_mm(self._first, self._second, out=self._sums)
        else:
            torch._scaled_mm(
                self._first,
                self._second,
                scale_a=self._scale,
                scale_b=self._of_b,
                out_dtype=torch.bfloat16,
                out=self._sums,
            )

    def finish(self, bias: Tensor = None) -> None:
        """The sums as float32, with the bias, into `out`."""
        if self._whole:
            self._torch.mul(self._found, self._scale, out=self._out)
            self._out.mul_(self._of_b)
        else:
            self._out.copy_(self._found)
        if bias is not None:
            self._out.add_(bias)

    def _quantize(self, x: Tensor, along: int, scale: Tensor, room: Tensor, codes: Tensor) -> None:
        """Codes of `x` and their scale: int8 has one for all that lie along the axis of k."""
        torch = self._torch
        torch.abs(x, out=room)
        if self._whole:
            torch.amax(room, along, keepdim=True, out=scale)
        else:
            torch.amax(room, (0, 1), out=scale)
        scale.div_(self._most).clamp_(min=_TINY)
        torch.div(x, scale, out=room)
        if self._whole:
            room.round_()  # ties to even
        codes.copy_(room.clamp_(-self._most, self._most))


class TorchNarrowPass(TorchPass):
    """A network; see `base.Prepared`."""

    def __init__(
        self, torch: Any, device: Device, network: Network, values: Values, dtype: str
    ) -> None:
        self._dtype = dtype
        super().__init__(torch, device, network, values, "float32", None)

    def _product(
        self, what: What, layer: int, a: Tensor, b: Tensor, out: Tensor, bias: Tensor = None
    ) -> None:
        do = NarrowProduct(self._torch, self._dtype, a, b, out, padded=self._device.is_gpu)
        self._bytes += do.bytes - b.numel() * b.element_size()
        self._made.append(Step(what, layer, do, a.numel() * b.shape[1]))
        self._rest(layer, do.finish, bias)


class TorchNarrowProducts(TorchProducts):
    """A list; see `base.PreparedProducts`. A stack is as many products one after the other."""

    def __init__(
        self, torch: Any, device: Device, products: Products, operands: Operands, dtype: str
    ) -> None:
        self._dtype = dtype
        super().__init__(torch, device, products, operands, "float32")

    def _launch(self, place: int, first: Tensor, second: Tensor, out: Tensor) -> list[Step]:
        found = []
        for a, b, into in zip(first, second, out, strict=True):
            do = NarrowProduct(self._torch, self._dtype, a, b, into, padded=self._device.is_gpu)
            self._bytes += do.bytes
            found.append(Step("product", place, _both(do), a.numel() * b.shape[1]))
        return found


def _both(product: NarrowProduct) -> Callable[[], object]:
    def do() -> None:
        product()
        product.finish()

    return do


def narrow_bytes(network: Network, batch: int) -> int:
    """Bytes of the host's memory a pass on the CPU adds to the values: as in float32 beside codes,
    and room for quantizing the largest layer.
    """
    largest = max(w * x.units for w, x in zip(network.widths, network.layers, strict=False))
    codes = network.weights + sum(2 * 4 * batch * width for width in network.widths)
    return pass_bytes(network, batch, "float32", False) + codes + 2 * 4 * largest
