"""Painting a small product cell by cell: the numbers, and each lane writing its dot product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen

from mmviz import units
from mmviz.core.trace import COMPUTING, DONE
from mmviz.state.cells import Cells
from mmviz.state.matrices import matrices
from mmviz.ui import fonts
from mmviz.ui.picture_layout import CELL_GAP, Box
from mmviz.ui.picture_scene import Scene, paint_label, paint_legend, tint, write, write_in

LANE_ROW, LEAST_LANE_ROW = 50.0, 26.0
STEP_ROW, BAR_ROW = 24.0, 22.0
LANE_WIDTH = 430.0  # room the strip of lanes takes at the right
MOST_COLOURED = 8  # more units than that are told apart by label, not by colour


@dataclass(frozen=True, slots=True)
class CellState:
    """One cell of Y at an instant: its tile's state, terms summed, and whose it is."""

    state: int
    terms: int
    share: float
    unit: int


def cell_states(scene: Scene) -> list[list[CellState]]:
    """The state of every cell [m][n]."""
    trace, frame, gemm = scene.trace, scene.frame, scene.snapshot.gemm
    tm, tn = trace.tiling.tile
    row_of = np.empty((trace.tiling.tiles_m, trace.tiling.tiles_n), np.int64)
    row_of[trace.m, trace.n] = np.arange(len(trace))
    k_done = dict(zip(frame.active.tolist(), frame.k_done.tolist(), strict=True))

    def one(row: int) -> CellState:
        unit = int(trace.unit[row])
        if row in k_done:
            # The term under way counts: a lane that is at its third term shows three of them.
            terms = min(int(k_done[row] + 1e-6) + 1, gemm.k)
            return CellState(COMPUTING, terms, k_done[row] / gemm.k, unit)
        if row < frame.begun:
            return CellState(DONE, gemm.k, 1.0, unit)
        return CellState(0, 0, 0.0, unit)

    return [[one(int(row_of[m // tm, n // tn])) for n in range(gemm.n)] for m in range(gemm.m)]


def unit_colour(scene: Scene, unit: int) -> QColor:
    """The colour of a unit: its own up to eight of them, the colour of now beyond."""
    theme = scene.theme
    busy = min(scene.trace.tiling.units, scene.trace.tiling.tiles)
    return QColor(theme.identity[unit % MOST_COLOURED] if busy <= MOST_COLOURED else theme.now)


def number(value: float) -> str:
    """A value in a cell, short: '0.2', '-1.0', '1.60', '−531'."""
    text = (
        f"{value:.2f}"
        if abs(value) < 100
        else f"{value:.0f}"
        if abs(value) < 1e5
        else f"{value:.1e}"
    )
    return text.replace("-", "−")


def paint_cells(painter: QPainter, scene: Scene, cells: Cells) -> None:
    """The whole picture at cell level, without the strip of lanes."""
    paint_label(painter, scene, 0)
    paint_label(painter, scene, 1)
    states = cell_states(scene)
    _paint_operands(painter, scene, cells, states)
    _paint_output(painter, scene, cells, states)
    paint_legend(painter, scene)


def _paint_operands(
    painter: QPainter, scene: Scene, cells: Cells, states: list[list[CellState]]
) -> None:
    gemm, theme = scene.snapshot.gemm, scene.theme
    used = {0: set[tuple[int, int]](), 1: set[tuple[int, int]]()}
    begun = {0: set[int](), 1: set[int]()}
    for m, row in enumerate(states):
        for n, cell in enumerate(row):
            if cell.state == COMPUTING:
                used[0].add((m, cell.terms - 1))
                used[1].add((cell.terms - 1, n))
            if cell.state != 0:
                begun[0].add(m)
                begun[1].add(n)
    for which, matrix in ((0, cells.a), (1, cells.b)):
        box = scene.layout.a if which == 0 else scene.layout.b
        strong, dim = tint(theme, matrices(gemm)[which])
        for (i, j), value in np.ndenumerate(matrix):
            now = (i, j) in used[which]
            spent = (i if which == 0 else j) in begun[which]
            ground = dim if now else QColor(theme.panel)
            edge = strong if now else QColor(theme.line)
            ink = theme.text if now or spent else theme.muted
            _paint_cell(painter, _cell(scene, box, i, j), number(float(value)), ground, edge, ink)


def _paint_output(
    painter: QPainter, scene: Scene, cells: Cells, states: list[list[CellState]]
) -> None:
    theme = scene.theme
    for m, row in enumerate(states):
        for n, cell in enumerate(row):
            where = _cell(scene, scene.layout.c, m, n)
            colour = unit_colour(scene, cell.unit)
            if cell.state == 0:
                _paint_cell(
                    painter, where, "", QColor(theme.waiting), QColor(theme.line), theme.muted
                )
                continue
            ground = QColor(colour)
            ground.setAlpha(60 if cell.state == COMPUTING else 26)
            edge = colour if cell.state == COMPUTING else QColor(theme.line)
            value = float(cells.partial(cell.terms)[m, n])
            _paint_cell(painter, where, number(value), ground, edge, theme.text)
            if cell.state == COMPUTING:
                _paint_bar(painter, where, cell.share, colour)


def _paint_cell(
    painter: QPainter, where: QRectF, text: str, ground: QColor, edge: QColor, ink: str
) -> None:
    painter.setPen(QPen(edge, 1.0))
    painter.setBrush(ground)
    painter.drawRoundedRect(where, 5, 5)
    if text:
        write_in(painter, where, text, _fitting(where, text), ink)


def _paint_bar(painter: QPainter, where: QRectF, share: float, colour: QColor) -> None:
    bar = QRectF(where.x() + 5, where.bottom() - 9, (where.width() - 10) * share, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(bar, 2, 2)


def _cell(scene: Scene, box: Box, row: int, column: int) -> QRectF:
    w, h = scene.layout.cell or (0.0, 0.0)
    half = CELL_GAP / 2
    return QRectF(box.x + column * w + half, box.y + row * h + half, w - CELL_GAP, h - CELL_GAP)


def _fitting(where: QRectF, text: str) -> QFont:
    """The largest of three sizes in which the number fits its cell."""
    room = where.width() - 6
    size = min(15.0, room / (0.62 * max(len(text), 4)), where.height() * 0.42)
    return fonts.figures(max(size, 7.0))


def paint_lanes(painter: QPainter, scene: Scene, cells: Cells, area: QRectF) -> None:
    """Right of the picture: every busy unit, the cell it computes and its sum so far.

    Where height is short the comparison below goes first, then lanes.
    """
    theme, unit = scene.theme, scene.snapshot.device.unit
    states = cell_states(scene)
    rows = _lane_rows(states)
    lanes = _compared(scene)
    bars = len(lanes) * BAR_ROW + 10
    room = area.height() - 26 - STEP_ROW
    pitch = min(LANE_ROW, max(LEAST_LANE_ROW, (room - bars) / max(len(rows), 1)))
    fits = room - len(rows) * pitch >= bars
    shown = rows[: max(1, int((room if not fits else area.height()) // pitch))]
    write(painter, area.x(), area.y() + 12, f"{unit}s", fonts.heading(), theme.muted)
    if len(shown) < len(rows):
        more = f"{units.plural(len(rows) - len(shown), f'more {unit}')} at work"
        write(painter, area.x() + 80, area.y() + 12, more, fonts.words(fonts.SMALL), theme.muted)
    y = area.y() + 24
    for lane, m, n in shown:
        words = _lane_words(scene, cells, states[m][n], m, n)
        box = QRectF(area.x(), y, area.width(), pitch - min(8.0, pitch * 0.16))
        _paint_lane(painter, scene, lane, words, box)
        y += pitch
    _paint_step(painter, scene, area.x(), y + 16)
    if fits:
        _paint_steps(painter, scene, lanes, QRectF(area.x(), y + 26, area.width(), bars))


def _lane_rows(states: list[list[CellState]]) -> list[tuple[int, int, int]]:
    """(unit, m, n) of one cell per unit: the one it computes, else the last it computed."""
    found: dict[int, tuple[int, int, int]] = {}
    for m, row in enumerate(states):
        for n, cell in enumerate(row):
            known = found.get(cell.unit)
            if cell.state == 0 and known is not None:
                continue
            if known is not None and states[known[1]][known[2]].state == COMPUTING:
                continue
            found[cell.unit] = (cell.unit, m, n)
    return [found[unit] for unit in sorted(found)]


def _paint_lane(
    painter: QPainter, scene: Scene, lane: int, words: list[tuple[str, str]], box: QRectF
) -> None:
    theme = scene.theme
    colour = unit_colour(scene, lane)
    painter.setPen(QPen(QColor(theme.line)))
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(box, 5, 5)
    painter.fillRect(QRectF(box.x(), box.y(), 4, box.height()), colour)
    middle = box.y() + box.height() / 2 + 4
    name = f"{scene.snapshot.device.unit} {lane}"
    x = write(painter, box.x() + 14, middle, name, fonts.words(bold=True), theme.text) + 12
    font = fonts.figures(fonts.SMALL)
    painter.setFont(font)
    room = box.right() - 10 - x
    if sum(painter.fontMetrics().horizontalAdvance(text) for text, _ in words) > room:
        font = fonts.figures(9)
        painter.setFont(font)
    for text, ink in words:
        wide = painter.fontMetrics().horizontalAdvance(text)
        if x + wide > box.right() - 6:
            write(painter, x, middle, "…", font, theme.muted)
            return
        x = write(painter, x, middle, text, font, ink)


def _lane_words(
    scene: Scene, cells: Cells, cell: CellState, m: int, n: int
) -> list[tuple[str, str]]:
    """One cell's dot product as (text, colour), term by term, and its result once it is done."""
    theme = scene.theme
    words = [(f"{matrices(scene.snapshot.gemm)[2].name.lower()}{m}{n}  ", theme.muted)]
    for i, (left, right) in enumerate(cells.terms(m, n)):
        under_way = cell.state == COMPUTING and i == cell.terms - 1
        ink = theme.now_text if under_way else theme.text if i < cell.terms else theme.muted
        words.append((f"{' + ' if i else ''}{_short(left)}·{_short(right)}", ink))
    if cell.state == DONE:
        words.append((f" = {_short(float(cells.partial(cell.terms)[m, n]))}", theme.text))
        if cells.output is not None and cells.activation != "linear":
            bias = _short(float(cells.bias[n]))
            words.append((f" + bias {bias}", theme.muted))
            value = _short(float(cells.output[m, n]))
            words.append((f" → {cells.activation} {value}", theme.agreed))
    return words


def _short(value: float) -> str:
    if 0 < abs(value) < 5e-5:
        return "≈ 0"
    return f"{value:.3g}".replace("-", "−")


def _paint_step(painter: QPainter, scene: Scene, x: float, y: float) -> None:
    """Which step this is, and how many one unit alone would need."""
    theme, gemm = scene.theme, scene.snapshot.gemm
    total = scene.trace.tiling.waves * gemm.k
    done = min(int(scene.frame.t / scene.trace.duration * total + 1e-6) + 1, total)
    end = write(painter, x, y, f"step {done} of {total}", fonts.words(bold=True), theme.text)
    alone = units.plural(gemm.m * gemm.n * gemm.k, "step")
    text = f"one {scene.snapshot.device.unit} alone would need {alone}"
    write(painter, end + 20, y, text, fonts.words(fonts.SMALL), theme.muted)


def _compared(scene: Scene) -> list[int]:
    """Numbers of lanes worth comparing: one, one a cell, this device's, very many."""
    gemm = scene.snapshot.gemm
    return sorted({1, gemm.m * gemm.n, scene.trace.tiling.units, 1000})


def _paint_steps(painter: QPainter, scene: Scene, lanes: list[int], area: QRectF) -> None:
    """How many steps each number of lanes would need, as bars."""
    theme, gemm = scene.theme, scene.snapshot.gemm
    cells = gemm.m * gemm.n
    for i, n in enumerate(lanes):
        steps = -(-cells // n) * gemm.k
        y = area.y() + (i + 1) * BAR_ROW - 6
        colour = theme.now if n == scene.trace.tiling.units else theme.order[2]
        name = units.plural(n, "lane")
        write(painter, area.x(), y, name, fonts.words(fonts.SMALL), theme.muted)
        bar = max(3.0, (area.width() - 190) * steps / (cells * gemm.k))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(area.x() + 90, y - 9, bar, 10), 2, 2)
        text = units.plural(steps, "step")
        write(painter, area.x() + 98 + bar, y, text, fonts.figures(fonts.SMALL), theme.text)
