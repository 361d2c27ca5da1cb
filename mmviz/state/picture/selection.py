"""What the user picked out: a tile, a unit with all its tiles, or a wave with all of its."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Noun
from mmviz.core.schedule.columns import Rows
from mmviz.core.schedule.trace import COMPUTING, DONE, WAITING, Frame, Trace
from mmviz.state.picture.reuse import next_tile_line
from mmviz.text import N_, Text
from mmviz.words.provenance import label
from mmviz.words.schedule import PIECES, tile_text, unit_text

Floats = NDArray[np.float64]
SelectionKind = Literal["tile", "unit", "wave"]


@dataclass(frozen=True, slots=True)
class Selection:
    """index: a row of the trace, a unit from 0, or a wave from 1."""

    kind: SelectionKind
    index: int


def chosen(trace: Trace, selection: Selection, rows: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Which of these rows of the trace the selection holds; pieces of one tile go together."""
    if selection.kind == "unit":
        return np.asarray(trace.units.of(rows) == selection.index)
    if selection.kind == "wave":
        return np.asarray(trace.wave_of(rows) == selection.index)
    (m, n), (own_m, own_n) = trace.tiles_of(rows), trace.tiles_of(np.array([selection.index]))
    return np.asarray((m == own_m) & (n == own_n))


def rows_of(trace: Trace, selection: Selection) -> Rows:
    """Rows of a unit, of a wave, or the one picked of a tile."""
    if selection.kind == "unit":
        return trace.units.rows_of(selection.index)
    if selection.kind == "wave":
        return trace.tiles_of_wave(selection.index)
    return np.array([selection.index])


def row_at(trace: Trace, unit: int, t: float) -> int | None:
    """A row of the trace that a unit computes at that time, None where it idles."""
    rows = trace.units.rows_of(unit)
    now = (trace.starts.of(rows) <= t) & (trace.ends.of(rows) > t)
    return int(rows[now][0]) if now.any() else None


def tile_of(trace: Trace, row: int) -> tuple[int, int]:
    """Which tile a row of the trace computes, or a piece of which: along m, along n."""
    m, n = trace.tiles_of(np.array([row]))
    return int(m[0]), int(n[0])


def unit_of(trace: Trace, selection: Selection) -> int | None:
    """The unit the selection is about, None for a wave."""
    if selection.kind == "wave":
        return None
    if selection.kind == "unit":
        return selection.index
    return int(trace.units.of(np.array([selection.index]))[0])


def selection_lines(frame: Frame, selection: Selection, unit: Noun) -> tuple[Text, ...]:
    """What is known of the selection at this instant, a line each."""
    trace = frame.trace
    if selection.kind == "tile":
        return tile_lines(frame, selection.index, unit)
    starts, ends, busy = spans(trace, selection)
    done = int(np.searchsorted(ends, frame.t, side="right"))
    now = int(np.searchsorted(starts, frame.t, side="right")) - done
    name = Text(N_("wave {i:group} of {waves:group}"), i=selection.index, waves=trace.waves)
    if selection.kind == "unit":
        name = unit_text(unit, selection.index)
    piece = PIECES["piece" if trace.k0 is not None else "tile"]
    said = label(trace.provenance)
    lines = (
        Text(N_("{name}: {tiles}"), name=name, tiles=Text(piece, n=len(starts))),
        Text(
            N_("{done:group} done, {now:group} computing · {kind}"), done=done, now=now, kind=said
        ),
    )
    if busy is None:
        return lines
    return (*lines, Text(N_("busy {busy:percent} of the time"), busy=busy))


@functools.lru_cache(maxsize=1)  # a card is painted at every frame, and a unit may have millions
def spans(trace: Trace, selection: Selection) -> tuple[Floats, Floats, float | None]:
    """When the rows of a unit or a wave start, and when they end, both in order of time.

    And the share of the duration that a unit computes; None for a wave. Tiles side by side on it
    count once: each for as long as it outlasts those before it.
    """
    rows = rows_of(trace, selection)
    starts, ends = trace.starts.of(rows), trace.ends.of(rows)
    busy = None
    if selection.kind == "unit":
        latest = np.maximum.accumulate(ends)
        since = np.maximum(starts, np.append(0.0, latest[:-1]))
        busy = float(np.maximum(latest - since, 0.0).sum() / trace.duration)
    return np.sort(starts), np.sort(ends), busy


STATES = (N_("waiting"), N_("computing"), N_("done"))  # by WAITING, COMPUTING, DONE


def tile_lines(frame: Frame, row: int, unit: Noun) -> tuple[Text, ...]:
    """What is known of one row of the trace at this instant, a line each."""
    trace, t = frame.trace, frame.t
    gemm, (tm, tn) = trace.tiling.gemm, trace.tiling.tile
    one = np.array([row])
    m, n = (int(side[0]) for side in trace.tiles_of(one))
    start, end = float(trace.starts.of(one)[0]), float(trace.ends.of(one)[0])
    first, past = (int(k[0]) for k in trace.k_range(one))
    k = first + min(max((t - start) / (end - start), 0.0), 1.0) * (past - first)
    _, row_in = trace.tiling.place_of(m)
    lines: tuple[Text, ...] = (
        Text(
            N_("{tile} · {unit} · wave {wave:group}"),
            tile=tile_text(trace.tiling, m, n),
            unit=unit_text(unit, int(trace.units.of(one)[0])),
            wave=int(trace.wave_of(one)[0]),
        ),
        Text(
            N_("rows {top:group}–{low:group}, columns {left:group}–{right:group}"),
            top=row_in * tm,
            low=min((row_in + 1) * tm, gemm.m) - 1,
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
