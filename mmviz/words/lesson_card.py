"""What the window says on the card of a lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmviz.core.provenance import Kind
from mmviz.text import N_, Text

LEADS: Mapping[str, str] = {
    "predict": N_("Before you look"),
    "investigate": N_("Look closer"),
    "modify": N_("Change it"),
    "make": N_("Make your own"),
}
"""By the kind of a step."""
CAME_OUT = N_("What came out")
"""Instead of that, once it is told."""

STOPPED = N_("stopped before it was measured")

TO_CLICK: Mapping[str, str] = {
    "output": N_("Click on a cell of Y."),
    "input": N_("Click on a number of X."),
    "weights": N_("Click on a number of W."),
    "tiles": N_("Click on a tile of Y."),
    "units": N_("Click on a line of the units over time."),
    "strip": N_("Click on a product in the strip."),
    "roofline": N_("Click on a point of the roofline."),
    "waterfall": N_("Click on a bar of “where the peak goes”."),
    "filters": N_("Click on the picture of a neuron."),
    "drawing": N_("Click on a pixel of the drawing."),
}
"""By what is clicked on."""

FREE: Mapping[str, str] = {
    "batch": N_("the batch (at the top)"),
    "units": N_("units of the layers (Network)"),
    "layers": N_("the layers (Network)"),
    "weights": N_("numbers of W (double-click)"),
    "inputs": N_("numbers of X (double-click)"),
    "tile": N_("the tile"),
    "order": N_("the order of the tiles"),
    "device": N_("the device (at the top)"),
    "dtype": N_("the number format (at the top)"),
    "network": N_("the network (at the top)"),
    "lr": N_("the learning rate"),
    "steps": N_("how long it learns"),
    "drawing": N_("the drawing"),
}
"""What a learner may change and where, by its name in a lesson's file."""

ALSO: Mapping[str, str] = {
    "training": N_("whether it trains"),
    "launch": N_("how launches follow each other"),
    "activation": N_("the activation"),
}
"""What no step leaves free, and may be changed all the same."""

ASKED_FOR: Mapping[str, str] = {
    ">=": N_("at least {x}"),
    ">": N_("more than {x}"),
    "<=": N_("at most {x}"),
    "<": N_("less than {x}"),
    "!=": N_("anything but {x}"),
    "between": N_("{x} to {y}"),
}
"""By the relation of a condition; of "=" it is the value alone."""


def put_back(names: Sequence[str]) -> Text:
    """What has to be as the step began, before its conditions count."""
    what = tuple(Text({**FREE, **ALSO}[name]) for name in names)
    return Text(N_("Not free in this step, so put it back first: {what:items}."), what=what)


COUNTED: Mapping[str, str] = {
    "accuracy": N_("Right answers"),
    "batch": N_("Batch"),
    "busy_share": N_("Busy share"),
    "cells": N_("Cells"),
    "changed_weights": N_("Changed weights"),
    "idle_units": N_("Idle units"),
    "layers": N_("Number of layers"),
    "pixels_changed": N_("Changed pixels"),
    "products": N_("Products"),
    "steps": N_("Steps"),
    "tiles": N_("Tiles"),
    "units_of": N_("Neurons"),
    "waves": N_("Waves"),
}
"""Quantities that a condition may ask for and the card can name."""

NOT_YET = N_("What is asked for does not hold yet.")

SHORT: Mapping[Kind, tuple[str, str]] = {
    "computed": (
        N_("Computed: {found}. Asked for: {wanted}."),
        N_("{who}, computed: {found}. Asked for: {wanted}."),
    ),
    "modelled": (
        N_("Modelled: {found}. Asked for: {wanted}."),
        N_("{who}, modelled: {found}. Asked for: {wanted}."),
    ),
    "measured": (
        N_("Measured: {found}. Asked for: {wanted}."),
        N_("{who}, measured: {found}. Asked for: {wanted}."),
    ),
    "estimated": (
        N_("Estimated: {found}. Asked for: {wanted}."),
        N_("{who}, estimated: {found}. Asked for: {wanted}."),
    ),
}
"""What came out in stead of what is asked for, by what it rests on: of nobody, and of somebody."""


def shortfall(kind: Kind, who: Text, found: Text, relation: str, *wanted: Text) -> Text:
    """A condition that does not hold. who: the backend or the quantity, or nobody."""
    asked = ASKED_FOR.get(relation, "{x}")
    told = Text(asked, **dict(zip("xy", wanted, strict=False)))
    bare, by = SHORT[kind]
    return (
        Text(by, who=who, found=found, wanted=told) if who else Text(bare, found=found, wanted=told)
    )
