"""The network at the left: its input and layers, or the rows of a list of products."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from mmviz.core.memory.fit import fit
from mmviz.core.shapes.dtype import stored
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.setup import Setup
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined, own, shipped
from mmviz.words import memory
from mmviz.words.products import listed_name, shape

TITLES: Mapping[str, str] = {
    "linear": N_("linear"),
    "relu": N_("ReLU"),
    "sigmoid": N_("sigmoid"),
    "tanh": N_("tanh"),
    "gelu": N_("GELU"),
    "silu": N_("SiLU"),
    "softmax": N_("softmax"),
    "swiglu": N_("SwiGLU"),
}
"""Activations as they are written."""


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A card: name over detail at the left, figure at the right; kind and width of a layer.

    spoken: what a screen reader says.
    """

    name: Text
    detail: Text
    figure: Text
    spoken: Text
    kind: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class NetworkView:
    """rows: the input, then the layers; of a list its products, of which none can be changed.

    editable: whether there are layers. product: index of the one looked at; at_hand: its row.
    held: what a pass needs of the device's memory, NOTHING where nobody asks for it.
    """

    rows: tuple[NetworkRow, ...]
    editable: bool
    product: int
    at_hand: int
    weights: Text
    about: Text
    held: Text = NOTHING
    held_tip: Text = NOTHING


def network_view(
    setup: Setup, product: int, layer: int, about: str | Text, source: str
) -> NetworkView:
    """The view of `Part`. layer: whose product is looked at, from 0."""
    workload, held = setup.workload, fit(setup)
    editable = workload.layered is not None
    said = Text(N_("Source: {source}"), source=source) if source else NOTHING
    return NetworkView(
        rows=rows_of(workload),
        editable=editable,
        product=product,
        at_hand=layer + 1 if editable else layer,
        weights=_weights(workload, setup.dtype),
        about=joined((shipped(about), said), "lines"),
        held=Text("{said:capital}", said=memory.line(held)) if held.memory is not None else NOTHING,
        held_tip=memory.tip(held),
    )


NETWORK = Part(
    "network",
    lambda derived: (
        derived.setup,
        derived.session.product,
        derived.gemm.layer,
        derived.session.about,
        derived.session.source,
    ),
    network_view,
)


@functools.lru_cache(maxsize=4)  # the same whatever is looked at
def rows_of(workload: Workload) -> tuple[NetworkRow, ...]:
    """The input, then the layers; the products of a list."""
    found = workload.layered
    if found is None:
        return tuple(_product(gemm) for gemm in workload.lower())
    layers = (_layer(x.name, x.activation, x.units) for x in found.layers)
    width = Text("{n:group}", n=found.inputs)
    spoken = Text(N_("Input, features, {width}"), width=found.inputs)
    first = NetworkRow(Text(N_("Input")), Text(N_("features")), width, spoken, width=found.inputs)
    return (first, *layers)


def _product(gemm: Gemm) -> NetworkRow:
    name, often = own(listed_name(gemm)), Text("{n:times}", n=gemm.count)
    spoken = joined((name, shape(gemm)), "commas")
    if gemm.count != 1:
        spoken = joined((spoken, often), "words")
    return NetworkRow(name, shape(gemm), often, spoken)


def _layer(name: str, activation: str, units: int) -> NetworkRow:
    kind = Text(TITLES[activation])
    return NetworkRow(
        own(name),
        Text(N_("dense · {activation}"), activation=kind),
        Text("{n:group}", n=units),
        Text(N_("{name}, {activation}, {units}"), name=name, activation=kind, units=units),
        activation,
        units,
    )


def _weights(workload: Workload, dtype: str) -> Text:
    if workload.layered is None:
        return Text(N_("products without weights of their own, multiplied one after the other"))
    return Text(
        N_("{weights:count} weights · {size:size} with biases in {dtype}"),
        weights=workload.weights,
        size=stored(workload.parameters, dtype),
        dtype=dtype,
    )
