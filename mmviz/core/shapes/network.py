"""What is to be computed: a frozen list of dense layers.

The house's orientation is Y = X·W: rows of X are examples, columns of W are neurons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.shapes.gemm import Gemm
from mmviz.errors import InputError
from mmviz.text import N_, Text

MAX_COUNT = 16_777_216  # 2**24: bound of batch and of units
MAX_K = 1_000_000_000  # terms of a sum in a list of products: a gradient's batch × places
MAX_LAYERS = 1_000
ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "softmax", "swiglu")

GivenRow = tuple[float, ...]
GivenMatrix = tuple[GivenRow, ...]


def check_count(value: int, what: str | Text, most: int = MAX_COUNT) -> int:
    """`value` if it is a whole number in 1 … `most`, else InputError about `what`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InputError(
            N_("{what} must be a whole number from 1 to {most:,}, not {value!r:.40}"),
            what=what,
            most=most,
            value=value,
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
    weights: GivenMatrix | None = None
    bias: GivenRow | None = None

    def __post_init__(self) -> None:
        where = Text(N_("layer {name!r}"), name=self.name) if self.name else Text(N_("a layer"))
        check_count(self.units, Text(N_("units of {where}"), where=where))
        if self.activation not in ACTIVATIONS:
            raise InputError(
                N_("unknown activation {activation!r:.40} in {where}; known are {known}"),
                activation=self.activation,
                where=where,
                known=", ".join(ACTIVATIONS),
            )
        if self.activation == "swiglu" and self.units % 2:
            raise InputError(
                N_("{where} with swiglu needs an even number of units, not {units}"),
                where=where,
                units=self.units,
            )
        if self.bias is not None and len(self.bias) != self.units:
            raise InputError(
                N_("{where} has {units} units but {values} values in its bias"),
                where=where,
                units=self.units,
                values=len(self.bias),
            )
        _check_finite(self.weights or (), Text(N_("weights of {where}"), where=where))
        _check_finite((self.bias or (),), Text(N_("bias of {where}"), where=where))

    @property
    def outputs(self) -> int:
        """Features this layer passes on."""
        return self.units // 2 if self.activation == "swiglu" else self.units


@dataclass(frozen=True, slots=True)
class Network:
    """Input features and the dense layers they pass through, first to last. A `Workload`.

    `examples` [batch × inputs] are the rows of X of a small teaching network, else None.
    """

    name: str
    inputs: int
    layers: tuple[Dense, ...]
    examples: GivenMatrix | None = None

    def __post_init__(self) -> None:
        check_count(self.inputs, Text(N_("input features")))
        if not 1 <= len(self.layers) <= MAX_LAYERS:
            raise InputError(
                N_("network {name!r:.60} must have 1 to {most:,} layers, not {layers}"),
                name=self.name,
                most=MAX_LAYERS,
                layers=len(self.layers),
            )
        _check_matrix(self.examples, None, self.inputs, Text(N_("examples")))
        for width, layer in zip(self.widths, self.layers, strict=False):
            what = Text(N_("weights of layer {name!r}"), name=layer.name)
            _check_matrix(layer.weights, width, layer.units, what)

    @property
    def layered(self) -> Network | None:
        return self

    @property
    def has_batch(self) -> bool:
        return True

    @property
    def has_training(self) -> bool:
        return True

    def lower(self, batch: int = 1, training: bool = False) -> tuple[Gemm, ...]:
        """The products of one pass over `batch` examples, in the order they are computed.

        Forward, layer i: batch × units × inputs. In training the layers follow backwards, each with
        dgrad (batch × inputs × units; not for the first layer, nobody needs the gradient of the
        data) and wgrad (inputs × units × batch): 3n - 1 products for n layers. Source of the shapes
        and of 3n - 1: NVIDIA, Linear/Fully-Connected Layers User's Guide. Raises InputError for a
        batch out of range.
        """
        check_count(batch, Text(N_("batch")))
        forward, backward = [], []
        for i, (width, layer) in enumerate(zip(self.widths, self.layers, strict=False)):
            name = layer.name or f"layer {i + 1}"
            forward.append(Gemm(name, "forward", batch, layer.units, width, i))
            backward.append(Gemm(name, "wgrad", width, layer.units, batch, i))
            if i > 0:
                backward.append(Gemm(name, "dgrad", batch, width, layer.units, i))
        return (*forward, *reversed(backward)) if training else tuple(forward)

    def computed(self, training: bool = False) -> int:
        """How many products a pass has: n, in training 3n - 1."""
        layers = len(self.layers)
        return 3 * layers - 1 if training else layers

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
        check_count(inputs, Text(N_("input features")))
        if inputs == self.inputs:
            return self
        first = replace(self.layers[0], weights=None)
        return replace(self, inputs=inputs, examples=None, layers=(first, *self.layers[1:]))


def from_widths(widths: Sequence[int], name: str = "") -> Network:
    """A network from d0-d1-…-dn: ReLU between the layers, the last one linear.

    Raises InputError for fewer than two widths or a width out of range.
    """
    if len(widths) < 2:
        raise InputError(N_("widths need at least two numbers, such as 784-128-10"))
    for width in widths:
        check_count(width, Text(N_("a width")))
    last = len(widths) - 2
    layers = tuple(
        Dense(width, "linear" if i == last else "relu", f"layer {i + 1}")
        for i, width in enumerate(widths[1:])
    )
    return Network(name or "-".join(map(str, widths)), widths[0], layers)


def _check_matrix(matrix: GivenMatrix | None, rows: int | None, columns: int, what: Text) -> None:
    if matrix is None:
        return
    found = len(matrix)
    if not matrix and rows is None:
        raise InputError(N_("{what} must have some rows, not {found}"), what=what, found=found)
    if not matrix or (rows is not None and found != rows):
        said = N_("{what} must have {rows} rows, not {found}")
        raise InputError(said, what=what, rows=rows, found=found)
    for row in matrix:
        if len(row) != columns:
            said = N_("{what} must have {columns} values a row, not {found}")
            raise InputError(said, what=what, columns=columns, found=len(row))
    _check_finite(matrix, what)


def _check_finite(matrix: GivenMatrix, what: Text) -> None:
    if any(not math.isfinite(value) or abs(value) > 1e30 for row in matrix for value in row):
        raise InputError(N_("{what} must be finite numbers of at most 1e30"), what=what)
