"""A network that learns on a CUDA GPU: products of cuBLAS, and programs for all else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np

from mmviz.backends.base import Host
from mmviz.backends.cupy_cells import from_stored, to_stored
from mmviz.backends.cupy_gemm import Array
from mmviz.backends.cupy_pass import CupyNetwork
from mmviz.backends.learner import ANSWERED, STAGES, Stage
from mmviz.backends.steps import Step, by_stage
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.weights import Floats, Weights
from mmviz.core.shapes.network import Network


@dataclass(frozen=True, slots=True)
class _Plan:
    """All of a step of so many rows."""

    x: Array
    target: Array
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A loss that is still on the GPU."""

    loss: Array
    stream: Any

    def __float__(self) -> float:
        with self.stream:
            return float(self.loss)


class CupyLearner(CupyNetwork):
    """See `learner.Learner`."""

    def __init__(
        self, cupy: Any, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> None:
        super().__init__(cupy, dtype)
        self.stages: dict[Stage, float] = dict.fromkeys(STAGES, 0.0)
        self._network, self._recipe, self._step = network, recipe, begin.step
        self._names = [layer.activation for layer in network.layers]
        self._wide = "float64" if dtype == "float64" else "float32"
        with self._stream:
            self._w = [self._sent(w) for w in begin.weights]
            self._b = [self._sent(b[None]) for b in begin.biases]
            self._vw = [self._sent(v) for v in begin.moving_weights]
            self._vb = [self._sent(v[None]) for v in begin.moving_biases]
            self._gradients = [(self._empty(*w.shape), self._empty(1, w.shape[1])) for w in self._w]
            self._plans = {recipe.batch: self._plan(recipe.batch)}
            self._answering = self._answered(max(ANSWERED, recipe.batch))

    def teach(self, x: Host, target: Host, parted: bool = False) -> SupportsFloat:
        with self._stream:
            if len(x) not in self._plans:
                self._plans[len(x)] = self._plan(len(x))
            plan = self._plans[len(x)]
            plan.x.set(to_stored(x, self._dtype))
            plan.target.set(to_stored(target, self._dtype))
            if parted:
                for stage, calls in by_stage(plan.steps):
                    self.stages[stage] += self.clocked(*calls)
            else:
                for step in plan.steps:
                    step.do()
        self._step += 1
        return _Told(self._loss, self._stream)

    def answer(self, x: Host) -> Host:
        a, output, steps = self._answering
        found = []
        for i in range(0, len(x), len(a)):
            part = x[i : i + len(a)]
            with self._stream:
                a[: len(part)].set(to_stored(part, self._dtype))
                for step in steps:
                    step.do()
            found.append(self.on_host(output[: len(part)]))
        return np.concatenate(found)

    def weights(self) -> Weights:
        w, b, vw, vb = (
            tuple(map(self._copied, group)) for group in (self._w, self._b, self._vw, self._vb)
        )
        return Weights(w, tuple(x[0] for x in b), vw, tuple(x[0] for x in vb), self._step)

    def _copied(self, array: Array) -> Floats:
        return np.array(self.on_host(array), np.float32)

    def _answered(self, rows: int) -> tuple[Array, Array, tuple[Step, ...]]:
        self._made = []
        x = self._empty(rows, self._network.inputs)
        x.fill(0)  # rows that nobody asked for are computed as well
        output = self._forward(self._names, x, self._w, self._b, training=False)[2]
        return x, output, tuple(self._made)

    def _plan(self, rows: int) -> _Plan:
        self._made = []
        names, loss = self._names, self._recipe.loss
        x = self._empty(rows, self._network.inputs)
        inputs, kept, output = self._forward(names, x, self._w, self._b, training=True)
        target = self._empty(*output.shape)
        self._stage = "loss"
        self._rest(len(names) - 1, lambda: self._tell(output, target))
        direct = losses.is_direct(loss)
        dz = self._error(names, output, target, kept[-1], direct=direct)
        self._backward(names, dz, self._w, inputs, kept, self._gradients, self._update)
        return _Plan(x, target, tuple(self._made))

    def _update(self, i: int) -> None:
        """See `core.learning.descent.update`."""
        mix, recipe, (dw, db) = self._cells.mix, self._recipe, self._gradients[i]
        for weight, gradient, moving, decay in (
            (self._w[i], dw, self._vw[i], recipe.decay),
            (self._b[i], db, self._vb[i], 0.0),
        ):
            if decay:
                self._rest(i, mix(gradient, weight, gradient, 1.0, decay))
            self._rest(i, mix(moving, gradient, moving, recipe.momentum, -recipe.rate))
            self._rest(i, mix(weight, moving, weight, 1.0, 1.0))

    def _tell(self, output: Array, target: Array) -> None:
        a, t = (
            from_stored(x, self._dtype).astype(self._wide, copy=False) for x in (output, target)
        )
        self._loss = losses.value(self._recipe.loss, self._names[-1], a, t, self._cupy)
