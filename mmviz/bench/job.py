"""What is computed at one batch of a plan, whatever it is: made ready by each backend, then
compared with float64.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Backend, Prepared, PreparedProducts, Ready
from mmviz.bench.memory import CHECKED_FLOP
from mmviz.bench.plan import BenchPlan
from mmviz.bench.precision import gradient_floor, output_deviation
from mmviz.core.learning.deviation import quantized_output, quantized_rows
from mmviz.core.learning.operands import (
    affordable_rows,
    make_operands,
    reference_rows,
    sampled_rows,
)
from mmviz.core.learning.training import (
    REFERENCE_ROWS,
    affordable_layers,
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products

Errors = dict[str, float]

_MOST_CELLS = 8_000_000  # of a layer that are quantized for the check: 64 MB


class Job(Protocol):
    """One pass of a network or of a list, with its numbers."""

    def prepare(self, name: str, backend: Backend, dtype: str) -> Ready:
        """Made ready by that backend; raises as `Backend.prepare` does."""
        ...

    def errors(self, names: Iterable[str]) -> Errors:
        """The largest deviation from float64 of each of these, after a whole pass of it.

        In a narrow format from float64 of the quantized operands: quantizing is no fault.
        """
        ...


def job_of(plan: BenchPlan, batch: int) -> Job:
    """What the plan computes at this batch; its numbers are made. Raises MemoryError."""
    network = plan.network.layered
    if network is not None:
        return PassJob(network, batch, plan.training, plan.seed, plan.dtype)
    return ListJob(Products(plan.network.name, plan.network.lower()), plan.seed, plan.dtype)


class PassJob:
    """A pass of a network."""

    def __init__(self, network: Network, batch: int, training: bool, seed: int, dtype: str) -> None:
        self._network, self._batch, self._dtype = network, batch, dtype
        self._values = make_values(network, batch, seed)
        self._target = make_target(network, batch, seed) if training else None
        self._prepared: dict[str, Prepared] = {}

    def prepare(self, name: str, backend: Backend, dtype: str) -> Ready:
        made = backend.prepare(self._network, self._values, dtype, self._target)
        self._prepared[name] = made
        return made

    def errors(self, names: Iterable[str]) -> Errors:
        """Of the output; in training of the gradients, too, of as many layers as can be done."""
        network, found = self._network, dict[str, float]()
        exact = self._exact()
        for name in names:
            found[name] = output_deviation(network, self._prepared[name].output(), exact)
        if self._target is not None:
            floor = gradient_floor(exact, self._target, self._batch)
            self._add_gradients(self._target, floor, found)
        return found

    def _exact(self) -> NDArray[np.float64]:
        """float8 has one scale for the activations of all examples: as many are computed as can be
        afforded, since those of a sample would have a scale of their own.
        """
        network, values, dtype = self._network, self._values, self._dtype
        if dtype not in NARROW:
            return reference_output(network, values)
        rows = REFERENCE_ROWS
        if dtype != "int8" and 2 * self._batch * network.weights <= CHECKED_FLOP:
            widest = max(*network.widths, *(layer.units for layer in network.layers))
            rows = max(rows, _MOST_CELLS // widest)
        return quantized_output(network, values, dtype, min(self._batch, rows))

    def _add_gradients(self, target: NDArray[np.float32], floor: float, found: Errors) -> None:
        network, values = self._network, self._values
        layers = affordable_layers(network, self._batch, CHECKED_FLOP)
        if layers == 0:
            return
        for layer, dW, db in reference_gradients(network, values, target, layers):
            for name in found:
                weights, biases = self._prepared[name].gradient(layer)
                error = max(deviation(weights, dW, floor), deviation(biases, db, floor))
                found[name] = max(found[name], error)


class ListJob:
    """A list of products."""

    def __init__(self, products: Products, seed: int, dtype: str) -> None:
        self._dtype = dtype
        self._products, self._operands = products, make_operands(products, seed)
        self._prepared: dict[str, PreparedProducts] = {}

    def prepare(self, name: str, backend: Backend, dtype: str) -> Ready:
        made = backend.prepare_products(self._products, self._operands, dtype)
        self._prepared[name] = made
        return made

    def errors(self, names: Iterable[str]) -> Errors:
        """Of sampled rows of every product."""
        found = dict.fromkeys(names, 0.0)
        most = affordable_rows(self._products, CHECKED_FLOP)
        for number, gemm in enumerate(self._products.gemms):
            rows = sampled_rows(gemm, most)
            if self._dtype in NARROW:
                exact = quantized_rows(self._operands, number, rows, self._dtype)
            else:
                exact = reference_rows(self._operands, number, rows)
            for name in found:
                # one at a time: a GPU's result is copied from it
                actual = self._prepared[name].product(number).reshape(-1, gemm.n)[rows]
                found[name] = max(found[name], deviation(actual, exact))
        return found
