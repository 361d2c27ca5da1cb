"""A network that learns on an open GPU: weights stay there, and so do losses nobody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from time import perf_counter
from typing import SupportsFloat

import numpy as np

from mmviz.backends.base import Host
from mmviz.backends.learner import ANSWERED, LATER, STAGES, Stage
from mmviz.backends.webgpu import cells, layers
from mmviz.backends.webgpu.chain import Chain
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.ladder import Ladder
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.work import Group, batches
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.weights import Floats, Weights
from mmviz.core.shapes.network import Network

Batches = tuple[list[Step], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """All of a step of so many rows; parts: the same by stage."""

    x: Matrix
    target: Matrix
    whole: Batches
    parts: tuple[tuple[Stage, Batches], ...]


class WebgpuLearner:
    """See `learner.Learner`."""

    def __init__(
        self,
        device: Device,
        network: Network,
        begin: Weights,
        recipe: Recipe,
        dtype: str,
        variant: str = "auto",
    ) -> None:
        self.stages: dict[Stage, float] = dict.fromkeys(STAGES, 0.0)
        self._device, self._network, self._recipe, self._dtype = device, network, recipe, dtype
        self._names = [layer.activation for layer in network.layers]
        self._began, self._taught, self._asked = begin.step, 0, 0
        self._losses: Floats = np.zeros(LATER, np.float32)
        try:
            device.check(dtype)
            self._ladder = Ladder(device, dtype, variant)
            groups = begin.weights, begin.biases, begin.moving_weights, begin.moving_biases
            rooms = [[self._room(array) for array in group] for group in groups]
            self._w, self._b, self._vw, self._vb = rooms
            self._gradients = [
                (self._room(w), self._room(b))
                for w, b in zip(begin.weights, begin.biases, strict=True)
            ]
            self._told = device.matrix(1, LATER + 1, "float32")
            self._plans = {recipe.batch: self._plan(recipe.batch)}
            self._answering = self._forward(max(ANSWERED, recipe.batch))
            # drivers compile at the first step: one on nothing, before it knows what it begins with
            device.submit(*self._plans[recipe.batch].whole, *self._answering[2])
            device.wait()
            device.send(self._told, np.zeros((1, LATER + 1), np.float32))
            for group, room in zip(groups, rooms, strict=True):
                for array, matrix in zip(group, room, strict=True):
                    device.send(matrix, np.atleast_2d(array))
        except BaseException:
            device.close()
            raise

    @property
    def device_bytes(self) -> int:
        """Of the GPU's memory, as far as buffers go."""
        return self._device.bytes

    def teach(self, x: Host, target: Host, parted: bool = False) -> SupportsFloat:
        device, rows = self._device, len(x)
        if rows not in self._plans:
            self._plans[rows] = self._plan(rows)
        plan = self._plans[rows]
        device.send(plan.x, x)
        device.send(plan.target, target)
        if parted:
            device.wait()
            for stage, steps in plan.parts:
                began = perf_counter()
                device.submit(*steps)
                device.wait()
                wall = perf_counter() - began
                self.stages[stage] += device.clocked() or wall
        else:
            device.submit(*plan.whole)
        self._taught += 1
        return _Told(self, self._taught - 1)

    def loss(self, number: int) -> float:
        """Of one of the last LATER steps, counted from 0; those since the last question come with
        it.
        """
        if number >= self._asked:
            self._losses = self._device.download(self._told)[0, 1:]
            self._asked = self._taught
        return float(self._losses[number % LATER])

    def answer(self, x: Host) -> Host:
        a, output, steps = self._answering
        found = []
        for i in range(0, len(x), a.rows):
            part = x[i : i + a.rows]
            self._device.send(a, part)
            self._device.submit(*steps)
            found.append(self._device.download(output.cut(0, len(part))))
        return np.concatenate(found)

    def weights(self) -> Weights:
        flat = [self._device.download(b)[0] for b in (*self._b, *self._vb)]
        biases = tuple(b.astype(np.float32) for b in flat)
        count = len(self._b)
        return Weights(
            tuple(self._device.download(w).astype(np.float32) for w in self._w),
            biases[:count],
            tuple(self._device.download(v).astype(np.float32) for v in self._vw),
            biases[count:],
            self._began + self._taught,
        )

    def close(self) -> None:
        self._device.close()
        self.__dict__.clear()

    def _room(self, array: Floats) -> Matrix:
        rows, cols = np.atleast_2d(array).shape
        return self._device.matrix(rows, cols, self._dtype)

    def _chain(self, batch: int) -> Chain:
        return Chain(self._device, self._dtype, self._ladder, self._names, batch)

    def _forward(self, rows: int) -> tuple[Matrix, Matrix, Batches]:
        chain = self._chain(rows)
        x = self._device.matrix(rows, self._network.inputs, self._dtype)
        output = chain.forward(x, self._w, self._b, training=False).output
        return x, output, tuple(batches(chain.groups))

    def _plan(self, rows: int) -> _Plan:
        device, recipe, last = self._device, self._recipe, self._names[-1]
        chain = self._chain(recipe.batch)
        x = device.matrix(rows, self._network.inputs, self._dtype)
        forward = chain.forward(x, self._w, self._b, training=True)
        output, layer = forward.output, len(self._names) - 1
        target = device.matrix(rows, output.cols, self._dtype)
        each = device.matrix(rows, 1, "float32")
        chain.cells(
            "loss", layer, cells.loss(recipe.loss, last), (output, target), each, 1.0 / rows
        )
        kept = layers.kept_loss(device, each, self._told)
        chain.groups.append(Group("rest", layer, (kept,), stage="loss"))
        dz = chain.error(forward, target, direct=losses.is_direct(recipe.loss))

        def update(i: int) -> None:
            dw, db = self._gradients[i]
            for gradient, moving, weight, decay in (
                (dw, self._vw[i], self._w[i], recipe.decay),
                (db, self._vb[i], self._b[i], 0.0),
            ):
                constants = recipe.rate, recipe.momentum, decay
                chain.cells("update", i, cells.LEARN, (gradient, moving), weight, *constants)

        chain.backward(dz, self._w, forward, self._gradients, update)
        return _Plan(x, target, tuple(batches(chain.groups)), tuple(_by_stage(chain.groups)))


@dataclass(frozen=True, slots=True)
class _Told:
    """A loss that is still on the GPU."""

    of: WebgpuLearner
    number: int

    def __float__(self) -> float:
        return self.of.loss(self.number)


def _by_stage(groups: Sequence[Group]) -> list[tuple[Stage, Batches]]:
    return [
        (stage, tuple(batches(tuple(some))))
        for stage, some in groupby(groups, key=attrgetter("stage"))
    ]
