"""Plain keys that belong to a window, whichever of its controls has the focus.

A click leaves the focus where it was made, and Qt's controls take Space and the arrows then: a
button is pressed again, arrows walk from one to the next. Here they go to the window, unless
somebody types, or came to the control by Tab: who walks by keys uses what they walked to.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QWidget,
)

KEYS = frozenset(
    {
        Qt.Key.Key_Space,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
    }
)
ENDS = frozenset(
    {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
)  # the window has them from most controls that were clicked, but lists keep them
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_TABS = Qt.Key.Key_Tab, Qt.Key.Key_Backtab
_CONTROLS = QAbstractButton, QComboBox, QAbstractSlider, QTabBar


class PlainKeys(QObject):
    """Gives Space and arrows to `press`. focus: what has it, until something else has it. kept: the
    control that was reached by Tab.

    rest: gives the focus to what types nothing. in_sight: whether what `press` moves is on screen;
    where it is not, a list or a chart that was clicked keeps its arrows.
    """

    def __init__(
        self,
        window: QWidget,
        press: Callable[[QKeyEvent], object],
        rest: Callable[[], object],
        in_sight: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(window)
        self.kept: QWidget | None = None
        self._window, self._press, self._rest, self._in_sight = window, press, rest, in_sight
        self.focus: QWidget | None = None
        self._pressed: QObject | None = None  # what had the focus as the last key went down
        self._walking = False  # the key that is pressed may lead to another control
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        window.installEventFilter(self)  # it has the focus where nothing in it has

    def field(self) -> QWidget | None:
        """The field somebody types in, also while it is being left."""
        return self.focus if typing(self.focus) else None

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None or (watched is not self.focus and watched is not self._window):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._walking, self.kept = False, None
        elif kind == QEvent.Type.KeyRelease:
            self._walking = False
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._walking = event.key() in _TABS or watched is self.kept
            if watched is self.focus:
                self._pressed = watched
            if watched is self.focus and self._takes(event):
                self._press(event)
                return True
        return False

    def walk_to(self, control: QWidget, *, keeps: bool = True) -> None:
        """Give the focus as Tab would. keeps: the control has Space and arrows."""
        control.setFocus()
        self.kept = control if keeps else None

    def heed_choices(self) -> None:
        """Once something is chosen in a list by mouse, the plain keys are the window's again."""
        for combo in self._window.findChildren(QComboBox):
            combo.activated.connect(lambda _, combo=combo: self._chosen(combo))

    def enter(self) -> None:
        """Enter presses a button that has the focus, and leaves a field that was filled in.

        Qt hands it on to the window from a field and a list that did something at it, too: by then
        something else may have the focus, for which it was not meant.
        """
        focus = QApplication.focusWidget()
        if self._pressed is not None and focus is not self._pressed:
            return
        if isinstance(focus, QAbstractButton):
            focus.click()
        else:
            self._rest()

    def _chosen(self, combo: QComboBox) -> None:
        if combo is not self.kept:
            self._rest()

    def _takes(self, event: QKeyEvent) -> bool:
        """Whether a key is the window's and not that of the control with the focus."""
        focus = self.focus
        if event.modifiers() & ~_PLAIN or focus is None or focus is self.kept or typing(focus):
            return False
        if event.key() in ENDS:
            return isinstance(focus, QAbstractItemView) and self._in_sight()
        if event.key() not in KEYS:
            return False
        return event.key() == Qt.Key.Key_Space or isinstance(focus, _CONTROLS) or self._in_sight()

    def _follow(self, _: QWidget | None, new: QWidget | None) -> None:
        """Listen to what has the focus; a window that is left, and found again, is as it was."""
        if new is None:
            return
        if self.focus is not None and self.focus is not self._window:
            self.focus.removeEventFilter(self)
        self.focus = new if self._owns(new) else None
        if self.focus is not None and self.focus is not self._window:
            self.focus.installEventFilter(self)
        if self._walking:
            self.kept = new
        elif new is not self.kept:
            self.kept = None

    def _owns(self, widget: QWidget) -> bool:
        """Whether it is in the window, or in a panel of it that was taken out."""
        part: QWidget | None = widget
        while part is not None and part is not self._window:
            if part.isWindow() and not isinstance(part, QDockWidget):
                return False
            part = part.parentWidget()
        return part is not None


def typing(widget: QWidget | None) -> bool:
    """Whether keys pressed there are text."""
    match widget:
        case QLineEdit() | QTextEdit() | QPlainTextEdit():
            return not widget.isReadOnly()
        case QAbstractSpinBox():
            return True
        case QComboBox():
            return widget.isEditable()
    return False


def take_back(widget: QWidget) -> None:
    """What was typed there since it was shown does not count."""
    if isinstance(widget, QSpinBox | QDoubleSpinBox):
        widget.setValue(widget.value())  # type: ignore[arg-type]  # as it is
    elif isinstance(widget, QComboBox) and (edit := widget.lineEdit()) is not None:
        take_back(edit)
    elif isinstance(widget, QLineEdit):
        while widget.isUndoAvailable():
            widget.undo()
        widget.setModified(False)
