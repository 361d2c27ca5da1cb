"""A ring around what shows no focus itself, for whoever comes to it by Tab."""

from __future__ import annotations

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QFocusEvent
from PyQt6.QtWidgets import QWidget

_BY_TAB = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason


class FocusRing(QObject):
    """Rings `frame`, which leaves `canvas` room for it, while a walk by Tab has come to that.

    A click needs no ring: who made it knows where.
    """

    def __init__(self, canvas: QWidget, frame: QWidget) -> None:
        super().__init__(canvas)
        self._frame = frame
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        frame = self._frame  # it may be gone before the canvas, as a window ends
        if isinstance(event, QFocusEvent) and not sip.isdeleted(frame):
            frame.setProperty("ringed", event.gotFocus() and event.reason() in _BY_TAB)
            frame.setStyleSheet(frame.styleSheet())  # looks at the property again
        return False
