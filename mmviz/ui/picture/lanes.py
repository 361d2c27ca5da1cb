"""The strip of lanes: every busy unit writes the dot product of the cell it computes."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.core.schedule.trace import COMPUTING, DONE, WAITING
from mmviz.state.picture.cells import Cells
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import write
from mmviz.ui.picture.cells import States, unit_colour
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import CellState, Window
from mmviz.words.schedule import unit_text
from mmviz.words.time import model_time

LANE_ROW, LEAST_LANE_ROW = 50.0, 26.0
STEP_ROW, BAR_ROW = 24.0, 22.0
LANE_WIDTH = 430.0  # room the strip takes at the right
FEW_CELLS = 6  # as many get a line each
NEAR_NOTHING = "≈ 0"  # what a number too small to be drawn otherwise is drawn as
MOST_TERMS = 12  # of a long dot product, the ones around the term under way


def paint_lanes(
    painter: QPainter, scene: Scene, cells: Cells, window: Window, states: States, area: QRectF
) -> None:
    """Right of the picture: every busy unit, the cell it computes and its sum so far.

    Where height is short the comparison below goes first, then lanes.
    """
    theme = scene.theme
    rows = _lane_rows(states)
    lanes = compared(scene)
    bars = len(lanes) * BAR_ROW + 10
    room = area.height() - 26 - STEP_ROW
    pitch = min(LANE_ROW, max(LEAST_LANE_ROW, (room - bars) / max(len(rows), 1)))
    fits = room - len(rows) * pitch >= bars
    shown = rows[: max(1, int((room if not fits else area.height()) // pitch))]
    write(
        painter,
        area.x(),
        area.y() + 12,
        scene.words(Text(N_("at work"))),
        fonts.heading(),
        theme.muted,
    )
    if len(shown) < len(rows):
        lines = scene.view.noun.counts(len(rows) - len(shown))
        more = scene.words(Text(N_("{units} more at work"), units=lines))
        write(painter, area.x() + 90, area.y() + 12, more, fonts.words(fonts.SMALL), theme.muted)
    y = area.y() + 24
    for lane, m, n in shown:
        words = _lane_words(scene, cells, states[m][n], window.row + m, window.column + n)
        box = QRectF(area.x(), y, area.width(), pitch - min(8.0, pitch * 0.16))
        _paint_lane(painter, scene, lane, words, box)
        y += pitch
    _paint_step(painter, scene, area.x(), y + 16)
    if fits:
        _paint_steps(painter, scene, lanes, QRectF(area.x(), y + 26, area.width(), bars))


def _lane_rows(states: States) -> list[tuple[int, int, int]]:
    """(unit, row, column) of every cell where they are few, else of one cell a unit.

    Of a unit it is the cell it computes, else the last it computed.
    """
    every = [(cell.unit, m, n) for m, row in enumerate(states) for n, cell in enumerate(row)]
    if len(every) <= FEW_CELLS:
        return every
    found: dict[int, tuple[int, int, int]] = {}
    for unit, m, n in every:
        known = found.get(unit)
        if known is not None and (
            states[m][n].state == WAITING or states[known[1]][known[2]].state == COMPUTING
        ):
            continue
        found[unit] = (unit, m, n)
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
    name = scene.words(unit_text(scene.view.noun, lane))
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
    scene: Scene, cells: Cells, cell: CellState, row: int, column: int
) -> list[tuple[str, str]]:
    """One cell's dot product as (text, colour), term by term, and its result once it is done."""
    theme = scene.theme
    m, n = (column, row) if scene.turned else (row, column)
    words = [(f"{scene.names[2].name.lower()}{row},{column}  ", theme.muted)]
    terms = cells.terms(m, n)
    first = max(0, (cell.now[0] if cell.now else 0) - 1)
    if len(terms) <= MOST_TERMS:
        first = 0
    if first:
        words.append(("… ", theme.muted))
    for i, (left, right) in list(enumerate(terms))[first : first + MOST_TERMS]:
        summed = any(begin <= i < past for begin, past in cell.done)
        ink = theme.now_text if i in cell.now else theme.text if summed else theme.muted
        factors = (right, left) if scene.turned else (left, right)
        sign = " + " if i > first else ""
        words.append((f"{sign}{_short(factors[0])}·{_short(factors[1])}", ink))
    if first + MOST_TERMS < len(terms):
        words.append((" + …", theme.muted))
    if cell.state == DONE and "sums" not in scene.hides:
        words += _result_words(scene, cells, m, n)
    return words


def _result_words(scene: Scene, cells: Cells, m: int, n: int) -> list[tuple[str, str]]:
    theme = scene.theme
    everything = [(0, scene.view.gemm.k)]
    total = _short(cells.value(m, n, everything))
    words = [(f" {total}" if total == NEAR_NOTHING else f" = {total}", theme.text)]
    if cells.output is not None and cells.activation != "linear":
        bias = _short(float(cells.bias[n]))
        words.append((scene.words(Text(N_(" + bias {bias}"), bias=bias)), theme.muted))
        result = _short(float(cells.output[m, n]))
        words.append((f" → {cells.activation} {result}", theme.agreed))
    return words


def _short(value: float) -> str:
    """Three digits where they say it all, else five."""
    if 0 < abs(value) < 5e-5:
        return NEAR_NOTHING
    text = f"{value:.3g}"
    if abs(float(text) - value) > 1e-3 * abs(value):
        text = f"{value:.5g}"
    return text.replace("-", "−")


def _paint_step(painter: QPainter, scene: Scene, x: float, y: float) -> None:
    """Which step this is, and how many one unit alone would need, where nobody is asked that."""
    theme, gemm = scene.theme, scene.view.gemm
    if scene.view.has_clock or "step" in scene.hides:
        return  # the caption says where along k the others are
    total = scene.trace.tiling.waves * gemm.k
    done = math.ceil(scene.frame.t / scene.trace.duration * total - 1e-6)
    step = Text(N_("step {done} of {total}"), done=done, total=total)
    end = write(painter, x, y, scene.words(step), fonts.words(bold=True), theme.text)
    if "bars" in scene.hides:
        return
    needed = model_time(gemm.m * gemm.n * gemm.k, "steps")
    alone = Text(N_("one lane alone would need {steps}"), steps=needed)
    write(painter, end + 20, y, scene.words(alone), fonts.words(fonts.SMALL), theme.muted)


def compared(scene: Scene) -> list[int]:
    """Numbers of lanes to compare on a device of lanes: 1, one a cell, its own, very many. None
    where somebody is asked for a figure.
    """
    gemm = scene.view.gemm
    if scene.view.has_clock or "bars" in scene.hides:
        return []  # a step of another unit is no step of a lane
    return sorted({1, gemm.m * gemm.n, scene.trace.tiling.units, 1000})


def _paint_steps(painter: QPainter, scene: Scene, lanes: list[int], area: QRectF) -> None:
    """How many steps each number of lanes would need, as bars."""
    theme, gemm = scene.theme, scene.view.gemm
    cells = gemm.m * gemm.n
    for i, n in enumerate(lanes):
        steps = -(-cells // n) * gemm.k
        y = area.y() + (i + 1) * BAR_ROW - 6
        colour = theme.now if n == scene.trace.tiling.units else theme.order[2]
        name = scene.words(scene.view.device.counts(n))
        write(painter, area.x(), y, name, fonts.words(fonts.SMALL), theme.muted)
        bar = max(3.0, (area.width() - 190) * steps / (cells * gemm.k))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(area.x() + 90, y - 9, bar, 10), 2, 2)
        text = scene.words(model_time(steps, "steps"))
        write(painter, area.x() + 98 + bar, y, text, fonts.figures(fonts.SMALL), theme.text)
