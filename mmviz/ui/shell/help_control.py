"""Help of a window: what a term means, where it stands."""

from __future__ import annotations

from PyQt6.QtCore import QObject

from mmviz.ui.help.hover import Hover
from mmviz.ui.shell.controller import Controller


class HelpControl(QObject):
    """Answers whoever asks what something is."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        window = controller.window
        self.hover = Hover(window, lambda: window.words)
