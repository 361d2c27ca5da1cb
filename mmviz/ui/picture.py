"""The picture: X left of Y, W above it, at the instant the playback stands at."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.trace import Frame
from mmviz.state.resolve import Snapshot
from mmviz.ui import fonts
from mmviz.ui.picture_cells import LANE_WIDTH, paint_cells, paint_lanes
from mmviz.ui.picture_layout import PictureLayout, cells_layout, tiles_layout
from mmviz.ui.picture_scene import Scene
from mmviz.ui.picture_tiles import paint_tiles, tile_at, tile_facts, tile_rect
from mmviz.ui.texture import Texture, tiles_texture
from mmviz.ui.theme import DARK, Theme


class PictureView(QWidget):
    """Paints one product of a snapshot at one frame; remembers nothing else but the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(360, 200)
        self.setAccessibleName("Picture of the matrix product")
        self._theme: Theme = DARK
        self._snapshot: Snapshot | None = None
        self._frame: Frame | None = None
        self._texture: Texture | None = None
        self._pointer: tuple[float, float] | None = None

    def sizeHint(self) -> QSize:
        return QSize(860, 420)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show another product; the frame follows through `show_frame`."""
        self._snapshot, self._frame, self._texture = snapshot, None, None
        self.setAccessibleDescription(snapshot.products[snapshot.session.product].shape)
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show another instant of the same product."""
        self._frame = frame
        self.update()

    def scene(self) -> Scene | None:
        """What is painted now, None while there is nothing to paint."""
        snapshot, frame = self._snapshot, self._frame
        if snapshot is None or frame is None:
            return None
        width = self._picture_width(snapshot)
        scene = Scene(snapshot, frame.trace, frame, self._layout(snapshot), self._theme, width)
        if self._pointer is None or snapshot.cells is not None:
            return scene
        return replace(scene, hover=tile_at(scene, *self._pointer))

    def tile_rect(self, row: int) -> QRectF:
        """Where tile `row` of the trace is painted, in pixels of this widget."""
        scene = self.scene()
        return QRectF() if scene is None else tile_rect(scene, row)

    def hovered_facts(self) -> list[str]:
        """The text of the card at the pointer, empty for none."""
        scene = self.scene()
        return [] if scene is None or scene.hover < 0 else tile_facts(scene, scene.hover)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scene, snapshot = self.scene(), self._snapshot
        if scene is None:
            if snapshot is not None and snapshot.problem:
                self._paint_problem(painter, snapshot.problem)
        elif scene.snapshot.cells is not None:
            paint_cells(painter, scene, scene.snapshot.cells)
            if self._lanes_fit():
                area = QRectF(self.width() - LANE_WIDTH, 6, LANE_WIDTH - 12, self.height() - 8)
                paint_lanes(painter, scene, scene.snapshot.cells, area)
        else:
            paint_tiles(painter, scene, self._tiles(scene))
        painter.end()

    def _layout(self, snapshot: Snapshot) -> PictureLayout:
        gemm = snapshot.gemm
        if snapshot.cells is None:
            return tiles_layout(self.width(), self.height(), gemm.m, gemm.n, gemm.k)
        width = self._picture_width(snapshot)
        return cells_layout(width, self.height(), gemm.m, gemm.n, gemm.k)

    def _picture_width(self, snapshot: Snapshot) -> float:
        """The picture's own width; at cell level the strip of lanes stands right of it."""
        beside = LANE_WIDTH if snapshot.cells is not None and self._lanes_fit() else 0.0
        return self.width() - beside

    def _lanes_fit(self) -> bool:
        return self.width() >= LANE_WIDTH + 320

    def _tiles(self, scene: Scene) -> Texture:
        if self._texture is None:
            box = scene.layout.c
            self._texture = tiles_texture(scene.trace, round(box.w), round(box.h))
        return self._texture

    def _paint_problem(self, painter: QPainter, problem: str) -> None:
        box = QRectF(self.rect()).adjusted(60, 20, -60, -20)
        painter.setFont(fonts.words(fonts.TITLE))
        painter.setPen(self.palette().windowText().color())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), problem)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._texture = None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._pointer = event.position().x(), event.position().y()
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._pointer = None
        self.update()
