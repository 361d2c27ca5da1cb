"""A button that says what is chosen in its menu, in the words there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QStyle, QStyleOptionToolButton, QToolButton, QWidget

from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_label

PADDING = 26  # of the button around its words
LEAST_PADDING = 18
ARROW = " ▾"


class NameButton(QToolButton):
    """Shows the longest of several names there is room for; where there is room for none the last
    is cut, and the tip says the whole.

    widths: the least and the largest, in pixels. cut: where; what differs at its end keeps it.
    """

    def __init__(
        self, widths: tuple[int, int], cut: Qt.TextElideMode, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._widths, self._cut = widths, cut
        self._names: tuple[str, ...] = ()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_names(self, names: Sequence[str]) -> None:
        """The longest first."""
        self._names = tuple(names)
        self.setText(as_label(names[0]))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        least, widest = self._widths
        width = self.fontMetrics().horizontalAdvance(self.text() + ARROW) + PADDING
        return QSize(min(max(width, least), widest), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widths[0], super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = as_label(self.fitting() + ARROW)
        style = self.style()
        if style is not None:
            style.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)

    def fitting(self) -> str:
        """What stands on it."""
        metrics = self.fontMetrics()
        room = self.width() - LEAST_PADDING - metrics.horizontalAdvance(ARROW)
        fitting = (name for name in self._names if metrics.horizontalAdvance(name) <= room)
        last = self._names[-1] if self._names else ""
        return next(fitting, metrics.elidedText(last, self._cut, room))
