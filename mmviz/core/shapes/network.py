"""What is to be computed: a frozen list of dense layers.

The house's orientation is Y = X·W: rows of X are examples, columns of W are neurons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.errors import InputError

MAX_COUNT = 16_777_216  # 2**24: bound of batch and of units
MAX_LAYERS = 1_000
ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "softmax", "swiglu")

Row = tuple[float, ...]
Matrix = tuple[Row, ...]


def check_count(value: int, what: str) -> int:
    """`value` if it is a whole number in 1 … MAX_COUNT, else InputError about `what`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_COUNT:
        raise InputError(
            f"{what} must be a whole number from 1 to {MAX_COUNT:,}, not {value!r:.40}"
        )
    return value


@dataclass(frozen=True, slots=True)
class Dense:
    """One dense layer: `units` neurons, each with a weight per input and a bias.

    `swiglu` multiplies one half of the units, through SiLU, with the other half: its output is
    half as wide as its product. `weights` [inputs × units] and `bias` [units] are given only by
    small teaching networks; otherwise they are drawn at random.
    """

    units: int
    activation: str = "linear"
    name: str = ""
    weights: Matrix | None = None
    bias: Row | None = None

    def __post_init__(self) -> None:
        where = f"layer {self.name!r}" if self.name else "a layer"
        check_count(self.units, f"units of {where}")
        if self.activation not in ACTIVATIONS:
            raise InputError(
                f"unknown activation {self.activation!r:.40} in {where}; "
                f"known are {', '.join(ACTIVATIONS)}"
            )
        if self.activation == "swiglu" and self.units % 2:
            raise InputError(f"{where} with swiglu needs an even number of units, not {self.units}")
        if self.bias is not None and len(self.bias) != self.units:
            raise InputError(
                f"{where} has {self.units} units but {len(self.bias)} values in its bias"
            )
        _check_finite(self.weights or (), f"weights of {where}")
        _check_finite((self.bias or (),), f"bias of {where}")

    @property
    def outputs(self) -> int:
        """Features this layer passes on."""
        return self.units // 2 if self.activation == "swiglu" else self.units


@dataclass(frozen=True, slots=True)
class Network:
    """Input features and the dense layers they pass through, first to last.

    `examples` [batch × inputs] are the rows of X of a small teaching network, else None.
    """

    name: str
    inputs: int
    layers: tuple[Dense, ...]
    examples: Matrix | None = None

    def __post_init__(self) -> None:
        check_count(self.inputs, "input features")
        if not 1 <= len(self.layers) <= MAX_LAYERS:
            raise InputError(
                f"network {self.name!r:.60} must have 1 to {MAX_LAYERS:,} layers, "
                f"not {len(self.layers)}"
            )
        _check_matrix(self.examples, None, self.inputs, "examples")
        for width, layer in zip(self.widths, self.layers, strict=False):
            _check_matrix(layer.weights, width, layer.units, f"weights of layer {layer.name!r}")

    @property
    def widths(self) -> tuple[int, ...]:
        """d0 … dn: input features, then what each layer passes on."""
        return (self.inputs, *(layer.outputs for layer in self.layers))

    @property
    def weights(self) -> int:
        """Number of weights, biases not counted."""
        return sum(d * layer.units for d, layer in zip(self.widths, self.layers, strict=False))

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return self.weights + sum(layer.units for layer in self.layers)

    def with_layers(self, layers: Sequence[Dense]) -> Network:
        """The network with other layers; given weights that no longer fit are dropped."""
        width, fitting = self.inputs, []
        for layer in layers:
            fits = layer.weights is None or (
                len(layer.weights) == width and len(layer.weights[0]) == layer.units
            )
            fitting.append(layer if fits else replace(layer, weights=None))
            width = layer.outputs
        return replace(self, layers=tuple(fitting))

    def with_units(self, layer: int, units: int) -> Network:
        """The network with other units in one layer; given weights that no longer fit go."""
        if units == self.layers[layer].units:
            return self
        changed = replace(self.layers[layer], units=units, weights=None, bias=None)
        return self.with_layers((*self.layers[:layer], changed, *self.layers[layer + 1 :]))

    def with_inputs(self, inputs: int) -> Network:
        """The network with other input features; examples and weights that do not fit go."""
        check_count(inputs, "input features")
        if inputs == self.inputs:
            return self
        first = replace(self.layers[0], weights=None)
        return replace(self, inputs=inputs, examples=None, layers=(first, *self.layers[1:]))


def from_widths(widths: Sequence[int], name: str = "") -> Network:
    """A network from d0-d1-…-dn: ReLU between the layers, the last one linear.

    Raises InputError for fewer than two widths or a width out of range.
    """
    if len(widths) < 2:
        raise InputError("widths need at least two numbers, such as 784-128-10")
    for width in widths:
        check_count(width, "a width")
    last = len(widths) - 2
    layers = tuple(
        Dense(width, "linear" if i == last else "relu", f"layer {i + 1}")
        for i, width in enumerate(widths[1:])
    )
    return Network(name or "-".join(map(str, widths)), widths[0], layers)


def _check_matrix(matrix: Matrix | None, rows: int | None, columns: int, what: str) -> None:
    if matrix is None:
        return
    if not matrix or (rows is not None and len(matrix) != rows):
        raise InputError(f"{what} must have {rows or 'some'} rows, not {len(matrix)}")
    for row in matrix:
        if len(row) != columns:
            raise InputError(f"{what} must have {columns} values a row, not {len(row)}")
    _check_finite(matrix, what)


def _check_finite(matrix: Matrix, what: str) -> None:
    if any(not math.isfinite(value) or abs(value) > 1e30 for row in matrix for value in row):
        raise InputError(f"{what} must be finite numbers of at most 1e30")
