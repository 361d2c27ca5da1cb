"""Small widgets several panels are made of."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QValidator
from PyQt6.QtWidgets import QLabel, QSizePolicy, QSpinBox, QWidget

from mmviz.core.shapes.network import MAX_COUNT
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.tell import tell


def heading(text: Text | str) -> QLabel:
    """The heading of a panel: small spaced capitals. A str is a marked msgid, here and below."""
    label = tell(QLabel(), text=text)
    label.setObjectName("heading")
    label.setFont(fonts.heading())
    return label


def muted(text: Text | str = NOTHING, *, wrap: bool = False) -> QLabel:
    """Secondary text; without one it is set later, by what shows a view."""
    label = tell(QLabel(), text=text) if text else QLabel()
    label.setObjectName("muted")
    label.setFont(fonts.words(fonts.SMALL))
    label.setWordWrap(wrap)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        # A wrapped label must not widen its column.
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def cut_short() -> Eliding:
    """Secondary text of one line, which gives way."""
    label = Eliding()
    label.setObjectName("muted")
    label.setFont(fonts.words(fonts.SMALL))
    return label


class CountBox(QSpinBox):
    """A spin box for batch and units: 1 … 16 777 216, taking effect when the entry is finished.

    Anything may be typed; what is no such number is refused in a Text and the value stays.
    """

    refused = pyqtSignal(object)

    def __init__(self, name: Text | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(1, MAX_COUNT)
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self._name = name if isinstance(name, Text) else Text(name)
        tell(self, name=self._name)
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
        sentence = Text(
            N_(
                "{what} must be a whole number from 1 to {most:,} in plain digits, not {text!r:.40}"
            ),
            what=self._name,
            most=MAX_COUNT,
            text=text,
        )
        self.refused.emit(sentence)
        return str(self.value())
