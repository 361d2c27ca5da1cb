"""The facts of a product, its tiling and its time, in lines, each group with its origin."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import Any

from mmviz.core.device.body import Noun
from mmviz.core.device.device import Device
from mmviz.core.device.figures import figure_of, peak_name
from mmviz.core.learning.deviation import FEW, brings_error, product_deviation
from mmviz.core.provenance import COMPUTED, MODELLED, Provenance
from mmviz.core.recording.sides import waves_ran
from mmviz.core.schedule.schedule import busy_share, least_time
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.dtype import NARROW, out_bytes, stored
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import Cost
from mmviz.core.time.timed import clocked
from mmviz.state.picture.matrices import matrices
from mmviz.state.picture.reuse import MOST_ROWS, traffic_of
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.device import figure_source
from mmviz.words.products import role, scheduled, shape
from mmviz.words.provenance import label, label_with_basis
from mmviz.words.time import model_time

MOST_TERMS = 200_000  # of k, up to which a deviation is computed while the window waits
SEEN = 0.05  # a loss of at least so much is marked


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts column; `lost` marks a loss worth seeing. value None: not known."""

    label: Text
    value: Text | None
    tip: Text = NOTHING
    lost: bool = False

    @property
    def line(self) -> Text:
        """'waves: 2.67 → 3'."""
        return Text("{label}: {value}", label=self.label, value=self.value)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under a heading, all from one source."""

    title: Text
    source: Provenance
    facts: tuple[Fact, ...]

    @property
    def kind(self) -> Text:
        """'modelled'."""
        return label(self.source)

    @property
    def line(self) -> Text:
        """'Tiles and waves, modelled', with what that rests on."""
        return joined((self.title, label_with_basis(self.source)), "commas")


@dataclass(frozen=True, slots=True)
class FactsView:
    """The groups of the product looked at."""

    groups: tuple[FactGroup, ...]


def facts_view(
    cost: Cost, trace: Trace | None, device: Device, noun: Noun, sampled: bool
) -> FactsView:
    """All groups for one product; trace: the schedule that is shown, which may be a recorded one,
    in tiles of its own; None: too many tiles for one. noun: of its units. sampled: it
    lacks some tiles that ran.

    Where a time is predicted, the waterfall and the table of layers say what is lost and why; else
    the time and the two efficiencies stand here.
    """
    tiling = cost.tiling if trace is None else trace.tiling
    product, tiles = _product_facts(cost, tiling.gemm), _tiling_facts(tiling, trace, noun, sampled)
    if cost.predicted_s is not None:
        return FactsView((product, tiles, _reuse_facts(trace)))
    past, idle = _lost_facts(tiling, trace, device, noun)
    idle = replace(idle, value=None, lost=False) if sampled else idle
    tiles = replace(tiles, facts=(*tiles.facts, past, idle))
    time = _time_facts(cost.tiling, clocked(cost, device), cost.dtype)
    return FactsView((product, tiles, time, _reuse_facts(trace)))


FACTS = Part(
    "facts",
    lambda derived: (derived.cost, derived.trace, derived.device, derived.noun, derived.sampled),
    facts_view,
)


def _product_facts(cost: Cost, gemm: Gemm) -> FactGroup:
    out = math.ceil(gemm.m * gemm.n * out_bytes(cost.dtype))
    one = (*(stored(cells, cost.dtype) for cells in (gemm.m * gemm.k, gemm.k * gemm.n)), out)
    sizes = tuple(gemm.stack * size for size in one)
    kept, wide = N_("{matrix} in {dtype}"), N_("{matrix} in 2 bytes a number")
    names = (kept, kept, wide if cost.dtype in NARROW else kept)
    held = (
        _fact(name, Text("{size:size}", size=size), matrix=matrix.name, dtype=cost.dtype)
        for name, matrix, size in zip(names, matrices(gemm), sizes, strict=True)
    )
    return FactGroup(
        Text("{name} · {role}", name=gemm.name, role=role(gemm.role)),
        COMPUTED,
        (
            _fact("m · n · k", shape(gemm), N_("rows · columns · terms a cell")),
            _fact(
                "FLOP",
                Text("{flop:flop}", flop=gemm.flop),
                N_("2·m·n·k: a multiplication and an addition a term"),
            ),
            *held,
            _fact(
                N_("intensity"),
                Text("{intensity:sig} FLOP/B", intensity=cost.intensity),
                N_("FLOP over the bytes of the three matrices, each moved once"),
            ),
            *_deviation_facts(gemm, cost.dtype),
        ),
    )


def _deviation_facts(gemm: Gemm, dtype: str) -> tuple[Fact, ...]:
    """What the number format costs in digits, of this product alone."""
    if not brings_error(dtype):
        return ()
    off = _deviation(gemm.m, gemm.n, gemm.k, dtype)
    value = None if off is None else Text("{off:percent2}", off=off)
    tip = N_(
        "what {dtype} leaves of a product of random numbers, by ‖C − C64‖ / ‖C64‖: operands "
        "quantized, sums exact, {few} × {few} cells of it computed; mmviz plan says it of the "
        "whole network"
    )
    return (_fact(N_("off from float64"), value, tip, dtype=dtype, few=FEW),)


@functools.lru_cache(maxsize=256)  # of a size it is the same, whatever product has it
def _deviation(m: int, n: int, k: int, dtype: str) -> float | None:
    if k > MOST_TERMS:
        return None
    return product_deviation(Gemm("", "product", m, n, k), dtype)


def _grid(tiling: Tiling) -> tuple[int, ...]:
    """Rows and columns of tiles; of a stack its slices before them."""
    grid, stack = (tiling.tiles_m, tiling.tiles_n), tiling.gemm.stack
    return grid if stack == 1 else (stack, *grid)


def _tiling_facts(tiling: Tiling, trace: Trace | None, noun: Noun, sampled: bool) -> FactGroup:
    waves, slots = tiling.waves if trace is None else trace.waves, tiling.slots
    ran = trace is not None and trace.provenance.kind == "recorded"
    counted = N_("pieces over slots, rounded up")
    if tiling.gemm.group:
        counted = N_("launched alone; in its launch the tiles of the group fill the waves together")
    if trace is not None and ran:
        counted = N_("of what ran: the most tiles that a unit computed one after the other")
        waves = waves_ran(trace)
    waves_text = Text("{waves:group}", waves=waves)
    if not ran and (trace is None or trace.wave_rows is None):
        waves_text = Text("{each:sig} → {waves}", each=tiling.pieces / slots, waves=waves_text)
    parts = Text(P_("{n:group} part", "{n:group} parts"), n=tiling.parts)
    together = N_("{units} × tiles on one at the same time: so many run together")
    return FactGroup(
        Text(N_("Tiles and waves")),
        scheduled(trace),
        (
            _fact(N_("tile"), _sides(*tiling.tile), N_("cells along m × n, computed by one unit")),
            _fact(N_("tiles"), _product(tiling.tiles, *_grid(tiling))),
            *((_fact(N_("split-K"), parts),) if tiling.parts > 1 else ()),
            _fact(
                N_("slots"),
                _product(slots, tiling.units, tiling.resident),
                together,
                units=noun.many,
            ),
            _fact(N_("waves"), None if sampled else waves_text, counted),
            _fact(
                N_("k-steps per tile"),
                _sides(tiling.k_steps, tiling.k_step),
                N_("steps × terms of k a step"),
            ),
        ),
    )


def _lost_facts(
    tiling: Tiling, trace: Trace | None, device: Device, noun: Noun
) -> tuple[Fact, Fact]:
    past_edge, idle = 1 - tiling.tile_efficiency, 1 - busy_share(tiling, trace)
    unused = Fact(
        Text("{units} {idle}", units=noun.many, idle=device.body.idle),
        _share(idle),
        Text(N_("share of the units' time without a tile")),
        idle >= SEEN,
    )
    nobody = N_("cells computed that nobody wants")
    return (
        _fact(N_("past the edge"), _share(past_edge), nobody, lost=past_edge >= SEEN),
        unused,
    )


def _reuse_facts(trace: Trace | None) -> FactGroup:
    """Elements of A and B loaded with tiles that keep strips, without tiles, and at the least."""
    title, source, loads = Text(N_("Reuse")), scheduled(trace), N_("loads of A and B")
    count = None if trace is None else traffic_of(trace)
    if count is None:
        upto = N_("counted up to {rows:group} tiles")
        return FactGroup(title, source, (_fact(loads, None, upto, rows=MOST_ROWS),))
    tip = N_("elements; each tile loads its strips unless its unit kept one from the tile before")
    least, saved = N_("the fewest there can be"), count.untiled / count.scheduled
    return FactGroup(
        title,
        source,
        (
            _fact(loads, _count(count.scheduled), tip),
            _fact(
                N_("without tiles"),
                _count(count.untiled),
                N_("every term loads its two factors"),
            ),
            _fact(N_("each element once"), _count(count.ideal), least),
            _fact(N_("tiles save"), Text("{times:ratio}", times=saved)),
        ),
    )


def _time_facts(tiling: Tiling, device: Device, dtype: str) -> FactGroup:
    peak = device.peak(dtype)
    least, clock = least_time(tiling, device, dtype)
    known = None if peak is None else Text("{rate:rate}", rate=peak)
    if not device.body.has_clock:
        known = Text(N_("none, no clock"))
    if clock == "s":
        tip = N_("every unit at its peak; nothing reaches it")
        first = _fact(N_("at least"), model_time(least, clock), tip)
    else:
        first = Fact(device.tick.many, Text("{n:group}", n=round(least)))
    if known is None:
        return FactGroup(Text(N_("Time")), MODELLED, (first,))
    reached = Fact(Text(N_("peak {dtype}"), dtype=dtype), known, _peak_source(device, dtype))
    return FactGroup(Text(N_("Time")), MODELLED, (first, reached))


def _peak_source(device: Device, dtype: str) -> Text:
    """'datasheet: …'; what a device says of itself where it has no such peak."""
    figure = figure_of(device, peak_name(dtype))
    return own(device.source) if figure is None else figure_source(figure)


def _sides(*sides: int) -> Text:
    return Text("{sides:shape}", sides=sides)


def _product(n: int, *sides: int) -> Text:
    """'9 × 32 = 288'."""
    return Text("{sides:shape} = {n:group}", sides=sides, n=n)


def _share(share: float) -> Text:
    return Text("{share:percent}", share=share)


def _count(n: float) -> Text:
    return Text("{n:count}", n=n)


def _fact(
    label: str, value: Text | None, tip: str = "", *, lost: bool = False, **values: Any
) -> Fact:
    """label, tip: marked msgids; values: of both."""
    return Fact(Text(label, **values), value, Text(tip, **values), lost)
