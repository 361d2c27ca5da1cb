"""One training pass as mathematics: losses, gradients, the operands of each product.

With A0 = X, Z_i = A_{i-1}·W_i + b_i and A_i = act(Z_i), backwards from dZ_n:
dW_i = A_{i-1}ᵀ·dZ_i, db_i = sum of the rows of dZ_i, dA_{i-1} = dZ_i·W_iᵀ (for i >= 2 only),
dZ_i = dA_i ⊙ act'(Z_i): 3n - 1 products for n layers (Rumelhart, Hinton, Williams, 1986).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.activations import Array, activate, sigmoid
from mmviz.core.learning.values import SEED, Values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import KEEPS_INPUT, Network

Float64 = NDArray[np.float64]

LEARNING_RATE = 1e-3
REFERENCE_ROWS = 256  # rows of the output compared with float64; tells the precision as well as all
_BLOCK = 8_000_000  # weights cast to float64 at once: 64 MB
_SQRT_2_OVER_PI = 0.7978845608028654


def make_target(network: Network, batch: int, seed: int = SEED) -> NDArray[np.float32]:
    """What the network should have answered, [batch × outputs], drawn at random.

    One class a row (one-hot) where the last layer is a softmax, else normal numbers. The stream is
    none of those `make_values` draws from.
    """
    random = np.random.Generator(np.random.SFC64(np.random.SeedSequence((seed, 1))))
    last = network.layers[-1]
    if last.activation != "softmax":
        return random.standard_normal((batch, last.outputs), np.float32)
    target = np.zeros((batch, last.outputs), np.float32)
    target[np.arange(batch), random.integers(0, last.outputs, batch)] = 1
    return target


def loss(network: Network, output: Float64, target: Array) -> float:
    """Mean over the batch of the cross entropy (softmax) or of half the squared error (others)."""
    batch = len(output)
    if network.layers[-1].activation == "softmax":
        return -float(np.log(output[target > 0]).sum()) / batch
    return 0.5 * float(np.square(output - target).sum()) / batch


def output_gradient(name: str, output: Array, target: Array, kept: Array, xp: Any) -> Array:
    """dZ of the last layer, [batch × units], for the loss that belongs to its activation `name`.

    For a softmax the cross entropy leaves (A - T)/batch; else act'(Z) ⊙ (A - T)/batch.
    """
    error = (output - target) / len(output)
    return error if name == "softmax" else activation_gradient(name, error, kept, xp)


def activation_gradient(name: str, dA: Array, kept: Array, xp: Any) -> Array:
    """dZ [batch × units] from dA [batch × outputs] behind the activation `name`.

    `kept` is what the forward pass kept of this layer: Z for those in KEEPS_INPUT, else A.
    """
    if name == "linear":
        return dA
    if name == "relu":
        return dA * (kept > 0)
    if name == "sigmoid":
        return dA * kept * (1 - kept)
    if name == "tanh":
        return dA * (1 - kept * kept)
    if name == "softmax":
        return kept * (dA - (dA * kept).sum(axis=1, keepdims=True))
    if name == "gelu":
        return dA * _gelu_slope(kept, xp)
    if name == "silu":
        return dA * _silu_slope(kept, xp)
    if name == "swiglu":
        half = kept.shape[1] // 2
        gate, other = kept[:, :half], kept[:, half:]
        d_gate = dA * other * _silu_slope(gate, xp)
        return xp.concatenate((d_gate, dA * gate * sigmoid(gate, xp)), axis=1)
    raise ValueError(f"no activation {name!r}")


def _silu_slope(z: Array, xp: Any) -> Array:
    s = sigmoid(z, xp)
    return s * (1 + z * (1 - s))


def _gelu_slope(z: Array, xp: Any) -> Array:
    t = xp.tanh(_SQRT_2_OVER_PI * (z + 0.044715 * z * z * z))
    return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * _SQRT_2_OVER_PI * (1 + 0.134145 * z * z)


@dataclass(frozen=True, slots=True, eq=False)
class _Forward:
    """float64: inputs[i] is A_{i-1} of layer i, kept[i] what its derivative needs, output A_n."""

    inputs: list[Float64]
    kept: list[Float64]
    output: Float64


def _forward(network: Network, values: Values, rows: int) -> _Forward:
    a: Float64 = values.x[:rows].astype(np.float64)
    inputs, kept = [], []
    for layer, w, b in zip(network.layers, values.weights, values.biases, strict=True):
        inputs.append(a)
        z = times(a, w) + b
        a = activate(layer.activation, z.copy(), np)
        kept.append(z if layer.activation in KEEPS_INPUT else a)
    return _Forward(inputs, kept, a)


def times(a: Float64, b: NDArray[np.float32]) -> Float64:
    """a·b in float64, [m × k] and [k × n]; b is cast a block of columns at a time, so that no
    second b is held.
    """
    product = np.empty((a.shape[0], b.shape[1]))
    step = max(1, _BLOCK // b.shape[0])
    for j in range(0, b.shape[1], step):
        product[:, j : j + step] = a @ b[:, j : j + step].astype(np.float64)
    return product


def reference_output(network: Network, values: Values, rows: int = REFERENCE_ROWS) -> Float64:
    """The output of the first `rows` examples in float64, from the float32 values."""
    a: Float64 = values.x[:rows].astype(np.float64)
    for layer, w, b in zip(network.layers, values.weights, values.biases, strict=True):
        a = activate(layer.activation, times(a, w) + b, np)
    return a


def reference_gradients(
    network: Network, values: Values, target: Array, layers: int | None = None
) -> Iterator[tuple[int, Float64, Float64]]:
    """Yield (layer number, dW, db) in float64, from the last layer back, for the last `layers`.

    One layer at a time, so that only its gradient is held beside the activations of the batch.
    """
    for i, dZ, a in _backward(network, values, target, layers):
        yield i, a.T @ dZ, dZ.sum(axis=0)


def _backward(
    network: Network, values: Values, target: Array, layers: int | None
) -> Iterator[tuple[int, Float64, Float64]]:
    """Yield (layer number, dZ, the layer's input A) from the last layer back."""
    count = len(network.layers)
    least = 0 if layers is None else max(0, count - layers)
    forward = _forward(network, values, len(values.x))
    names = [layer.activation for layer in network.layers]
    dZ = output_gradient(names[-1], forward.output, target, forward.kept[-1], np)
    for i in range(count - 1, least - 1, -1):
        yield i, dZ, forward.inputs[i]
        if i > least:
            dA = times(dZ, values.weights[i].T)
            dZ = activation_gradient(names[i - 1], dA, forward.kept[i - 1], np)


def operands(network: Network, values: Values, gemm: Gemm) -> tuple[Float64, Float64]:
    """The two factors A [m × k] and B [k × n] of one product of `network`; A @ B is its output.

    Forward: A_{i-1}, W_i (bias and activation come after). dgrad: dZ_i, W_iᵀ. wgrad: A_{i-1}ᵀ,
    dZ_i. Meant for networks small enough to look at: everything is computed in float64.
    """
    i = gemm.layer
    weights = values.weights[i].astype(np.float64)
    if gemm.role == "forward":
        a, b = _forward(network, values, len(values.x)).inputs[i], weights
    else:
        target = make_target(network, len(values.x), SEED)
        dZ, inputs = next(
            (dZ, inputs)
            for layer, dZ, inputs in _backward(network, values, target, None)
            if layer == i
        )
        a, b = (dZ, weights.T) if gemm.role == "dgrad" else (inputs.T, dZ)
    if (*a.shape, b.shape[1]) != (gemm.m, gemm.k, gemm.n):
        raise ValueError(f"{gemm} is no product of {network.name!r} at batch {len(values.x)}")
    return a, b


def deviation(actual: Array, exact: Float64, floor: float = 0.0) -> float:
    """max |actual - exact| / max(max |exact|, floor); the plain maximum where both are 0."""
    largest, apart = 0.0, 0.0
    step = max(1, _BLOCK // max(1, exact[0].size))
    for i in range(0, len(exact), step):
        part = exact[i : i + step]
        largest = max(largest, float(np.abs(part).max()))
        off = float(np.abs(actual[i : i + step] - part).max())
        apart = max(apart, off if off == off else np.inf)  # nan is as wrong as can be
    scale = max(largest, floor)
    return apart / scale if scale > 0 else apart


def affordable_layers(network: Network, batch: int, most_flop: float) -> int:
    """How many layers, from the last, `reference_gradients` can do in `most_flop` operations."""
    products = [
        2 * batch * width * layer.units
        for width, layer in zip(network.widths, network.layers, strict=False)
    ]
    spent, layers = float(sum(products)), 0
    for i in range(len(products) - 1, -1, -1):
        # wgrad of this layer, and dgrad through the one behind it
        spent += products[i] + (products[i + 1] if i + 1 < len(products) else 0)
        if spent > most_flop:
            break
        layers += 1
    return layers
