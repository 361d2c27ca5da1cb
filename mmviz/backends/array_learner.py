"""Learning on whole arrays, for every array module: the very products of the strip, and an update.

forward A·W, then backwards dgrad dZ·Wᵀ (but for the first layer) and wgrad Aᵀ·dZ of each layer.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, SupportsFloat

import numpy as np

from mmviz.backends.base import Host
from mmviz.backends.learner import STAGES, Stage
from mmviz.core.learning import losses
from mmviz.core.learning.activations import Array, activate
from mmviz.core.learning.descent import Recipe, update
from mmviz.core.learning.training import activation_gradient
from mmviz.core.learning.weights import Floats, Weights
from mmviz.core.shapes.network import KEEPS_INPUT, Network


class ArrayLearner:
    """See `learner.Learner`. `synchronize` waits for the device, `to_host` copies from it."""

    def __init__(
        self,
        network: Network,
        begin: Weights,
        recipe: Recipe,
        dtype: str,
        *,
        xp: Any,
        synchronize: Callable[[], object],
        to_host: Callable[[Array], Host],
    ) -> None:
        self._xp, self._synchronize, self._to_host = xp, synchronize, to_host
        self._recipe, self._dtype, self._step = recipe, dtype, begin.step
        self._wide = "float32" if dtype == "float16" else dtype
        self._names = [layer.activation for layer in network.layers]
        self._w = [xp.array(w, dtype=dtype) for w in begin.weights]
        self._b = [xp.array(b, dtype=dtype) for b in begin.biases]
        self._vw = [xp.array(v, dtype=dtype) for v in begin.moving_weights]
        self._vb = [xp.array(v, dtype=dtype) for v in begin.moving_biases]
        self._dw = [xp.empty_like(w) for w in self._w]
        self._db = [xp.empty_like(b) for b in self._b]
        rows, outputs = recipe.batch, network.layers[-1].outputs
        self._x = xp.empty((rows, network.inputs), dtype=dtype)
        self._target = xp.empty((rows, outputs), dtype=dtype)
        self._z = [xp.empty((rows, layer.units), dtype=dtype) for layer in network.layers]
        self._da = [xp.empty((rows, width), dtype=dtype) for width in network.widths[1:-1]]
        self.stages: dict[Stage, float] = dict.fromkeys(STAGES, 0.0)
        self._mark: float | None = None

    def teach(self, x: Host, target: Host, parted: bool = False) -> SupportsFloat:
        xp, rows = self._xp, len(x)
        self._x[:rows], self._target[:rows] = xp.asarray(x), xp.asarray(target)
        aim = self._target[:rows]
        self._begin(parted)
        inputs, kept, a = self._forward(self._x[:rows])
        self._spent("forward")
        wide = a.astype(self._wide, copy=False), aim.astype(self._wide, copy=False)
        loss: SupportsFloat = losses.value(self._recipe.loss, self._names[-1], *wide, xp)
        dz = losses.gradient(self._recipe.loss, self._names[-1], a, aim, kept[-1], xp)
        self._spent("loss")
        self._backward(dz, inputs, kept)
        recipe = self._recipe
        for w, dw, vw, b, db, vb in zip(
            self._w, self._dw, self._vw, self._b, self._db, self._vb, strict=True
        ):
            update(w, dw, vw, recipe, decay=True)
            update(b, db, vb, recipe, decay=False)
        self._spent("update")
        self._step += 1
        return loss

    def answer(self, x: Host) -> Host:
        self._mark = None
        rows = len(self._x)
        found = []
        for i in range(0, len(x), rows):
            part = x[i : i + rows]
            self._x[: len(part)] = self._xp.asarray(part)
            found.append(self._to_host(self._forward(self._x[: len(part)])[2]).copy())
        return np.concatenate(found)

    def weights(self) -> Weights:
        return Weights(
            self._copies(self._w),
            self._copies(self._b),
            self._copies(self._vw),
            self._copies(self._vb),
            self._step,
        )

    def close(self) -> None:
        self.__dict__.clear()

    def _copies(self, arrays: list[Array]) -> tuple[Floats, ...]:
        return tuple(np.array(self._to_host(array), np.float32) for array in arrays)

    def _forward(self, a: Array) -> tuple[list[Array], list[Array], Array]:
        """Each layer's input, what the slope of its activation needs, and the output."""
        xp, rows = self._xp, len(a)
        inputs, kept = [], []
        for name, w, b, whole in zip(self._names, self._w, self._b, self._z, strict=True):
            z = whole[:rows]
            xp.matmul(a, w, out=z)
            z += b
            inputs.append(a)
            a = activate(name, z, xp)
            kept.append(z if name in KEEPS_INPUT else a)
        return inputs, kept, a

    def _backward(self, dz: Array, inputs: list[Array], kept: list[Array]) -> None:
        xp, rows = self._xp, len(dz)
        for i in range(len(self._w) - 1, -1, -1):
            da = self._da[i - 1][:rows] if i > 0 else None
            if da is not None:
                xp.matmul(dz, self._w[i].T, out=da)
                self._spent("dgrad")
            xp.matmul(inputs[i].T, dz, out=self._dw[i])
            dz.sum(axis=0, out=self._db[i])
            self._spent("wgrad")
            if da is not None:
                dz = activation_gradient(self._names[i - 1], da, kept[i - 1], xp)
                self._spent("dgrad")

    def _begin(self, parted: bool) -> None:
        self._mark = None
        if parted:
            self._synchronize()
            self._mark = perf_counter()

    def _spent(self, stage: Stage) -> None:
        if self._mark is not None:
            self._synchronize()
            now = perf_counter()
            self.stages[stage] += now - self._mark
            self._mark = now
