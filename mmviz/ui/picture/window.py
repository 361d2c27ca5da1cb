"""Which cells of a product are drawn with their numbers, and the state each is in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.trace import COMPUTING, DONE, WAITING, Trace
from mmviz.state.picture.cells import Cells
from mmviz.ui.picture.scene import Scene

MOST_ROWS, MOST_COLUMNS, MOST_TERMS = 10, 12, 8  # of a larger product, seen from close


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the drawing: its first row, column and term of k, and how many of each."""

    row: int
    rows: int
    column: int
    columns: int
    term: int
    terms: int


@dataclass(frozen=True, slots=True)
class CellState:
    """One cell at an instant.

    state: of its tile. done: the terms of k summed so far, as (first, past the last). now: the term
    each piece under way is at. share: of its own way along k. unit: who computes it.
    """

    state: int
    done: tuple[tuple[int, int], ...]
    now: tuple[int, ...]
    share: float
    unit: int

    @property
    def terms(self) -> int:
        """How many terms are summed, those under way included."""
        return sum(past - first for first, past in self.done)


def window_of(scene: Scene) -> Window | None:
    """The cells to draw with numbers: all of a small product, of a larger one what is close."""
    (rows, columns), k = scene.sides, scene.view.gemm.k
    if scene.view.small:
        return Window(0, rows, 0, columns, 0, k)
    first_row, past_row, first_column, past_column = scene.in_view()
    row, column = int(first_row), int(first_column)
    shown_rows = min(rows, int(np.ceil(past_row))) - row
    shown_columns = min(columns, int(np.ceil(past_column))) - column
    if shown_rows > MOST_ROWS or shown_columns > MOST_COLUMNS:
        return None
    terms = min(k, MOST_TERMS)
    now = int(scene.frame.k_done.min()) if scene.frame.computing else 0
    # The window pages along k, so that numbers stand still while they are read.
    first = min(now // terms * terms, k - terms)
    return Window(row, shown_rows, column, shown_columns, first, terms)


def factors(scene: Scene, cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The left factor and the one above, as drawn."""
    return (cells.b.T, cells.a.T) if scene.turned else (cells.a, cells.b)


def value(scene: Scene, cells: Cells, row: int, column: int, state: CellState) -> float:
    """The sum so far of one cell of the drawing."""
    m, n = (column, row) if scene.turned else (row, column)
    return cells.value(m, n, list(state.done))


def cell_states(scene: Scene, window: Window) -> list[list[CellState]]:
    """The state of every cell in the window [row][column]."""
    th, tw = scene.tile
    cache: dict[tuple[int, int], CellState] = {}
    found = []
    for row in range(window.row, window.row + window.rows):
        line = []
        for column in range(window.column, window.column + window.columns):
            tile = row // th, column // tw
            if tile not in cache:
                cache[tile] = _tile_state(scene, scene.row_at(row, column))
            line.append(cache[tile])
        found.append(line)
    return found


def pieces(trace: Trace, first: int) -> NDArray[np.integer[Any]]:
    """All rows of the trace that compute the tile of this one, its first."""
    if trace.k0 is None:
        return np.array([first])
    m, n = trace.tiles_of(np.array([first]))
    return np.flatnonzero((trace.m == m) & (trace.n == n))


def _tile_state(scene: Scene, first: int) -> CellState:
    trace, t = scene.trace, scene.frame.t
    rows = pieces(trace, first)
    k0, k1 = trace.k_range(rows)
    start, end = trace.starts.of(rows), trace.ends.of(rows)
    done, now = [], []
    for a, b, begin, finish in zip(
        k0.tolist(), k1.tolist(), start.tolist(), end.tolist(), strict=True
    ):
        if t >= finish:
            done.append((a, b))
        elif t >= begin:
            # A term counts from when it is begun; before the first one is, nothing is summed.
            at = a + (t - begin) / (finish - begin) * (b - a)
            past = min(math.ceil(at - 1e-6), b)
            if past > a:
                done.append((a, past))
            now.append(max(past - 1, a))
    state = COMPUTING if now else DONE if len(done) == len(rows) else WAITING
    if state == WAITING and done:
        state = COMPUTING
    latest = rows[start <= t][-1:] if (start <= t).any() else rows[:1]
    share = float(np.clip((t - start) / (end - start), 0, 1) @ (k1 - k0)) / scene.view.gemm.k
    return CellState(state, tuple(done), tuple(now), share, int(trace.units.of(latest)[0]))
