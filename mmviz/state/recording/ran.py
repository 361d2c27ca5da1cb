"""The products of the pass: which were recorded, and the times, waves and busy units of both sides.

fc7 · dgrad   128 × 4 096 × 4 096   12.1 ms   16.2 ms   4   4   99.0 %   98.2 %
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from mmviz.core.device.device import Device
from mmviz.core.recording.account import account
from mmviz.core.recording.recording import Recording
from mmviz.core.recording.sides import Side
from mmviz.core.shapes.gemm import Gemm
from mmviz.state.derived import Derived
from mmviz.state.offers import OPEN_RECORDING, RECORD, Offer
from mmviz.state.recording.pair import both_of
from mmviz.state.recording.view import MODELLED, NONE, OTHER_ONE, RECORDED, THIS_ONE
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words.products import shape, titled

UNKNOWN = Text("–")


@dataclass(frozen=True, slots=True)
class RanColumn:
    """name: over the column; side: whose it is, NOTHING for neither's; help: its tip; wordy: its
    cells are words, not figures.
    """

    name: Text
    side: Text = NOTHING
    help: Text = NOTHING
    wordy: bool = False


@dataclass(frozen=True, slots=True)
class RanLine:
    """cells: as the columns are. recorded: whether it ran; tip: what is not known of it."""

    cells: tuple[Text, ...]
    recorded: bool
    tip: Text = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class RanTable:
    """A line a product of the pass, in order."""

    columns: tuple[RanColumn, ...] = ()
    lines: tuple[RanLine, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RanView:
    """product: index of the one looked at. why: there is no recording, `offers` end that."""

    table: RanTable = RanTable()
    product: int = 0
    why: Text = NOTHING
    offers: tuple[Offer, ...] = ()


def ran_view(
    recording: Recording | None,
    device: Device,
    against: Recording | None,
    gemms: tuple[Gemm, ...],
    product: int,
) -> RanView:
    """gemms: of the pass. against: None for the model of `device`."""
    if recording is None:
        return RanView(why=NONE, offers=(RECORD, OPEN_RECORDING))
    return RanView(_table(recording, device, against, gemms), product)


@functools.lru_cache(maxsize=2)  # whatever product of it is looked at
def _table(
    recording: Recording, device: Device, against: Recording | None, gemms: tuple[Gemm, ...]
) -> RanTable:
    two = against is not None and against.ran
    heads = (OTHER_ONE, THIS_ONE) if two else (MODELLED, RECORDED)
    figures = (
        (N_("time"), N_("the whole product by the clock around it; of a model with its launch")),
        (N_("waves"), N_("pieces that one slot computes one after the other, the most of any")),
        (
            N_("busy units"),
            N_("share of the units' time from the first tile's start to the last one's end"),
        ),
    )
    columns = (
        RanColumn(Text(N_("product")), wordy=True),
        RanColumn(Text("m × n × k")),
        *(RanColumn(Text(name), side, Text(tip)) for name, tip in figures for side in heads),
    )
    lines = []
    for number, gemm in enumerate(gemms):
        first = titled(gemm.name, gemm.role), shape(gemm)
        if number >= len(recording.products):
            rest = (UNKNOWN, Text(N_("not recorded")), *(UNKNOWN,) * 4)
            lines.append(RanLine((*first, *rest), recorded=False))
            continue
        left, right, missing = both_of(recording, number, device, against)
        pairs = zip(_figures(left), _figures(right), strict=True)
        figures_of_both = tuple(cell for both in pairs for cell in both)
        lines.append(RanLine((*first, *figures_of_both), recorded=True, tip=missing))
    return RanTable(columns, tuple(lines))


def _figures(side: Side | None) -> tuple[Text, Text, Text]:
    """Its time, waves and busy units; what nobody knows is a dash."""
    if side is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    told = account(side)
    return (
        UNKNOWN if side.wall_s is None else Text("{t:seconds}", t=side.wall_s),
        UNKNOWN if side.waves is None else Text("{n:group}", n=side.waves),
        UNKNOWN if told is None else Text("{x:percent}", x=told.busy),
    )


def _needs(derived: Derived) -> tuple[Any, ...]:
    facts, found = derived.facts, derived.recording
    against = None if facts.against is found else facts.against
    return found, derived.device, against, derived.gemms, derived.session.product


RAN: Part[RanView] = Part("ran", _needs, ran_view)
