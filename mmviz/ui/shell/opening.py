"""Ways to open a network beside the system's dialog: widths that are typed."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QObject

from mmviz.files.networks import NetworkFile
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.widths_field import WidthsField


class Opening(QObject):
    """Opens what the user names; each can be undone like any edit."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self.widths = WidthsField(self.window)
        self.widths.set_words(self.window.words)
        self.widths.entered.connect(self._typed)
        self.window.commands["widths"].triggered.connect(
            lambda: self.widths.open_below(self.window.top.preset)
        )

    def _typed(self, file: NetworkFile) -> None:
        """Widths say nothing of a batch: it stays."""
        session = self.controller.session
        kept = session.batch if session.network.has_batch else None
        self.controller.open(replace(file, batch=kept))
