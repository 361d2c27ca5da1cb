"""What the plain keys do in the window of a race: they run its clock, Escape lets go and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QWidget

from mmviz.state import actions
from mmviz.state.picture.playback import toggle
from mmviz.ui.look.plain_keys import PlainKeys, take_back, typing

if TYPE_CHECKING:
    from mmviz.ui.race.window import RaceWindow


class RaceKeys(QObject):
    """The keys are the clock's, unless somebody types or came to a control by Tab."""

    def __init__(self, window: RaceWindow) -> None:
        super().__init__(window)
        self._window = window
        self.plain = PlainKeys(window, self.press, self.rest)
        self.plain.heed_choices()

    def press(self, event: QKeyEvent) -> bool:
        """Do what a plain key does; whether it does anything."""
        window = self._window
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match Qt.Key(event.key()):
            case Qt.Key.Key_Space:
                window.set_playback(toggle(window.playback))
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                window.step(1 if key == Qt.Key.Key_Right else -1, "wave" if shift else "share")
            case Qt.Key.Key_Home | Qt.Key.Key_End as key:
                window.seek(0.0 if key == Qt.Key.Key_Home else 1.0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.plain.enter()
            case Qt.Key.Key_Escape:
                self._escape()
            case _:
                return False
        return True

    def field(self) -> QWidget | None:
        """The field somebody types in, also while it is being left."""
        return self.plain.field()

    def rest(self) -> None:
        """No field has the focus: the plain keys are the clock's."""
        self._window.sides[0].picture.setFocus()

    def _escape(self) -> None:
        """What is typed does not count; then a message goes; then what is picked out is let go;
        then the whole screen; then the race closes.
        """
        window = self._window
        focus = window.focusWidget()
        if focus is not None and typing(focus):
            take_back(focus)
            self.rest()
        elif not window.notice.dismiss():
            self._let_go()

    def _let_go(self) -> None:
        window = self._window
        scenes = [panel.picture.scene() for panel in window.sides]
        if any(scene is not None and scene.selection is not None for scene in scenes):
            window.look(lambda session: actions.select(session, None))
        elif window.isFullScreen():
            window.fill_screen()
        else:
            window.close()
