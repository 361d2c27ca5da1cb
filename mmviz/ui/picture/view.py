"""The picture: X left of Y, W above it, at the instant the playback stands at."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.schedule.trace import Frame
from mmviz.state.derived import Derived
from mmviz.state.picture.camera import STEP, WHOLE, Camera, panned, zoomed
from mmviz.state.picture.layout import BAR, PictureLayout, cells_layout, tiles_layout
from mmviz.state.picture.selection import Selection, tile_lines
from mmviz.state.picture.systolic import moment_of
from mmviz.state.picture.systolic_layout import array_width
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.picture.bar import PictureBar
from mmviz.ui.picture.cells import paint_cells
from mmviz.ui.picture.lanes import LANE_WIDTH, paint_lanes
from mmviz.ui.picture.number_editor import NumberEditor
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.systolic import paint_array
from mmviz.ui.picture.systolic_cells import array_cell_states
from mmviz.ui.picture.tile_map import TileMap
from mmviz.ui.picture.tiles import TilesInView, paint_tiles
from mmviz.ui.picture.window import cell_states, window_of
from mmviz.units import shape

ROOMY = 1_000.0  # pixels: wide enough for cells and an array side by side
DRAGGED = 4.0  # pixels from which a press is a drag and no longer a click


class PictureView(QWidget):
    """Paints one product of a derived at one frame; announces what the user wants to see."""

    camera_moved = pyqtSignal(object)
    selected = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(360, 200)
        self.setAccessibleName("Picture of the matrix product")
        self._theme: Theme = DARK
        self._snapshot: Derived | None = None
        self._frame: Frame | None = None
        self._map: TileMap | None = None
        self._tiles: TilesInView | None = None
        self._pointer: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self.editor = NumberEditor(self)
        self.bar = PictureBar(self)
        self.bar.zoom_asked.connect(self._zoom_asked)

    def sizeHint(self) -> QSize:
        return QSize(860, 420)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._tiles = None
        self.update()

    def show_derived(self, derived: Derived) -> None:
        """Show another product, or the same one otherwise; the frame follows in `show_frame`."""
        before, self._snapshot = self._snapshot, derived
        if before is None or before.trace is not derived.trace:
            self._frame, self._map = None, None
        if before is None or _looks(before) != _looks(derived) or self._map is None:
            self._tiles = None
        self.bar.show_derived(derived)
        self._place_bar()
        self.setAccessibleDescription(shape(derived.gemm.m, derived.gemm.n, derived.gemm.k))
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show another instant of the same product."""
        self._frame = frame
        self.update()

    def scene(self) -> Scene | None:
        """What is painted now, None while there is nothing to paint."""
        derived, frame = self._snapshot, self._frame
        if derived is None or frame is None:
            return None
        layout = self._tiles_layout(derived)
        width = self.width() - self._array_width(derived)
        scene = Scene(derived, frame.trace, frame, layout, self._theme, width)
        window = window_of(scene)
        if window is not None and derived.cells() is not None:
            if derived.device.array is None and self._lanes_fit():
                width -= LANE_WIDTH
            layout = cells_layout(width, self.height(), window.rows, window.columns, window.terms)
            return replace(scene, layout=layout, width=width)
        if self._pointer is None:
            return scene
        return replace(scene, hover=self._row_at(scene, *self._pointer))

    def tile_rect(self, row: int) -> QRectF:
        """Where tile `row` of the trace is painted, in pixels of this widget."""
        scene = self.scene()
        return QRectF() if scene is None else scene.tile_rect(row)

    def hovered_facts(self) -> list[str]:
        """The text of the card at the pointer, empty for none."""
        scene = self.scene()
        if scene is None or scene.hover < 0:
            return []
        return tile_lines(scene.frame, scene.hover, scene.derived.device.unit)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scene, derived = self.scene(), self._snapshot
        if scene is not None:
            self._paint(painter, scene)
        elif derived is not None and derived.problem:
            self._paint_problem(painter, derived.problem)
        painter.end()

    def _paint(self, painter: QPainter, scene: Scene) -> None:
        if self._map is None:
            self._map = TileMap(scene.trace)
        moment = moment_of(scene.derived, scene.frame)
        if moment is not None and scene.width < self.width():
            area = QRectF(scene.width, BAR + 4, self.width() - scene.width, self.height() - BAR - 8)
            paint_array(painter, scene, moment, area)
        cells = scene.derived.cells() if scene.layout.cell is not None else None
        window = window_of(scene) if cells is not None else None
        if cells is None or window is None:
            if self._tiles is None:
                self._tiles = TilesInView(scene, self._map)
            paint_tiles(painter, scene, self._tiles)
            return
        if moment is not None:
            states = array_cell_states(scene, moment, window, self._map)
        else:
            states = cell_states(scene, window, self._map)
        paint_cells(painter, scene, cells, window, states, self._map)
        if moment is None and self._lanes_fit():
            area = QRectF(self.width() - LANE_WIDTH, BAR, LANE_WIDTH - 12, self.height() - BAR - 2)
            paint_lanes(painter, scene, cells, window, states, area)

    def _tiles_layout(self, derived: Derived) -> PictureLayout:
        gemm = derived.gemm
        rows, columns = (gemm.n, gemm.m) if derived.session.turned else (gemm.m, gemm.n)
        width = self.width() - self._array_width(derived)
        return tiles_layout(width, self.height(), rows, columns, gemm.k)

    def _array_width(self, derived: Derived) -> float:
        """Room at the right for a systolic array; 0 on any other device.

        Seen closer, Y needs the room of a narrow picture itself.
        """
        array, dataflow = derived.device.array, derived.tiling.order.dataflow
        close = not derived.session.camera.whole
        if array is None or dataflow is None or (close and self.width() < ROOMY):
            return 0.0
        return array_width(self.width(), self.height(), array, dataflow)

    def _lanes_fit(self) -> bool:
        return self.width() >= LANE_WIDTH + 320

    def _paint_problem(self, painter: QPainter, problem: str) -> None:
        box = QRectF(self.rect()).adjusted(60, 20, -60, -20)
        painter.setFont(fonts.words(fonts.TITLE))
        painter.setPen(self.palette().windowText().color())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), problem)

    def _row_at(self, scene: Scene, x: float, y: float) -> int:
        """Row of the trace of the tile at a point, the first of its pieces; -1 for none."""
        if not scene.layout.c.contains(x, y):
            return -1
        if self._map is None:
            self._map = TileMap(scene.trace)
        window = window_of(scene) if scene.layout.cell is not None else None
        if window is not None and scene.layout.cell is not None:
            w, h = scene.layout.cell
            row = window.row + int((y - scene.layout.c.y) / h)
            column = window.column + int((x - scene.layout.c.x) / w)
        else:
            row, column = (int(side) for side in scene.cell_at(x, y))
        tile = row // scene.tile[0], column // scene.tile[1]
        m, n = (tile[1], tile[0]) if scene.turned else tile
        tiles = self._map.row_of
        return int(tiles[m, n]) if m < tiles.shape[0] and n < tiles.shape[1] else -1

    # --- zoom and pan ---------------------------------------------------------------------------

    def zoom(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Closer or farther about a point of this widget, else about the middle of Y."""
        scene = self.scene()
        if scene is None or scene.derived.small:
            return
        box, camera = self._tiles_layout(scene.derived).c, scene.camera
        share_x = 0.5 if x is None else min(max((x - box.x) / box.w, 0.0), 1.0)
        share_y = 0.5 if y is None else min(max((y - box.y) / box.h, 0.0), 1.0)
        row = camera.top + share_y * camera.height
        column = camera.left + share_x * camera.width
        self._move(zoomed(camera, factor, row, column, scene.sides))

    def _zoom_asked(self, step: int) -> None:
        if step:
            self.zoom(STEP**step)
        else:
            self.show_whole()

    def show_whole(self) -> None:
        """All of Y again."""
        self._move(WHOLE)

    def _move(self, camera: Camera) -> None:
        scene = self.scene()
        if scene is not None and camera != scene.camera:
            self.camera_moved.emit(camera)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(0.0, -event.angleDelta().y() / 1200 - event.angleDelta().x() / 1200)
        else:
            at = event.position()
            self.zoom(STEP ** (event.angleDelta().y() / 120), at.x(), at.y())
        event.accept()

    def event(self, event: QEvent | None) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            at = event.position()
            self.zoom(1.0 + event.value(), at.x(), at.y())
            return True
        return super().event(event)

    def _pan(self, rows: float, columns: float) -> None:
        scene = self.scene()
        if scene is not None:
            self._move(panned(scene.camera, rows, columns))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        arrows = {
            Qt.Key.Key_Left: (0.0, -0.2),
            Qt.Key.Key_Right: (0.0, 0.2),
            Qt.Key.Key_Up: (-0.2, 0.0),
            Qt.Key.Key_Down: (0.2, 0.0),
        }
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(1 / STEP)
        elif event.key() == Qt.Key.Key_0:
            self.show_whole()
        elif control and event.key() in arrows:
            self._pan(*arrows[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.selected.emit(None)
        else:
            super().keyPressEvent(event)

    # --- pointing and picking -------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        at, before = event.position(), self._pressed
        scene = self.scene()
        if before is not None and scene is not None and not scene.camera.whole:
            if (at - before).manhattanLength() >= DRAGGED:
                box = scene.layout.c
                self._pan((before.y() - at.y()) / box.h, (before.x() - at.x()) / box.w)
                self._pressed = at
                self._pointer = None
            return
        self._pointer = at.x(), at.y()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        before, self._pressed = self._pressed, None
        scene = self.scene()
        if event is None or before is None or scene is None:
            return
        at = event.position()
        if (at - before).manhattanLength() < DRAGGED:
            row = self._row_at(scene, at.x(), at.y())
            self.selected.emit(Selection("tile", row) if row >= 0 else None)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._pointer = None
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._tiles = None
        self._place_bar()

    def _place_bar(self) -> None:
        size = self.bar.sizeHint()
        self.bar.setGeometry(self.width() - size.width() - 2, 0, size.width(), size.height())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        scene = self.scene()
        if event is not None and scene is not None:
            self.editor.open_at(scene, event.position())


def _looks(derived: Derived) -> tuple[object, ...]:
    """What of a session decides the tiles in view and their colours."""
    session = derived.session
    return session.camera, session.colour_by, session.turned
