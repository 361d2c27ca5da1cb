"""What the user picked out: a tile, a unit with all its tiles, or a wave with all of its."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Noun
from mmviz.core.schedule.trace import COMPUTING, DONE, WAITING, Frame, Trace
from mmviz.state.picture.reuse import next_tile_line
from mmviz.text import N_, Text
from mmviz.words.provenance import label
from mmviz.words.schedule import PIECES, unit_text

Kind = Literal["tile", "unit", "wave"]


@dataclass(frozen=True, slots=True)
class Selection:
    """index: a row of the trace, a unit from 0, or a wave from 1."""

    kind: Kind
    index: int


def chosen(trace: Trace, selection: Selection, rows: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Which of these rows of the trace the selection holds; pieces of one tile go together."""
    if selection.kind == "unit":
        return np.asarray(trace.units.of(rows) == selection.index)
    if selection.kind == "wave":
        return np.asarray(trace.wave_of(rows) == selection.index)
    (m, n), (own_m, own_n) = trace.tiles_of(rows), trace.tiles_of(np.array([selection.index]))
    return np.asarray((m == own_m) & (n == own_n))


def unit_of(trace: Trace, selection: Selection) -> int | None:
    """The unit the selection is about, None for a wave."""
    if selection.kind == "wave":
        return None
    return selection.index if selection.kind == "unit" else int(trace.unit[selection.index])


def selection_lines(frame: Frame, selection: Selection, unit: Noun) -> tuple[Text, ...]:
    """What is known of the selection at this instant, a line each."""
    trace = frame.trace
    if selection.kind == "tile":
        return tile_lines(frame, selection.index, unit)
    rows = np.flatnonzero(chosen(trace, selection, np.arange(len(trace))))
    done = int(np.count_nonzero(trace.end[rows] <= frame.t))
    now = int(np.count_nonzero((trace.start[rows] <= frame.t) & (trace.end[rows] > frame.t)))
    name = Text(N_("wave {i:group} of {waves:group}"), i=selection.index, waves=trace.waves)
    if selection.kind == "unit":
        name = unit_text(unit, selection.index)
    piece = PIECES["piece" if trace.k0 is not None else "tile"]
    said = label(trace.provenance)
    lines = (
        Text(N_("{name}: {tiles}"), name=name, tiles=Text(piece, n=len(rows))),
        Text(
            N_("{done:group} done, {now:group} computing · {kind}"), done=done, now=now, kind=said
        ),
    )
    if selection.kind == "wave":
        return lines
    busy = float(trace.busy()[selection.index])
    return (*lines, Text(N_("busy {busy:percent} of the time"), busy=busy))


STATES = (N_("waiting"), N_("computing"), N_("done"))  # by WAITING, COMPUTING, DONE


def tile_lines(frame: Frame, row: int, unit: Noun) -> tuple[Text, ...]:
    """What is known of one row of the trace at this instant, a line each."""
    trace, t = frame.trace, frame.t
    gemm, (tm, tn) = trace.tiling.gemm, trace.tiling.tile
    m, n = int(trace.m[row]), int(trace.n[row])
    start, end = float(trace.start[row]), float(trace.end[row])
    first, past = (int(k[0]) for k in trace.k_range(np.array([row])))
    k = first + min(max((t - start) / (end - start), 0.0), 1.0) * (past - first)
    lines: tuple[Text, ...] = (
        Text(
            N_("tile ({m}, {n}) · {unit} · wave {wave:group}"),
            m=m,
            n=n,
            unit=unit_text(unit, int(trace.unit[row])),
            wave=int(trace.wave_of(np.array([row]))[0]),
        ),
        Text(
            N_("rows {top:group}–{low:group}, columns {left:group}–{right:group}"),
            top=m * tm,
            low=min((m + 1) * tm, gemm.m) - 1,
            left=n * tn,
            right=min((n + 1) * tn, gemm.n) - 1,
        ),
        Text(
            N_("k {k:group} of {all:group} · {state}, {kind}"),
            k=int(k + 1e-6),
            all=gemm.k,
            state=Text(STATES[WAITING if t < start else DONE if t >= end else COMPUTING]),
            kind=label(trace.provenance),
        ),
    )
    if trace.k0 is not None:
        piece = N_("this piece: k {first:group} to {past:group}")
        lines = (*lines, Text(piece, first=first, past=past))
    following = next_tile_line(trace, row, unit)
    return (*lines, following) if following else lines
