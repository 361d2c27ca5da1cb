"""The menu of networks: presets by level and size, widths that are typed, files."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from mmviz.state.network.presets import preset_groups
from mmviz.text import Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import tell


class NetworkMenu(QMenu):
    """Announces the id of a preset; what opens and saves files are commands of the window."""

    preset_chosen = pyqtSignal(str)

    def __init__(self, actions: dict[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        for group in preset_groups():
            self._head(group.title)
            for entry in group.presets:
                action = tell(
                    QAction(self),
                    # After the tab comes what stands at the right, where other menus have keys.
                    text=Text("{name}\t{size}", name=entry.name, size=entry.size),
                    tip=entry.tip,
                )
                action.setData(entry.id)
                action.triggered.connect(lambda _=False, id=entry.id: self.preset_chosen.emit(id))
                self.addAction(action)
        self.addSeparator()
        self.addAction(actions["widths"])
        self.addAction(actions["open"])
        self.addAction(actions["save"])

    def _head(self, title: Text) -> None:
        """What the entries below it have in common; nothing to be chosen."""
        action = tell(QAction(self), text=title)
        action.setFont(fonts.heading())
        action.setEnabled(False)
        self.addAction(action)
