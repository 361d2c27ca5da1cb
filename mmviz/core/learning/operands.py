"""The numbers of a list of products: two factors for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.values import SEED, normal, stream
from mmviz.core.shapes.products import Products

_OF_LISTS = 2  # spawn keys of networks have one number


@dataclass(frozen=True, slots=True, eq=False)
class Operands:
    """float32, of every product of a list: a[i] [stack × m × k], b[i] [stack × k × n].

    Each has its own, which all that it is computed share: count/stack launches read the same.
    """

    a: tuple[NDArray[np.float32], ...]
    b: tuple[NDArray[np.float32], ...]


def make_operands(products: Products, seed: int = SEED) -> Operands:
    """Normal numbers, B's scaled by sqrt(1 / k): those of C are about 1, whatever k, in every
    number format.
    """
    a, b = [], []
    for place, gemm in enumerate(products.gemms):
        first, second = (stream(seed, _OF_LISTS, 2 * place + side) for side in (0, 1))
        a.append(normal(first, (gemm.stack, gemm.m, gemm.k), 1.0))
        b.append(normal(second, (gemm.stack, gemm.k, gemm.n), float(np.sqrt(1.0 / gemm.k))))
    return Operands(tuple(a), tuple(b))
