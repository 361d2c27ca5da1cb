"""The slices of a stack: sheets behind the one in front, and all of them to choose from.

Drawing cost follows the pixels: where there are more slices than fit, several share a square.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.core.schedule.grid import over
from mmviz.core.schedule.slices import by_group, groups_of, slice_now, standing
from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.layout import Box
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, P_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.picture.scene import Scene, rect
from mmviz.ui.picture.tile_texture import shade_of, table_for
from mmviz.words.schedule import PIECES

SHEETS, SHEET = 3, 3.0  # at most so many behind the front one, each so many pixels further
CHOOSER = 150.0  # pixels that the slices take at the right
LEAST = 560.0  # pixels of a picture that has room for them
HEAD = 38.0  # of the chooser: two lines
SMALLEST, LARGEST = 7.0, 30.0  # pixels of a slice's square


def slice_in_front(view: PictureView, frame: Frame) -> int:
    """The one that was chosen, else the one whose tile began last."""
    chosen, stack = view.camera.slice, frame.trace.tiling.gemm.stack
    if stack == 1:
        return 0
    return slice_now(frame) if chosen is None else min(max(chosen, 0), stack - 1)


def paint_sheets(painter: QPainter, scene: Scene) -> None:
    """The slices after the one in front, behind it; the last one's successors are the first."""
    stack, box, theme = scene.trace.tiling.gemm.stack, rect(scene.layout.c), scene.theme
    if stack == 1:
        return
    painter.setPen(QPen(QColor(theme.edge), 1.0))
    painter.setBrush(QColor(theme.panel))
    for behind in range(min(SHEETS, stack - 1), 0, -1):
        painter.drawRect(box.translated(behind * SHEET, -behind * SHEET))


@dataclass(frozen=True)
class Chooser:
    """All slices as squares, row by row, within `area`."""

    area: Box
    stack: int

    @cached_property
    def size(self) -> float:
        """Of a square, with the gap beside it: as large as all of them fit."""
        wide, high = self.area.w, self.area.h - HEAD
        most = int(wide // SMALLEST)
        for columns in range(max(1, int(wide // LARGEST)), most + 1):
            size = min(LARGEST, wide / columns)
            if over(self.stack, columns) * size <= high:
                return size
        return SMALLEST

    @cached_property
    def columns(self) -> int:
        return max(1, int(self.area.w // self.size + 1e-6))

    @cached_property
    def together(self) -> int:
        """How many slices a square stands for."""
        return groups_of(self.stack, self.columns * max(1, int((self.area.h - HEAD) // self.size)))

    def box(self, which: int) -> QRectF:
        """The square of a slice."""
        row, column = divmod(which // self.together, self.columns)
        x, y = self.area.x + column * self.size, self.area.y + HEAD + row * self.size
        return QRectF(x + 1, y + 1, self.size - 2, self.size - 2)

    def at(self, x: float, y: float) -> int | None:
        """The first slice of the square at a point, None beside them."""
        column, row = (x - self.area.x) / self.size, (y - self.area.y - HEAD) / self.size
        if not (0 <= column < self.columns and row >= 0):
            return None
        which = (int(row) * self.columns + int(column)) * self.together
        return which if which < self.stack else None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Each square is filled as its tiles are done, and on with those that are computed."""
        theme, frame = scene.theme, scene.frame
        top = QRectF(self.area.x, self.area.y, self.area.w, 17)
        title = Text(P_("{n:group} slice", "{n:group} slices"), n=self.stack)
        write_in(painter, top, scene.words(title), fonts.words(bold=True), theme.text, LEFT)
        said = Text(N_("slice {which:group} in front"), which=scene.slice)
        top.translate(0, 17)
        write_in(painter, top, scene.words(said), fonts.words(fonts.SMALL), theme.muted, LEFT)
        found = standing(frame, self.together)
        order, bounds = by_group(scene.trace, self.together)
        first = bounds[:-1] if order is None else order[bounds[:-1]]
        colour_by = scene.view.colour_by
        shades = shade_of(scene.trace, np.asarray(first), None, colour_by, None)
        table = table_for(theme, scene.trace, colour_by, theme.now)
        waiting, now = QColor(theme.waiting), QColor(theme.now)
        done = (found.begun - found.active) / found.rows
        begun = found.begun / found.rows
        for group, (past, upto) in enumerate(zip(done.tolist(), begun.tolist(), strict=True)):
            box = self.box(group * self.together)
            painter.fillRect(box, waiting)
            if upto > 0:
                painter.fillRect(_part(box, past, upto), now)
                painter.fillRect(_part(box, 0.0, past), QColor.fromRgba(table[int(shades[group])]))
        painter.setPen(QPen(QColor(theme.text), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.box(scene.slice).adjusted(-1, -1, 1, 1))

    def tip(self, frame: Frame, which: int) -> Text:
        """How far a slice, or those that share its square, are, and what a click does."""
        found, group = standing(frame, self.together), which // self.together
        done = int(found.begun[group] - found.active[group])
        piece = Text(
            PIECES["tile" if frame.trace.k0 is None else "piece"], n=int(found.rows[group])
        )
        last = min(which + self.together, self.stack) - 1
        name = Text(N_("slice {which:group}"), which=which)
        if last > which:
            name = Text(N_("slices {first:group} to {last:group}"), first=which, last=last)
        far = Text(N_("{done:group} of {tiles} done"), done=done, tiles=piece)
        click = Text(N_("a click brings it to the front; another one follows what is computed"))
        return joined((name, far, click), "lines")


def _part(box: QRectF, first: float, past: float) -> QRectF:
    """A stretch of a square from the left, at least a pixel where there is any."""
    wide = max(1.0, math.ceil((past - first) * box.width())) if past > first else 0.0
    return QRectF(box.x() + first * box.width(), box.y(), wide, box.height()).intersected(box)
