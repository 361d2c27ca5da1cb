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
CAME_OUT = N_("What came out")
"""Instead of that, once it is told."""

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


def axis_word(matrix: str, axis: str) -> Text:
    """'rows of X'."""
    return Text(N_("{axis} of {matrix}"), axis=word(axis), matrix=matrix)
