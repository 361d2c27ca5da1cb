"""Small widgets several panels are made of."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QSizePolicy, QSpinBox, QWidget

from mmviz.core.network import MAX_COUNT
from mmviz.ui import fonts


def heading(text: str) -> QLabel:
    """The heading of a panel: small spaced capitals."""
    label = QLabel(text)
    label.setObjectName("heading")
    label.setFont(fonts.heading())
    return label


def muted(text: str = "", *, wrap: bool = False) -> QLabel:
    """Secondary text."""
    label = QLabel(text)
    label.setObjectName("muted")
    label.setFont(fonts.words(fonts.SMALL))
    label.setWordWrap(wrap)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        # A wrapped label must not widen its column.
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class CountBox(QSpinBox):
    """A spin box for batch and units: 1 … 16 777 216, taking effect when the entry is finished."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(1, MAX_COUNT)
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setAccessibleName(name)
        self.setFont(fonts.figures())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_value(self, value: int) -> None:
        """Set the value without announcing it, and without disturbing an entry under way."""
        if self.value() == value:
            return
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)
