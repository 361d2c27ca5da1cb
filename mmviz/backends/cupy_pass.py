"""A network's pass on a CUDA GPU: products of cuBLAS, and programs for all else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host, What
from mmviz.backends.cupy_gemm import Array
from mmviz.backends.cupy_steps import CupySteps
from mmviz.backends.steps import Step
from mmviz.core.learning.training import KEEPS_INPUT, LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network


class CupyPass(CupySteps):
    """See `base.Prepared`. Data stay on the GPU, so a pass is computing alone."""

    def __init__(
        self,
        cupy: Any,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
    ) -> None:
        super().__init__(cupy, dtype)
        with self._stream:
            self._place(network, values, target)
        self.record()

    def output(self) -> Host:
        return self.on_host(self._fetched[0])

    def gradient(self, layer: int) -> tuple[Host, Host]:
        dw, db = self._gradients[layer]
        return self.on_host(dw), self.on_host(db)[0]

    def _place(self, network: Network, values: Values, target: NDArray[np.float32] | None) -> None:
        a = self._sent(values.x, brought=True)
        weights = [self._sent(w) for w in values.weights]
        biases = [self._sent(b[None]) for b in values.biases]
        inputs, kept, training = [], [], target is not None
        for i, (layer, w, b) in enumerate(zip(network.layers, weights, biases, strict=True)):
            inputs.append(a)
            name = layer.activation
            z = self._empty(len(a), layer.units)
            self._multiply("forward", i, a, w, z)
            # A takes the place of Z where nobody needs that
            own = name in ("softmax", "swiglu") or (training and name in KEEPS_INPUT)
            a = self._empty(len(z), layer.outputs) if own else z
            self._rest(i, self._cells.bias(name, z, b, a, training=training))
            kept.append(z if name in KEEPS_INPUT else a)
        self._fetched = [a]
        self._gradients: dict[int, tuple[Array, Array]] = {}
        if target is not None:
            names = [layer.activation for layer in network.layers]
            self._backward(names, weights, biases, inputs, kept, self._sent(target))
        self.place(self._made)

    def _backward(
        self,
        names: list[str],
        weights: list[Array],
        biases: list[Array],
        inputs: list[Array],
        kept: list[Array],
        target: Array,
    ) -> None:
        cells, last, batch = self._cells, len(names) - 1, len(target)
        updated = self._empty(max(w.size for w in weights))
        ones = self._sent(np.ones((1, batch), np.float32))
        dz = self._empty(*target.shape)
        self._rest(last, cells.mix(self._fetched[0], target, dz, 1 / batch, -1 / batch))
        if names[-1] != "softmax":  # for which the cross entropy leaves (A - T)/batch
            dz = self._slope(last, names[-1], dz, kept[-1])
        for i in range(last, -1, -1):
            w, b = weights[i], biases[i]
            dw, db = self._empty(*w.shape), self._empty(*b.shape)
            self._gradients[i] = dw, db
            da = self._empty(batch, len(w)) if i > 0 else None
            if da is not None:
                self._multiply("dgrad", i, dz, w, da, b_transposed=True)
            self._multiply("wgrad", i, inputs[i], dz, dw, a_transposed=True)
            self._rest(i, self._blas.product(ones, dz, db))  # the sum of its rows
            for weight, gradient in ((w, dw), (b, db)):
                room = updated[: weight.size].reshape(weight.shape)
                self._rest(i, cells.mix(weight, gradient, room, 1.0, -LEARNING_RATE))
            if da is not None:
                dz = self._slope(i - 1, names[i - 1], da, kept[i - 1])

    def _slope(self, layer: int, name: str, da: Array, kept: Array) -> Array:
        """dZ from dA behind the activation `name`, in the place of dA where it fits."""
        if name == "linear":
            return da
        dz = self._empty(*kept.shape) if name == "swiglu" else da
        self._rest(layer, self._cells.slope(name, da, kept, dz))
        return dz

    def _multiply(
        self, what: What, layer: int, a: Array, b: Array, c: Array, **transposed: bool
    ) -> None:
        macs = a.size * (len(b) if transposed.get("b_transposed") else b.shape[1])
        self._made.append(Step(what, layer, self._blas.product(a, b, c, **transposed), macs))

    def _rest(self, layer: int, call: Any) -> None:
        self._made.append(Step("rest", layer, call))
