"""Choosing a device from a menu in groups, the user's own among them."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from mmviz.core.device.device import Device
from mmviz.files import devices
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.device.views import DeviceView
from mmviz.text import Text
from mmviz.ui.look.name_button import NameButton
from mmviz.ui.look.plain import as_label, as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.words import device as said

WIDTHS = 124, 300  # pixels; the least has room for "This machine"


class DeviceButton(Told, NameButton):
    """Shows the longest of the device's names there is room for; `chosen` carries an id.

    The menu is made anew whenever it opens, so that a file the user has just put into the folder
    is there. commands: what stands below the devices.
    """

    chosen = pyqtSignal(str)
    problem = pyqtSignal(object)  # a Text about a file of the user's that is no device

    def __init__(
        self, name: Text | str, commands: Sequence[QAction] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(WIDTHS, Qt.TextElideMode.ElideMiddle, parent)
        self._commands = tuple(commands)
        self._view: DeviceView | None = None
        tell(self, name=name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    @property
    def shown(self) -> str:
        """The id of the device on show."""
        return "" if self._view is None else self._view.id

    def show_view(self, view: DeviceView) -> None:
        """Follow the session; announces nothing."""
        self._view = view
        self.say()

    def say(self) -> None:
        if self._view is not None:
            self.show_names([self.words(name) for name in self._view.names])
            self.setToolTip(as_tip(self.words(self._view.tip)))

    def entries(self) -> dict[str, QAction]:
        """The devices of the menu by id, as it would open now."""
        self._fill()
        return {str(action.data()): action for action in self._actions}

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for old in menu.findChildren(QMenu):
            old.deleteLater()
        self._actions: list[QAction] = []
        for title, group in devices.grouped():
            alone = group[0].id == THIS_MACHINE
            inside = menu if alone else QMenu(self.words(Text(title)), menu)
            inside.setToolTipsVisible(True)
            for device in group:
                self._add(inside, device)
            if inside is not menu:
                menu.addMenu(inside)
                self._mark(inside, device_ids=[device.id for device in group])
        if self._commands:
            menu.addSeparator()
            menu.addActions(list(self._commands))
        for sentence in devices.read_own().problems[:1]:
            self.problem.emit(sentence)

    def _add(self, menu: QMenu, device: Device) -> None:
        action = QAction(as_label(self.words(said.name(device))), menu)
        action.setData(device.id)
        action.setCheckable(True)
        action.setChecked(device.id == self.shown)
        action.setToolTip(as_tip(self.words(said.about(device, named=False))))
        action.triggered.connect(lambda _=False, id=device.id: self.chosen.emit(id))
        menu.addAction(action)
        self._actions.append(action)

    def _mark(self, menu: QMenu, device_ids: list[str]) -> None:
        """The group in which the device on show stands is marked too."""
        action = menu.menuAction()
        if action is not None and self.shown in device_ids:
            action.setText(f"{menu.title()}  ·  {self.text()}")
