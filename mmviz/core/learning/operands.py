"""The numbers of a list of products: two factors for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.training import REFERENCE_ROWS, Float64, times
from mmviz.core.learning.values import SEED, normal, stream
from mmviz.core.shapes.gemm import Gemm
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


def affordable_rows(products: Products, most_flop: float) -> int:
    """How many rows of each product `reference_rows` can do in `most_flop` operations, of those
    that tell as well as all; at least one.
    """
    a_row = sum(2 * gemm.n * gemm.k for gemm in products.gemms)
    return min(REFERENCE_ROWS, max(1, int(most_flop / a_row)))


def sampled_rows(gemm: Gemm, most: int) -> NDArray[np.int64]:
    """At most so many rows of C, of the whole stack [stack·m × n]: the first, the last and, at
    equal distances, those between.
    """
    rows = gemm.stack * gemm.m
    return np.linspace(0, rows - 1, min(most, rows)).astype(np.int64)


def reference_rows(operands: Operands, number: int, rows: NDArray[np.int64]) -> Float64:
    """Those rows of that product in float64, from the float32 operands."""
    a, b = operands.a[number], operands.b[number]
    found = np.empty((len(rows), b.shape[2]))
    which, row = np.divmod(rows, a.shape[1])
    for one in np.unique(which):
        mine = which == one
        found[mine] = times(a[one, row[mine]].astype(np.float64), b[one])
    return found
