"""Carries out what the buttons of empty panels offer, wherever they stand."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from PyQt6.QtCore import QObject

from mmviz.state.offers import LEARNERS
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.look.offers import Offers
from mmviz.ui.shell.main_window import MainWindow


class Offered(QObject):
    """calibrate: begins one, where none is on. alone: opens the product looked at; preset: a preset
    by its id.
    """

    def __init__(
        self,
        window: MainWindow,
        calibrate: Callable[[], None],
        alone: Callable[[], None],
        preset: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._calibrate = window, calibrate
        self.doers: Mapping[str, Callable[[], None]] = {
            "alone": alone,
            "calibrate": self._begin,
            "device": window.top.device.showMenu,
            "format": window.top.dtype.showPopup,
            "open-recording": window.recording_controls.open.click,
            "record": self._record,
            "run": window.commands["run"].trigger,
            "teach": self._teach,
            **{offer.does: functools.partial(preset, offer.does) for offer in LEARNERS},
        }
        for offers in window.findChildren(Offers):
            offers.asked.connect(lambda does: self.doers[does]())

    def _begin(self) -> None:
        """What it does now, and the button that cancels it, stand under Peak."""
        dock = self._window.docks.all["facts"]
        dock.show()
        dock.raise_()  # it may lie behind another tab
        self._calibrate()

    def _record(self) -> None:
        """What is recorded stands in Recording, and the button that stops it."""
        self._window.docks.all["recording"].show()
        self._window.docks.all["recording"].raise_()
        if not self._window.recording_controls.on:
            self._window.recording_controls.record.click()

    def _teach(self) -> None:
        """What is taught stands in Teaching, and the button that stops it."""
        self._window.docks.all["teaching"].show()
        self._window.docks.all["teaching"].raise_()
        for panel in self._window.findChildren(TeachingPanel):
            panel.teach.click()
