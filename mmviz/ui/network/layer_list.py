"""The list of layers under the hand: Delete, Insert, and a card dragged to another place."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QApplication, QFrame, QListView, QWidget

REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)  # the second is how a Mac has it
_EDGE, _STEP = 16, 12  # pixels from the rim within which a drag scrolls, and how far each time


class LayerList(QListView):
    """Announces rows. first: row of the first that can be moved or removed, None for none.

    insert_asked: behind this row. moved: a row, and the row it becomes.
    """

    insert_asked = pyqtSignal(int)
    remove_asked = pyqtSignal(int)
    moved = pyqtSignal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first: int | None = None
        self._pressed: tuple[int, QPoint] | None = None  # a row that may be dragged, and where
        self._line = QFrame(self.viewport())  # where what is dragged would go
        self._line.setObjectName("dropline")
        self._line.hide()

    @property
    def dragging(self) -> bool:
        return self._line.isVisible()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        row, first = self.currentIndex().row(), self.first
        if first is not None and row >= 0 and event.key() == Qt.Key.Key_Insert:
            self.insert_asked.emit(row)
        elif first is not None and row >= first and event.key() in REMOVE:
            self.remove_asked.emit(row)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        super().mousePressEvent(event)
        self._pressed = None
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            at = event.position().toPoint()
            row = self.indexAt(at).row()
            if self.first is not None and row >= self.first:
                self._pressed = row, at

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._pressed is None:
            if event is None or not event.buttons():  # pressed elsewhere: no card is picked
                super().mouseMoveEvent(event)
            return
        at = event.position().toPoint()
        far = (at - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
        if far or self.dragging:
            self._drag_to(at)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        super().mouseReleaseEvent(event)
        pressed, dragging, self._pressed = self._pressed, self.dragging, None
        self._line.hide()
        self.unsetCursor()
        if event is None or pressed is None or not dragging:
            return
        gap = self._gap(event.position().toPoint())
        row = pressed[0]
        if gap is not None and gap not in (row, row + 1):
            self.moved.emit(row, gap if gap < row else gap - 1)

    def _drag_to(self, at: QPoint) -> None:
        """Say where the card would go; let go beside the list it stays."""
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._scroll(at.y())
        gap, model = self._gap(at), self.model()
        if gap is None or model is None:
            self._line.setGeometry(0, -2, 0, 2)
        else:
            before = self.visualRect(model.index(gap - 1, 0))
            self._line.setGeometry(before.x(), before.bottom(), before.width(), 2)
        self._line.show()

    def _gap(self, at: QPoint) -> int | None:
        """The row before which a card would go that is let go here; None beside the list."""
        model, viewport = self.model(), self.viewport()
        if model is None or viewport is None or self.first is None:
            return None
        if not -_EDGE <= at.x() <= viewport.width() + _EDGE:
            return None
        rows = range(self.first, model.rowCount())
        middles = (self.visualRect(model.index(row, 0)).center().y() for row in rows)
        return self.first + sum(at.y() > middle for middle in middles)

    def _scroll(self, y: int) -> None:
        bar, viewport = self.verticalScrollBar(), self.viewport()
        if bar is None or viewport is None:
            return
        if y < _EDGE:
            bar.setValue(bar.value() - _STEP)
        elif y > viewport.height() - _EDGE:
            bar.setValue(bar.value() + _STEP)
