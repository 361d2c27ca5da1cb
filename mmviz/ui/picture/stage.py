"""The whole picture on a rectangle: what goes where, and all of it painted. No widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.layout import (
    BAR,
    Box,
    PictureLayout,
    alone_layout,
    cells_layout,
    tiles_layout,
)
from mmviz.state.picture.systolic import moment_of
from mmviz.state.picture.systolic_layout import array_width
from mmviz.state.picture.view import PictureView
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.cells import paint_cells
from mmviz.ui.picture.lanes import LANE_WIDTH, paint_lanes
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.stack import CHOOSER, LEAST, SHEET, SHEETS, Chooser, slice_in_front
from mmviz.ui.picture.systolic import paint_array
from mmviz.ui.picture.systolic_cells import array_cell_states
from mmviz.ui.picture.tiles import TilesInView, paint_tiles
from mmviz.ui.picture.window import cell_states, window_of
from mmviz.words.speech import Words

ROOMY = 1_000.0  # pixels: wide enough for cells and an array side by side


@dataclass(frozen=True, slots=True)
class Stage:
    """width, height: of the rectangle. bar: what of its right upper corner something else takes.

    alone: Y without X and W, and without numbers in its cells.
    """

    width: float
    height: float
    bar: float = 0.0
    alone: bool = False

    @property
    def lanes_fit(self) -> bool:
        """Whether there is room for the strip of lanes beside the cells."""
        return self.width >= LANE_WIDTH + 320

    def scene(
        self, view: PictureView, frame: Frame, theme: Theme, words: Words, *, footed: bool = True
    ) -> Scene:
        """What is painted of a view at an instant of its trace."""
        front = slice_in_front(view, frame)
        if self.alone:
            tiles = self.tiles(view)
            return Scene(
                view, frame.trace, frame, tiles, theme, words, self.width, footed=False, slice=front
            )
        width = self.width - self._beside(view)
        layout, bar = self.tiles(view), self._bar_of(width)
        scene = Scene(
            view, frame.trace, frame, layout, theme, words, width, bar, footed=footed, slice=front
        )
        window = window_of(scene)
        if window is None or view.cells() is None:
            return scene
        if view.device.array is None and self.lanes_fit:
            width -= LANE_WIDTH
        bar = self._bar_of(width)
        seen = window.rows, window.columns, window.terms
        layout = cells_layout(width, self.height, *seen, bar)
        return replace(scene, layout=layout, width=width, bar=bar)

    def tiles(self, view: PictureView) -> PictureLayout:
        """Where the matrices are while no cells are drawn."""
        if self.alone:
            return alone_layout(self.width, self.height, *view.sides)
        width = self.width - self._beside(view)
        bar = self._bar_of(width)
        behind = SHEETS * SHEET if view.gemm.stack > 1 else 0.0
        return tiles_layout(width - behind, self.height, *view.sides, view.gemm.k, bar - behind)

    def paint(
        self, painter: QPainter, scene: Scene, known: TilesInView | None = None
    ) -> TilesInView | None:
        """Paint a scene of this stage. known, and returned: the tiles of its view in this size."""
        moment = moment_of(scene.view, scene.frame)
        right = self.width - self._stack_width(scene.view)
        if moment is not None and scene.width < right:
            area = QRectF(scene.width, BAR + 4, right - scene.width, self.height - BAR - 8)
            paint_array(painter, scene, moment, area)
        if chooser := self.chooser(scene.view):
            chooser.paint(painter, scene)
        cells = scene.view.cells() if scene.layout.cell is not None else None
        window = window_of(scene) if cells is not None else None
        if cells is None or window is None:
            if known is None or known.slice != scene.slice:
                known = TilesInView(scene)
            paint_tiles(painter, scene, known)
            return known
        if moment is not None:
            states = array_cell_states(scene, moment, window)
        else:
            states = cell_states(scene, window)
        paint_cells(painter, scene, cells, window, states)
        if moment is None and self.lanes_fit:
            area = QRectF(self.width - LANE_WIDTH, BAR, LANE_WIDTH - 12, self.height - BAR - 2)
            paint_lanes(painter, scene, cells, window, states, area)
        return known

    def chooser(self, view: PictureView) -> Chooser | None:
        """The slices of a stack at the right, None where there is no stack, or no room."""
        wide = self._stack_width(view)
        if not wide:
            return None
        area = Box(self.width - wide, BAR + 4, wide - 10, max(40.0, self.height - BAR - 12))
        return Chooser(area, view.gemm.stack)

    def _beside(self, view: PictureView) -> float:
        """What stands right of the matrices, in pixels."""
        return self._array_width(view) + self._stack_width(view)

    def _stack_width(self, view: PictureView) -> float:
        """Room at the right for the slices of a stack."""
        return CHOOSER if view.gemm.stack > 1 and not self.alone and self.width >= LEAST else 0.0

    def _bar_of(self, width: float) -> float:
        """What the bar takes of the first `width` pixels, from the right."""
        return max(0.0, width - (self.width - self.bar)) if self.bar else 0.0

    def _array_width(self, view: PictureView) -> float:
        """Room at the right for a systolic array; 0 on any other device.

        Seen closer, Y needs the room of a narrow picture itself.
        """
        array, dataflow = view.device.array, view.tiling.order.dataflow
        close = not view.camera.whole
        if array is None or dataflow is None or (close and self.width < ROOMY):
            return 0.0
        return array_width(round(self.width), round(self.height), array, dataflow)


def paint_problem(painter: QPainter, within: QRectF, said: str, ink: QColor) -> None:
    """Why there is nothing to paint, in the middle."""
    painter.setFont(fonts.words(fonts.TITLE))
    painter.setPen(ink)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(within.adjusted(60, 20, -60, -20), int(flags), said)
