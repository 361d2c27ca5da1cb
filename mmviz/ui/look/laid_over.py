"""A widget that lies over all of another one."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QWidget

from mmviz.ui.look.tell import Told


class LaidOver(Told, QWidget):
    """As large as its parent whenever it is shown; hidden at first."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        over.installEventFilter(self)
        self.hide()

    def lay(self, *, on: bool) -> None:
        """Over the parent, in front of all it has, or away."""
        over = self.parentWidget()
        if on and over is not None:
            self.setGeometry(over.rect())
            self.raise_()
        self.setVisible(on)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        over = self.parentWidget()
        if event is not None and event.type() == QEvent.Type.Resize and over is not None:
            self.setGeometry(over.rect())
        return False
