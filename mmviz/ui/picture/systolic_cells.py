"""The cells of Y while a systolic array computes them: each has its own place along k."""

from __future__ import annotations

import numpy as np

from mmviz.core.schedule.trace import COMPUTING, DONE, WAITING
from mmviz.state.picture.systolic import SLACK, ArrayMoment, summed
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import CellState, Window, pieces


def array_cell_states(scene: Scene, moment: ArrayMoment, window: Window) -> list[list[CellState]]:
    """The state of every cell in the window [row][column], as the array's multipliers have it."""
    rows = range(window.row, window.row + window.rows)
    columns = range(window.column, window.column + window.columns)
    known: dict[int, list[int]] = {}  # first row of the trace of a tile: all of its rows
    found = []
    for row in rows:
        line = []
        for column in columns:
            m, n = (column, row) if scene.turned else (row, column)
            first = scene.row_at(row, column)
            if first not in known:
                known[first] = pieces(scene.trace, first).tolist()
            line.append(_cell_state(scene, moment, known[first], m, n))
        found.append(line)
    return found


def _cell_state(scene: Scene, moment: ArrayMoment, rows: list[int], m: int, n: int) -> CellState:
    trace, k = scene.trace, scene.view.gemm.k
    terms, now = 0, []
    for row in rows:
        one = np.array([row])
        k0, k1 = (int(side[0]) for side in trace.k_range(one))
        since = scene.frame.t - trace.starts.of(one)[0]
        if since >= moment.folds.cycles_per_fold:
            terms = k1
            continue
        count = summed(moment, m, n, int(np.floor(since + SLACK)))
        if count > 0:
            terms = min(k0 + count, k1)
        if 0 < count <= k1 - k0:
            now.append(terms - 1)
    state = COMPUTING if now or 0 < terms < k else DONE if terms else WAITING
    done = ((0, terms),) if terms else ()
    return CellState(state, done, tuple(now), terms / k, int(trace.units.of(np.array(rows[:1]))[0]))
