"""The pad: a pen by mouse, finger or keys, and what the recipe makes of its ink."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QTouchEvent
from PyQt6.QtWidgets import QWidget

from mmviz.state.learn.drawing import Placed
from mmviz.text import N_, Text
from mmviz.ui.learn.pixels import STEPS, Pixels
from mmviz.ui.look.tell import tell

_LEFT = Qt.MouseButton.LeftButton
_DOWN = QEvent.Type.TouchBegin
_ON = QEvent.Type.TouchUpdate
_UP = QEvent.Type.TouchEnd, QEvent.Type.TouchCancel
_UP_TEXT = Text(N_("the pen is up: Space puts it down, arrows move it, Backspace clears"))
_DOWN_TEXT = Text(N_("the pen is down: arrows draw, Space lifts it"))


class Pad(Pixels):
    """begun, gone_on: where the pen is, in pixels of the picture. cleared: all ink goes.
    lifted: the pen is up, a stroke is whole.
    """

    begun = pyqtSignal(float, float)
    gone_on = pyqtSignal(float, float)
    cleared = pyqtSignal()
    lifted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(
            self,
            name=N_("Draw a digit"),
            tip=N_(
                "Draw a digit: by mouse, by touch, or with arrows and Space. The dashed box is its "
                "crop, the cross its centre of mass"
            ),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._placed: Placed | None = None
        self.down = False  # the pen that keys move
        self._drawing = False  # that of a mouse or a finger
        self._keyed = False  # whether keys move a pen, which is seen then
        self.say()

    def show_placed(self, placed: Placed) -> None:
        """Show this ink."""
        self._placed, self.image = placed, placed.drawn
        self.update()

    def say(self) -> None:
        said = _DOWN_TEXT if self.down else _UP_TEXT
        self.setAccessibleDescription(self.words(said))

    def mark(self, painter: QPainter) -> None:
        crop = None if self._placed is None else self._placed.crop
        if crop is not None:
            (top, below), (left, behind) = crop.rows, crop.columns
            self.dashed(painter, QRectF(left, top, behind - left, below - top))
            self.cross(painter, crop.middle[1], crop.middle[0])
        if self.hasFocus() and self._keyed:
            x, y = self.at
            painter.setPen(QPen(QColor(self.theme.now_text), 1.5))
            painter.setBrush(QColor(self.theme.now) if self.down else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self.point_of(x + 0.5, y + 0.5), 4.0, 4.0)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QTouchEvent):
            points = event.points()
            if points and event.type() in (_DOWN, _ON):
                at = self.mapFromGlobal(points[0].globalPosition())
                self._pen(at, begin=event.type() == _DOWN)
            elif event.type() in _UP:
                self._lift()
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == _LEFT:
            self._pen(event.position(), begin=True)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.buttons() & _LEFT and self._drawing:
            self._pen(event.position(), begin=False)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == _LEFT:
            self._lift()

    def _pen(self, at: QPointF, *, begin: bool) -> None:
        self._drawing, self.down, self._keyed = True, False, False
        (self.begun if begin else self.gone_on).emit(*self.place_of(at))

    def _lift(self) -> None:
        drew, self._drawing = self._drawing, False
        self.update()
        if drew:
            self.lifted.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        key = None if event is None else event.key()
        self._keyed = True
        if key in STEPS:
            self.walk(*STEPS[Qt.Key(key)])
            if self.down:
                self.gone_on.emit(*self._middle())
        elif key == Qt.Key.Key_Space:
            self.down = not self.down
            if self.down:
                self.begun.emit(*self._middle())
            else:
                self.lifted.emit()
            self.say()
            self.update()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.down = False
            self.cleared.emit()
            self.say()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        reason = None if event is None else event.reason()
        self._keyed = reason in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        drew, self.down = self.down, False
        super().focusOutEvent(event)
        if drew:
            self.lifted.emit()
        self.say()

    def _middle(self) -> tuple[float, float]:
        return self.at[0] + 0.5, self.at[1] + 0.5
