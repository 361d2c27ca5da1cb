"""The numbers in the cells of a product small enough to be read."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.activations import activate
from mmviz.core.gemm import Gemm
from mmviz.core.network import Network
from mmviz.core.training import operands
from mmviz.core.values import make_values

MOST_ROWS = 12  # of m + k, so that every number keeps a readable cell
MOST_COLUMNS = 16  # of k + n


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """a [m × k] and b [k × n] of one product, float64; partial(k) sums its first k terms.

    bias [n]; output [m × n]: after bias and `activation`, for a forward product whose activation
    works cell by cell or row by row, else None.
    """

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    bias: NDArray[np.float32]
    output: NDArray[np.float64] | None
    activation: str

    def partial(self, k: int) -> NDArray[np.float64]:
        """Every cell's sum of its first `k` terms [m × n]; k = all is the product itself."""
        return np.asarray(self.a[:, :k] @ self.b[:k, :])

    def terms(self, m: int, n: int) -> list[tuple[float, float]]:
        """The factors of one cell's dot product, in the order of k."""
        return list(zip(self.a[m].tolist(), self.b[:, n].tolist(), strict=True))


@functools.lru_cache(maxsize=8)
def cells_of(network: Network, batch: int, gemm: Gemm) -> Cells | None:
    """The operands of the product where they can be read cell by cell, else None."""
    if gemm.m + gemm.k > MOST_ROWS or gemm.k + gemm.n > MOST_COLUMNS or network.parameters > 10_000:
        return None
    values = make_values(network, batch)
    a, b = operands(network, values, gemm)
    activation = network.layers[gemm.layer].activation
    output = None
    if gemm.role == "forward" and activation != "swiglu":  # swiglu joins two cells to one
        output = np.asarray(activate(activation, a @ b + values.biases[gemm.layer], np))
    return Cells(a, b, values.biases[gemm.layer], output, activation)
