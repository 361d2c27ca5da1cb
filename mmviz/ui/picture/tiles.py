"""Painting a product tile by tile: strips in use on X and W, tiles of Y, the position along k."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from mmviz.state.picture.layout import Box
from mmviz.state.picture.selection import Selection, chosen, selection_lines, tile_lines
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import clipped
from mmviz.ui.look.shades import indexed_image
from mmviz.ui.look.strokes import draw_image, tint, write
from mmviz.ui.picture.change import paint_change, place_of_w
from mmviz.ui.picture.marks import (
    LEAST_OUTLINE,
    bars_fit,
    paint_bars,
    paint_outlines,
    unit_for,
    walked,
)
from mmviz.ui.picture.scene import Scene, rect, runs, tile_pixels
from mmviz.ui.picture.stack import paint_sheets
from mmviz.ui.picture.tile_texture import table_for, tiles_in_view, tiles_texture
from mmviz.ui.picture.window import window_of
from mmviz.ui.picture.words import paint_legend, paint_names

SEEN_AS_TILE = 4.0  # pixels a side from which there is a line between two tiles
SEEN_AS_CELL = 7.0  # pixels a side from which cells get lines of their own
MOST_K_LINES = 64
DIM = 0.45  # of the ground in the colours of who computed, where the picture is there for these
K_LINE, FEW = 5.0, 3  # thick lines while there are few


class TilesInView:
    """The texture of what a view shows, made once for it in one size."""

    def __init__(self, scene: Scene) -> None:
        box = scene.layout.c
        first_row, past_row, first_column, past_column = scene.in_view()
        (rows, columns), (th, tw) = scene.grid, scene.tile
        self.r = tiles_in_view(first_row, past_row, th, rows, round(box.h))
        self.c = tiles_in_view(first_column, past_column, tw, columns, round(box.w))
        self.slice = scene.slice
        m, n = (self.c, self.r) if scene.turned else (self.r, self.c)
        view = scene.view
        cells = view.cells() if view.colour_by == "value" else None
        m = scene.first_m + m
        self.texture = tiles_texture(scene.trace, m, n, view.colour_by, cells, scene.turned)
        self.aggregated = NOTHING
        if self.r[-1] - self.r[0] + 1 > len(self.r) or self.c[-1] - self.c[0] + 1 > len(self.c):
            per = (self.r[-1] - self.r[0] + 1) / len(self.r) * (self.c[-1] - self.c[0] + 1)
            about = N_("one pixel stands for about {tiles:.0f} tiles")
            self.aggregated = Text(about, tiles=per / len(self.c))
        self.veil = None if scene.selection is None else self._veil(scene, scene.selection)

    def where(self, scene: Scene) -> QRectF:
        """Where the texture lies: whole tiles, so it may reach past the box."""
        th, tw = scene.tile
        left, right = scene.x(self.c[0] * tw), scene.x((self.c[-1] + 1) * tw)
        top, bottom = scene.y(self.r[0] * th), scene.y((self.r[-1] + 1) * th)
        return QRectF(left, top, right - left, bottom - top)

    def _veil(self, scene: Scene, selection: Selection) -> QImage:
        """An image that dims what the selection does not hold."""
        inside = chosen(scene.trace, selection, self.texture.rows)
        colour = QColor(scene.theme.ground)
        colour.setAlpha(190)
        return indexed_image(inside.astype(np.uint8), [colour.rgba(), 0])


def paint_tiles(painter: QPainter, scene: Scene, tiles: TilesInView) -> None:
    """The whole picture at tile level."""
    if not scene.layout.alone:
        paint_names(painter, scene)
        _paint_operand(painter, scene, scene.layout.a, 0)
        _paint_operand(painter, scene, scene.layout.b, 1)
    _paint_output(painter, scene, tiles)
    close = window_of(scene) is not None  # so close, numbers would stand in the cells
    paint_legend(painter, scene, scene.view.numbers_missing if close else tiles.aggregated)
    selection = scene.selection
    if scene.hover >= 0:
        lines = tile_lines(scene.frame, scene.hover, scene.view.noun)
        _paint_card(painter, scene, scene.hover, lines)
    elif selection is not None:
        lines = selection_lines(scene.frame, selection, scene.view.noun)
        row = selection.index if selection.kind == "tile" else -1
        row = row if row >= 0 and scene.here(np.array([row])).all() else -1
        _paint_card(painter, scene, row, lines)


def _paint_operand(painter: QPainter, scene: Scene, box: Box, which: int) -> None:
    """The rows or columns whose tiles are being computed, and where along k they are.

    With something picked out only its own tiles' strips are shown.
    """
    theme = scene.theme
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(rect(box), 4, 4)
    change = scene.view.change if which == place_of_w(scene) else None
    with clipped(painter, rect(box)):
        if change is not None:
            paint_change(painter, scene, change, box)
        shown = scene.here(scene.frame.active)
        if scene.selection is not None:
            shown = shown & chosen(scene.trace, scene.selection, scene.frame.active)
        _paint_strips(painter, scene, box, which, shown, bare=change is not None)
    painter.setPen(QPen(QColor(theme.edge)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect(box), 4, 4)


def _paint_strips(
    painter: QPainter,
    scene: Scene,
    box: Box,
    which: int,
    shown: NDArray[np.bool_],
    *,
    bare: bool = False,
) -> None:
    """bare: nothing covers what the matrix shows but the lines."""
    frame, k = scene.frame, scene.view.gemm.k
    strong, dim = tint(scene.theme, scene.names[which])
    step = scene.tile[which]
    place = scene.y if which == 0 else scene.x
    rows = frame.active[shown]
    lanes, shares = scene.across(rows)[which], np.round(frame.k_done[shown] / k, 4)
    array = scene.trace.tiling.order.dataflow is not None
    # In step all strips show one line, drawn through; else each strip has the lines of its own.
    in_step = len(np.unique(shares)) <= 1
    strips = runs(lanes) if in_step else [(i, i + 1) for i in np.unique(lanes).tolist()]
    for first, past in strips:
        begin, end = place(first * step), place(past * step)
        strip = (
            QRectF(box.x, begin, box.w, end - begin)
            if which == 0
            else QRectF(begin, box.y, end - begin, box.h)
        )
        if not bare:
            painter.fillRect(strip, dim)
        mine = (lanes >= first) & (lanes < past)
        if array and not bare:
            # Its multipliers stand at terms of their own: the terms of k the fold holds.
            for k0, k1 in np.unique(np.stack(scene.trace.k_range(rows[mine]), 1), axis=0).tolist():
                painter.fillRect(_k_part(strip, which, k0 / k, k1 / k), strong)
            continue
        strong = QColor(scene.theme.text) if bare else strong
        here = np.unique(shares[mine])
        thick = K_LINE if len(here) <= FEW else 1.5
        for share in here[:MOST_K_LINES].tolist():
            painter.fillRect(_k_line(strip, which, share, thick), strong)


def _k_part(strip: QRectF, which: int, begin: float, end: float) -> QRectF:
    """The part of a strip between two shares of k, thick enough to be seen."""
    if which == 0:
        wide = max(3.0, (end - begin) * strip.width())
        return QRectF(strip.x() + begin * strip.width(), strip.y(), wide, strip.height())
    high = max(3.0, (end - begin) * strip.height())
    return QRectF(strip.x(), strip.y() + begin * strip.height(), strip.width(), high)


def _k_line(strip: QRectF, which: int, share: float, thick: float) -> QRectF:
    """A bright line across the strip where its tiles stand along k."""
    if which == 0:
        x = strip.x() + share * (strip.width() - thick)
        return QRectF(x, strip.y(), thick, strip.height())
    y = strip.y() + share * (strip.height() - thick)
    return QRectF(strip.x(), y, strip.width(), thick)


def _paint_output(painter: QPainter, scene: Scene, tiles: TilesInView) -> None:
    theme, box = scene.theme, scene.layout.c
    (w, h), unit = tile_pixels(scene), unit_for(painter, scene)
    size = w / unit, h / unit
    steps = scene.trace.tiling.order.dataflow is None
    bars = steps and bars_fit(size)
    # Tiles large enough to be seen show their progress in amber over a dim ground.
    now = theme.now_dim if bars else theme.now
    at = tiles.r, tiles.c
    far = walked(scene, tiles.texture, at) if steps and not bars else None
    dim = DIM if scene.layout.alone else 0.0
    table = table_for(theme, scene.trace, scene.view.colour_by, now, dim)
    gap = (2.0 if min(size) >= 9 else 1.0) * unit
    paint_sheets(painter, scene)
    with clipped(painter, rect(box)):
        where = tiles.where(scene)
        draw_image(painter, where, tiles.texture.image(scene.frame.t, table, far))
        if min(size) >= SEEN_AS_TILE:
            _paint_lines(painter, scene, scene.tile, theme.panel if dim else theme.ground, gap)
        if min(size) >= LEAST_OUTLINE:
            paint_outlines(painter, scene, tiles.texture, at, gap, unit)
        if bars:
            paint_bars(painter, scene, theme.order[-1], unit)
        if tiles.veil is not None:
            draw_image(painter, where, tiles.veil)
        th, tw = scene.tile
        if min(w / tw, h / th) >= SEEN_AS_CELL and (th, tw) != (1, 1):
            _paint_lines(painter, scene, (1, 1), theme.line, 1.0)
    painter.setPen(QPen(QColor(theme.edge), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect(box).adjusted(-0.5, -0.5, 0.5, 0.5))


def _paint_lines(
    painter: QPainter, scene: Scene, step: tuple[int, int], colour: str, thick: float
) -> None:
    """Lines between tiles, or between cells, of what is in view."""
    box = scene.layout.c
    first_row, past_row, first_column, past_column = scene.in_view()
    rows = range(int(first_row // step[0]) + 1, int(-(-past_row // step[0])))
    columns = range(int(first_column // step[1]) + 1, int(-(-past_column // step[1])))
    xs = [scene.x(i * step[1]) for i in columns]
    ys = [scene.y(i * step[0]) for i in rows]
    lines = [QLineF(x, box.y, x, box.bottom) for x in xs]
    lines += [QLineF(box.x, y, box.right, y) for y in ys]
    painter.setPen(QPen(QColor(colour), thick))
    if lines:
        painter.drawLines(*lines)


def _card_beside(spot: QRectF, wide: float, tall: float, width: float, height: float) -> QRectF:
    """Right of a tile, else left, else below or above it: on it only where there is no room."""
    top = min(max(4.0, spot.top()), tall - height - 4)
    if spot.right() + 8 + width < wide:
        return QRectF(spot.right() + 8, top, width, height)
    if spot.left() - 8 - width >= 4:
        return QRectF(spot.left() - 8 - width, top, width, height)
    x = max(4.0, min(spot.left(), wide - width - 4))
    if spot.bottom() + 8 + height < tall - 4:
        return QRectF(x, spot.bottom() + 8, width, height)
    return QRectF(x, max(4.0, spot.top() - 8 - height), width, height)


def _paint_card(painter: QPainter, scene: Scene, row: int, lines: tuple[Text, ...]) -> None:
    """Facts of a tile beside it, with its strips outlined; of a unit or a wave at Y's corner."""
    theme, layout = scene.theme, scene.layout
    box = layout.c
    spot = QRectF(box.right - 8, box.y + 8, 0, 0)
    if row >= 0:
        spot = scene.tile_rect(row).intersected(rect(box))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.text), 2.0))
        painter.drawRoundedRect(spot.adjusted(-1, -1, 1, 1), 2, 2)
    if row >= 0 and not layout.alone:
        painter.setPen(QPen(QColor(theme.text), 1.0, Qt.PenStyle.DotLine))
        painter.drawRect(QRectF(layout.a.x, spot.y(), layout.a.w, spot.height()))
        painter.drawRect(QRectF(spot.x(), layout.b.y, spot.width(), layout.b.h))
    font, texts = fonts.figures(fonts.SMALL), [scene.words(line) for line in lines]
    painter.setFont(font)
    width = max(painter.fontMetrics().horizontalAdvance(text) for text in texts) + 28
    height = 20.0 * len(texts) + 12
    card = _card_beside(spot, scene.width, painter.viewport().height(), width, height)
    painter.setPen(QPen(QColor(theme.line)))
    painter.setBrush(QBrush(QColor(theme.raised)))
    painter.drawRoundedRect(card, 6, 6)
    for i, text in enumerate(texts):
        ink = theme.text if i == 0 else theme.muted
        write(painter, card.x() + 14, card.y() + 20 + 20 * i, text, font, ink)
