"""Plain Python: loops over examples, neurons and inputs, as a first lesson writes them.

Numbers live in Python lists and are Python floats (64 bits): the values are those of the dtype that
was asked for, all computing with them is float64. A weight in a list takes 32 bytes, so a large
network does not fit: the columns of a layer are turned into lists a block at a time, used for every
example, and dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends import loop_products
from mmviz.backends.base import Colour, Host, Place
from mmviz.backends.loop_counted import BLOCK, CELL, FLOAT_BYTES, ROW_BYTES, SUM, CountedPass
from mmviz.backends.loop_products import LoopProducts
from mmviz.backends.loop_scalars import (
    Row,
    activate_row,
    gradient_row,
    loss_gradient_row,
    transposed,
    updated,
)
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.text import N_, Text


class PythonLoop:
    """Always there: it needs nothing but Python."""

    id = "loop"
    name = Text(N_("Python for-loops"))
    title = Text(N_("Python for-loops (in float64)"))
    colour: Colour = "grey"
    is_gpu = False
    trains = True
    library = ""
    proves: Literal[""] = ""
    dtypes = ("float32", "float64")

    def check(self) -> None:
        """Nothing can be missing."""

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - the same for every dtype
        return None

    def remark(self, dtype: str) -> Text | None:
        """Python has one kind of float."""
        return None if dtype == "float64" else Text(N_("computes in float64"))

    def facts(self) -> dict[str, str]:
        return {}

    # asked by the contract; a Python float is a Python float
    def place(self) -> Place | None:
        return None

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        """Lists of activations and one block of weights; in training all activations, gradients.

        `dtype` does not matter: a Python float is a Python float.
        """
        units = [layer.units for layer in network.layers]
        widest = max(*network.widths, *units)
        blocks, cells, rows = 2 * max(BLOCK, widest), network.inputs + 3 * widest, 4
        if not training:
            return FLOAT_BYTES * (blocks + batch * cells) + ROW_BYTES * rows * batch
        cells += 2 * sum(network.widths) + sum(units)
        rows = batch * (3 * len(units) + rows) + 2 * widest
        return (
            FLOAT_BYTES * (2 * blocks + batch * cells) + ROW_BYTES * rows + 8 * network.parameters
        )

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,  # noqa: ARG002 - a Python float is a Python float
        target: NDArray[np.float32] | None = None,
    ) -> LoopPass:
        return LoopPass(network, values, target)

    def prepare_products(
        self,
        products: Products,
        operands: Operands,
        dtype: str,  # noqa: ARG002 - a Python float is a Python float
    ) -> LoopProducts:
        return LoopProducts(products, operands)

    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        return loop_products.host_bytes(products)


class LoopPass(CountedPass):
    """One network as lists; see `base.Prepared` for what each method promises."""

    def __init__(
        self, network: Network, values: Values, target: NDArray[np.float32] | None
    ) -> None:
        self._names = [layer.activation for layer in network.layers]
        self._biases = [b.tolist() for b in values.biases]
        self._x: list[Row] = values.x.tolist()
        self._target: list[Row] | None = None if target is None else target.tolist()
        self._output: list[Row] = []
        kept = network.weights <= BLOCK
        by_neuron: list[Any] = [w.T for w in values.weights]
        by_input: list[Any] = list(values.weights)
        self._by_neuron = [w.tolist() for w in by_neuron] if kept else by_neuron
        self._by_input = [w.tolist() for w in by_input] if kept and target is not None else by_input
        training, batch = target is not None, len(values.x)
        gemms = network.lower(batch, training)
        self.units = sum(gemm.m * gemm.n * (gemm.k + SUM) for gemm in gemms)
        self.units += CELL * batch * sum(layer.units for layer in network.layers) * (1 + training)
        if training:
            self.units += CELL * network.weights
            self._dw = [np.empty(w.shape) for w in values.weights]
            self._db: list[Row] = [[] for _ in network.layers]

    def output(self) -> Host:
        return np.array(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        return self._dw[layer], np.array(self._db[layer])

    def steps(self) -> Iterator[int]:
        a, inputs, sums = self._x, [], []
        for name, columns, bias in zip(self._names, self._by_neuron, self._biases, strict=True):
            z: list[Row] = [[] for _ in a]
            yield from self.times(a, columns, bias, z)
            if self._target is not None:
                inputs.append(a)
                sums.append(z)
            a = yield from _each(partial(activate_row, name), z)
        self._output = a
        if self._target is not None:
            yield from self._backward(inputs, sums, self._target)

    def _backward(
        self, inputs: list[list[Row]], sums: list[list[Row]], target: list[Row]
    ) -> Iterator[int]:
        loss = partial(loss_gradient_row, self._names[-1], len(target))
        dz = yield from _each(loss, self._output, target, sums[-1])
        for i in range(len(self._names) - 1, -1, -1):
            yield from self._weight_gradient(i, inputs[i], dz)
            if i > 0:
                da: list[Row] = [[] for _ in dz]
                rows = self._by_input[i]
                yield from self.times(dz, rows, [0.0] * len(rows), da)
                dz = yield from _each(partial(gradient_row, self._names[i - 1]), da, sums[i - 1])

    def _weight_gradient(self, i: int, inputs: list[Row], dz: list[Row]) -> Iterator[int]:
        """dW and db of layer i, and the update of its weights, neuron by neuron.

        Updated weights are computed and dropped: every pass starts from the same ones.
        """
        by_input, by_neuron = transposed(inputs), transposed(dz)
        self._db[i] = [sum(values) for values in by_neuron]
        updated(self._biases[i], self._db[i])
        for first, columns in self.blocks(self._by_neuron[i]):
            gradients: list[Row] = [[] for _ in columns]
            rows = by_neuron[first : first + len(columns)]
            yield from self.times(rows, by_input, [0.0] * len(by_input), gradients)
            for column, gradient in zip(columns, gradients, strict=True):
                updated(column, gradient)
            yield CELL * len(rows) * len(by_input)
            with self.held():
                self._dw[i][:, first : first + len(rows)] = np.array(gradients).T


def _each(function: Callable[..., Row], *lists: list[Row]) -> Generator[int, None, list[Row]]:
    """A new row of each example's, the last of which has a number for each unit."""
    made = []
    for rows in zip(*lists, strict=True):
        made.append(function(*rows))
        yield CELL * len(rows[-1])
    return made


def make() -> PythonLoop:
    return PythonLoop()
