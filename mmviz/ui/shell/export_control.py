"""Parts of the window as pictures: into a file by a dialog, or onto the clipboard."""

from __future__ import annotations

from PyQt6.QtCore import QObject

from mmviz.state.export import PARTS
from mmviz.text import N_, Text
from mmviz.ui.shell.controller import Controller


class ExportControl(QObject):
    """Whoever wants a part out of the window emits `export_asked` or `copy_asked` of the window."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self.window.export_asked.connect(self.export)
        self.window.copy_asked.connect(self.copy)

    def export(self, part: str) -> None:
        """Ask how, and where to; part: a key of PARTS."""
        self._not_yet(part)

    def copy(self, part: str) -> None:
        """Onto the clipboard, as it was last wanted."""
        self._not_yet(part)

    def _not_yet(self, part: str) -> None:
        self.window.notice.say(Text(N_("{part}: no picture yet"), part=Text(PARTS[part])))
