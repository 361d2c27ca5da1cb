"""Names that describe: of devices, networks and layers that come with mmviz. Names of products
(NVIDIA A100, AlexNet) and of the user's own are said in every language as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mmviz.text import N_, Text, own

NAMES: Mapping[str, str] = {
    "1 lane": N_("1 lane"),
    "16 lanes": N_("16 lanes"),
    "1000 lanes": N_("1000 lanes"),
    "4 SMs": N_("4 SMs"),
    "Systolic 8 × 8": N_("Systolic 8 × 8"),
    "One neuron": N_("One neuron"),
    "Two neurons": N_("Two neurons"),
    "Two neurons, two examples": N_("Two neurons, two examples"),
    "Sigmoid layer": N_("Sigmoid layer"),
    "Digits, one layer": N_("Digits, one layer"),
    "Digits, two layers": N_("Digits, two layers"),
    "Digits, three layers": N_("Digits, three layers"),
    "AlexNet, last layer": N_("AlexNet, last layer"),
    "neuron": N_("neuron"),
    "neurons": N_("neurons"),
    "classes": N_("classes"),
    "hidden": N_("hidden"),
    "hidden 1": N_("hidden 1"),
    "hidden 2": N_("hidden 2"),
}
"""As their files have them."""

TRACKS: Mapping[str, str] = {"first-hour": N_("first hour"), "machine": N_("the machine")}
"""Words that lessons of mmviz are filtered by."""

_EDITED = ", edited"  # how the name of a network ends that was begun as another one
_LAYER = re.compile(r"layer ([0-9]{1,4})")


def spoken(name: str) -> Text:
    """A name as a language says it."""
    if layer := _LAYER.fullmatch(name):
        return Text(N_("layer {number}"), number=int(layer[1]))
    before = name.removesuffix(_EDITED)
    if before != name and before in NAMES:
        return Text(N_("{name}, edited"), name=Text(NAMES[before]))
    return Text(NAMES[name]) if name in NAMES else own(name)


def track(word: str) -> Text:
    """'first hour'."""
    return Text(TRACKS[word]) if word in TRACKS else own(word)
