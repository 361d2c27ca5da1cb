"""A label of one line that gives way: what does not fit is cut with an ellipsis."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from mmviz.ui.look.plain import as_tip


class Eliding(QLabel):
    """`show_text` takes the whole text; while it is cut, the tool tip has all of it. A `tip` of
    its own, which says more, stays.

    Its width is what the layout leaves it, so a long text never widens a panel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = self._tip = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, tip: str = "") -> None:
        """Show as much of `text` as has room."""
        self.whole, self._tip = text, tip
        self._cut()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Of the whole text, for a layout that aligns it."""
        margins = self.width() - self.contentsRect().width()
        wide = self.fontMetrics().horizontalAdvance(self.whole) + margins + 2
        return QSize(wide, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(as_tip(self._tip or (self.whole if shown != self.whole else "")))
        self.setAccessibleName(self._tip or self.whole)
