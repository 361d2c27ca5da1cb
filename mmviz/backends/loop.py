"""Plain Python: loops over examples, neurons and inputs, as a first lesson writes them.

Numbers live in Python lists and are Python floats (64 bits): the values are those of the dtype that
was asked for, all computing with them is float64. A weight in a list takes 32 bytes, so a large
network does not fit: the columns of a layer are turned into lists a block at a time, used for every
example, and dropped. Turning values into lists and letting lists go is no part of the lesson, whose
numbers are lists from the start: the clock stands still meanwhile (`paused_s`), everywhere.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends import loop_products
from mmviz.backends.base import UNLIMITED, Colour, Host, Part, Place
from mmviz.backends.caches import flush_caches
from mmviz.backends.loop_lists import BLOCK, CELLS, FLOAT_BYTES, ROW_BYTES, Lists
from mmviz.backends.loop_parts import OutOfTimeError
from mmviz.backends.loop_pieces import (
    activation_piece,
    column_sums_piece,
    loss_piece,
    rows_piece,
    slope_piece,
    sums_piece,
    turning_piece,
    update_piece,
)
from mmviz.backends.loop_products import LoopProducts
from mmviz.backends.loop_scalars import (
    Row,
    activate_row,
    gradient_row,
    loss_gradient_row,
    transposed,
    updated,
)
from mmviz.core.device.device import Tile
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
        blocks = 2 * max(BLOCK, *network.widths, *units)
        if not training:
            cells, rows = batch * (network.inputs + 3 * widest), 4 * batch
            return FLOAT_BYTES * (blocks + cells) + ROW_BYTES * rows
        cells = batch * (2 * sum(network.widths) + sum(units) + 4 * widest)
        rows = batch * (3 * len(units) + 4) + 2 * widest
        return FLOAT_BYTES * (2 * blocks + cells) + ROW_BYTES * rows + 8 * network.parameters

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


class LoopPass:
    """One network as lists; see `base.Prepared` for what each method promises."""

    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

    def __init__(
        self, network: Network, values: Values, target: NDArray[np.float32] | None
    ) -> None:
        self._names = [layer.activation for layer in network.layers]
        self._weights, self._biases = values.weights, [b.tolist() for b in values.biases]
        self._x: list[Row] = values.x.tolist()
        self._target: list[Row] | None = None if target is None else target.tolist()
        self._output: list[Row] = []
        kept = network.weights <= BLOCK
        self._columns = [w.T.tolist() for w in values.weights] if kept else None
        self._inputs = [w.tolist() for w in values.weights] if kept and target is not None else None
        self._lists = Lists(drops=len(values.x) * max(network.widths) > CELLS)
        self._expect_forward(network, len(values.x))
        if target is not None:
            self._expect_backward(network, len(values.x))
            self._dw = [np.empty(w.shape) for w in values.weights]
            self._db: list[Row] = [[] for _ in network.layers]

    @property
    def paused_s(self) -> float:
        """See `base.Prepared`."""
        return self._lists.ledger.paused_s

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Prepared.run`; the share is one of the seconds a whole pass would take."""
        self._lists.drop(self._output)
        self._lists.ledger.start(budget_s)
        try:
            self._pass()
        except OutOfTimeError:
            pass
        else:
            return 1.0
        return self._lists.ledger.stopped()

    def parts(self) -> tuple[Part, ...]:
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        """A loop knows no tiles."""
        return ()

    def flush(self) -> None:
        flush_caches()

    def copied(self) -> float | None:
        return None

    def output(self) -> Host:
        return np.array(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        return self._dw[layer], np.array(self._db[layer])

    def close(self) -> None:
        self.__dict__.clear()

    def _expect_forward(self, network: Network, batch: int) -> None:
        expect = self._lists.ledger.expect
        for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False)):
            name, units = layer.activation, layer.units
            expect(("rows", i), batch, rows_piece)
            expect(("sums", i), batch * width * units, partial(sums_piece, width))
            expect(("activation", i), batch * units, partial(activation_piece, name, units))

    def _expect_backward(self, network: Network, batch: int) -> None:
        expect, last = self._lists.ledger.expect, network.layers[-1]
        expect("loss", batch * last.units, partial(loss_piece, last.activation, last.units))
        for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False)):
            name, units = layer.activation, layer.units
            expect(("turn", i), batch * (width + units), partial(turning_piece, self._x))
            expect(("dW", i), batch * width * units, partial(column_sums_piece, self._x))
            expect(("update", i), width * units, update_piece)
            if i < len(network.layers) - 1:
                behind = network.layers[i + 1].units
                expect(("dA rows", i), batch, rows_piece)
                expect(("dA", i), batch * layer.outputs * behind, partial(sums_piece, behind))
                expect(("slope", i), batch * units, partial(slope_piece, name, units))

    def _pass(self) -> None:
        a, inputs, sums = self._x, [], []
        for i, (name, weights) in enumerate(zip(self._names, self._weights, strict=True)):
            z, bias = self._lists.rows(("rows", i), len(a)), self._biases[i]
            for start, columns in self._lists.blocks(weights.T, _kept(self._columns, i)):
                self._lists.multiply(("sums", i), a, columns, bias[start : start + len(columns)], z)
            before, a = a, self._activated(i, name, z)
            if self._target is not None:
                inputs.append(before)
                sums.append(z)
            else:
                self._lists.drop(z, () if before is self._x else before)
        self._output = a
        if self._target is not None:
            self._backward(inputs, sums, self._target)
            self._lists.drop(*inputs[1:], *sums)

    def _activated(self, i: int, name: str, sums: list[Row]) -> list[Row]:
        a: list[Row] = []
        units = len(sums[0])
        high = max(1, CELLS // units)
        for start in range(0, len(sums), high):
            part = sums[start : start + high]
            a += [activate_row(name, row) for row in part]
            self._lists.ledger.add(("activation", i), len(part) * units)
        return a

    def _backward(self, inputs: list[list[Row]], sums: list[list[Row]], target: list[Row]) -> None:
        dz = self._loss_gradient(target, sums[-1])
        for i in range(len(self._names) - 1, -1, -1):
            self._weight_gradient(i, inputs[i], dz)
            if i > 0:
                da = self._lists.rows(("dA rows", i - 1), len(dz))
                for _, rows in self._lists.blocks(self._weights[i], _kept(self._inputs, i)):
                    self._lists.multiply(("dA", i - 1), dz, rows, [0.0] * len(rows), da)
                behind, dz = dz, self._slopes(i - 1, da, sums[i - 1])
                self._lists.drop(behind, da)

    def _loss_gradient(self, target: list[Row], sums: list[Row]) -> list[Row]:
        name, batch, dz = self._names[-1], len(target), []
        for a, wanted, z in zip(self._output, target, sums, strict=True):
            dz.append(loss_gradient_row(name, a, wanted, z, batch))
            self._lists.ledger.add("loss", len(z))
        return dz

    def _slopes(self, i: int, da: list[Row], sums: list[Row]) -> list[Row]:
        dz = []
        for d, z in zip(da, sums, strict=True):
            dz.append(gradient_row(self._names[i], d, z))
            self._lists.ledger.add(("slope", i), len(z))
        return dz

    def _weight_gradient(self, i: int, inputs: list[Row], dz: list[Row]) -> None:
        """dW and db of layer i, and the update of its weights, neuron by neuron.

        Updated weights are computed and dropped: every pass starts from the same ones.
        """
        by_input, by_neuron = transposed(inputs), transposed(dz)
        zeros = [0.0] * len(by_input)
        self._db[i] = [sum(values) for values in by_neuron]
        updated(self._biases[i], self._db[i])
        self._lists.ledger.add(("turn", i), len(dz) * (len(by_input) + len(by_neuron)))
        for start, columns in self._lists.blocks(self._weights[i].T, _kept(self._columns, i)):
            rows = by_neuron[start : start + len(columns)]
            gradients: list[Row] = [[] for _ in rows]
            self._lists.multiply(("dW", i), rows, by_input, zeros, gradients)
            for column, gradient in zip(columns, gradients, strict=True):
                updated(column, gradient)
            self._lists.ledger.add(("update", i), len(rows) * len(by_input))
            began = perf_counter()
            self._dw[i][:, start : start + len(rows)] = np.array(gradients).T
            self._lists.ledger.pause(began)


def _kept(lists: list[list[Row]] | None, layer: int) -> list[Row] | None:
    return None if lists is None else lists[layer]


def make() -> PythonLoop:
    return PythonLoop()
