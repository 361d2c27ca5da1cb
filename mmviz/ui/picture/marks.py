"""What tells the states of tiles apart beside colour: outlines, and how far along k each has come.

A tile that waits is hollow, one that is done is filled, one that computes has a bar.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.core.schedule.columns import Rows
from mmviz.ui.picture.scene import Pixels, Scene, tile_pixels
from mmviz.ui.picture.texture import Texture

LEAST_BAR = 8.0  # pixels of a tile's longer side from which it gets a bar
THIN = 3.0  # pixels of its shorter side below which the bar takes all of that
LEAST_OUTLINE, LEAST_NOW = 6.0, 9.0  # pixels a side from which tiles have one: waiting, computing
MOST_BARS = 4_000
MOST_OUTLINES = 3_000
MOST_PIECES = 200_000  # so many pieces begun last are looked through for those of open tiles
NARROW = 14.0  # tiles that are higher, and not as wide, are filled from the top
BAR, MARGIN = 0.34, 2.0  # share of a tile's side that a bar takes; pixels left at its ends

Places = tuple[NDArray[np.intp], NDArray[np.intp]]  # rows and columns, in tiles, of a texture


def unit_for(painter: QPainter, scene: Scene) -> float:
    """How long the pixel is that lengths here are told in, in the painter's own units.

    A picture for a slide is painted enlarged: what is too small in its units may not be in pixels.
    """
    large = min(tile_pixels(scene)) >= LEAST_NOW
    return 1.0 if large else 1.0 / max(1.0, abs(painter.worldTransform().m11()))


def bars_fit(size: tuple[float, float]) -> bool:
    """Whether tiles of so many pixels show by a bar how far they are, and not by their colour."""
    return max(size) >= LEAST_BAR


def walked(scene: Scene, texture: Texture, at: Places) -> NDArray[np.float64]:
    """The share of k that what each pixel shows has walked, 0 … 1 where it computes [h × w]."""
    frame, trace = scene.frame, scene.trace
    if trace.k0 is None:
        with np.errstate(invalid="ignore"):  # where nothing ever is
            return np.asarray((frame.t - texture.start) / (texture.end - texture.start))
    tiling = trace.tiling
    found = np.zeros((tiling.tiles_m, tiling.tiles_n))
    over, here = _pieces_done(scene), scene.here(frame.active)
    now, k_done = frame.active[here], frame.k_done[here]
    for rows, upto in ((over, trace.k_range(over)[1]), (now, k_done)):
        m, n = trace.tiles_of(rows)
        np.add.at(found, (m - scene.first_m, n), upto - trace.k_range(rows)[0])
    drawn = found.T if scene.turned else found
    return np.asarray(np.clip(drawn[np.ix_(*at)] / tiling.gemm.k, 0.0, 1.0))


def paint_outlines(
    painter: QPainter,
    scene: Scene,
    texture: Texture,
    at: Places,
    gap: float,
    unit: float,
) -> None:
    """Around each tile that waits or computes.

    gap: how thick the line between two tiles is. unit: see `unit_for`.
    """
    t, theme = scene.frame.t, scene.theme
    waiting = texture.start > t
    computing = (texture.start <= t) & (texture.end > t)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # lines of one pixel, no less
    small = min(tile_pixels(scene)) < LEAST_NOW * unit  # where a bar is mark enough
    for state, colour in ((waiting, theme.edge), (computing & (not small), theme.now_edge)):
        rows, columns = np.nonzero(state)
        if not 0 < len(rows) <= MOST_OUTLINES:
            continue
        left, top, right, bottom = _edges(scene, at[0][rows], at[1][columns])
        inset = (gap + unit) / 2
        boxes = np.stack((left, top, right - left, bottom - top), 1)
        boxes += (inset, inset, -2 * inset, -2 * inset)
        painter.setPen(QPen(QColor(colour), unit))
        painter.drawRects(*(QRectF(*box) for box in boxes.tolist()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def paint_bars(painter: QPainter, scene: Scene, done: str, unit: float) -> None:
    """The part of k each computing tile in view has walked.

    A piece of a tile fills its own part of k only; those of a tile that is not finished, and that
    are themselves, are filled in the colour `done`.
    """
    frame, theme = scene.frame, scene.theme
    over, k1 = _pieces_done(scene), frame.trace.k_range
    for bar in _bars(scene, over, k1(over)[1].astype(np.float64), unit):
        painter.fillRect(bar, QColor(done))
    edge, now = QColor(theme.now_edge), QColor(theme.now)
    here = scene.here(frame.active)
    for bar in _bars(scene, frame.active[here], frame.k_done[here], unit):
        painter.fillRect(bar, edge)
        painter.fillRect(_inside(bar, unit), now)


def _inside(bar: QRectF, unit: float) -> QRectF:
    """A bar without its outline, which goes where there is no room for both."""
    edge = unit if min(bar.width(), bar.height()) >= 3 * unit else 0.0
    return bar.adjusted(edge, edge, -edge, -edge)


def _pieces_done(scene: Scene) -> NDArray[np.intp]:
    """Rows of the slice that are done while their tile is not."""
    frame, trace = scene.frame, scene.trace
    if trace.k0 is None:
        return np.zeros(0, np.intp)
    begun = np.arange(max(0, frame.begun - MOST_PIECES), frame.begun)
    begun = begun[scene.here(begun)]
    begun = begun[trace.ends.of(begun) <= frame.t]
    return begun[trace.spans_at(*trace.tiles_of(begun))[1] > frame.t]


def _bars(scene: Scene, rows: Rows, upto: Pixels, unit: float) -> list[QRectF]:
    """For each of these rows in view the stretch from its first term of k to `upto`."""
    box, k = scene.layout.c, scene.view.gemm.k
    left, top, right, bottom = scene.edges(rows)
    seen = (left < box.right) & (right > box.x) & (top < box.bottom) & (bottom > box.y)
    seen &= np.cumsum(seen) <= MOST_BARS
    first = scene.trace.k_range(rows)[0][seen] / k
    share = upto[seen] / k - first
    left, top, wide, high = left[seen], top[seen], (right - left)[seen], (bottom - top)[seen]
    widest = float(wide.max(initial=0.0))
    down = widest < NARROW * unit and float(high.max(initial=0.0)) > widest
    if down:
        left, top, wide, high = top, left, high, wide
    room, margin = np.maximum(unit, wide - 2 * MARGIN * unit), MARGIN * unit
    least = np.minimum(4.0 * unit, high - unit)
    thick = np.where(high < THIN * unit, high, np.maximum(least, high * BAR))
    x, long = left + margin + room * first, np.maximum(unit, room * share)
    bars = np.stack((x, top + (high - thick) / 2, long, thick), 1)
    if down:
        bars = bars[:, [1, 0, 3, 2]]
    return [QRectF(*bar) for bar in bars.tolist()]


def _edges(
    scene: Scene, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> tuple[Pixels, Pixels, Pixels, Pixels]:
    """Left, top, right and bottom of tiles of the drawing, cut at the edge of Y."""
    (high, wide), (th, tw) = scene.sides, scene.tile
    right = np.minimum((columns + 1) * tw, wide).astype(np.float64)
    bottom = np.minimum((rows + 1) * th, high).astype(np.float64)
    left, top = (columns * tw).astype(np.float64), (rows * th).astype(np.float64)
    return scene.x(left), scene.y(top), scene.x(right), scene.y(bottom)
