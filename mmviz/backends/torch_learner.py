"""A network that learns in PyTorch's own calls; no autograd among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, SupportsFloat

import numpy as np

from mmviz.backends.base import Host
from mmviz.backends.learner import ANSWERED, STAGES, Stage
from mmviz.backends.steps import Step, by_stage
from mmviz.backends.torch_devices import Device
from mmviz.backends.torch_pass import TorchNetwork
from mmviz.backends.torch_steps import Tensor, on_host
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe, update
from mmviz.core.learning.weights import Floats, Weights
from mmviz.core.shapes.network import Network


@dataclass(frozen=True, slots=True)
class _Plan:
    """All of a step of so many rows."""

    x: Tensor
    target: Tensor
    steps: tuple[Step, ...]


class TorchLearner(TorchNetwork):
    """See `learner.Learner`."""

    def __init__(
        self,
        torch: Any,
        device: Device,
        network: Network,
        begin: Weights,
        recipe: Recipe,
        dtype: str,
    ) -> None:
        super().__init__(torch, device, dtype)
        self.stages: dict[Stage, float] = dict.fromkeys(STAGES, 0.0)
        self._network, self._recipe, self._step = network, recipe, begin.step
        self._names = [layer.activation for layer in network.layers]
        self._wide = torch.float64 if self._type == torch.float64 else torch.float32
        with self._room():
            self._w = [self._sent(w.copy()) for w in begin.weights]
            self._b = [self._sent(b.copy()) for b in begin.biases]
            self._vw = [self._sent(v.copy()) for v in begin.moving_weights]
            self._vb = [self._sent(v.copy()) for v in begin.moving_biases]
            self._gradients = [(self._empty(*w.shape), self._empty(w.shape[1])) for w in self._w]
            self._plans = {recipe.batch: self._plan(recipe.batch)}
            self._answering = self._answered(max(ANSWERED, recipe.batch))

    def teach(self, x: Host, target: Host, parted: bool = False) -> SupportsFloat:
        with self._way, self._room():
            if len(x) not in self._plans:
                self._plans[len(x)] = self._plan(len(x))
            plan = self._plans[len(x)]
            plan.x.copy_(self._here(x))
            plan.target.copy_(self._here(target))
            if parted:
                for stage, calls in by_stage(plan.steps):
                    self.stages[stage] += self.clocked(*calls)
            else:
                for step in plan.steps:
                    step.do()
        self._step += 1
        told: SupportsFloat = self._loss
        return told

    def answer(self, x: Host) -> Host:
        a, output, steps = self._answering
        found = []
        with self._way:
            for i in range(0, len(x), len(a)):
                part = x[i : i + len(a)]
                a[: len(part)].copy_(self._here(part))
                for step in steps:
                    step.do()
                found.append(on_host(output[: len(part)]).copy())
        return np.concatenate(found)

    def weights(self) -> Weights:
        groups = self._w, self._b, self._vw, self._vb
        w, b, vw, vb = (tuple(map(_copied, group)) for group in groups)
        return Weights(w, b, vw, vb, self._step)

    def _here(self, array: Host) -> Tensor:
        """PyTorch warns of what it may not write."""
        return self._torch.from_numpy(np.require(array, requirements=["C", "W"]))

    def _answered(self, rows: int) -> tuple[Tensor, Tensor, tuple[Step, ...]]:
        self._made = []
        x = self._empty(rows, self._network.inputs)
        output = self._forward(self._names, x, self._w, self._b, training=False)[2]
        return x, output, tuple(self._made)

    def _plan(self, rows: int) -> _Plan:
        self._made = []
        names, loss = self._names, self._recipe.loss
        x = self._empty(rows, self._network.inputs)
        inputs, kept, output = self._forward(names, x, self._w, self._b, training=True)
        target = self._empty(*output.shape)
        self._stage = "loss"
        self._rest(len(names) - 1, self._tell, output, target)
        direct = losses.is_direct(loss)
        dz = self._error(names, output, target, kept[-1], direct=direct)
        self._backward(names, dz, self._w, inputs, kept, self._gradients, self._update)
        return _Plan(x, target, tuple(self._made))

    def _update(self, i: int) -> None:
        (dw, db), recipe = self._gradients[i], self._recipe
        self._rest(i, partial(update, decay=True), self._w[i], dw, self._vw[i], recipe)
        self._rest(i, partial(update, decay=False), self._b[i], db, self._vb[i], recipe)

    def _tell(self, output: Tensor, target: Tensor) -> None:
        wide = output.to(self._wide), target.to(self._wide)
        self._loss = losses.value(self._recipe.loss, self._names[-1], *wide, self._torch)


def _copied(tensor: Tensor) -> Floats:
    return np.array(on_host(tensor), np.float32)
