"""What the network sees: one row of X as a picture, which can be moved and changed."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PyQt6.QtWidgets import QToolTip, QWidget

from mmviz.core.learning.digits.strokes import SIDE
from mmviz.state.learn.drawing import Placed
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.learn.pixels import STEPS, Pixels
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import tell

_SHIFT = Qt.KeyboardModifier.ShiftModifier


class RowPicture(Pixels):
    """Arrows move the digit, Shift and arrows walk over pixels, Space or a click changes one.

    moved: so many pixels right and down. flipped: row and column. put_back: all of it is undone.
    """

    moved = pyqtSignal(int, int)
    flipped = pyqtSignal(int, int)
    put_back = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("What the network sees"))
        self.setMouseTracking(True)
        self._placed: Placed | None = None
        self._away = 0, 0
        self._walking = False

    def show_placed(self, placed: Placed, away: tuple[int, int]) -> None:
        """Show these pixels, of a digit that was moved so far."""
        self._placed, self.image, self._away = placed, placed.image, away
        self.say()
        self.update()

    def say(self) -> None:
        self.setAccessibleDescription(self.words(self._told(self.at)))

    def _told(self, at: tuple[int, int]) -> Text:
        if self.image is None:
            return NOTHING
        column, row = at
        said = N_(
            "pixel {number:d} of 784, row {row:d}, column {column:d}: ink {ink:.2f}. A click or "
            "Space changes it, arrows move the digit, Shift and arrows walk over pixels"
        )
        ink = float(self.image[row, column])
        number = row * SIDE + column + 1
        return Text(said, number=number, row=row + 1, column=column + 1, ink=ink)

    def mark(self, painter: QPainter) -> None:
        crop = None if self._placed is None else self._placed.crop
        right, down = self._away
        if crop is not None:
            (top, below), (left, behind) = crop.rows, crop.columns
            middle = SIDE / 2
            y, x = middle - crop.middle[0] * crop.scale, middle - crop.middle[1] * crop.scale
            box = QRectF(left, top, behind - left, below - top)
            placed = QRectF(
                x + box.left() * crop.scale + right,
                y + box.top() * crop.scale + down,
                box.width() * crop.scale,
                box.height() * crop.scale,
            )
            self.dashed(painter, placed.intersected(QRectF(0, 0, SIDE, SIDE)))
            self.cross(painter, middle + right, middle + down)
        if self.hasFocus() and self._walking:
            x, y = self.at
            painter.setPen(QPen(QColor(self.theme.now_text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.point_of(x, y), self.point_of(x + 1, y + 1)))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            at = self._pixel(event)
            told = "" if at is None else self.words(self._told(at))
            QToolTip.showText(event.globalPos(), as_tip(told), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def _pixel(self, event: QMouseEvent | QHelpEvent) -> tuple[int, int] | None:
        at = event.position() if isinstance(event, QMouseEvent) else event.pos().toPointF()
        x, y = self.place_of(at)
        inside = 0 <= x < SIDE and 0 <= y < SIDE
        return (int(x), int(y)) if inside else None

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at = self._pixel(event)
        if at is not None:
            self.at, self._walking = at, False
            self.flipped.emit(at[1], at[0])

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        key = None if event is None else event.key()
        if event is not None and key in STEPS:
            step = STEPS[Qt.Key(key)]
            self._walking = bool(event.modifiers() & _SHIFT)
            if self._walking:
                self.walk(*step)
                self.say()
            else:
                self.moved.emit(*step)
        elif key == Qt.Key.Key_Space:
            self._walking = True
            self.flipped.emit(self.at[1], self.at[0])
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.put_back.emit()
        else:
            super().keyPressEvent(event)
