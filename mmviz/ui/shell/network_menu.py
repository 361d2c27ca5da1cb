"""The menu of networks: presets by level and size, widths that are typed, files."""

from __future__ import annotations

import os

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from mmviz.files import recent
from mmviz.state.network.presets import preset_groups
from mmviz.text import N_, Text, own
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import both_ends
from mmviz.ui.look.tell import Told, tell

LONGEST = 48  # characters of a name or a folder that a menu has room for


class NetworkMenu(Told, QMenu):
    """Announces the id of a preset, and the path of a file that was open before; what else opens
    and saves files are commands of the window.
    """

    preset_chosen = pyqtSignal(str)
    recent_chosen = pyqtSignal(str)
    recent_cleared = pyqtSignal()

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
        self.recent = tell(QMenu(self), head=N_("Open recent"))
        self.recent.setToolTipsVisible(True)
        self.addMenu(self.recent)
        self.addAction(actions["save"])
        self.aboutToShow.connect(self._fill_recent)

    def _fill_recent(self) -> None:
        """Made anew whenever the menu opens: other windows open files too."""
        menu, paths = self.recent, recent.read()
        menu.clear()
        menu.setEnabled(bool(paths))
        for path in paths:
            folder, name = os.path.split(path)
            action = tell(
                QAction(menu),
                text=Text(
                    "{name}\t{folder}",
                    name=both_ends(name, LONGEST),
                    folder=both_ends(folder, LONGEST),
                ),
                tip=own(path),
            )
            action.setData(path)
            action.triggered.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
            menu.addAction(action)
        menu.addSeparator()
        clear = tell(QAction(menu), self.words, text=N_("Clear this list"))
        clear.triggered.connect(self.recent_cleared)
        menu.addAction(clear)

    def _head(self, title: Text) -> None:
        """What the entries below it have in common; nothing to be chosen."""
        action = tell(QAction(self), text=title)
        action.setFont(fonts.heading())
        action.setEnabled(False)
        self.addAction(action)
