"""Small widgets several panels are made of."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QValidator
from PyQt6.QtWidgets import QLabel, QSizePolicy, QSpinBox, QWidget

from mmviz.core.shapes.network import MAX_COUNT
from mmviz.ui.look import fonts


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
    """A spin box for batch and units: 1 … 16 777 216, taking effect when the entry is finished.

    Anything may be typed; what is no such number is refused in a sentence and the value stays.
    """

    refused = pyqtSignal(str)

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

    def validate(self, text: str | None, position: int) -> tuple[QValidator.State, str, int]:
        """Nothing is kept from being typed; only a plain number in the range is acceptable."""
        text = text or ""
        sound = text.isascii() and text.isdigit() and len(text) <= 8 and 1 <= int(text) <= MAX_COUNT
        state = QValidator.State.Acceptable if sound else QValidator.State.Intermediate
        return state, text, position

    def fixup(self, text: str | None) -> str:
        """An entry was finished that is not acceptable: say so, and go back."""
        what = self.accessibleName()
        self.refused.emit(
            f"{what} must be a whole number from 1 to {MAX_COUNT:,} in plain digits, "
            f"not {text!r:.40}"
        )
        return str(self.value())
