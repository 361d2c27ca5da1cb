"""What the user picked out: a tile, a unit with all its tiles, or a wave with all of its."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz import units
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.state.picture.reuse import next_tile_line

Kind = Literal["tile", "unit", "wave"]


@dataclass(frozen=True, slots=True)
class Selection:
    """index: a row of the trace, a unit from 0, or a wave from 1."""

    kind: Kind
    index: int


def chosen(trace: Trace, selection: Selection, rows: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Which of these rows of the trace the selection holds; pieces of one tile go together."""
    if selection.kind == "unit":
        return np.asarray(trace.unit[rows] == selection.index)
    if selection.kind == "wave":
        return np.asarray(trace.wave_of(rows) == selection.index)
    m, n = trace.m[selection.index], trace.n[selection.index]
    return np.asarray((trace.m[rows] == m) & (trace.n[rows] == n))


def unit_of(trace: Trace, selection: Selection) -> int | None:
    """The unit the selection is about, None for a wave."""
    if selection.kind == "wave":
        return None
    return selection.index if selection.kind == "unit" else int(trace.unit[selection.index])


def selection_lines(frame: Frame, selection: Selection, unit: str) -> list[str]:
    """What is known of the selection at this instant, a line each."""
    trace = frame.trace
    if selection.kind == "tile":
        return tile_lines(frame, selection.index, unit)
    rows = np.flatnonzero(chosen(trace, selection, np.arange(len(trace))))
    done = int(np.count_nonzero(trace.end[rows] <= frame.t))
    now = int(np.count_nonzero((trace.start[rows] <= frame.t) & (trace.end[rows] > frame.t)))
    name = (
        f"{unit} {units.group(selection.index)}"
        if selection.kind == "unit"
        else f"wave {units.group(selection.index)} of {units.group(trace.waves)}"
    )
    piece = "piece" if trace.k0 is not None else "tile"
    lines = [
        f"{name}: {units.plural(len(rows), piece)}",
        f"{units.group(done)} done, {units.group(now)} computing",
    ]
    if selection.kind == "unit":
        lines.append(f"busy {units.percent(float(trace.busy()[selection.index]))} of the time")
    return lines


def tile_lines(frame: Frame, row: int, unit: str) -> list[str]:
    """What is known of one row of the trace at this instant, a line each."""
    trace, t = frame.trace, frame.t
    gemm, (tm, tn) = trace.tiling.gemm, trace.tiling.tile
    m, n = int(trace.m[row]), int(trace.n[row])
    wave = int(trace.wave_of(np.array([row]))[0])
    start, end = float(trace.start[row]), float(trace.end[row])
    first, past = (int(k[0]) for k in trace.k_range(np.array([row])))
    k = first + min(max((t - start) / (end - start), 0.0), 1.0) * (past - first)
    state = "waiting" if t < start else "done" if t >= end else "computing"
    lines = [
        f"tile ({m}, {n}) · {unit} {units.group(int(trace.unit[row]))} · wave {units.group(wave)}",
        f"rows {_span(m * tm, tm, gemm.m)}, columns {_span(n * tn, tn, gemm.n)}",
        f"k {units.group(int(k + 1e-6))} of {units.group(gemm.k)} · {state}",
    ]
    if trace.k0 is not None:
        lines.append(f"this piece: k {units.group(first)} to {units.group(past)}")
    following = next_tile_line(trace, row, unit)
    return [*lines, following] if following else lines


def _span(first: int, length: int, end: int) -> str:
    return f"{units.group(first)}–{units.group(min(first + length, end) - 1)}"
