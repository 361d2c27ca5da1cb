"""When Python looks for cycles nobody holds any more: not in the middle of a click.

A look at everything takes a fifth of a second where a session of ten thousand products is open, and
Python takes it whenever enough was made. Here it is taken while nothing goes on.
"""

from __future__ import annotations

import gc

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication

from mmviz.ui.shell.controller import Controller

EVERY_MS = 10_000
OFTEN = 10  # younger collections before all is looked at, as Python has it
NEVER = 1_000_000


class Collecting(QObject):
    """From now on, until the window closes."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._before = gc.get_threshold()
        gc.set_threshold(*self._before[:2], NEVER)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY_MS)
        controller.window.closing.connect(self.end)

    def look(self) -> bool:
        """Whether all was looked at: something was made, and nobody does anything."""
        if gc.get_count()[2] < OFTEN or self._busy():
            return False
        gc.collect()
        return True

    def end(self) -> None:
        """As it was before."""
        self._timer.stop()
        gc.set_threshold(*self._before)

    def _busy(self) -> bool:
        controller = self._controller
        at_work = controller.working or controller.errand.working or bool(controller.desk.busy)
        held = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        return at_work or controller.playback.playing or held
