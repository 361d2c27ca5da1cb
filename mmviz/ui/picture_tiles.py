"""Painting a product tile by tile: strips in use on X and W, tiles of Y, the position along k."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPen

from mmviz import units
from mmviz.state.matrices import matrices
from mmviz.ui import fonts
from mmviz.ui.picture_layout import Box
from mmviz.ui.picture_scene import Scene, paint_label, paint_legend, rect, runs, tint, write
from mmviz.ui.texture import Texture, colour_table

SEEN_AS_TILE = 5.0  # pixels a side from which a tile gets its own outline and bar
MOST_BARS = 4_000
MOST_K_LINES = 64


def paint_tiles(painter: QPainter, scene: Scene, texture: Texture) -> None:
    """The whole picture at tile level."""
    paint_label(painter, scene, 0)
    paint_label(painter, scene, 1)
    _paint_operand(painter, scene, scene.layout.a, 0)
    _paint_operand(painter, scene, scene.layout.b, 1)
    _paint_output(painter, scene, texture)
    paint_legend(painter, scene)
    if scene.hover >= 0:
        _paint_hover(painter, scene)


def tile_size(scene: Scene) -> tuple[float, float]:
    """Width and height of a full tile in pixels; the last column and row may be cut."""
    gemm, (tm, tn) = scene.snapshot.gemm, scene.trace.tiling.tile
    box = scene.layout.c
    return box.w * tn / gemm.n, box.h * tm / gemm.m


def tile_rect(scene: Scene, row: int) -> QRectF:
    """Where tile `row` of the trace lies, cut at the edge of Y."""
    w, h = tile_size(scene)
    box = scene.layout.c
    x, y = box.x + w * int(scene.trace.n[row]), box.y + h * int(scene.trace.m[row])
    return QRectF(x, y, min(w, box.right - x), min(h, box.bottom - y))


def tile_at(scene: Scene, x: float, y: float) -> int:
    """Row of the trace of the tile at a point, -1 for none."""
    box, trace = scene.layout.c, scene.trace
    if not box.contains(x, y):
        return -1
    w, h = tile_size(scene)
    m, n = int((y - box.y) / h), int((x - box.x) / w)
    found = np.flatnonzero((trace.m == m) & (trace.n == n))
    return int(found[0]) if len(found) else -1


def _paint_operand(painter: QPainter, scene: Scene, box: Box, which: int) -> None:
    """A or B: the rows or columns whose tiles are being computed, and where along k they are."""
    theme, trace, active = scene.theme, scene.trace, scene.frame.active
    strong, dim = tint(theme, matrices(scene.snapshot.gemm)[which])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(rect(box), 4, 4)
    painter.save()
    painter.setClipRect(rect(box))
    gemm, (tm, tn) = scene.snapshot.gemm, trace.tiling.tile
    across, step = ((trace.m, box.h * tm / gemm.m), (trace.n, box.w * tn / gemm.n))[which]
    strips = [(first * step, past * step) for first, past in runs(across[active])]
    k_shares = np.unique(np.round(scene.frame.k_done / gemm.k, 4))[:MOST_K_LINES].tolist()
    for first, past in strips:
        strip = (
            QRectF(box.x, box.y + first, box.w, past - first)
            if which == 0
            else QRectF(box.x + first, box.y, past - first, box.h)
        )
        painter.fillRect(strip, dim)
        for share in k_shares:
            painter.fillRect(_k_line(strip, which, share), strong)
    painter.restore()
    painter.setPen(QPen(QColor(theme.line)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect(box), 4, 4)


def _k_line(strip: QRectF, which: int, share: float) -> QRectF:
    """A bright line across the strip where its tiles stand along k."""
    thick = 5.0
    if which == 0:
        x = strip.x() + share * (strip.width() - thick)
        return QRectF(x, strip.y(), thick, strip.height())
    y = strip.y() + share * (strip.height() - thick)
    return QRectF(strip.x(), y, strip.width(), thick)


def _paint_output(painter: QPainter, scene: Scene, texture: Texture) -> None:
    theme, box = scene.theme, scene.layout.c
    w, h = tile_size(scene)
    large = min(w, h) >= SEEN_AS_TILE
    # Tiles large enough to be seen show their progress in amber over a dim ground.
    table = colour_table(theme, theme.now_dim if large else theme.now)
    image = texture.image(scene.frame.t, table)
    painter.save()
    painter.setClipRect(rect(box))
    # The last row and column of tiles may reach past the edge; the clip cuts them there.
    tiling = scene.trace.tiling
    painter.drawImage(QRectF(box.x, box.y, w * tiling.tiles_n, h * tiling.tiles_m), image)
    if large:
        _paint_bars(painter, scene, w, h)
        _paint_gaps(painter, scene, w, h)
    painter.restore()


def _paint_bars(painter: QPainter, scene: Scene, w: float, h: float) -> None:
    """The share of k each computing tile has walked, filling it from the left."""
    trace, frame, box = scene.trace, scene.frame, scene.layout.c
    active = frame.active[:MOST_BARS]
    shares = frame.k_done[:MOST_BARS] / scene.snapshot.gemm.k
    bar = max(2.0, h * 0.34)
    now = QColor(scene.theme.now)
    for row, share in zip(active.tolist(), shares.tolist(), strict=True):
        x, y = box.x + w * int(trace.n[row]), box.y + h * int(trace.m[row])
        wide = min(w, box.right - x) - 4
        painter.fillRect(QRectF(x + 2, y + (h - bar) / 2, max(1.0, wide * share), bar), now)


def _paint_gaps(painter: QPainter, scene: Scene, w: float, h: float) -> None:
    box, tiling = scene.layout.c, scene.trace.tiling
    painter.setPen(QPen(QColor(scene.theme.ground), 2.0 if min(w, h) >= 9 else 1.0))
    lines = [
        QLineF(box.x + i * w, box.y, box.x + i * w, box.bottom) for i in range(1, tiling.tiles_n)
    ]
    lines += [
        QLineF(box.x, box.y + i * h, box.right, box.y + i * h) for i in range(1, tiling.tiles_m)
    ]
    if lines:
        painter.drawLines(*lines)


def _paint_hover(painter: QPainter, scene: Scene) -> None:
    """The tile under the pointer, its row strip and column strip, and a card with its facts."""
    theme, layout = scene.theme, scene.layout
    tile = tile_rect(scene, scene.hover)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.text), 2.0))
    painter.drawRoundedRect(tile.adjusted(-1, -1, 1, 1), 2, 2)
    painter.setPen(QPen(QColor(theme.text), 1.0, Qt.PenStyle.DotLine))
    painter.drawRect(QRectF(layout.a.x, tile.y(), layout.a.w, tile.height()))
    painter.drawRect(QRectF(tile.x(), layout.b.y, tile.width(), layout.b.h))
    lines = tile_facts(scene, scene.hover)
    painter.setFont(fonts.figures(fonts.SMALL))
    width = max(painter.fontMetrics().horizontalAdvance(line) for line in lines) + 28
    height = 20.0 * len(lines) + 12
    view = painter.viewport()
    x = tile.right() + 8 if tile.right() + 8 + width < view.width() else tile.left() - 8 - width
    y = min(max(4.0, tile.top()), view.height() - height - 4)
    card = QRectF(max(4.0, x), y, width, height)
    painter.setPen(QPen(QColor(theme.line)))
    painter.setBrush(QBrush(QColor(theme.raised)))
    painter.drawRoundedRect(card, 6, 6)
    for i, line in enumerate(lines):
        colour = theme.text if i == 0 else theme.muted
        write(
            painter, card.x() + 14, card.y() + 20 + 20 * i, line, fonts.figures(fonts.SMALL), colour
        )


def tile_facts(scene: Scene, row: int) -> list[str]:
    """What is known of one tile at this instant, in lines."""
    trace, gemm = scene.trace, scene.snapshot.gemm
    (tm, tn), t = trace.tiling.tile, scene.frame.t
    m, n = int(trace.m[row]), int(trace.n[row])
    wave = row // trace.tiling.slots + 1
    unit = f"{scene.snapshot.device.unit} {units.group(int(trace.unit[row]))}"
    start, end = float(trace.start[row]), float(trace.end[row])
    k = min(max((t - start) / (end - start), 0.0), 1.0) * gemm.k
    state = "waiting" if t < start else "done" if t >= end else "computing"
    return [
        f"tile ({m}, {n}) · {unit} · wave {units.group(wave)}",
        f"rows {_span(m * tm, tm, gemm.m)}, columns {_span(n * tn, tn, gemm.n)}",
        f"k {units.group(int(k + 1e-6))} of {units.group(gemm.k)} · {state}",
    ]


def _span(first: int, length: int, end: int) -> str:
    return f"{units.group(first)}–{units.group(min(first + length, end) - 1)}"
