"""Colours, sizes and faces: the only place that names a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from mmviz.backends import registry
from mmviz.backends.base import Colour
from mmviz.errors import InputError


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role, as #rrggbb. Text roles keep a contrast of at least 4.5:1 on `panel`."""

    name: str
    ground: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    now: str  # what computes at this instant, the one primary button, warnings
    now_dim: str  # the ground of a computing tile
    on_now: str  # text on `now`
    now_text: str  # `now` as text on `panel`
    x: str
    x_dim: str
    w: str
    w_dim: str
    waiting: str
    order: tuple[str, ...]  # stops of a perceptually uniform map, first wave to last
    loss: str
    agreed: str
    selected: str
    identity: tuple[str, ...]  # Okabe-Ito as `backends.base.Colour` has them, for lanes, backends


DARK = Theme(
    name="dark",
    ground="#0f1319",
    panel="#151b24",
    raised="#1d2530",
    line="#252e3b",
    text="#e7ebf2",
    muted="#8894a6",
    now="#ffb000",
    now_dim="#4a3810",
    on_now="#171208",
    now_text="#ffb000",
    x="#2fc6b0",
    x_dim="#173f3d",
    w="#e2689b",
    w_dim="#46283a",
    waiting="#1b222d",
    order=("#22406e", "#265f86", "#2a7d8f", "#3f9a92"),
    loss="#ff6b5e",
    agreed="#7bd88f",
    selected="#263140",
    identity=(
        "#e69f00",
        "#56b4e9",
        "#009e73",
        "#cc79a7",
        "#d55e00",
        "#f0e442",
        "#0072b2",
        "#999999",
    ),
)

LIGHT = Theme(
    name="light",
    ground="#f4f6f9",
    panel="#ffffff",
    raised="#eef1f5",
    line="#d3dae3",
    text="#18202b",
    muted="#566274",
    now="#ffb000",
    now_dim="#ffe3a1",
    on_now="#171208",
    now_text="#8a5a00",
    x="#0b7a6b",
    x_dim="#cfeee9",
    w="#b0346d",
    w_dim="#f8dbe7",
    waiting="#e4e9ef",
    order=("#22406e", "#2f6b95", "#4a93ad", "#7ab8bd"),
    loss="#c2362b",
    agreed="#1c7a38",
    selected="#e3e9f1",
    identity=(
        "#b97f00",
        "#2b86bd",
        "#007f5c",
        "#a9558a",
        "#b34e00",
        "#8a7f00",
        "#005f95",
        "#6b6b6b",
    ),
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def backend_colour(theme: Theme, backend: str) -> str:
    """The colour a backend has in every chart and table; unknown ids share one."""
    try:
        colour = registry.find(backend).colour
    except InputError:
        colour = "purple"
    return theme.identity[get_args(Colour).index(colour)]
