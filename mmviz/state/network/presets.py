"""The presets as they are offered: for whom each is, and how large."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from mmviz.core.shapes.network import written_widths
from mmviz.core.shapes.workload import Workload
from mmviz.files import networks
from mmviz.files.networks import NetworkFile
from mmviz.text import N_, P_, Text, own, shipped
from mmviz.words.names import spoken

LISTS = N_("Lists of products")
LEVELS: Mapping[str, str] = {
    "first": N_("Start here"),
    "small": N_("Small networks"),
    "real": N_("Layers of large networks"),
    "": LISTS,
}
"""Headings of the levels that presets have, from the first to be taken."""


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A preset: its name, how large it is, and what it says of itself."""

    id: str
    name: Text
    size: Text
    tip: Text


@dataclass(frozen=True, slots=True)
class PresetGroup:
    """Presets of one level, the smallest first."""

    title: Text
    presets: tuple[PresetEntry, ...]


@functools.cache  # they ship with the program
def preset_groups() -> tuple[PresetGroup, ...]:
    """All of them, what a beginner takes first at the top."""
    files = map(networks.read_preset, networks.preset_ids())
    return tuple(
        PresetGroup(Text(LEVELS[level]), tuple(map(_entry, found)))
        for level, found in groupby(files, lambda file: file.level)
    )


def size_of(workload: Workload) -> Text:
    """'9216-4096-4096-1000 · 58.6 M weights', '7 rows · 337 products' of a list."""
    network = workload.layered
    if network is None:
        return Text(
            N_("{rows} · {products}"),
            rows=Text(P_("{n:group} row", "{n:group} rows"), n=len(workload.lower())),
            products=Text(P_("{n:group} product", "{n:group} products"), n=workload.computed()),
        )
    widths = written_widths((network.inputs, *(layer.units for layer in network.layers)))
    return Text(
        P_("{widths} · {n:count} weight", "{widths} · {n:count} weights"),
        widths=widths,
        n=network.weights,
    )


def _entry(file: NetworkFile) -> PresetEntry:
    said = Text("{lines:lines}", lines=(shipped(file.about), own(file.source)))
    return PresetEntry(file.id, spoken(file.network.name), size_of(file.network), said)
