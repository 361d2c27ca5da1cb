"""Boxes for numbers that are typed, or stepped with the arrow keys.

Anything may be typed. What is no number, or could be two, is refused in a Text when the entry is
finished, and the value stays.
"""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QValidator
from PyQt6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from mmviz import numerals, units
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import tell


class CountBox(QSpinBox):
    """A spin box for batch and units: 1 … 16 777 216, taking effect when the entry is finished."""

    refused = pyqtSignal(object)

    def __init__(self, name: Text | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name if isinstance(name, Text) else Text(name)
        self.setRange(1, MAX_COUNT)  # reads its text
        self.setAccelerated(True)
        tell(self, name=self._name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        _dress(self)

    def show_value(self, value: int) -> None:
        """Set the value without announcing it, and without disturbing an entry under way."""
        if self.value() == value:
            return
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def read(self, text: str) -> int:
        """The count `text` says; raises InputError."""
        return numerals.whole(text, self._name, MAX_COUNT)

    def valueFromText(self, text: str | None) -> int:
        return self.read(_bare(self, text))

    def textFromValue(self, value: int) -> str:
        return units.group(value)  # and is read again so

    def validate(self, text: str | None, position: int) -> tuple[QValidator.State, str, int]:
        return _state(self, text), text or "", position

    def fixup(self, text: str | None) -> str:
        """An entry was finished that is not acceptable: say so, and go back."""
        self.refused.emit(_why(self, text))
        return self.textFromValue(self.value())


class RealBox(QDoubleSpinBox):
    """A spin box for a number with decimals, taking effect when the entry is finished.

    What may be typed is said by `read`.
    """

    refused = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _dress(self)

    def read(self, text: str) -> float:
        """The number `text` says; raises InputError."""
        raise NotImplementedError

    def valueFromText(self, text: str | None) -> float:
        return self.read(_bare(self, text))

    def validate(self, text: str | None, position: int) -> tuple[QValidator.State, str, int]:
        return _state(self, text), text or "", position

    def fixup(self, text: str | None) -> str:
        """An entry was finished that is not acceptable: say so, and go back."""
        self.refused.emit(_why(self, text))
        return self.textFromValue(self.value())

    def kept(self, value: float, name: Text, text: str) -> float:
        """`value`, if the box holds all its decimals; else InputError about `name`."""
        if round(value, self.decimals()) != value:
            raise InputError(
                N_("{what} takes at most {most} decimals, not {text!r:.40}"),
                what=name,
                most=self.decimals(),
                text=text,
            )
        return value


def _dress(box: QAbstractSpinBox) -> None:
    box.setKeyboardTracking(False)
    box.setFont(fonts.figures())
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)


def _bare(box: CountBox | RealBox, text: str | None) -> str:
    """What was typed, without the words that stand around it."""
    return (text or "").removeprefix(box.prefix()).removesuffix(box.suffix()).strip()


def _state(box: CountBox | RealBox, text: str | None) -> QValidator.State:
    """Nothing is kept from being typed; only what can be read is acceptable."""
    try:
        box.read(_bare(box, text))
    except InputError:
        return QValidator.State.Intermediate
    return QValidator.State.Acceptable


def _why(box: CountBox | RealBox, text: str | None) -> Text:
    """Why the text cannot be read."""
    try:
        box.read(_bare(box, text))
    except InputError as error:
        return error.cause
    return Text("{text}", text=text)  # not asked for then
