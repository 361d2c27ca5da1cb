"""How far a number format takes a result from float64: by its operands alone.

Weights and activations are quantized layer by layer as a product in that format reads them; what
is computed with them is float64, so that rounding of sums, which hangs on the machine (float32 of
most, int32 of int8), has no part in it. Biases and activation functions stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.activations import activate
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.training import times
from mmviz.core.learning.values import SEED, Values, make_layer, make_x, normal, stream
from mmviz.core.quantize.scaled import EXACT, as_kept, largest_of
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.workload import Workload

Float64 = NDArray[np.float64]
Size = tuple[int, int, int]

ROWS = 32  # examples that are computed; more tell no more of a mean
SAMPLED = 4_000_000  # numbers of all products that are sampled: a fifth of a second
FEW = 16  # rows and columns of a product that is looked at
LIGHT = 2_000_000  # weights that are quantized and multiplied in a fifth of a second
_BLOCK = 1_000_000  # weights at once: they stay in the processor's caches


@dataclass(frozen=True, slots=True)
class Deviation:
    """Of the output Y from Y64, that of float64, in a number format.

    relative: ‖Y − Y64‖ / ‖Y64‖. largest: max |Y − Y64| / max |Y64|. layers: the first of each
    layer's output, of each product of a list. None where Y64 is 0 or a number is past the format's
    range. rows: computed, of so many in the batch; where products were sampled, each by itself,
    rows of each at most, and then `all` is 0.
    """

    dtype: str
    relative: float | None
    largest: float | None
    layers: tuple[float | None, ...]
    rows: int
    all: int


def brings_error(dtype: str) -> bool:
    """Whether operands in `dtype` differ from the float32 numbers of mmviz."""
    return dtype not in EXACT


def is_light(workload: Workload) -> bool:
    """Whether `deviation_of` takes a fraction of a second: of a list always, as it samples."""
    return workload.weights <= LIGHT


def sampled_deviation(workload: Workload, batch: int, dtype: str, seed: int = SEED) -> Deviation:
    """Of each product of a forward pass by itself, of random numbers: some ROWS × ROWS cells, fewer
    where there are many products, so that it takes no longer.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return _of_list(workload.lower(batch), dtype, seed)


def deviation_of(workload: Workload, batch: int, dtype: str, seed: int = SEED) -> Deviation:
    """Of a forward pass of a network, with the numbers a run computes, of its first ROWS examples.

    A list of products, which is no chain, is sampled. A scale that is made of a whole matrix is
    made of those rows. Raises MemoryError.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # past the range: no figure at the end
        if (network := workload.layered) is not None:
            return _of_network(network, batch, dtype, seed)
        return _of_list(workload.lower(), dtype, seed)


def _of_network(network: Network, batch: int, dtype: str, seed: int) -> Deviation:
    rows = min(batch, ROWS)
    exact: Float64 = make_x(network, rows, seed).astype(np.float64)
    kept, layers = exact, []
    for number, layer in enumerate(network.layers):
        weights, bias = make_layer(network, number, seed)
        sums = _products(exact, kept, weights, dtype)
        exact, kept = (activate(layer.activation, z + bias, np) for z in sums)
        layers.append(_norm(kept, exact))
    return Deviation(dtype, layers[-1], _largest(kept, exact), tuple(layers), rows, batch)


def quantized_output(network: Network, values: Values, dtype: str, rows: int) -> Float64:
    """The output of the first `rows` examples, as a pass in a narrow `dtype` should give it: its
    operands quantized, all else float64.
    """
    a: Float64 = values.x[:rows].astype(np.float64)
    for layer, w, b in zip(network.layers, values.weights, values.biases, strict=True):
        a = activate(layer.activation, _kept_times(a, w, dtype) + b, np)
    return a


def quantized_rows(operands: Operands, number: int, rows: NDArray[np.int64], dtype: str) -> Float64:
    """Those rows of that product of a list, as `reference_rows` has them, but of quantized
    operands.
    """
    a, b = operands.a[number], operands.b[number]
    found = np.empty((len(rows), b.shape[2]))
    which, row = np.divmod(rows, a.shape[1])
    for one in np.unique(which):
        mine, largest = which == one, largest_of(a[one])
        found[mine] = _kept_times(a[one, row[mine]], b[one], dtype, largest)
    return found


def _kept_times(
    a: NDArray[Any], b: NDArray[np.float32], dtype: str, largest: float | None = None
) -> Float64:
    """a·b of operands as `dtype` keeps them; largest: of the matrix that has the rows of `a`."""
    first, of_b = as_kept(a, dtype, 1, largest), largest_of(b)
    found = np.empty((len(a), b.shape[1]))
    step = max(1, _BLOCK // len(b))
    for j in range(0, b.shape[1], step):
        found[:, j : j + step] = first @ as_kept(b[:, j : j + step], dtype, 0, of_b)
    return found


def _products(
    exact: Float64, kept: Float64, weights: NDArray[np.float32], dtype: str
) -> tuple[Float64, Float64]:
    """exact · weights, and the same with operands as `dtype` keeps them, of `kept` instead."""
    return times(exact, weights), _kept_times(kept, weights, dtype)


def product_deviation(gemm: Gemm, dtype: str, seed: int = SEED) -> float | None:
    """`Deviation.relative` of one product alone, of FEW × FEW cells and random numbers."""
    with np.errstate(invalid="ignore", over="ignore"):
        return _norm(*_of_product((gemm.m, gemm.n, gemm.k), 0, FEW, dtype, seed))


def _of_list(gemms: Sequence[Gemm], dtype: str, seed: int) -> Deviation:
    """The worst of its products counts; those of one size have one sample."""
    sizes = dict.fromkeys(map(_size, gemms))
    side = max(1, min(ROWS, SAMPLED // (2 * sum(k for _, _, k in sizes))))
    norm, largest, most = dict[Size, float | None](), dict[Size, float | None](), 0
    for place, size in enumerate(sizes):
        kept, exact = _of_product(size, place, side, dtype, seed)
        norm[size], largest[size] = _norm(kept, exact), _largest(kept, exact)
        most = max(most, len(kept))
    layers = tuple(norm[_size(gemm)] for gemm in gemms)
    return Deviation(dtype, _worst(layers), _worst(largest.values()), layers, most, 0)


def _size(gemm: Gemm) -> Size:
    """What is no larger is the same to a sample."""
    most = ROWS * ROWS
    return min(gemm.m, most), min(gemm.n, most), gemm.k


def _of_product(
    size: Size, place: int, most: int, dtype: str, seed: int
) -> tuple[Float64, Float64]:
    """most × most cells at most, of operands as `dtype` keeps them, and of the operands themselves.
    size: m × n × k.
    """
    m, n, k = size
    rows = min(m, max(most, most * most // (4 * n)))  # of a vector as many as tell enough
    columns = min(n, max(most, most * most // (4 * m)))
    a = normal(stream(seed, 3, 2 * place), (rows, k), 1.0)
    b = normal(stream(seed, 3, 2 * place + 1), (k, columns), float(k**-0.5))
    return _kept_times(a, b, dtype), times(a.astype(np.float64), b)


def _worst(found: Collection[float | None]) -> float | None:
    known = [x for x in found if x is not None]
    return max(known) if len(known) == len(found) else None


def _norm(kept: Float64, exact: Float64) -> float | None:
    return _ratio(float(np.linalg.norm(kept - exact)), float(np.linalg.norm(exact)))


def _largest(kept: Float64, exact: Float64) -> float | None:
    return _ratio(float(np.abs(kept - exact).max()), float(np.abs(exact).max()))


def _ratio(off: float, of: float) -> float | None:
    """None for what is no number: 0 of 0, and infinities."""
    found = off / of if of > 0 else np.nan if off == 0 else np.inf
    return found if np.isfinite(found) else None
