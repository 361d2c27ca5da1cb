"""Carries out what the buttons of empty panels offer, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtCore import QObject

from mmviz.ui.look.offers import Offers
from mmviz.ui.shell.main_window import MainWindow


class Offered(QObject):
    """calibrate: begins one, where none is on. alone: opens the product looked at."""

    def __init__(
        self, window: MainWindow, calibrate: Callable[[], None], alone: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window, self._calibrate = window, calibrate
        self.doers: Mapping[str, Callable[[], None]] = {
            "alone": alone,
            "calibrate": self._begin,
            "device": window.top.device.showMenu,
            "format": window.top.dtype.showPopup,
            "run": window.commands["run"].trigger,
        }
        for offers in window.findChildren(Offers):
            offers.asked.connect(lambda does: self.doers[does]())

    def _begin(self) -> None:
        """What it does now, and the button that cancels it, stand under Peak."""
        dock = self._window.docks.all["facts"]
        dock.show()
        dock.raise_()  # it may lie behind another tab
        self._calibrate()
