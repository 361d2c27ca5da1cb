"""A text of as many lines as it needs, none of which gives way."""

from __future__ import annotations

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel


class Wrapped(PlainLabel):
    """Takes the width there is and the height that needs: within an area that scrolls Qt would
    else let it have less.
    """

    def __init__(self, size: float = fonts.TEXT, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFont(fonts.words(size))
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def setText(self, text: str | None) -> None:
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)
