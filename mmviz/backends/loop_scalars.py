"""Sums, activations and their derivatives on Python lists, one number at a time.

Written apart from `mmviz.core.learning.activations`, so that each is a check of the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mmviz.core.learning.training import LEARNING_RATE

Row = list[float]

_ROOT = math.sqrt(2 / math.pi)


def _sigmoid(z: float) -> float:
    """1 / (1 + e^-z); the branch keeps the power from overflowing."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    power = math.exp(z)
    return power / (1 + power)


def _gelu_inner(z: float) -> float:
    return math.tanh(_ROOT * (z + 0.044715 * z * z * z))


def _gelu_slope(z: float) -> float:
    t = _gelu_inner(z)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * _ROOT * (1 + 3 * 0.044715 * z * z)


def _silu(z: float) -> float:
    return z * _sigmoid(z)


def _silu_slope(z: float) -> float:
    s = _sigmoid(z)
    return s + z * s * (1 - s)


_Function = Callable[[float], float]
_FUNCTIONS: dict[str, tuple[_Function, _Function]] = {  # each with its slope; gelu in its tanh form
    "relu": (lambda z: z if z > 0 else 0.0, lambda z: 1.0 if z > 0 else 0.0),
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "gelu": (lambda z: 0.5 * z * (1 + _gelu_inner(z)), _gelu_slope),
    "silu": (_silu, _silu_slope),
}


def _softmax(z: Sequence[float]) -> Row:
    """e^z over their sum; the largest is taken off first, so that no power overflows."""
    largest = max(z)
    powers = [math.exp(value - largest) for value in z]
    total = sum(powers)
    return [power / total for power in powers]


def activate_row(name: str, z: Row) -> Row:
    """The activation `name` of one example's sums."""
    if name == "linear":
        return z
    if name == "softmax":
        return _softmax(z)
    if name == "swiglu":
        half = len(z) // 2
        return [_silu(gate) * other for gate, other in zip(z[:half], z[half:], strict=True)]
    function, _ = _FUNCTIONS[name]
    return [function(value) for value in z]


def gradient_row(name: str, d_a: Row, z: Row) -> Row:
    """dZ of one example from dA behind the activation `name` and the sums Z before it."""
    if name == "linear":
        return d_a
    if name == "softmax":
        a = _softmax(z)
        mean = sum(d * value for d, value in zip(d_a, a, strict=True))
        return [value * (d - mean) for d, value in zip(d_a, a, strict=True)]
    if name == "swiglu":
        half = len(z) // 2
        triples = list(zip(d_a, z[:half], z[half:], strict=True))
        gates = [d * other * _silu_slope(gate) for d, gate, other in triples]
        return gates + [d * _silu(gate) for d, gate, _ in triples]
    _, slope = _FUNCTIONS[name]
    return [d * slope(value) for d, value in zip(d_a, z, strict=True)]


def loss_gradient_row(name: str, batch: int, a: Row, target: Row, z: Row) -> Row:
    """dZ of one example of the last layer: cross entropy for a softmax, else half squared error."""
    error = [(value - wanted) / batch for value, wanted in zip(a, target, strict=True)]
    return error if name == "softmax" else gradient_row(name, error, z)


def loops(rows: Sequence[Row], columns: Sequence[tuple[Row, float]], out: list[Row]) -> None:
    """The lesson itself; zip is the quick way to write `for i in range(inputs)`."""
    for row, sums in zip(rows, out, strict=True):
        for column, start in columns:
            total = start
            for x, w in zip(row, column, strict=True):
                total += x * w
            sums.append(total)


def updated(weights: Row, gradients: Row) -> Row:
    """Stochastic gradient descent on the weights of one neuron."""
    return [w - LEARNING_RATE * g for w, g in zip(weights, gradients, strict=True)]


def transposed(rows: list[Row]) -> list[Row]:
    return [list(column) for column in zip(*rows, strict=True)]
