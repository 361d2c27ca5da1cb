"""What the painters of the picture are given: one instant, laid out, in the orientation drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF

from mmviz.core.schedule.columns import Rows
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.layout import Box, PictureLayout
from mmviz.state.picture.matrices import Matrix
from mmviz.state.picture.selection import Selection
from mmviz.state.picture.view import PictureView
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import Words

Pixels = NDArray[np.float64]
Along = TypeVar("Along", float, Pixels)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One instant of one product, laid out within `width` pixels; `bar` of them, from the right,
    are the bar's at the upper corner. slice: of a stack the one in front, of which all of this is.

    Rows and columns are those of the drawing: of Y, or turned, of its transpose. hover: row of the
    trace under the pointer, or -1. footed: whether it says below Y what is shown.
    hides: parts that tell nothing, as somebody is asked for it: "foot", "step", "bars", "sums".
    """

    view: PictureView
    trace: Trace
    frame: Frame
    layout: PictureLayout
    theme: Theme
    words: Words
    width: float
    bar: float = 0.0
    hover: int = -1
    footed: bool = True
    hides: frozenset[str] = frozenset()
    slice: int = 0

    @property
    def quiet(self) -> bool:
        """Whether no words tell how far it is, and of how much."""
        return "foot" in self.hides

    @property
    def turned(self) -> bool:
        return self.view.turned

    @property
    def camera(self) -> Camera:
        return self.view.camera

    @property
    def selection(self) -> Selection | None:
        return self.view.selection

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns of the whole drawing, in cells."""
        return self.view.sides

    @property
    def tile(self) -> tuple[int, int]:
        """Rows and columns of a tile, in cells."""
        tm, tn = self.trace.tiling.tile
        return (tn, tm) if self.turned else (tm, tn)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the whole drawing, in tiles; of one slice."""
        tiling = self.trace.tiling
        grid = tiling.tiles_m, tiling.tiles_n
        return (grid[1], grid[0]) if self.turned else grid

    def across(self, rows: Rows) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """For each of these rows of the trace: its tile's row and column in the drawing.

        Of another slice they are outside of it.
        """
        m, n = self.trace.tiles_of(rows)
        m = m - np.int32(self.first_m)
        return (n, m) if self.turned else (m, n)

    @property
    def first_m(self) -> int:
        """The first row of tiles of the slice, of those of the whole stack."""
        return self.slice * self.trace.tiling.tiles_m

    def here(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of these rows of the trace are of the slice."""
        tiling = self.trace.tiling
        if tiling.gemm.stack == 1:
            return np.ones(len(self.trace.units.of(rows)), np.bool_)
        return np.asarray(tiling.place_of(self.trace.tiles_of(rows)[0])[0] == self.slice)

    @property
    def names(self) -> tuple[Matrix, Matrix, Matrix]:
        """The matrix at the left, the one above, and the one at the corner."""
        return self.view.names

    def row_at(self, row: int, column: int) -> int:
        """Row of the trace of the tile of this cell of the drawing, the first of its pieces."""
        r, c = row // self.tile[0], column // self.tile[1]
        m, n = (c, r) if self.turned else (r, c)
        return self.trace.row_at(self.first_m + m, n)

    def x(self, column: Along) -> Along:
        """Where a column of cells begins, in pixels."""
        box, camera = self.layout.c, self.camera
        return box.x + (column / self.sides[1] - camera.left) / camera.width * box.w

    def y(self, row: Along) -> Along:
        """Where a row of cells begins, in pixels."""
        box, camera = self.layout.c, self.camera
        return box.y + (row / self.sides[0] - camera.top) / camera.height * box.h

    def cell_at(self, x: float, y: float) -> tuple[float, float]:
        """Row and column, in cells, of a point in pixels."""
        box, camera, (rows, columns) = self.layout.c, self.camera, self.sides
        row = ((y - box.y) / box.h * camera.height + camera.top) * rows
        column = ((x - box.x) / box.w * camera.width + camera.left) * columns
        return row, column

    def in_view(self) -> tuple[float, float, float, float]:
        """First row, past the last row, first column, past the last column in view, in cells."""
        camera, (rows, columns) = self.camera, self.sides
        return (
            camera.top * rows,
            (camera.top + camera.height) * rows,
            camera.left * columns,
            (camera.left + camera.width) * columns,
        )

    def edges(self, rows: Rows) -> tuple[Pixels, Pixels, Pixels, Pixels]:
        """Left, top, right and bottom of the tiles of these rows, cut at the edge of Y."""
        (high, wide), (th, tw) = self.sides, self.tile
        r, c = (side.astype(np.float64) for side in self.across(rows))
        right, bottom = np.minimum((c + 1) * tw, wide), np.minimum((r + 1) * th, high)
        return self.x(c * tw), self.y(r * th), self.x(right), self.y(bottom)

    def tile_rect(self, row: int) -> QRectF:
        """Where the tile of row `row` of the trace lies, cut at the edge of Y."""
        left, top, right, bottom = (float(edge[0]) for edge in self.edges(np.array([row])))
        return QRectF(left, top, right - left, bottom - top)


def tile_pixels(scene: Scene) -> tuple[float, float]:
    """Width and height of a full tile in pixels."""
    th, tw = scene.tile
    return scene.x(tw) - scene.x(0), scene.y(th) - scene.y(0)


def rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


def runs(indices: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Sorted distinct indices as (first, past the last) of each unbroken run."""
    distinct = np.unique(indices)
    if not len(distinct):
        return []
    breaks = np.flatnonzero(np.diff(distinct) > 1)
    firsts = distinct[np.concatenate(([0], breaks + 1))]
    lasts = distinct[np.concatenate((breaks, [len(distinct) - 1]))]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]
