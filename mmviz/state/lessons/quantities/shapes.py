"""Quantities of shapes: they follow from the network and the batch by arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

from mmviz.core.shapes.network import Dense
from mmviz.files.lessons.changes import AUTO
from mmviz.state.lessons.here import Here, NoData, Value
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity, first, whole
from mmviz.text import N_

MOST_CLICKED = 1_000_000
"""Cells of a set: more are no set to click on."""


def _axis(here: Here, arguments: Arguments) -> Value:
    """Cells of Y that belong to the first example, or to the first neuron."""
    gemm = here.gemm()
    if max(gemm.m, gemm.n) > MOST_CLICKED:
        raise NoData(N_("more than {most:group} cells"), most=MOST_CLICKED)
    match first(arguments):
        case "batch":
            return frozenset((0, column) for column in range(gemm.n))
        case "units":
            return frozenset((row, 0) for row in range(gemm.m))
        case name:
            raise NoData(N_("no axis is called {name!r:.40}"), name=name)


def _side(here: Here, arguments: Arguments) -> Value:
    """Of a forward product; in the others the sides change places."""
    roles = {"forward": "mnk", "dgrad": "mkn", "wgrad": "knm"}
    sides = roles.get(here.gemm().role, "mnk")
    name = first(arguments)
    if name not in ("batch", "units", "inputs"):
        raise NoData(N_("no side is called {name!r:.40}"), name=name)
    return sides[("batch", "units", "inputs").index(name)]


def _shape(here: Here, arguments: Arguments) -> Value:
    gemm = here.gemm()
    sides = {
        "a_in": (gemm.m, gemm.k),
        "w": (gemm.k, gemm.n),
        "z": (gemm.m, gemm.n),
        "a_out": (gemm.m, _layer(here).outputs),
    }.get(first(arguments))
    if sides is None:
        raise NoData(N_("no matrix is called {name!r:.40}"), name=first(arguments))
    return f"{sides[0]}×{sides[1]}"


def _layer(here: Here, number: int | None = None) -> Dense:
    layers = here.network.layers
    at = here.gemm().layer if number is None else number - 1
    if not 0 <= at < len(layers):
        raise NoData(N_("there is no layer {n}"), n=at + 1)
    return layers[at]


def _units_of(here: Here, arguments: Arguments) -> Value:
    return _layer(here, whole(arguments[0]) if arguments else None).units


def _missing_product(here: Here, _arguments: Arguments) -> Value:
    """What the layer has that lacks dgrad, which nobody needs: before the first are the data."""
    mine = [gemm for gemm in here.gemms if gemm.layer == 0]
    if any(gemm.role == "dgrad" for gemm in mine):
        return frozenset()
    return frozenset((0, gemm.role) for gemm in mine if here.stage.session.training)


def _tile(here: Here, _arguments: Arguments) -> Value:
    tile = here.stage.session.tile
    return AUTO if tile is None else f"{tile[0]}x{tile[1]}"


def _depends(_here: Here, arguments: Arguments) -> Value:
    """Whether a cell waits for another one's result: a cell reads a row of A and a column of B."""
    return arguments[0] == arguments[1]


SHAPES: Mapping[str, Quantity] = {
    "m": Quantity(lambda h, a: h.gemm(first(a)).m, "computed", "rows of the product", most=1),
    "n": Quantity(lambda h, a: h.gemm(first(a)).n, "computed", "columns of the product", most=1),
    "k": Quantity(lambda h, a: h.gemm(first(a)).k, "computed", "terms of each sum", most=1),
    "cells": Quantity(
        lambda h, a: h.gemm(first(a)).m * h.gemm(first(a)).n, "computed", "m × n", most=1
    ),
    "shape": Quantity(
        _shape, "computed", "a matrix's rows and columns, as 1×3: z, a_in, w or a_out", "", 1, 1
    ),
    "axis": Quantity(
        _axis, "computed", "cells of the first of batch or of units", "cell", 1, 1, on="output"
    ),
    "side": Quantity(
        _side,
        "computed",
        "the side of M × N × K that batch, units or inputs are: m, n or k",
        "",
        1,
        1,
    ),
    "neuron_axis": Quantity(
        lambda h, _: "rows" if h.stage.session.turned else "columns",
        "computed",
        "what neurons are in the matrix of weights as it is drawn: rows or columns",
    ),
    "batch": Quantity(lambda h, _: h.stage.session.batch, "computed", "examples of a pass"),
    "device": Quantity(lambda h, _: h.stage.session.device, "computed", "the device's id"),
    "dtype": Quantity(lambda h, _: h.stage.session.dtype, "computed", "the number format's id"),
    "training": Quantity(lambda h, _: h.stage.session.training, "computed", "a training pass"),
    "turned": Quantity(lambda h, _: h.stage.session.turned, "computed", "drawn as W·X"),
    "order": Quantity(lambda h, _: h.stage.session.order or AUTO, "computed", "the order chosen"),
    "tile": Quantity(_tile, "computed", "the tile chosen, as 128x64, or auto"),
    "inputs": Quantity(lambda h, _: h.network.inputs, "computed", "features of an example"),
    "layers": Quantity(lambda h, _: len(h.network.layers), "computed", "layers of the network"),
    "units_of": Quantity(
        _units_of, "computed", "neurons of a layer by its number, else of the one shown", most=1
    ),
    "products": Quantity(lambda h, _: len(h.gemms), "computed", "products of the pass"),
    "products_forward": Quantity(
        lambda h, _: sum(not gemm.backward for gemm in h.gemms), "computed", "those going forward"
    ),
    "missing_product": Quantity(
        _missing_product,
        "computed",
        "the products of the layer that lacks one of its three in training",
        "product",
        on="strip",
    ),
    "weights": Quantity(lambda h, _: h.network.weights, "computed", "weights, without biases"),
    "parameters": Quantity(lambda h, _: h.network.parameters, "computed", "weights and biases"),
    "depends": Quantity(
        _depends, "computed", "whether one cell of the product waits for another one", "", 2, 2
    ),
}
