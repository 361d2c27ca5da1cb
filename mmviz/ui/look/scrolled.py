"""A part that scrolls where its place is low; it is never narrower than it asks to be."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtWidgets import QScrollArea, QWidget

from mmviz.text import Text
from mmviz.ui.look.tell import tell

LOWEST = 120  # pixels


class Scrolled(QScrollArea):
    """Shows `part`; name: for who does not see it."""

    def __init__(self, part: QWidget, name: Text | str) -> None:
        super().__init__()
        self.part = part
        self.setWidget(part)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it, which scrolls
        part.installEventFilter(self)
        tell(self, name=name)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.part.minimumSizeHint().width(), LOWEST)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # it may ask for another width now
        return super().eventFilter(watched, event)
