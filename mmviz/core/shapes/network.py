"""What is to be computed: a frozen list of dense layers.

The house's orientation is Y = X·W: rows of X are examples, columns of W are neurons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.given import GivenMatrix
from mmviz.errors import InputError
from mmviz.text import N_, Text

MAX_COUNT = 16_777_216  # 2**24: bound of batch and of units
MAX_K = 1_000_000_000  # terms of a sum in a list of products: a gradient's batch × places
MAX_LAYERS = 1_000
MAX_CALLED = 60  # characters of a name made of widths
ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "softmax", "swiglu")
KEEPS_INPUT = ("gelu", "silu", "swiglu")
"""Their derivative is written with Z, the others' with A, which is kept anyway."""

MAX_GIVEN = 2_000_000  # numbers given one by one in a network, so that a file can hold them

GivenRow = tuple[float, ...]


def check_count(value: int, what: str | Text, most: int = MAX_COUNT) -> int:
    """`value` if it is a whole number in 1 … `most`, else InputError about `what`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InputError(
            N_("{what} must be a whole number from 1 to {most:group}, not {value!r:.40}"),
            what=what,
            most=most,
            value=value,
        )
    return value


def check_given(found: int) -> None:
    """Raises InputError where so many numbers of a network are given that no file holds them."""
    if found > MAX_GIVEN:
        raise InputError(
            N_("a network keeps at most {most:group} numbers of its own, not {found:group}"),
            most=MAX_GIVEN,
            found=found,
        )


@dataclass(frozen=True, slots=True)
class Dense:
    """One dense layer: `units` neurons, each with a weight per input and a bias.

    `swiglu` multiplies one half of the units, through SiLU, with the other half: its output is
    half as wide as its product. `weights` [inputs × units] and `bias` [units] are given only by
    teaching networks, or where one of them was changed; otherwise they are drawn at random. Rows of
    numbers become a GivenMatrix.
    """

    units: int
    activation: str = "linear"
    name: str = ""
    weights: GivenMatrix | None = None
    bias: GivenRow | None = None

    def __post_init__(self) -> None:
        where = Text(N_("layer {name!r:.60}"), name=self.name) if self.name else Text(N_("a layer"))
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
        weights = Text(N_("weights of {where}"), where=where)
        object.__setattr__(self, "weights", given_matrix(self.weights, self.units, weights))
        if any(not math.isfinite(value) or abs(value) > 1e30 for value in self.bias or ()):
            raise InputError(_FINITE, what=Text(N_("bias of {where}"), where=where))

    @property
    def outputs(self) -> int:
        """Features this layer passes on."""
        return self.units // 2 if self.activation == "swiglu" else self.units


@dataclass(frozen=True, slots=True)
class Network:
    """Input features and the dense layers they pass through, first to last. A `Workload`.

    `examples` [batch × inputs] are the rows of X of a teaching network, or of one of which a number
    of X was changed, else None; rows of numbers become a GivenMatrix.
    """

    name: str
    inputs: int
    layers: tuple[Dense, ...]
    examples: GivenMatrix | None = None

    def __post_init__(self) -> None:
        check_count(self.inputs, Text(N_("input features")))
        if not 1 <= len(self.layers) <= MAX_LAYERS:
            raise InputError(
                N_("network {name!r:.60} must have 1 to {most:group} layers, not {layers}"),
                name=self.name,
                most=MAX_LAYERS,
                layers=len(self.layers),
            )
        what = Text(N_("examples"))
        object.__setattr__(self, "examples", given_matrix(self.examples, self.inputs, what))
        _check_shape(self.examples, None, self.inputs, what)
        for width, layer in zip(self.widths, self.layers, strict=False):
            what = Text(N_("weights of layer {name!r:.60}"), name=layer.name)
            _check_shape(layer.weights, width, layer.units, what)
        check_given(self.given)

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
    def matrices(self) -> tuple[GivenMatrix, ...]:
        """Those that are given: X and W."""
        found = (self.examples, *(layer.weights for layer in self.layers))
        return tuple(matrix for matrix in found if matrix is not None)

    @property
    def given(self) -> int:
        """How many numbers are given one by one."""
        return sum(matrix.size for matrix in self.matrices) + sum(
            len(layer.bias or ()) for layer in self.layers
        )

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
                layer.weights.rows == width and layer.weights.columns == layer.units
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
    return Network(name or written_widths(widths), widths[0], layers)


def written_widths(widths: Sequence[int]) -> str:
    """784-128-10; of many the first and the last."""
    whole = "-".join(map(str, widths))
    ends = f"{widths[0]}-{widths[1]}-…-{widths[-2]}-{widths[-1]}"
    return whole if len(whole) <= MAX_CALLED else ends


_FINITE = N_("{what} must be finite numbers of at most 1e30")
_COLUMNS = N_("{what} must have {columns} values a row, not {found}")


def given_matrix(
    matrix: GivenMatrix | Sequence[GivenRow] | None, columns: int, what: Text
) -> GivenMatrix | None:
    """Made of rows of numbers, where it is not made yet; raises InputError about `what`."""
    if matrix is None:
        return None
    if not isinstance(matrix, GivenMatrix):
        for row in matrix:
            if len(row) != len(matrix[0]):  # that all are wrong is said by the network
                raise InputError(_COLUMNS, what=what, columns=columns, found=len(row))
        matrix = GivenMatrix.of(matrix)
    if not matrix.finite:
        raise InputError(_FINITE, what=what)
    return matrix


def _check_shape(matrix: GivenMatrix | None, rows: int | None, columns: int, what: Text) -> None:
    if matrix is None:
        return
    found = matrix.rows
    if not found and rows is None:
        raise InputError(N_("{what} must have some rows, not {found}"), what=what, found=found)
    if rows is not None and found != rows:
        said = N_("{what} must have {rows} rows, not {found}")
        raise InputError(said, what=what, rows=rows, found=found)
    if matrix.columns != columns:
        raise InputError(_COLUMNS, what=what, columns=columns, found=matrix.columns)
