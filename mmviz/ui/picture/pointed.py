"""The tile, and the number, at a place of the picture."""

from __future__ import annotations

import numpy as np

from mmviz.core.device.body import Noun
from mmviz.core.schedule.trace import WAITING, Frame
from mmviz.state.picture.selection import tile_lines
from mmviz.text import NOTHING, Text
from mmviz.ui.look.things import Thing
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import cell_states, factors, value, window_of
from mmviz.words.schedule import tile_text

MOST = 1_000_000  # rows that are looked at for one that is computed now


def tile_thing(frame: Frame, row: int, unit: Noun, number: Text = NOTHING) -> Thing:
    """The tile of a row of the trace, as a thing; `number`: of the cell that is meant."""
    trace = frame.trace
    one = np.array([row])
    m, n = (int(side[0]) for side in trace.tiles_of(one))
    return Thing(
        "tile",
        tile_text(trace.tiling, m, n),
        value=number,
        row=tile_lines(frame, row, unit),
        start=float(trace.starts.of(one)[0]) / trace.duration,
    )


def first_now(scene: Scene) -> int:
    """The first row of the trace that is computed at this instant, else the first of all."""
    trace, t = scene.trace, scene.frame.t
    rows = np.arange(min(len(trace), MOST))
    now = (trace.starts.of(rows) <= t) & (trace.ends.of(rows) > t)
    return int(now.argmax()) if now.any() else 0


def number_at(scene: Scene, x: float, y: float) -> Text:
    """The number that is written at a point, with all its digits; NOTHING for none."""
    cells, window, cell = scene.view.cells(), window_of(scene), scene.layout.cell
    if cells is None or window is None or cell is None:
        return NOTHING
    width, height = cell
    left, above = factors(scene, cells)
    for box, first, numbers in (
        (scene.layout.a, (window.row, window.term), left),
        (scene.layout.b, (window.term, window.column), above),
    ):
        if box.contains(x, y):
            i, j = int((y - box.y) / height), int((x - box.x) / width)
            return Text("{x}", x=f"{float(numbers[first[0] + i, first[1] + j]):.9g}")
    box = scene.layout.c
    if not box.contains(x, y):
        return NOTHING
    i, j = int((y - box.y) / height), int((x - box.x) / width)
    if i >= window.rows or j >= window.columns:
        return NOTHING
    state = cell_states(scene, window)[i][j]
    if state.state == WAITING or "sums" in scene.hides:
        return NOTHING
    return Text("{x}", x=f"{value(scene, cells, window.row + i, window.column + j, state):.9g}")
