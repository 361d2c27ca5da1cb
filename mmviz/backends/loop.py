"""Plain Python: loops over examples, neurons and inputs, as a first lesson writes them.

Numbers live in Python lists and are Python floats (64 bits), whatever the dtype of the values. A
weight in a list takes 32 bytes, so a large layer does not fit: its columns are turned into lists a
block at a time, used for every example, and dropped. Turning them is no part of the lesson, whose
weights are lists from the start, so the clock stands still meanwhile (`paused_s`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host
from mmviz.backends.loop_scalars import Row, activate_row, gradient_row, loss_gradient_row
from mmviz.core.network import Network
from mmviz.core.training import LEARNING_RATE
from mmviz.core.values import Values

_FLOAT_BYTES = 32  # a float object and the list's pointer to it
_BLOCK = 1_000_000  # weights held as lists at once: 32 MB
_STEP = 50_000  # multiply-adds between two looks at the clock: a few milliseconds


class PythonLoop:
    """Always there: it needs nothing but Python."""

    id = "loop"
    title = "Python for-loops"
    dtypes = ("float32", "float64")

    def check(self) -> None:
        """Nothing can be missing."""

    def warning(self, dtype: str) -> str | None:  # noqa: ARG002 - the same for every dtype
        return None

    def facts(self) -> dict[str, str]:
        return {}

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        """Lists of activations and one block of weights; in training all activations, gradients.

        `dtype` does not matter: a Python float is a Python float.
        """
        units = [layer.units for layer in network.layers]
        blocks = 2 * max(_BLOCK, *network.widths, *units)
        if not training:
            return _FLOAT_BYTES * (
                blocks + batch * (network.inputs + 3 * max(*network.widths, *units))
            )
        lists = batch * (2 * sum(network.widths) + sum(units) + 4 * max(*network.widths, *units))
        return _FLOAT_BYTES * (2 * blocks + lists) + 4 * network.parameters

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

    def __init__(
        self, network: Network, values: Values, target: NDArray[np.float32] | None
    ) -> None:
        batch, widths, layers = len(values.x), network.widths, network.layers
        self.paused_s = 0.0
        self._names = [layer.activation for layer in layers]
        self._weights, self._biases = values.weights, [b.tolist() for b in values.biases]
        self._x: list[Row] = values.x.tolist()
        self._target: list[Row] | None = None if target is None else target.tolist()
        self._output: list[Row] = []
        self._macs = batch * network.weights
        if target is not None:
            self._macs = 3 * self._macs - batch * widths[0] * layers[0].units
            self._dw = [np.empty(w.shape, np.float32) for w in values.weights]
            self._db: list[Row] = [[] for _ in layers]
        self._done = 0
        self._stop_at = UNLIMITED

    def run(self, budget_s: float = UNLIMITED) -> float:
        self._done = 0
        # paused seconds are taken off the clock, so the budget is one of computing alone
        self._stop_at = perf_counter() - self.paused_s + budget_s
        try:
            self._pass()
        except _OutOfTimeError:
            return self._done / self._macs
        return 1.0

    def output(self) -> Host:
        return np.array(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        return self._dw[layer], np.array(self._db[layer])

    def close(self) -> None:
        self.__dict__.clear()

    def _pass(self) -> None:
        a, inputs, sums = self._x, [], []
        for name, weights, bias in zip(self._names, self._weights, self._biases, strict=True):
            z: list[Row] = [[] for _ in a]
            for start, columns in self._lists(weights.T):
                self._multiply(a, columns, bias[start : start + len(columns)], z)
            if self._target is not None:
                inputs.append(a)
                sums.append(z)
            a = [activate_row(name, row) for row in z]
        self._output = a
        if self._target is not None:
            self._backward(inputs, sums, self._target)

    def _backward(self, inputs: list[list[Row]], sums: list[list[Row]], target: list[Row]) -> None:
        name, batch = self._names[-1], len(target)
        dz = [
            loss_gradient_row(name, a, wanted, z, batch)
            for a, wanted, z in zip(self._output, target, sums[-1], strict=True)
        ]
        for i in range(len(self._names) - 1, -1, -1):
            self._weight_gradient(i, inputs[i], dz)
            if i > 0:
                da: list[Row] = [[] for _ in dz]
                for _, rows in self._lists(self._weights[i]):
                    self._multiply(dz, rows, [0.0] * len(rows), da)
                pairs = zip(da, sums[i - 1], strict=True)
                dz = [gradient_row(self._names[i - 1], d, z) for d, z in pairs]

    def _weight_gradient(self, i: int, inputs: list[Row], dz: list[Row]) -> None:
        """dW and db of layer i, and the update of its weights, neuron by neuron.

        Updated weights are computed and dropped: every pass starts from the same ones.
        """
        by_input, by_neuron = _transposed(inputs), _transposed(dz)
        zeros = [0.0] * len(by_input)
        self._db[i] = [sum(values) for values in by_neuron]
        _updated(self._biases[i], self._db[i])
        for start, columns in self._lists(self._weights[i].T):
            rows = by_neuron[start : start + len(columns)]
            gradients: list[Row] = [[] for _ in rows]
            self._multiply(rows, by_input, zeros, gradients)
            for column, gradient in zip(columns, gradients, strict=True):
                _updated(column, gradient)
            began = perf_counter()
            self._dw[i][:, start : start + len(rows)] = np.array(gradients).T
            self.paused_s += perf_counter() - began

    def _lists(self, matrix: NDArray[Any]) -> Iterator[tuple[int, list[Row]]]:
        """The rows of `matrix` as lists, a block at a time, with the number of the first one.

        A block is emptied when the next one is asked for.
        """
        at_once = max(1, _BLOCK // matrix.shape[1])
        for start in range(0, len(matrix), at_once):
            began = perf_counter()
            rows = matrix[start : start + at_once].tolist()
            self.paused_s += perf_counter() - began
            yield start, rows
            began = perf_counter()
            rows.clear()  # letting a million floats go takes time as well
            self.paused_s += perf_counter() - began

    def _multiply(
        self,
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
                _loops(rows[i : i + high], part, out[i : i + high])
                self._done += len(rows[i : i + high]) * len(part) * length
                if self._done < self._macs and perf_counter() - self.paused_s > self._stop_at:
                    raise _OutOfTimeError


def _loops(rows: Sequence[Row], columns: Sequence[tuple[Row, float]], out: list[Row]) -> None:
    """The lesson itself; zip is the quick way to write `for i in range(inputs)`."""
    for row, sums in zip(rows, out, strict=True):
        for column, start in columns:
            total = start
            for x, w in zip(row, column, strict=True):
                total += x * w
            sums.append(total)


def _updated(weights: Row, gradients: Row) -> Row:
    """Stochastic gradient descent on the weights of one neuron."""
    return [w - LEARNING_RATE * g for w, g in zip(weights, gradients, strict=True)]


def _transposed(rows: list[Row]) -> list[Row]:
    return [list(column) for column in zip(*rows, strict=True)]


class _OutOfTimeError(Exception):
    """The budget is spent; the pass is left where it stands."""


def make() -> PythonLoop:
    return PythonLoop()
