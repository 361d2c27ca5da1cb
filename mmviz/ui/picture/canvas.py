"""The picture: X left of Y, W above it, at the instant the playback stands at."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.camera import STEP, WHOLE, Camera, in_front, panned, zoomed
from mmviz.state.picture.layout import BAR_WIDTH
from mmviz.state.picture.playback import same_instant
from mmviz.state.picture.selection import Selection, tile_lines, tile_of
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing
from mmviz.ui.picture.bar import PictureBar
from mmviz.ui.picture.number_editor import NumberEditor
from mmviz.ui.picture.pointed import first_now, number_at, tile_thing
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.stage import Stage, paint_problem
from mmviz.ui.picture.tiles import TilesInView
from mmviz.ui.picture.window import window_of
from mmviz.ui.picture.words import foot
from mmviz.words.speech import Words

LEAVES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}  # to the slices of a stack
DRAGGED = 4.0  # pixels from which a press is a drag and no longer a click


class PictureCanvas(QWidget, Told):
    """Paints one product at one frame; announces what the user wants to see.

    alone: only Y, without X and W, without numbers and without a bar. pointed: the tile (m, n)
    under the pointer, None for none.
    """

    camera_moved = pyqtSignal(object)
    selected = pyqtSignal(object)
    pointed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None, *, alone: bool = False) -> None:
        super().__init__(parent)
        self._alone = alone
        self.part = "" if alone else "picture"
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(360, 200)
        # It paints all of itself, so that what lies below need not be painted with it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        tell(self, name=N_("Picture of the matrix product"))
        self._theme: Theme = DARK
        self._view: PictureView | None = None
        self._frame: Frame | None = None
        self._tiles: TilesInView | None = None  # of this view, in this size
        self._pointer: tuple[float, float] | None = None
        self._marked: tuple[int, int] | None = None  # a tile that is pointed at elsewhere
        self._pressed: QPointF | None = None  # where a press or the last step of a drag was
        self._dragging = False  # it went so far that it is no click any more
        self._free = 0  # pixels below that something else takes
        self._hides: frozenset[str] = frozenset()  # what somebody is asked for
        self.editor = NumberEditor(self)
        self.bar = PictureBar(self)
        self.bar.zoom_asked.connect(self._zoom_asked)
        self.bar.setVisible(not alone)

    def sizeHint(self) -> QSize:
        return QSize(860, 420)

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._tiles = theme, None
        self._paint_anew()

    def set_words(self, words: Words) -> None:
        self.bar.set_words(words)
        super().set_words(words)

    def show_view(self, view: PictureView) -> None:
        """Show another product, or the same one otherwise; its frame follows in `show_frame`."""
        self._view = view
        self.bar.show_view(view)
        self._tiles = None
        self.say()

    def say(self) -> None:
        self._place_bar()  # its texts may be longer now
        if self._view is not None:
            self.setAccessibleDescription(self.words(self._view.shape))
        self._paint_anew()

    def show_frame(self, frame: Frame) -> None:
        """Show another instant of the same product."""
        if not same_instant(frame, self._frame):
            self._frame = frame
            self._paint_anew()

    def _paint_anew(self) -> None:
        """All but the bar, which lies on top and shows nothing of an instant."""
        bar = QRegion(self.bar.geometry() if self.bar.isVisible() else QRect())
        self.update(QRegion(self.rect()).subtracted(bar))

    def scene(self) -> Scene | None:
        """What is painted now, None while there is nothing to paint."""
        view, frame = self._view, self._frame
        if view is None or frame is None or frame.trace is not view.trace:
            return None
        scene = self._stage().scene(view, frame, self._theme, self.words)
        if self._hides:
            scene = replace(scene, hides=self._hides)
        if scene.layout.cell is not None:
            return scene
        if self._pointer is None:
            return scene if self._marked is None else replace(scene, hover=self._marked_row(scene))
        return replace(scene, hover=self._row_at(scene, *self._pointer))

    def hide_parts(self, parts: frozenset[str]) -> None:
        """Tell nothing in these parts, see `Scene.hides`, and all in the others."""
        if parts != self._hides:
            self._hides = parts
            self._paint_anew()

    def keep_free(self, pixels: int) -> None:
        """Leave so many pixels at the lower edge to what lies on it."""
        if pixels != self._free:
            self._free, self._tiles = pixels, None
            self._paint_anew()

    def mark(self, tile: tuple[int, int] | None) -> None:
        """Show a tile (m, n) as if it were pointed at here; None: no longer."""
        if tile != self._marked:
            self._marked = tile
            self._paint_anew()

    def _marked_row(self, scene: Scene) -> int:
        tile, tiling = self._marked, scene.trace.tiling
        if tile is None or tile[0] >= tiling.rows_m or tile[1] >= tiling.tiles_n:
            return -1
        here = tiling.place_of(tile[0])[0] == scene.slice
        return scene.trace.row_at(*tile) if here else -1

    def tile_rect(self, row: int) -> QRectF:
        """Where tile `row` of the trace is painted, in pixels of this widget."""
        scene = self.scene()
        return QRectF() if scene is None else scene.tile_rect(row)

    def hovered_facts(self) -> list[str]:
        """The text of the card at the pointer, empty for none."""
        scene = self.scene()
        if scene is None or scene.hover < 0:
            return []
        lines = tile_lines(scene.frame, scene.hover, scene.view.noun)
        return [self.words(line) for line in lines]

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The tile at a point, with the number that is written there."""
        scene = self.scene()
        if scene is None:
            return None
        row, number = self._row_at(scene, at.x(), at.y()), number_at(scene, at.x(), at.y())
        if row >= 0:
            return self._thing(scene, row, number)
        return Thing("tile", Text(N_("number")), number) if number else None

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The tile that is picked out, else the first that is computed."""
        scene = self.scene()
        if scene is None:
            return None
        picked = scene.selection
        row = picked.index if picked is not None and picked.kind == "tile" else first_now(scene)
        return self._thing(scene, row), scene.tile_rect(row).center().toPoint()

    def _thing(self, scene: Scene, row: int, number: Text = NOTHING) -> Thing:
        """A tile; beside another schedule its start is on no clock of the window's own."""
        thing = tile_thing(scene.frame, row, scene.view.noun, number)
        return replace(thing, start=None) if self._alone else thing

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        scene = self.scene()
        ground = self._theme.panel if self._alone else self._theme.ground
        painter.fillRect(self.rect(), QColor(ground))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scene is not None:
            self._tiles = self._stage().paint(painter, scene, self._tiles)
        elif self._view is not None and self._view.problem:
            ink = self.palette().windowText().color()
            paint_problem(painter, QRectF(self.rect()), self.words(self._view.problem), ink)

    def _stage(self) -> Stage:
        """All of this widget, but for the bar at its corner."""
        bar = 0.0
        if not self.bar.isHidden():
            bar = max(BAR_WIDTH, self.bar.sizeHint().width() + 16.0)
        return Stage(self.width(), self.height() - self._free, bar, self._alone)

    def _row_at(self, scene: Scene, x: float, y: float) -> int:
        """Row of the trace of the tile at a point, the first of its pieces; -1 for none."""
        if not scene.layout.c.contains(x, y):
            return -1
        window = window_of(scene) if scene.layout.cell is not None else None
        if window is not None and scene.layout.cell is not None:
            w, h = scene.layout.cell
            row = window.row + int((y - scene.layout.c.y) / h)
            column = window.column + int((x - scene.layout.c.x) / w)
        else:
            row, column = (int(side) for side in scene.cell_at(x, y))
        inside = row < scene.sides[0] and column < scene.sides[1]
        return scene.row_at(row, column) if inside else -1

    # --- zoom and pan ---------------------------------------------------------------------------

    def zoom(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Closer or farther about a point of this widget, else about the middle of Y."""
        scene = self.scene()
        if scene is None or scene.view.small:
            return
        box, camera = self._stage().tiles(scene.view).c, scene.camera
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
        scene = self.scene()
        if scene is not None:
            self._move(in_front(WHOLE, scene.camera.slice))

    def _move(self, camera: Camera) -> None:
        scene = self.scene()
        if scene is not None and camera != scene.camera:
            self.camera_moved.emit(camera)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        scene = self.scene()
        if scene is not None and self._slice_at(scene, event.position()) is not None:
            self._leaf(scene, -1 if event.angleDelta().y() > 0 else 1)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
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
        if isinstance(event, QHelpEvent):
            said = self.words(self._tip(event.pos()))
            QToolTip.showText(event.globalPos(), as_tip(said), self)
            return True
        return super().event(event)

    def _tip(self, at: QPoint) -> Text:
        """Of a slice how far it is; the words below Y, whole: there they may be cut."""
        scene = None if self._alone else self.scene()
        if scene is None:
            return NOTHING
        which, chooser = self._slice_at(scene, QPointF(at)), self._stage().chooser(scene.view)
        if which is not None and chooser is not None:
            return chooser.tip(scene.frame, which)
        return foot(scene) if at.y() > scene.layout.c.bottom else NOTHING

    def _leaf(self, scene: Scene, step: int) -> None:
        """To the slice before or after the one in front."""
        last = scene.trace.tiling.gemm.stack - 1
        self._move(in_front(scene.camera, min(max(scene.slice + step, 0), last)))

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
        elif control and event.key() in LEAVES and (scene := self.scene()) is not None:
            self._leaf(scene, LEAVES[Qt.Key(event.key())])
        elif control and event.key() in arrows:
            self._pan(*arrows[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    # --- pointing and picking -------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False
            self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        at, before = event.position(), self._pressed
        if before is None:
            self._point((at.x(), at.y()))
            return
        self._dragging = self._dragging or (at - before).manhattanLength() >= DRAGGED
        scene = self.scene()
        if self._dragging and scene is not None and not scene.camera.whole:
            box = scene.layout.c
            self._pan((before.y() - at.y()) / box.h, (before.x() - at.x()) / box.w)
            self._pressed = at
            self._pointer = None

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        clicked, self._pressed = self._pressed is not None and not self._dragging, None
        scene = self.scene()
        if clicked and scene is not None:
            at = event.position()
            if (which := self._slice_at(scene, at)) is not None:
                front = None if which == scene.camera.slice else which
                self._move(in_front(scene.camera, front))
                return
            row = self._row_at(scene, at.x(), at.y())
            self.selected.emit(Selection("tile", row) if row >= 0 else None)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._point(None)

    def _slice_at(self, scene: Scene, at: QPointF) -> int | None:
        """The slice of a stack at a point of the chooser, None elsewhere."""
        chooser = self._stage().chooser(scene.view)
        return None if chooser is None else chooser.at(at.x(), at.y())

    def _point(self, pointer: tuple[float, float] | None) -> None:
        """The pointer is elsewhere; only another tile under it is news."""
        before, self._pointer = self.scene(), pointer
        self._marked = None  # the pointer is here, or left from here
        after = self.scene()
        if before is not None and after is not None and before.hover != after.hover:
            self._paint_anew()
            self.pointed.emit(None if after.hover < 0 else tile_of(after.trace, after.hover))

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
