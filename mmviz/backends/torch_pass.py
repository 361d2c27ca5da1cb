"""A pass in PyTorch's own calls, every one with its output in place; no autograd among them.

Bias goes with the product (`addmm`), as PyTorch's own layers have it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host, What
from mmviz.backends.steps import Step
from mmviz.backends.torch_devices import Device
from mmviz.backends.torch_steps import Tensor, TorchSteps, on_host
from mmviz.core.learning.training import KEEPS_INPUT, LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network


class TorchPass(TorchSteps):
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
        a = self._sent(values.x, brought=True)
        weights = [self._sent(w) for w in values.weights]
        biases = [self._sent(b) for b in values.biases]
        inputs, kept = [], []
        for i, (layer, w, b) in enumerate(zip(network.layers, weights, biases, strict=True)):
            inputs.append(a)
            z = self._empty(len(a), layer.units)
            self._product("forward", i, a, w, z, bias=b)
            a = self._activate(i, layer.activation, z, training=target is not None)
            kept.append(z if layer.activation in KEEPS_INPUT else a)
        self._output, self._fetched = a, [a]
        self._gradients: dict[int, tuple[Tensor, Tensor]] = {}
        if target is not None:
            names = [layer.activation for layer in network.layers]
            self._backward(names, weights, biases, inputs, kept, self._sent(target))
        self.place(self._made)

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

    def _backward(
        self,
        names: list[str],
        weights: list[Tensor],
        biases: list[Tensor],
        inputs: list[Tensor],
        kept: list[Tensor],
        target: Tensor,
    ) -> None:
        torch, last = self._torch, len(names) - 1
        updated = self._empty(max(w.numel() for w in weights))
        error = self._empty(*target.shape)
        self._rest(last, torch.sub, self._output, target, out=error)
        self._rest(last, error.div_, len(target))
        # for a softmax the cross entropy leaves (A - T)/batch
        dz = error if names[-1] == "softmax" else self._slope(last, names[-1], error, kept[-1])
        for i in range(last, -1, -1):
            w, b = weights[i], biases[i]
            dw, db = self._empty(*w.shape), self._empty(len(b))
            self._gradients[i] = dw, db
            da = self._empty(len(dz), len(w)) if i > 0 else None
            if da is not None:
                self._product("dgrad", i, dz, w.T, da)
            self._product("wgrad", i, inputs[i].T, dz, dw)
            self._rest(i, torch.sum, dz, 0, out=db)
            for weight, gradient in ((w, dw), (b, db)):
                room = updated[: weight.numel()].view(weight.shape)
                self._rest(i, torch.add, weight, gradient, alpha=-LEARNING_RATE, out=room)
            if da is not None:
                dz = self._slope(i - 1, names[i - 1], da, kept[i - 1])

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
        self._made.append(Step("rest", layer, partial(call, *args, **named)))

    def _product(
        self, what: What, layer: int, a: Tensor, b: Tensor, out: Tensor, bias: Tensor = None
    ) -> None:
        self._made += self._multiply(what, layer, a, b, out, bias)
