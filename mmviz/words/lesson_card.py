"""What the window says on the card of a lesson."""

from __future__ import annotations

from collections.abc import Mapping

from mmviz.text import N_, Text
from mmviz.words.lessons import word

LEADS: Mapping[str, str] = {
    "predict": N_("Before you look"),
    "investigate": N_("Look closer"),
    "modify": N_("Change it"),
    "make": N_("Make your own"),
}
"""By the kind of a step."""

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
"""By what is clicked on; axes are chosen on the card itself."""

FREE: Mapping[str, str] = {
    "batch": N_("the batch"),
    "units": N_("units of the layers"),
    "layers": N_("the layers"),
    "weights": N_("numbers of W"),
    "inputs": N_("numbers of X"),
    "tile": N_("the tile"),
    "order": N_("the order of the tiles"),
    "device": N_("the device"),
    "dtype": N_("the number format"),
    "network": N_("the network"),
    "lr": N_("the learning rate"),
    "steps": N_("how long it learns"),
    "drawing": N_("the drawing"),
}
"""What a learner may change, by its name in a lesson's file."""


def axis_word(matrix: str, axis: str) -> Text:
    """'rows of X'."""
    return Text(N_("{axis} of {matrix}"), axis=word(axis), matrix=matrix)
