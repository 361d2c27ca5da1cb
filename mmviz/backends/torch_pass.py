"""A pass in PyTorch's own calls, every one with its output in place; no autograd among them.

Bias goes with the product (`addmm`), as PyTorch's own layers have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host, What
from mmviz.backends.steps import Step
from mmviz.backends.torch_devices import Device
from mmviz.backends.torch_steps import Tensor, TorchSteps, on_host
from mmviz.core.learning.training import LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import KEEPS_INPUT, Network


class TorchNetwork(TorchSteps):
    """Puts down the steps of a network, layer by layer, in the order they are computed."""

    def _forward(
        self,
        names: list[str],
        a: Tensor,
        weights: list[Tensor],
        biases: list[Tensor],
        *,
        training: bool,
    ) -> tuple[list[Tensor], list[Tensor], Tensor]:
        """Each layer's input, what the slope of its activation needs, and the output."""
        self._stage = "forward"
        inputs, kept = [], []
        for i, (name, w, b) in enumerate(zip(names, weights, biases, strict=True)):
            inputs.append(a)
            z = self._empty(len(a), w.shape[1])
            self._product("forward", i, a, w, z, bias=b)
            a = self._activate(i, name, z, training=training)
            kept.append(z if name in KEEPS_INPUT else a)
        return inputs, kept, a

    def _error(
        self, names: list[str], output: Tensor, target: Tensor, kept: Tensor, *, direct: bool
    ) -> Tensor:
        """dZ of the last layer, from (A - T)/batch; direct: the loss leaves no slope to it."""
        self._stage, last = "loss", len(names) - 1
        error = self._empty(*target.shape)
        self._rest(last, self._torch.sub, output, target, out=error)
        self._rest(last, error.div_, len(target))
        return error if direct else self._slope(last, names[-1], error, kept)

    def _backward(
        self,
        names: list[str],
        dz: Tensor,
        weights: list[Tensor],
        inputs: list[Tensor],
        kept: list[Tensor],
        gradients: Sequence[tuple[Tensor, Tensor]],
        update: Callable[[int], None],
    ) -> None:
        """From the last layer to the first; update: puts down what is done with layer i's
        gradients, after which its weights are not read again.
        """
        for i in range(len(names) - 1, -1, -1):
            w, (dw, db) = weights[i], gradients[i]
            da = self._empty(len(dz), len(w)) if i > 0 else None
            if da is not None:
                self._stage = "dgrad"
                self._product("dgrad", i, dz, w.T, da)
            self._stage = "wgrad"
            self._product("wgrad", i, inputs[i].T, dz, dw)
            self._rest(i, self._torch.sum, dz, 0, out=db)
            self._stage = "update"
            update(i)
            if da is not None:
                self._stage = "dgrad"
                dz = self._slope(i - 1, names[i - 1], da, kept[i - 1])

    def _activate(self, layer: int, name: str, z: Tensor, *, training: bool) -> Tensor:
        """The layer's A: in the place of Z where nobody needs that."""
        torch, aten = self._torch, self._aten
        if name == "linear":
            return z
        keeps = name in KEEPS_INPUT and training
        a = z
        if keeps or name in ("swiglu", "softmax"):
            a = self._empty(len(z), z.shape[1] // 2 if name == "swiglu" else z.shape[1])
        do = partial(self._rest, layer)
        if name == "relu":
            do(torch.relu_, z)
        elif name in ("sigmoid", "tanh"):
            do(getattr(torch, name), z, out=a)
        elif name == "gelu":
            do(aten.gelu.out, z, approximate="tanh", out=a)
        elif name == "silu":
            do(aten.silu.out, z, out=a)
        elif name == "softmax":
            do(aten._softmax.out, z, 1, False, out=a)
        elif name == "swiglu":
            gate, other = z.chunk(2, 1)
            do(aten.silu.out, gate, out=a)
            do(a.mul_, other)
        else:
            raise ValueError(f"no activation {name!r}")
        return a

    def _slope(self, layer: int, name: str, da: Tensor, kept: Tensor) -> Tensor:
        """dZ from dA behind the activation `name`, in the place of dA where it fits."""
        aten, do = self._aten, partial(self._rest, layer)
        if name == "relu":
            do(aten.threshold_backward.grad_input, da, kept, 0, grad_input=da)
        elif name in ("sigmoid", "tanh"):
            do(getattr(aten, f"{name}_backward").grad_input, da, kept, grad_input=da)
        elif name == "gelu":
            do(aten.gelu_backward.grad_input, da, kept, approximate="tanh", grad_input=da)
        elif name == "silu":
            do(aten.silu_backward.grad_input, da, kept, grad_input=da)
        elif name == "softmax":
            dz = self._empty(*da.shape)
            do(aten._softmax_backward_data.out, da, kept, 1, da.dtype, grad_input=dz)
            return dz
        elif name == "swiglu":
            dz = self._empty(*kept.shape)
            (gate, other), (d_gate, d_other) = kept.chunk(2, 1), dz.chunk(2, 1)
            do(self._torch.mul, da, other, out=d_gate)
            do(aten.silu_backward.grad_input, d_gate, gate, grad_input=d_gate)
            do(aten.silu.out, gate, out=d_other)
            do(d_other.mul_, da)
            return dz
        return da

    def _rest(self, layer: int, call: Any, *args: Any, **named: Any) -> None:
        do = partial(call, *args, **named)
        self._made.append(Step("rest", layer, do, stage=self._stage))

    def _product(
        self, what: What, layer: int, a: Tensor, b: Tensor, out: Tensor, bias: Tensor = None
    ) -> None:
        self._made += self._multiply(what, layer, a, b, out, bias)


class TorchPass(TorchNetwork):
    """See `base.Prepared`. Data stay on the device, so a pass is computing alone."""

    def __init__(
        self,
        torch: Any,
        device: Device,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
    ) -> None:
        super().__init__(torch, device, dtype)
        with self._room():
            self._place(network, values, target)

    def output(self) -> Host:
        return on_host(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        dw, db = self._gradients[layer]
        return on_host(dw), on_host(db)

    def _place(self, network: Network, values: Values, target: NDArray[np.float32] | None) -> None:
        names = [layer.activation for layer in network.layers]
        x = self._sent(values.x, brought=True)
        weights = [self._sent(w) for w in values.weights]
        biases = [self._sent(b) for b in values.biases]
        training = target is not None
        inputs, kept, a = self._forward(names, x, weights, biases, training=training)
        self._output, self._fetched = a, [a]
        if target is not None:
            updated = self._empty(max(w.numel() for w in weights))
            self._gradients = [(self._empty(*w.shape), self._empty(w.shape[1])) for w in weights]

            def update(i: int) -> None:
                pairs = zip((weights[i], biases[i]), self._gradients[i], strict=True)
                for weight, gradient in pairs:
                    room = updated[: weight.numel()].view(weight.shape)
                    self._rest(i, self._torch.add, weight, gradient, alpha=-LEARNING_RATE, out=room)

            # for a softmax the cross entropy leaves (A - T)/batch
            direct = names[-1] == "softmax"
            dz = self._error(names, a, self._sent(target), kept[-1], direct=direct)
            self._backward(names, dz, weights, inputs, kept, self._gradients, update)
        self.place(self._made)
