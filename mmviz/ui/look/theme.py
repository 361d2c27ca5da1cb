"""Colours, sizes and faces: the only place that names a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from mmviz.backends import registry
from mmviz.backends.base import Colour
from mmviz.errors import InputError


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role, as #rrggbb.

    Text keeps a contrast of at least 4.5:1 on every ground it stands on. X, W, now and every
    wave differ by a CAM02-UCS ΔE of at least 20, for normal sight and for each of the three
    kinds that lack one cone: hence X and W differ in lightness too, and waves are blue to the
    end, not teal. `tests/ui/test_theme.py` computes all of it.
    """

    name: str
    ground: str
    panel: str
    raised: str
    line: str  # hairlines within a panel: grids, rules, tracks
    edge: str  # what must be seen as a shape: controls, waiting tiles; 1.6:1 on every ground
    text: str
    muted: str
    now: str  # what computes at this instant, the one primary button, warnings
    now_dim: str  # the ground of a computing tile
    now_edge: str  # outline of `now` and `now_dim`, where these alone are too near their ground
    on_now: str  # text on `now`
    now_text: str  # `now` as text
    x: str
    x_dim: str
    w: str
    w_dim: str
    waiting: str  # a tile not begun: hollow, within an outline of `edge`
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
    edge="#475466",
    text="#e7ebf2",
    muted="#94a0b2",
    now="#ffb000",
    now_dim="#5c4510",
    now_edge="#946a0e",
    on_now="#171208",
    now_text="#ffb000",
    x="#2fd3c0",
    x_dim="#134b47",
    w="#e0547c",
    w_dim="#532a3a",
    waiting="#171e28",
    order=("#1e4184", "#23579f", "#266cb9", "#2987d8"),
    loss="#f57f62",
    agreed="#a4f4c2",
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
    edge="#b0bac7",
    text="#18202b",
    muted="#566274",
    now="#ffb000",
    now_dim="#ffd46b",
    now_edge="#b87a00",
    on_now="#171208",
    now_text="#8a5a00",
    x="#0d483c",
    x_dim="#bfe5dc",
    w="#b43273",
    w_dim="#f4cddb",
    waiting="#ffffff",
    order=("#4570d2", "#4b93d5", "#5ea8d5", "#8bc3d6"),
    loss="#c02401",
    agreed="#22745e",
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
        colour = "yellow"
    return theme.identity[get_args(Colour).index(colour)]
