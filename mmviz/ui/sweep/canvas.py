"""The hand on a sweep: a mouse and keys read its points, enter and pin them, and look closer."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QWidget

from mmviz.state.sweep.chart import NO_PINS, SweepChart
from mmviz.state.sweep.closer import ALL, NOTCH
from mmviz.ui.sweep.axes import Axes
from mmviz.ui.sweep.drawing import SweepDrawing
from mmviz.ui.sweep.pin_marks import pin_at

_FAR = 16  # points that Shift with an arrow goes
_PINS = {Qt.Key.Key_A: 0, Qt.Key.Key_B: 1}
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_PLAIN = _SHIFT | Qt.KeyboardModifier.KeypadModifier


class SweepCanvas(SweepDrawing):
    """`entered`: the index of a point clicked, or read and entered by the keyboard. `pinned`: a pin
    and the point at which it is to stand. `unpinned`: both are to go. `let_go`: Escape.
    """

    entered = pyqtSignal(int)
    pinned = pyqtSignal(int, int)
    unpinned = pyqtSignal()
    let_go = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        self._flag: int | None = None  # the pin whose flag was pressed
        self._dragged = False
        self._armed: int | None = None
        self._entering = QTimer(self)  # until a click can no more become a double click
        self._entering.setSingleShot(True)
        self._entering.timeout.connect(self._enter)
        self._entered = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def arm(self, pin: int | None) -> None:
        """The next click places this pin."""
        self._armed = pin
        shapes = Qt.CursorShape
        self.setCursor(shapes.ArrowCursor if pin is None else shapes.CrossCursor)

    def show_all(self) -> None:
        """The whole sweep."""
        self.look(ALL)

    # --- the mouse -------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        axes, self._pressed, self._dragged = self.axes(), event.position(), False
        if axes is not None:
            self._flag = pin_at(axes, self.faces(), axes.chart.pins, event.position())
        self._read_at(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """With the button pressed it pans, or moves the pin whose flag was pressed."""
        if event is None:
            return
        if self._pressed is not None and not self._dragged:
            moved = (event.position() - self._pressed).manhattanLength()
            self._dragged = moved >= QApplication.startDragDistance()
        if self._pressed is None or not self._dragged:
            self._read_at(event)
        elif self._flag is not None:
            self.held = self._flag
            self._read_at(event)
        else:
            self._pan(event.position().x() - self._pressed.x())
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """A click enters the point, or places a pin there; a drag has done its work."""
        if event is None or event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        flag, dragged = self._flag, self._dragged
        self._read_at(event)
        self._pressed = self._flag = self.held = None
        self._dragged = False
        self.update()
        if self.read is None or (dragged and flag is None) or (flag is not None and not dragged):
            return
        if flag is not None:
            self.pinned.emit(flag, self.read)
        elif self._armed is not None:
            self.pinned.emit(self._armed, self.read)
        elif event.modifiers() & _SHIFT:
            self.pinned.emit(self._next_pin(self.read), self.read)
        elif self.closer.whole:
            self.entered.emit(self.read)
        else:  # a double click would go back, and enter nothing
            self._entered = self.read
            self._entering.start(QApplication.doubleClickInterval())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self._entering.stop()
        self.show_all()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._entering.stop()

    def _enter(self) -> None:
        chart = self.chart
        if chart is not None and self._entered < len(chart.found.points):
            self.entered.emit(self._entered)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None and event.angleDelta().y():
            self._zoom(NOTCH ** (event.angleDelta().y() / 120), event.position().x())
            event.accept()

    def leaveEvent(self, event: QEvent | None) -> None:
        self.show_reading(None)

    def _pan(self, pixels: float) -> None:
        axes = self.axes()
        if axes is not None:
            size = self.closer.high - self.closer.low
            self.look(self.closer.panned(-pixels / axes.plot.width() * size))
        self.show_reading(None)

    def _zoom(self, closer: float, x: float) -> None:
        """Closer about a pixel, in a sweep of one axis."""
        axes = self.axes()
        if axes is None or self.chart is None or axes.chart.heat:
            return
        share = min(max((x - axes.plot.left()) / axes.plot.width(), 0.0), 1.0)
        at = self.closer.low + share * (self.closer.high - self.closer.low)
        self.look(self.closer.zoomed(self.chart, at, closer))

    def _next_pin(self, point: int) -> int:
        """The one that stands nowhere, else the nearer."""
        a, b = NO_PINS if self.chart is None else self.chart.pins
        if a is None or b is None:
            return 0 if a is None else 1
        return 0 if abs(point - a) <= abs(point - b) else 1

    def _read_at(self, event: QMouseEvent) -> None:
        axes, at = self.axes(), event.position()
        near = axes is not None and axes.plot.adjusted(-6, -6, 6, 6).contains(at)
        held = self.held is not None
        self.show_reading(self.point_at(at.x(), at.y()) if near or held else None)

    # --- the keys --------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        by_key = event is not None and event.reason() != Qt.FocusReason.MouseFocusReason
        if by_key and self.read is None and self.chart is not None:
            self.show_reading(self.now or 0)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self.show_reading(None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows move the reading point, Enter enters it, A and B pin it, Delete takes both off;
        + and - look closer and farther, 0 shows all; Escape lets go.
        """
        axes, chart = self.axes(), self.chart
        if event is None or axes is None or chart is None or event.modifiers() & ~_PLAIN:
            super().keyPressEvent(event)
            return
        key, at = Qt.Key(event.key()), self.read if self.read is not None else self.now or 0
        far = _FAR if event.modifiers() & _SHIFT else 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.read is not None:
            self.entered.emit(self.read)
        elif key in _PINS and self.read is not None:
            self.pinned.emit(_PINS[key], self.read)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and chart.pins != NO_PINS:
            self.unpinned.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            seen = self.seen(at)
            x = axes.plot.center().x() if seen is None else float(axes.xs[seen])
            self._zoom(1 / NOTCH if key == Qt.Key.Key_Minus else NOTCH, x)
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key == Qt.Key.Key_Escape and (self._armed is not None or self.read is not None):
            self.show_reading(None)
            self.let_go.emit()
        elif (to := _moved(key, at, far, chart, axes)) is not None:
            if not chart.heat:
                self.look(self.closer.showing(chart, to))
            self.show_reading(to)
        else:
            super().keyPressEvent(event)


def _moved(key: Qt.Key, at: int, far: int, chart: SweepChart, axes: Axes) -> int | None:
    """Where an arrow leads from a point; None for another key."""
    count = len(chart.found.points)
    columns = len(axes.batches) if chart.heat else count
    row, column = divmod(at, columns)
    steps = {Qt.Key.Key_Left: (0, -far), Qt.Key.Key_Right: (0, far)}
    ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: columns - 1}
    if chart.heat:
        steps |= {Qt.Key.Key_Up: (far, 0), Qt.Key.Key_Down: (-far, 0)}
    if key in ends:
        return row * columns + ends[key]
    if key not in steps:
        return None
    up, right = steps[key]
    row = min(max(row + up, 0), count // columns - 1)
    return row * columns + min(max(column + right, 0), columns - 1)
