"""What the plain keys do in the window: they play and step, Enter finishes, Escape lets go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QWidget,
)

from mmviz.ui.look.plain_keys import PlainKeys, take_back, typing
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.shell.key_names import COMMANDS
from mmviz.ui.timeline.transport import Transport

if TYPE_CHECKING:
    from mmviz.ui.shell.main_window import MainWindow


class Keys(QObject):
    """escapes: what Escape closes or lets go, tried in order; each says whether it had anything."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.escapes: list[Callable[[], bool]] = [self._leave_entry]
        self.plain = PlainKeys(window, self.press, self.rest, self._in_sight)
        for action in window.commands.values():
            action.triggered.connect(self.finish_entry)  # before all else it does

    def press(self, event: QKeyEvent) -> bool:
        """Do what a plain key does; whether it does anything."""
        window, key = self._window, Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        command = COMMANDS.get((key, shift))
        if command is not None:
            window.commands[command].trigger()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            window.key_sought.emit(0.0 if key == Qt.Key.Key_Home else 1.0)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            window.product_stepped.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.plain.enter()
        elif key == Qt.Key.Key_Escape:
            return any(escape() for escape in self.escapes)
        else:
            return False
        return True

    def rest(self) -> None:
        """No field has the focus: the plain keys are the transport's."""
        window = self._window
        (window if window.picture.isHidden() else window.picture).setFocus()

    def field(self) -> QWidget | None:
        """The field somebody types in, also while it is being left."""
        return self.plain.field()

    def finish_entry(self) -> None:
        """An entry under way counts."""
        for box in self._window.findChildren(QAbstractSpinBox):
            box.interpretText()
        focus = self._focus()
        if isinstance(focus, QLineEdit) and focus.isModified():
            focus.editingFinished.emit()

    def _leave_entry(self) -> bool:
        """What was typed into a field does not count."""
        focus = self._focus()
        if focus is None or not typing(focus):
            return False
        take_back(focus)
        self.rest()
        return True

    def _focus(self) -> QWidget | None:
        """It may be in a panel outside the window."""
        return QApplication.focusWidget() or self._window.focusWidget()

    def _in_sight(self) -> bool:
        """Whether one sees what the keys move, in whichever workspace."""
        moved = self._window.findChildren((PictureCanvas, Transport))
        return any(part.isVisible() for part in moved)
