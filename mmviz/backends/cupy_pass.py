"""A network's pass on a CUDA GPU: products of cuBLAS, and programs for all else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host, What
from mmviz.backends.cupy_gemm import Array, Multiplies
from mmviz.backends.cupy_steps import CupySteps
from mmviz.backends.steps import Step
from mmviz.core.learning.training import LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import KEEPS_INPUT, Network


class CupyNetwork(CupySteps):
    """Puts down the steps of a network, layer by layer, in the order they are computed."""

    def _forward(
        self,
        names: list[str],
        a: Array,
        weights: list[Array],
        biases: list[Array],
        *,
        training: bool,
    ) -> tuple[list[Array], list[Array], Array]:
        """Each layer's input, what the slope of its activation needs, and the output."""
        self._stage = "forward"
        inputs, kept = [], []
        for i, (name, w, b) in enumerate(zip(names, weights, biases, strict=True)):
            inputs.append(a)
            z = self._empty(len(a), w.shape[1])
            self._multiply("forward", i, a, w, z)
            # A takes the place of Z where nobody needs that
            own = name in ("softmax", "swiglu") or (training and name in KEEPS_INPUT)
            outputs = z.shape[1] // 2 if name == "swiglu" else z.shape[1]
            a = self._empty(len(z), outputs) if own else z
            self._rest(i, self._cells.bias(name, z, b, a, training=training))
            kept.append(z if name in KEEPS_INPUT else a)
        return inputs, kept, a

    def _error(
        self, names: list[str], output: Array, target: Array, kept: Array, *, direct: bool
    ) -> Array:
        """dZ of the last layer, from (A - T)/batch; direct: the loss leaves no slope to it."""
        self._stage, last, batch = "loss", len(names) - 1, len(target)
        dz = self._empty(*target.shape)
        self._rest(last, self._cells.mix(output, target, dz, 1 / batch, -1 / batch))
        return dz if direct else self._slope(last, names[-1], dz, kept)

    def _backward(
        self,
        names: list[str],
        dz: Array,
        weights: list[Array],
        inputs: list[Array],
        kept: list[Array],
        gradients: Sequence[tuple[Array, Array]],
        update: Callable[[int], None],
    ) -> None:
        """From the last layer to the first; update: puts down what is done with layer i's
        gradients, after which its weights are not read again.
        """
        ones = self._sent(np.ones((1, len(dz)), np.float32))
        for i in range(len(names) - 1, -1, -1):
            w, (dw, db) = weights[i], gradients[i]
            da = self._empty(len(dz), len(w)) if i > 0 else None
            if da is not None:
                self._stage = "dgrad"
                self._multiply("dgrad", i, dz, w, da, b_transposed=True)
            self._stage = "wgrad"
            self._multiply("wgrad", i, inputs[i], dz, dw, a_transposed=True)
            self._rest(i, self._blas.product(ones, dz, db))  # the sum of its rows
            self._stage = "update"
            update(i)
            if da is not None:
                self._stage = "dgrad"
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
        do = self._products.product(a, b, c, **transposed)
        self._made.append(Step(what, layer, do, macs, self._stage))

    def _rest(self, layer: int, call: Any) -> None:
        self._made.append(Step("rest", layer, call, stage=self._stage))


class CupyPass(CupyNetwork):
    """See `base.Prepared`. Data stay on the GPU, so a pass is computing alone."""

    def __init__(
        self,
        cupy: Any,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        products: Multiplies | None = None,
    ) -> None:
        super().__init__(cupy, dtype, products)
        with self._stream:
            self._place(network, values, target)
        self.record()

    def output(self) -> Host:
        return self.on_host(self._fetched[0])

    def gradient(self, layer: int) -> tuple[Host, Host]:
        dw, db = self._gradients[layer]
        return self.on_host(dw), self.on_host(db)[0]

    def _place(self, network: Network, values: Values, target: NDArray[np.float32] | None) -> None:
        names = [layer.activation for layer in network.layers]
        x = self._sent(values.x, brought=True)
        weights = [self._sent(w) for w in values.weights]
        biases = [self._sent(b[None]) for b in values.biases]
        training = target is not None
        inputs, kept, a = self._forward(names, x, weights, biases, training=training)
        self._fetched = [a]
        if target is not None:
            updated = self._empty(max(w.size for w in weights))
            self._gradients = [(self._empty(*w.shape), self._empty(1, w.shape[1])) for w in weights]

            def update(i: int) -> None:
                pairs = zip((weights[i], biases[i]), self._gradients[i], strict=True)
                for weight, gradient in pairs:
                    room = updated[: weight.size].reshape(weight.shape)
                    self._rest(i, self._cells.mix(weight, gradient, room, 1.0, -LEARNING_RATE))

            # for a softmax the cross entropy leaves (A - T)/batch
            direct = names[-1] == "softmax"
            dz = self._error(names, a, self._sent(target), kept[-1], direct=direct)
            self._backward(names, dz, weights, inputs, kept, self._gradients, update)
        self.place(self._made)
