"""Painting a product cell by cell: the numbers of the operands and the sums so far."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.core.schedule.trace import COMPUTING, WAITING
from mmviz.state.picture.cells import Cells
from mmviz.state.picture.layout import CELL_GAP, Box
from mmviz.state.picture.selection import chosen
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look.strokes import tint, write_at
from mmviz.ui.picture.change import cell_ground, place_of_w
from mmviz.ui.picture.numbers import Written, sums_within, written
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import CellState, Window, factors, value
from mmviz.ui.picture.words import paint_legend, paint_names

MOST_COLOURED = 8  # more units than that are told apart by label, not by colour

States = list[list[CellState]]


def unit_colour(scene: Scene, unit: int) -> QColor:
    """The colour of a unit: its own up to eight of them, the colour of now beyond."""
    theme = scene.theme
    busy = min(scene.trace.tiling.units, len(scene.trace))
    return QColor(theme.identity[unit % MOST_COLOURED] if busy <= MOST_COLOURED else theme.now)


def cell_rect(scene: Scene, box: Box, row: int, column: int) -> QRectF:
    """Where a cell is drawn; row and column counted within the window."""
    w, h = scene.layout.cell or (0.0, 0.0)
    half = CELL_GAP / 2
    return QRectF(box.x + column * w + half, box.y + row * h + half, w - CELL_GAP, h - CELL_GAP)


def paint_cells(
    painter: QPainter, scene: Scene, cells: Cells, window: Window, states: States
) -> None:
    """The whole picture at cell level, without the strip of lanes."""
    paint_names(painter, scene, window)
    _paint_factors(painter, scene, cells, window, states)
    _paint_output(painter, scene, cells, window, states)
    part = window.rows * window.columns < scene.sides[0] * scene.sides[1]
    paint_legend(painter, scene, _part_text(window) if part else NOTHING)


def _part_text(window: Window) -> Text:
    return Text(
        N_("here rows {top}–{low}, columns {left}–{right}, k {first}–{last}"),
        top=window.row,
        low=window.row + window.rows - 1,
        left=window.column,
        right=window.column + window.columns - 1,
        first=window.term,
        last=window.term + window.terms - 1,
    )


def _paint_factors(
    painter: QPainter, scene: Scene, cells: Cells, window: Window, states: States
) -> None:
    theme = scene.theme
    left, top = factors(scene, cells)
    used: tuple[set[tuple[int, int]], set[tuple[int, int]]] = (set(), set())
    begun: tuple[set[int], set[int]] = (set(), set())
    for i, line in enumerate(states):
        for j, cell in enumerate(line):
            used[0].update((i, k - window.term) for k in cell.now)
            used[1].update((k - window.term, j) for k in cell.now)
            if cell.state != WAITING:
                begun[0].add(i)
                begun[1].add(j)
    k = slice(window.term, window.term + window.terms)
    parts = (
        (scene.layout.a, left[window.row : window.row + window.rows, k]),
        (scene.layout.b, top[k, window.column : window.column + window.columns]),
    )
    change, moved = scene.view.change, None
    if change is not None:
        moved = change.moved[k, window.column : window.column + window.columns]
        if scene.turned:
            moved = change.moved[k, window.row : window.row + window.rows].T
    for which, (box, part) in enumerate(parts):
        strong, dim = tint(theme, scene.names[which])
        how = written(part.ravel().tolist(), cell_rect(scene, box, 0, 0).size())
        for i in range(part.shape[0]):
            for j in range(part.shape[1]):
                now = (i, j) in used[which]
                spent = (i, j)[which] in begun[which]
                ground, edge = (dim, strong) if now else (QColor(theme.panel), QColor(theme.line))
                ink = theme.text if now or spent else theme.muted
                if change is not None and moved is not None and which == place_of_w(scene):
                    ground = cell_ground(float(moved[i, j]), change.most, theme)
                    ink = theme.text
                where = cell_rect(scene, box, i, j)
                _paint_cell(painter, where, float(part[i, j]), how, ground, edge, ink)


def _paint_output(
    painter: QPainter,
    scene: Scene,
    cells: Cells,
    window: Window,
    states: States,
) -> None:
    theme, shown = scene.theme, _shown_sums(scene, cells, window, states)
    everything = (*shown.values(), *sums_within(scene, cells, window))
    how = written(everything, cell_rect(scene, scene.layout.c, 0, 0).size())
    for i, line in enumerate(states):
        for j, cell in enumerate(line):
            where = cell_rect(scene, scene.layout.c, i, j)
            ground, edge = QColor(theme.waiting), QColor(theme.line)
            if cell.state != WAITING:
                colour = unit_colour(scene, cell.unit)
                ground = QColor(colour)
                ground.setAlpha(60 if cell.state == COMPUTING else 26)
                edge = colour if cell.state == COMPUTING else edge
            picked = _is_chosen(scene, window.row + i, window.column + j)
            thick = 2.5 if picked else 1.0
            edge = QColor(theme.text) if picked else edge
            _paint_cell(painter, where, shown.get((i, j)), how, ground, edge, theme.text, thick)
            if cell.state == COMPUTING:
                _paint_bar(painter, where, cell.share, unit_colour(scene, cell.unit))


def _shown_sums(
    scene: Scene, cells: Cells, window: Window, states: States
) -> dict[tuple[int, int], float]:
    """The sums so far, by row and column within the window; none where they are asked for."""
    if "sums" in scene.hides:
        return {}
    return {
        (i, j): value(scene, cells, window.row + i, window.column + j, cell)
        for i, line in enumerate(states)
        for j, cell in enumerate(line)
        if cell.state != WAITING
    }


def _is_chosen(scene: Scene, row: int, column: int) -> bool:
    if scene.selection is None:
        return False
    here = np.array([scene.row_at(row, column)])
    return bool(chosen(scene.trace, scene.selection, here)[0])


def _paint_cell(
    painter: QPainter,
    where: QRectF,
    shown: float | None,
    how: Written,
    ground: QColor,
    edge: QColor,
    ink: str,
    thick: float = 1.0,
) -> None:
    painter.setPen(QPen(edge, thick))
    painter.setBrush(ground)
    painter.drawRoundedRect(where, 5, 5)
    if shown is not None:
        write_at(painter, how.font, ink, where, how.say(shown), Qt.AlignmentFlag.AlignCenter)


def _paint_bar(painter: QPainter, where: QRectF, share: float, colour: QColor) -> None:
    low = where.height() < 36  # keep clear of the number
    y = where.bottom() - (4 if low else 8)
    bar = QRectF(where.x() + 5, y, (where.width() - 10) * share, 2 if low else 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(bar, 1.5, 1.5)
