"""What the painters of the picture are given, and the strokes they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen

from mmviz import units
from mmviz.core.trace import Frame, Trace
from mmviz.state.matrices import Matrix, matrices
from mmviz.state.resolve import Snapshot
from mmviz.ui import fonts
from mmviz.ui.picture_layout import Box, PictureLayout
from mmviz.ui.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One instant of one product, laid out within `width` pixels.

    hover: row of the trace under the pointer, or -1.
    """

    snapshot: Snapshot
    trace: Trace
    frame: Frame
    layout: PictureLayout
    theme: Theme
    width: float
    hover: int = -1


def rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


def tint(theme: Theme, matrix: Matrix) -> tuple[QColor, QColor]:
    """The strong and the dim colour of a matrix: activations teal, weights pink."""
    weight = matrix.kind == "weight"
    return QColor(theme.w if weight else theme.x), QColor(theme.w_dim if weight else theme.x_dim)


def runs(indices: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Sorted distinct indices as (first, past the last) of each unbroken run."""
    distinct = np.unique(indices)
    if not len(distinct):
        return []
    breaks = np.flatnonzero(np.diff(distinct) > 1)
    firsts = distinct[np.concatenate(([0], breaks + 1))]
    lasts = distinct[np.concatenate((breaks, [len(distinct) - 1]))]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def write(
    painter: QPainter, x: float, y: float, text: str, font: QFont, colour: str | QColor
) -> float:
    """Text whose baseline starts at (x, y); returns where it ends."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, y), text)
    return x + painter.fontMetrics().horizontalAdvance(text)


def write_in(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    colour: str | QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Text within a box, cut with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
    painter.drawText(box, int(align), cut)


def paint_label(painter: QPainter, scene: Scene, which: int) -> None:
    """Name, sides and meaning of A (0) or B (1), above it."""
    matrix = matrices(scene.snapshot.gemm)[which]
    gemm = scene.snapshot.gemm
    box = scene.layout.a if which == 0 else scene.layout.b
    sides = (gemm.m, gemm.k) if which == 0 else (gemm.k, gemm.n)
    strong = tint(scene.theme, matrix)[0]
    name = f"{matrix.name} {units.shape(*sides)}"
    if which == 0:
        # Right-aligned with A, so that neither line ever runs under B.
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        line = QRectF(2, box.y - 22, box.right - 2, 18)
        write_in(painter, line, name, fonts.words(), strong, right)
        line.translate(0, -17)
        write_in(painter, line, matrix.what, fonts.words(fonts.SMALL), scene.theme.muted, right)
    else:
        end = write(painter, box.x, box.y - 7, name, fonts.words(), strong)
        room = QRectF(end + 14, box.y - 21, max(0.0, scene.width - end - 16), 18)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        write_in(painter, room, matrix.what, fonts.words(fonts.SMALL), scene.theme.muted, left)


def paint_legend(painter: QPainter, scene: Scene) -> None:
    """Below Y: what it is, and how many tiles are done, computing and waiting."""
    tiling, frame, theme = scene.snapshot.tiling, scene.frame, scene.theme
    box = scene.layout.c
    name = matrices(tiling.gemm)[2].name
    a, b = matrices(tiling.gemm)[0].name, matrices(tiling.gemm)[1].name
    y = box.bottom + 18
    grid = f"{name} = {a}·{b}  {units.shape(tiling.gemm.m, tiling.gemm.n)}"
    what = "cell" if tiling.tile == (1, 1) else f"tile of {units.shape(*tiling.tile)}"
    many = "cells" if tiling.tile == (1, 1) else f"tiles of {units.shape(*tiling.tile)}"
    text = f"{grid} in {units.plural(tiling.tiles, what, many)}"
    total = len(units.group(tiling.tiles))
    counts = (
        (frame.done, "done", theme.order[1]),
        (frame.computing, "computing now", theme.now),
        (frame.waiting, "waiting", theme.waiting),
    )
    painter.setFont(fonts.figures(fonts.SMALL))
    metrics = painter.fontMetrics()
    # Every count has room for the largest, so nothing moves while they change.
    widths = [metrics.horizontalAdvance("0" * total + " " + word) + 30 for _, word, _ in counts]
    painter.setFont(fonts.words(bold=True))
    title = painter.fontMetrics().horizontalAdvance(text) + 24
    view = scene.width
    x = max(4.0, min(box.x, view - title - sum(widths)))
    end = write(painter, x, y, text, fonts.words(bold=True), theme.text)
    x = max(end + 24, min(box.right, view) - sum(widths))
    if x + sum(widths) > scene.width + 8:
        return  # no room: the picture itself shows the states
    for (n, word, colour), width in zip(counts, widths, strict=True):
        swatch = QRectF(x, y - 9, 10, 10)
        painter.setPen(QPen(QColor(theme.line)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(swatch, 2, 2)
        text = f"{units.group(n).rjust(total)} {word}"
        strong = word.startswith("computing") and n > 0
        write(
            painter,
            x + 16,
            y,
            text,
            fonts.figures(fonts.SMALL),
            theme.text if strong else theme.muted,
        )
        x += width
