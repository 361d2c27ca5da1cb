"""The facts of a product, its tiling and its time, in lines, each group with its origin."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz import units
from mmviz.core.device.device import Device
from mmviz.core.device.figures import figure_of, peak_name
from mmviz.core.schedule.schedule import least_time
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.time.cost import Cost
from mmviz.state.picture.matrices import matrices
from mmviz.state.picture.playback import model_time
from mmviz.state.picture.reuse import MOST_ROWS, traffic_of

SEEN = 0.05  # a loss of at least so much is marked


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts column; `lost` marks a loss worth seeing."""

    label: str
    value: str
    tip: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under a heading, all from one source: modelled, computed or datasheet."""

    title: str
    source: str
    facts: tuple[Fact, ...]


def facts_of(cost: Cost, trace: Trace | None, device: Device, dtype: str) -> tuple[FactGroup, ...]:
    """All groups of the facts column for one product; trace None: too many tiles for one.

    Where a time is predicted, the waterfall and the table of layers say what is lost and why; else
    the time and the two efficiencies stand here.
    """
    tiling = cost.tiling
    groups = (_product_facts(cost, dtype), _tiling_facts(tiling, trace, device))
    if cost.predicted_s is not None:
        return (*groups, _reuse_facts(trace))
    lost = _lost_facts(tiling, trace, device)
    shortened = FactGroup(groups[1].title, groups[1].source, (*groups[1].facts, *lost))
    return (groups[0], shortened, _time_facts(tiling, device, dtype), _reuse_facts(trace))


def _product_facts(cost: Cost, dtype: str) -> FactGroup:
    gemm, size = cost.tiling.gemm, BYTES[dtype]
    cells = (gemm.m * gemm.k, gemm.k * gemm.n, gemm.m * gemm.n)
    named = zip(matrices(gemm), cells, strict=True)
    return FactGroup(
        f"{gemm.name} · {gemm.role}",
        "computed",
        (
            Fact("m · n · k", units.shape(gemm.m, gemm.n, gemm.k), "rows · columns · terms a cell"),
            Fact("FLOP", units.flop(gemm.flop), "2·m·n·k: a multiplication and an addition a term"),
            *(Fact(f"{matrix.name} in {dtype}", units.size(n * size)) for matrix, n in named),
            Fact(
                "intensity",
                f"{units.sig(cost.intensity)} FLOP/B",
                "FLOP over the bytes of the three matrices, each moved once",
            ),
        ),
    )


def _tiling_facts(tiling: Tiling, trace: Trace | None, device: Device) -> FactGroup:
    unit = device.unit
    grid = f"{units.shape(tiling.tiles_m, tiling.tiles_n)} = {units.group(tiling.tiles)}"
    waves = units.group(tiling.waves if trace is None else trace.waves)
    if trace is None or trace.wave_rows is None:
        waves = f"{units.sig(tiling.pieces / tiling.slots)} → {waves}"
    together = f"{unit}s × tiles on one at the same time: so many run together"
    slots = f"{units.shape(tiling.units, tiling.resident)} = {units.group(tiling.slots)}"
    steps = units.shape(tiling.k_steps, tiling.k_step)
    return FactGroup(
        "Tiles and waves",
        "modelled",
        (
            Fact("tile", units.shape(*tiling.tile), "cells along m × n, computed by one unit"),
            Fact("tiles", grid),
            *((Fact("split-K", units.plural(tiling.parts, "part")),) if tiling.parts > 1 else ()),
            Fact("slots", slots, together),
            Fact("waves", waves, "pieces over slots, rounded up"),
            Fact("k-steps per tile", steps, "steps × terms of k a step"),
        ),
    )


def _lost_facts(tiling: Tiling, trace: Trace | None, device: Device) -> tuple[Fact, Fact]:
    past_edge, idle = 1 - tiling.tile_efficiency, 1 - busy_share(tiling, trace)
    return (
        Fact(
            "past the edge",
            units.percent(past_edge),
            "cells computed that nobody wants",
            past_edge >= SEEN,
        ),
        Fact(
            f"{device.unit}s empty" if device.kind == "systolic" else f"{device.unit}s idle",
            units.percent(idle),
            "share of the units' time without a tile",
            idle >= SEEN,
        ),
    )


def busy_share(tiling: Tiling, trace: Trace | None) -> float:
    """Share of the units' time in which they compute, 0 … 1."""
    if trace is None or (trace.k0 is None and trace.wave_rows is None):
        return tiling.wave_efficiency  # the closed form, without a look at the rows
    return trace.efficiency


def _reuse_facts(trace: Trace | None) -> FactGroup:
    """Elements of A and B loaded with tiles that keep strips, without tiles, and at the least."""
    count = None if trace is None else traffic_of(trace)
    if count is None:
        none = Fact(
            "loads of A and B", units.NO_DATA, f"counted up to {units.group(MOST_ROWS)} tiles"
        )
        return FactGroup("Reuse", "modelled", (none,))
    tip = "elements; each tile loads its strips unless its unit kept one from the tile before"
    return FactGroup(
        "Reuse",
        "modelled",
        (
            Fact("loads of A and B", units.count(count.scheduled), tip),
            Fact("without tiles", units.count(count.untiled), "every term loads its two factors"),
            Fact("each element once", units.count(count.ideal), "the fewest there can be"),
            Fact("tiles save", units.ratio(count.untiled / count.scheduled)),
        ),
    )


def _time_facts(tiling: Tiling, device: Device, dtype: str) -> FactGroup:
    peak = device.peak(dtype)
    least, clock = least_time(tiling, device, dtype)
    known = units.NO_DATA if peak is None else units.rate(peak)
    if clock == "steps":
        name = f"{device.step}s"
        peak_text = "none, no clock" if device.kind == "lanes" else known
        facts = (
            Fact(name, units.group(round(least))),
            Fact(f"peak {dtype}", peak_text, _peak_source(device, dtype)),
        )
        return FactGroup("Time", "modelled", facts)
    return FactGroup(
        "Time",
        "modelled",
        (
            Fact(
                "at least",
                model_time(least, clock),
                "every unit at its peak; nothing reaches it",
            ),
            Fact(f"peak {dtype}", known, _peak_source(device, dtype)),
        ),
    )


def _peak_source(device: Device, dtype: str) -> str:
    """'datasheet: …'; what a device says of itself where it has no such peak."""
    figure = figure_of(device, peak_name(dtype))
    return device.source if figure is None else f"{figure.status}: {figure.source}"
