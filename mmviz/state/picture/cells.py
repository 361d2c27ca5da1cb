"""The numbers in the cells of a product."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.activations import activate
from mmviz.core.learning.training import operands
from mmviz.core.learning.values import Values, make_values, make_x
from mmviz.core.learning.weights import Weights
from mmviz.core.quantize.scaled import as_kept
from mmviz.core.shapes.dtype import DEFAULT, NARROW
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.workload import Workload
from mmviz.text import N_, NOTHING, Text

Floats = NDArray[np.float64]

MOST_ROWS = 12  # of m + k, so that every number of a small product keeps a readable cell
MOST_COLUMNS = 16  # of k + n
EDITABLE = 10_000  # parameters of a network whose numbers can be edited one by one
MOST_NUMBERS = (
    1_500_000  # parameters, and cells of a batch, up to which numbers are computed at all
)
TOO_MANY = Text(N_("numbers are computed up to {most:count} weights"), most=MOST_NUMBERS)
LISTED = Text(N_("a list of products has no numbers; one opened alone has"))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """a [m × k] and b [k × n] of one product, float64.

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

    def product(self) -> NDArray[np.float64]:
        """The whole product [m × n]."""
        return self.partial(self.a.shape[1])

    def value(self, m: int, n: int, ranges: list[tuple[int, int]]) -> float:
        """One cell's sum over the terms of k in `ranges` (first, past the last)."""
        return float(sum(self.a[m, i:j] @ self.b[i:j, n] for i, j in ranges))

    def terms(self, m: int, n: int) -> list[tuple[float, float]]:
        """The factors of one cell's dot product, in the order of k."""
        return list(zip(self.a[m].tolist(), self.b[:, n].tolist(), strict=True))


def is_small(gemm: Gemm) -> bool:
    """Whether all of the product fits the picture cell by cell."""
    return gemm.m + gemm.k <= MOST_ROWS and gemm.k + gemm.n <= MOST_COLUMNS


def missing(workload: Workload, batch: int) -> Text:
    """Why there are no numbers; NOTHING where they can be computed without waiting."""
    network = workload.layered
    if network is None:
        return LISTED
    widest = max(*network.widths, *(layer.units for layer in network.layers))
    few = network.parameters <= MOST_NUMBERS and batch * widest <= MOST_NUMBERS
    return NOTHING if few else TOO_MANY


def cells_of(
    workload: Workload,
    batch: int,
    gemm: Gemm,
    learnt: Weights | None = None,
    dtype: str = DEFAULT,
) -> Cells | None:
    """The operands of the product, None where they are too many to be computed, or of a list.

    learnt: weights in the stead of the network's own. dtype: in a narrow one the operands of this
    product are as it keeps them, made of float64 of all that comes before.
    """
    network = workload.layered
    if network is None or missing(network, batch):
        return None
    if dtype in NARROW:
        return _quantized(network, batch, gemm, learnt, dtype)
    return _cells(network, batch, gemm) if learnt is None else _taught(network, batch, gemm, learnt)


@functools.lru_cache(maxsize=8)
def _cells(network: Network, batch: int, gemm: Gemm) -> Cells:
    return _with(network, make_values(network, batch), gemm)


@functools.lru_cache(maxsize=2)  # it learns on: what it knew before is seen no more
def _taught(network: Network, batch: int, gemm: Gemm, learnt: Weights) -> Cells:
    return _with(network, Values(make_x(network, batch), learnt.weights, learnt.biases), gemm)


@functools.lru_cache(maxsize=4)
def _quantized(
    network: Network, batch: int, gemm: Gemm, learnt: Weights | None, dtype: str
) -> Cells:
    exact = cells_of(network, batch, gemm, learnt)
    assert exact is not None
    a, b = as_kept(exact.a, dtype, 1), as_kept(exact.b, dtype, 0)
    return _finished(a, b, exact.bias, exact.activation, gemm)


def _with(network: Network, values: Values, gemm: Gemm) -> Cells:
    a, b = operands(network, values, gemm)
    layer = gemm.layer
    return _finished(a, b, values.biases[layer], network.layers[layer].activation, gemm)


def _finished(
    a: Floats, b: Floats, bias: NDArray[np.float32], activation: str, gemm: Gemm
) -> Cells:
    output = None
    if gemm.role == "forward" and activation != "swiglu":  # swiglu joins two cells to one
        output = np.asarray(activate(activation, a @ b + bias, np))
    return Cells(a, b, bias, output, activation)
