"""Widgets side by side, in a further row where a row is full."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flowing(QLayout):
    """Left to right, then the next row; each widget as wide as it asks to be."""

    def __init__(self, parent: QWidget | None = None, between: int = 8) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(between)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem | None) -> None:
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, box: QRect) -> None:
        super().setGeometry(box)
        self._place(box, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The widest alone: everything else may stand below it."""
        sizes = [item.minimumSize() for item in self._shown()]
        wide = max((size.width() for size in sizes), default=0)
        return QSize(wide, max((size.height() for size in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, box: QRect, *, move: bool) -> int:
        """The height that it takes in a box of that width."""
        x, y, row = box.x(), box.y(), 0
        for item in self._shown():
            size = item.sizeHint()
            wide = min(size.width(), box.width()) if box.width() > 0 else size.width()
            if x > box.x() and x + wide > box.right() + 1:
                x, y, row = box.x(), y + row + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(wide, size.height())))
            x, row = x + wide + self.spacing(), max(row, size.height())
        return y + row - box.y()
