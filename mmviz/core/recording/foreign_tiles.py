"""From a trace of another tool to a recording: the tiles that its blocks are known to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmviz.core.device.device import Tile
from mmviz.core.recording.asking import (
    Answers,
    asks,
    check,
    completed,
    does_not_fit,
    launch_of,
    missing,
)
from mmviz.core.recording.checks import NO_TIME, recording_faults
from mmviz.core.recording.fitting import Found, placed_by
from mmviz.core.recording.foreign import (
    Foreign,
    Launch,
    Turns,
    in_time,
    resumed,
    torn,
    whole_blocks,
)
from mmviz.core.recording.rasters import Ints, rule_of
from mmviz.core.recording.recording import CYCLES, RECORDED, Recorded, Recording
from mmviz.core.recording.slots import most_at_once
from mmviz.core.schedule.grid import over
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import check_order
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.schedule.whole_tiles import RowOrder
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.text import N_, P_, Text


def placed(foreign: Foreign, answers: Answers) -> Recording:
    """The launch as a recording of its product; raises InputError where something is missing or
    does not fit: a tile that is not covered, one that is computed twice.
    """
    answers = completed(foreign, answers)
    if answers.shape is None or answers.tile is None or answers.raster is None:
        raise InputError(asks(missing(foreign, answers)))
    launch = in_time(foreign, launch_of(foreign, answers), answers.mhz)
    rule = rule_of(answers.raster)
    m, n, k = answers.shape
    tiles = over(m, answers.tile[0]), over(n, answers.tile[1])
    found = placed_by(launch, answers.region, rule, tiles)
    if found is None:
        raise does_not_fit(launch, answers.shape, answers.tile, rule.id)
    name = f"{m}x{n}x{k}"
    one = _tiles_of(found, Gemm(name, "product", m, n, k), answers.tile)
    said = Text(N_("each block's tile by the rule {rule}"), rule=rule.id)
    region = found.reading.region
    if found.parts > 1:
        in_parts = N_("each block's tile by the rule {rule}, in {parts} parts of k")
        said = Text(in_parts, rule=rule.id, parts=found.parts)
    if region:
        each_turn = N_("a tile each time a block goes through {region:.40}, by the rule {rule}")
        said = Text(each_turn, region=region, rule=rule.id)
    order = "persistent" if region else rule.id
    told = [said, *_resumed((launch,))]
    return _recording(foreign, answers, (one,), name, told, order)


def _tiles_of(found: Found, gemm: Gemm, tile: Tile) -> Recorded:
    """The rows that compute something, as tiles."""
    turns, places, parts = found.reading.turns, found.places, found.parts
    kept = np.flatnonzero(places.inside)
    part = places.part[kept]
    order: Order = check_order(f"split-k-{parts}") if parts > 1 else RowOrder()
    tiling = Tiling(gemm, tile, gemm.k, len(turns.units), 1, order, parts)
    trace = _trace(turns, kept, tiling, (places.m[kept], places.n[kept]))
    if parts > 1:
        each = tiling.part_k[0]
        past = np.where(part == parts - 1, gemm.k, (part + 1) * each)
        trace = replace(trace, k0=(part * each).astype(np.int32), k1=past.astype(np.int32))
    return Recorded(
        trace,
        turns.units,
        blocks=found.reading.number[kept].astype(np.int32),
        tiles_run=tiling.pieces if tiling.pieces > len(kept) else None,
    )


def timeline(foreign: Foreign, mhz: float | None = None) -> Recording:
    """All launches as they ran, each block a row; of no product that is known. mhz: see Answers.

    Of a launch that took no time by the file's clock there is nothing to be shown; raises
    InputError where that is so of all.
    """
    answers = Answers(mhz=mhz)
    check(answers)
    launches = [one for one in foreign.launches if one.end_ns.max() > one.start_ns.min()]
    if not launches:
        raise InputError(N_("{name}: {fault}"), name=foreign.name, fault=Text(NO_TIME))
    begin = min(int(launch.start_ns.min()) for launch in launches)
    found = []
    for launch in launches:
        turns = whole_blocks(in_time(foreign, launch, mhz))
        rows = np.arange(len(turns))
        gemm = Gemm(launch.name, "product", 1, len(turns), 1)
        tiling = Tiling(gemm, (1, 1), 1, len(turns.units), 1, RowOrder())
        trace = _trace(turns, rows, tiling, (np.zeros_like(rows), rows))
        begun = 1e-9 * (int(turns.start_ns.min()) - begin)
        blocks = turns.block.astype(np.int32)
        found.append(Recorded(trace, turns.units, begun_s=begun, blocks=blocks, placed=False))
    said = [Text(N_("which product it computed is not known: blocks over time, no tiles"))]
    said += _resumed(launches)
    if (n := sum(len(torn(launch)) for launch in launches)) > 0:
        several = P_(
            "{n:group} block is on several SMs, and a row on each",
            "{n:group} blocks are on several SMs, and a row on each",
        )
        said.append(Text(several, n=n))
    if (n := len(foreign.launches) - len(launches)) > 0:
        idle = P_(
            "{n:group} launch took no time by the file's clock, and is left out",
            "{n:group} launches took no time by the file's clock, and are left out",
        )
        said.append(Text(idle, n=n))
    return _recording(foreign, answers, tuple(found), foreign.name, said, "")


def _resumed(launches: Sequence[Launch]) -> list[Text]:
    """That blocks may have run twice, where some of them look like it."""
    n = sum(map(resumed, launches))
    said = P_(
        "{n:group} block goes on after a moment in which nothing ran: it may have run twice",
        "{n:group} blocks go on after a moment in which nothing ran: they may have run twice",
    )
    return [Text(said, n=n)] if n else []


def _recording(
    foreign: Foreign,
    answers: Answers,
    products: tuple[Recorded, ...],
    name: str,
    placing: list[Text],
    order: str,
) -> Recording:
    """Raises InputError where it can be none, as whoever reads its file does."""
    of = Pass(Products(name, tuple(one.gemm for one in products)), 1, answers.dtype, False)
    remarks = [*foreign.remarks, *placing]
    if foreign.cycles:
        remarks.append(_clock(foreign, answers.mhz))
    timer_s = 1e-9 * foreign.timer_ns
    made = Recording(of, foreign.format, order, products, timer_s=timer_s, remarks=tuple(remarks))
    if faults := recording_faults(made):
        raise InputError(faults[0])
    return made


def _clock(foreign: Foreign, mhz: float | None) -> Text:
    """By which clock cycles became time."""
    if mhz is not None:
        return Text(N_("times within a block at a clock of {mhz:sig} MHz"), mhz=mhz)
    if foreign.mhz is not None:
        return Text(
            N_(
                "times within a block at a clock of {mhz:sig} MHz, by what the file tells of whole "
                "blocks"
            ),
            mhz=foreign.mhz,
        )
    return Text(CYCLES)


def _trace(turns: Turns, rows: Ints, tiling: Tiling, tiles: tuple[Ints, Ints]) -> Trace:
    """These rows, from 0 at the first start; of several at one time on a unit all are resident."""
    begin = int(turns.start_ns[rows].min())
    start, end, unit = turns.start_ns[rows] - begin, turns.end_ns[rows] - begin, turns.unit[rows]
    resident = max(1, most_at_once(start, end, unit))
    return Trace(
        replace(tiling, resident=resident),
        tiles[0].astype(np.int32),
        tiles[1].astype(np.int32),
        unit,
        start.astype(np.float64) * 1e-9,
        end.astype(np.float64) * 1e-9,
        "s",
        RECORDED,
    )
