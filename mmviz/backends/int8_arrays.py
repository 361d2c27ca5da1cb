"""Products of int8 with sums in int32 on NumPy's arrays, as an inference in int8 computes them.

What is multiplied is quantized as `core.quantize` says: weights beforehand, with a scale for each
column, activations within the product, with one for each row. All else is float32.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from types import SimpleNamespace

import numpy as np

from mmviz.backends.array_products import ArrayProducts, products_bytes
from mmviz.backends.arrays import ArrayPass, pass_bytes
from mmviz.backends.multiplier import Multiplier
from mmviz.core.learning.activations import Array
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.quantize.scaled import int8
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products

_MACS = 2_000_000  # no BLAS multiplies integers: parts between which a pass can stop
_CODES, _SUMS, _WIDE = 1, 4, 8  # bytes: int8, int32, and float64 in which codes are made


class Int8Multiplier(Multiplier):
    """Takes float32 and gives float32; B must be taken beforehand."""

    def __init__(self, macs: int) -> None:
        # Without its dtype NumPy would add up in int8.
        matmul = functools.partial(np.matmul, dtype=np.int32)
        super().__init__(SimpleNamespace(matmul=matmul), _nothing, macs, _MACS)
        self._taken: dict[int, tuple[Array, tuple[tuple[Array, Array], ...]]] = {}

    def take(self, b: Array) -> None:
        """Quantize B [k × n] or a stack of them; columns lie in one piece, which is walked along.
        It is found again as the very same array, so it is held.
        """
        made = (int8(one, 0) for one in _stack(b))
        codes = tuple((np.asfortranarray(x.codes, np.int8), np.float32(x.scales)) for x in made)
        self._taken[id(b)] = b, codes

    def multiply(self, a: Array, b: Array, out: Array) -> None:
        """a·b into `out`; raises BudgetSpentError."""
        _, codes = self._taken[id(b)]
        for one, (other, scales), into in zip(_stack(a), codes, _stack(out), strict=True):
            made = int8(one, 1)
            sums = np.empty(into.shape, np.int32)
            super().multiply(made.codes.astype(np.int8), other, sums)
            np.multiply(sums, np.float32(made.scales), out=into, casting="same_kind")
            np.multiply(into, scales, out=into)


def int8_pass(network: Network, values: Values) -> ArrayPass:
    """A network's pass."""
    made = _Made()
    found = ArrayPass(
        network,
        values,
        "float32",
        None,
        xp=np,
        synchronize=_nothing,
        to_host=np.asarray,
        multiplier=made,
    )
    made.take(found.weights)
    return found


def int8_products(products: Products, operands: Operands) -> ArrayProducts:
    """A list."""
    made = _Made()
    found = ArrayProducts(
        products,
        operands,
        "float32",
        xp=np,
        synchronize=_nothing,
        to_host=np.asarray,
        multiplier=made,
    )
    made.take(found.second_factors)
    return found


def int8_pass_bytes(network: Network, batch: int) -> int:
    """Bytes a pass adds to the values."""
    widest = max((*network.widths, *(layer.units for layer in network.layers)))
    largest = max(w * x.units for w, x in zip(network.widths, network.layers, strict=False))
    making = 2 * _WIDE * max(largest, batch * widest)
    held = _CODES * network.weights + (_CODES + _SUMS) * batch * widest
    return pass_bytes(network, batch, "float32", False) + held + making


def int8_products_bytes(products: Products) -> int:
    """Bytes a list adds to its operands."""
    factors = [gemm.stack * gemm.k * gemm.n for gemm in products.gemms]
    making = 2 * _WIDE * max(gemm.k * max(gemm.m, gemm.n) for gemm in products.gemms)
    sums = max((_CODES * gemm.k + _SUMS * gemm.n) * gemm.m for gemm in products.gemms)
    return products_bytes(products, "float32") + _CODES * sum(factors) + making + sums


def _stack(array: Array) -> Array:
    return array if array.ndim > 2 else array[None]


def _nothing() -> None:
    """NumPy has computed when it returns."""


class _Made:
    """Makes the multiplier of a pass, and then hands it all that it will multiply by."""

    def __call__(self, macs: int) -> Multiplier:
        self._made = Int8Multiplier(macs)
        return self._made

    def take(self, factors: Iterable[Array]) -> None:
        for factor in factors:
            self._made.take(factor)
