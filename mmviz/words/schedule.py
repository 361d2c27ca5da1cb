"""Schedules, said: units and how many, the sentence of an instant."""

from __future__ import annotations

import math

from mmviz.core.device.body import Noun
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Frame, Trace, idle_in_last_wave
from mmviz.text import N_, NOTHING, P_, Plural, Text, joined

PIECES: dict[str, Plural] = {
    "piece": P_("{n:group} piece", "{n:group} pieces"),
    "cell": P_("{n:group} cell", "{n:group} cells"),
    "tile": P_("{n:group} tile", "{n:group} tiles"),
}
WAVES = P_("{n:group} wave", "{n:group} waves")
PRODUCTS = P_("{n:group} product", "{n:group} products")


def unit_text(unit: Noun, i: int) -> Text:
    """'SM 3'; by its own name where it has one."""
    if i < len(unit.names):
        return unit.names[i]
    return Text(N_("{unit} {i:group}"), unit=unit.one, i=i)


def tile_text(tiling: Tiling, m: int, n: int) -> Text:
    """'tile (4, 5)'; of a stack 'tile (4, 5) of slice 3', each counted from 0."""
    which, row = tiling.place_of(m)
    if tiling.gemm.stack == 1:
        return Text(N_("tile ({m}, {n})"), m=row, n=n)
    return Text(N_("tile ({m}, {n}) of slice {which:group}"), m=row, n=n, which=which)


def pieces_text(n: int, trace: Trace) -> Text:
    """'108 tiles'; pieces of tiles or single cells, where the rows of the trace are."""
    if trace.k0 is not None:
        return Text(PIECES["piece"], n=n)
    return Text(PIECES["cell" if trace.tiling.tile == (1, 1) else "tile"], n=n)


def caption(frame: Frame, unit: Noun) -> Text:
    """'wave 3 of 5: 108 tiles, k 1 808 of 4 096; 28 of 108 SMs will idle in the last wave'."""
    trace = frame.trace
    if trace.provenance.kind == "recorded":
        return _as_it_ran(frame)
    if frame.done == len(trace):
        waves, one = Text(WAVES, n=trace.waves), len(trace) == 1
        said = N_("{one} done in {waves}") if one else N_("all {all} done in {waves}")
        return Text(said, **{"one" if one else "all": pieces_text(len(trace), trace)}, waves=waves)
    now = Text(
        N_("wave {wave:group} of {waves:group}: {tiles}{k}"),
        wave=frame.wave,
        waves=trace.waves,
        tiles=pieces_text(frame.computing, trace),
        k=_k_text(frame),
    )
    idle = idle_in_last_wave(trace)
    if not idle:
        return now
    return joined((now, _idle_text(idle, trace, frame.wave, unit)), "semicolons")


def _as_it_ran(frame: Frame) -> Text:
    """'2 tiles now, k 397 to 1 275 of 2 048': nothing waits for a wave to end."""
    trace = frame.trace
    if frame.done == len(trace):
        if len(trace) == 1:
            return Text(N_("{one} done"), one=pieces_text(1, trace))
        return Text(N_("all {all} done"), all=pieces_text(len(trace), trace))
    computing = pieces_text(frame.computing, trace)
    return Text(N_("{tiles} now{k}"), tiles=computing, k=_k_text(frame))


def _idle_text(idle: int, trace: Trace, wave: int, unit: Noun) -> Text:
    every = unit.counts(trace.tiling.units)
    if trace.tiling.gemm.group:  # whose tiles fill the waves together
        left = P_(
            "{n:group} of {every} is left to its group",
            "{n:group} of {every} are left to its group",
        )
        return Text(left, n=idle, every=every)
    if trace.waves == 1:
        nothing = P_(
            "{n:group} of {every} has nothing to do", "{n:group} of {every} have nothing to do"
        )
        return Text(nothing, n=idle, every=every)
    if wave == trace.waves:
        return Text(N_("{n:group} of {every} idle in the last wave"), n=idle, every=every)
    return Text(N_("{n:group} of {every} will idle in the last wave"), n=idle, every=every)


def _k_text(frame: Frame) -> Text:
    if not frame.computing or frame.trace.tiling.order.dataflow is not None:
        return NOTHING  # every multiplier of an array stands at a term of its own
    k = frame.trace.tiling.gemm.k
    least, most = (_at(frame, float(end)) for end in (frame.k_done.min(), frame.k_done.max()))
    if least == most:
        return Text(N_(", k {at:group} of {k:group}"), at=least, k=k)
    return Text(N_(", k {least:group} to {most:group} of {k:group}"), least=least, most=most, k=k)


def _at(frame: Frame, k: float) -> int:
    """Terms walked; a lane's term counts from when it is begun, as in its cell."""
    lane = frame.trace.tiling.tile == (1, 1)
    return math.ceil(k - 1e-6) if lane else int(k + 1e-6)
