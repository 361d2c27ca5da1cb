"""Plain Python: loops over examples, neurons and inputs, as a first lesson writes them.

Numbers live in Python lists and are Python floats (64 bits): the values are those of the dtype that
was asked for, all computing with them is float64. A weight in a list takes 32 bytes, so a large
network does not fit: the columns of a layer are turned into lists a block at a time, used for every
example, and dropped. Turning values into lists and letting lists go is no part of the lesson, whose
numbers are lists from the start: the clock stands still meanwhile (`paused_s`), everywhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import partial
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Colour, Host, Part, Place
from mmviz.backends.loop_parts import Ledger, OutOfTimeError
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
from mmviz.backends.loop_scalars import (
    Row,
    activate_row,
    gradient_row,
    loops,
    loss_gradient_row,
    transposed,
    updated,
)
from mmviz.core.device.device import Tile
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.text import N_, Text

_FLOAT_BYTES = 32  # a float object and the list's pointer to it
_ROW_BYTES = 88  # a list: its head, its share of the list of lists, places kept for appending
_BLOCK = 1_000_000  # weights held as lists at once: 32 MB
_STEP = 50_000  # multiply-adds between two looks at the clock: a few milliseconds
_CELLS = 10_000  # activations, new rows and the like between two looks


class PythonLoop:
    """Always there: it needs nothing but Python."""

    id = "loop"
    name = Text(N_("Python for-loops"))
    title = Text(N_("Python for-loops (in float64)"))
    colour: Colour = "grey"
    is_gpu = False
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
        blocks = 2 * max(_BLOCK, *network.widths, *units)
        if not training:
            cells, rows = batch * (network.inputs + 3 * widest), 4 * batch
            return _FLOAT_BYTES * (blocks + cells) + _ROW_BYTES * rows
        cells = batch * (2 * sum(network.widths) + sum(units) + 4 * widest)
        rows = batch * (3 * len(units) + 4) + 2 * widest
        return _FLOAT_BYTES * (2 * blocks + cells) + _ROW_BYTES * rows + 8 * network.parameters

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,  # noqa: ARG002 - a Python float is a Python float
        target: NDArray[np.float32] | None = None,
    ) -> LoopPass:
        return LoopPass(network, values, target)


class LoopPass:
    """One network as lists; see `base.Prepared` for what each method promises."""

    gpu_s: float | None = None

    def __init__(
        self, network: Network, values: Values, target: NDArray[np.float32] | None
    ) -> None:
        self._names = [layer.activation for layer in network.layers]
        self._weights, self._biases = values.weights, [b.tolist() for b in values.biases]
        self._x: list[Row] = values.x.tolist()
        self._target: list[Row] | None = None if target is None else target.tolist()
        self._output: list[Row] = []
        self._ledger = Ledger()
        kept = network.weights <= _BLOCK
        self._columns = [w.T.tolist() for w in values.weights] if kept else None
        self._inputs = [w.tolist() for w in values.weights] if kept and target is not None else None
        self._drops = len(values.x) * max(network.widths) > _CELLS  # else it is not worth a look
        self._expect_forward(network, len(values.x))
        if target is not None:
            self._expect_backward(network, len(values.x))
            self._dw = [np.empty(w.shape) for w in values.weights]
            self._db: list[Row] = [[] for _ in network.layers]

    @property
    def paused_s(self) -> float:
        """See `base.Prepared`."""
        return self._ledger.paused_s

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Prepared.run`; the share is one of the seconds a whole pass would take."""
        self._drop(self._output)
        self._ledger.start(budget_s)
        try:
            self._pass()
        except OutOfTimeError:
            pass
        else:
            return 1.0
        return self._ledger.stopped()

    def parts(self) -> tuple[Part, ...]:
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        """A loop knows no tiles."""
        return ()

    def output(self) -> Host:
        return np.array(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        return self._dw[layer], np.array(self._db[layer])

    def close(self) -> None:
        self.__dict__.clear()

    def _expect_forward(self, network: Network, batch: int) -> None:
        expect = self._ledger.expect
        for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False)):
            name, units = layer.activation, layer.units
            expect(("rows", i), batch, rows_piece)
            expect(("sums", i), batch * width * units, partial(sums_piece, width))
            expect(("activation", i), batch * units, partial(activation_piece, name, units))

    def _expect_backward(self, network: Network, batch: int) -> None:
        expect, last = self._ledger.expect, network.layers[-1]
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
            z, bias = self._rows(("rows", i), len(a)), self._biases[i]
            for start, columns in self._lists(i, weights.T, self._columns):
                self._multiply(("sums", i), a, columns, bias[start : start + len(columns)], z)
            before, a = a, self._activated(i, name, z)
            if self._target is not None:
                inputs.append(before)
                sums.append(z)
            else:
                self._drop(z, () if before is self._x else before)
        self._output = a
        if self._target is not None:
            self._backward(inputs, sums, self._target)
            self._drop(*inputs[1:], *sums)

    def _rows(self, key: Hashable, count: int) -> list[Row]:
        """New rows, to which sums are appended."""
        rows: list[Row] = []
        for start in range(0, count, _CELLS):
            part = min(_CELLS, count - start)
            rows += [[] for _ in range(part)]
            self._ledger.add(key, part)
        return rows

    def _activated(self, i: int, name: str, sums: list[Row]) -> list[Row]:
        a: list[Row] = []
        units = len(sums[0])
        high = max(1, _CELLS // units)
        for start in range(0, len(sums), high):
            part = sums[start : start + high]
            a += [activate_row(name, row) for row in part]
            self._ledger.add(("activation", i), len(part) * units)
        return a

    def _backward(self, inputs: list[list[Row]], sums: list[list[Row]], target: list[Row]) -> None:
        dz = self._loss_gradient(target, sums[-1])
        for i in range(len(self._names) - 1, -1, -1):
            self._weight_gradient(i, inputs[i], dz)
            if i > 0:
                da = self._rows(("dA rows", i - 1), len(dz))
                for _, rows in self._lists(i, self._weights[i], self._inputs):
                    self._multiply(("dA", i - 1), dz, rows, [0.0] * len(rows), da)
                behind, dz = dz, self._slopes(i - 1, da, sums[i - 1])
                self._drop(behind, da)

    def _loss_gradient(self, target: list[Row], sums: list[Row]) -> list[Row]:
        name, batch, dz = self._names[-1], len(target), []
        for a, wanted, z in zip(self._output, target, sums, strict=True):
            dz.append(loss_gradient_row(name, a, wanted, z, batch))
            self._ledger.add("loss", len(z))
        return dz

    def _slopes(self, i: int, da: list[Row], sums: list[Row]) -> list[Row]:
        dz = []
        for d, z in zip(da, sums, strict=True):
            dz.append(gradient_row(self._names[i], d, z))
            self._ledger.add(("slope", i), len(z))
        return dz

    def _weight_gradient(self, i: int, inputs: list[Row], dz: list[Row]) -> None:
        """dW and db of layer i, and the update of its weights, neuron by neuron.

        Updated weights are computed and dropped: every pass starts from the same ones.
        """
        by_input, by_neuron = transposed(inputs), transposed(dz)
        zeros = [0.0] * len(by_input)
        self._db[i] = [sum(values) for values in by_neuron]
        updated(self._biases[i], self._db[i])
        self._ledger.add(("turn", i), len(dz) * (len(by_input) + len(by_neuron)))
        for start, columns in self._lists(i, self._weights[i].T, self._columns):
            rows = by_neuron[start : start + len(columns)]
            gradients: list[Row] = [[] for _ in rows]
            self._multiply(("dW", i), rows, by_input, zeros, gradients)
            for column, gradient in zip(columns, gradients, strict=True):
                updated(column, gradient)
            self._ledger.add(("update", i), len(rows) * len(by_input))
            began = perf_counter()
            self._dw[i][:, start : start + len(rows)] = np.array(gradients).T
            self._ledger.pause(began)

    def _lists(
        self, layer: int, matrix: NDArray[Any], kept: list[list[Row]] | None
    ) -> Iterator[tuple[int, list[Row]]]:
        """The rows of `matrix` as lists, a block at a time, with the number of the first one.

        All at once where they are kept; else a block is emptied when the next one is asked for.
        """
        if kept is not None:
            yield 0, kept[layer]
            return
        at_once = max(1, _BLOCK // matrix.shape[1])
        for start in range(0, len(matrix), at_once):
            began = perf_counter()
            rows = matrix[start : start + at_once].tolist()
            self._ledger.pause(began)
            yield start, rows
            began = perf_counter()
            rows.clear()  # letting a million floats go takes time as well
            self._ledger.pause(began)

    def _drop(self, *lists: Sequence[Row]) -> None:
        """Let go of rows that are used no more."""
        if not self._drops:
            return
        began = perf_counter()
        for rows in lists:
            if isinstance(rows, list):
                rows.clear()
        self._ledger.pause(began)

    def _multiply(
        self,
        key: Hashable,
        rows: Sequence[Row],
        columns: Sequence[Row],
        starts: Row,
        out: list[Row],
    ) -> None:
        """Append start + row · column for every column to the row's list in `out`."""
        length = len(columns[0])
        wide = max(1, min(len(columns), _STEP // length))
        high = max(1, _STEP // (length * wide))
        for j in range(0, len(columns), wide):
            part = list(zip(columns[j : j + wide], starts[j : j + wide], strict=True))
            for i in range(0, len(rows), high):
                some = rows[i : i + high]
                loops(some, part, out[i : i + high])
                self._ledger.add(key, len(some) * len(part) * length)


def make() -> PythonLoop:
    return PythonLoop()
