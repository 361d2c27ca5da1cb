"""Choosing a device from a menu in groups, the user's own among them."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QPaintEvent
from PyQt6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from mmviz.core.device.device import Device
from mmviz.files import devices
from mmviz.state.device.edit import CHANGED

WIDEST = 300
NARROWEST = 110
PADDING = 26  # of the button around its words
LEAST_PADDING = 18
ARROW = " ▾"
VENDORS = ("NVIDIA ", "AMD ")  # the first to go where there is no room


class DeviceButton(QToolButton):
    """Shows the device's name, where there is no room without its maker; `chosen` carries an id.

    The menu is made anew whenever it opens, so that a file the user has just put into the folder
    is there. commands: what stands below the devices.
    """

    chosen = pyqtSignal(str)
    problem = pyqtSignal(str)  # a sentence about a file of the user's that is no device

    def __init__(
        self, name: str, commands: Sequence[QAction] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._commands = tuple(commands)
        self._id = ""
        self.setAccessibleName(name)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    @property
    def shown(self) -> str:
        """The id of the device on show."""
        return self._id

    def show_device(self, device: Device, id: str) -> None:
        """Follow the session; announces nothing. `id`: the one to tick in the menu."""
        self._id = id
        self.setText(device.name)
        self.setToolTip(f"{device.name}\n{device.about}\n{device.source}")
        self.updateGeometry()

    def entries(self) -> dict[str, QAction]:
        """The devices of the menu by id, as it would open now."""
        self._fill()
        return {str(action.data()): action for action in self._actions}

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text() + ARROW) + PADDING
        return QSize(min(max(width, NARROWEST), WIDEST), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        metrics, text = self.fontMetrics(), self.text()
        room = self.width() - LEAST_PADDING - metrics.horizontalAdvance(ARROW)
        if metrics.horizontalAdvance(text) > room:
            for vendor in VENDORS:
                text = text.removeprefix(vendor)
        if metrics.horizontalAdvance(text) > room:
            text = text.replace(CHANGED, "*")
        option.text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room) + ARROW
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for old in menu.findChildren(QMenu):
            old.deleteLater()
        self._actions: list[QAction] = []
        for title, group in devices.grouped():
            inside = menu if len(group) == 1 and title != "Own" else QMenu(title, menu)
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
        action = QAction(device.name, menu)
        action.setData(device.id)
        action.setCheckable(True)
        action.setChecked(device.id == self._id)
        action.setToolTip(f"{device.about}\n{device.source}")
        action.triggered.connect(lambda _=False, id=device.id: self.chosen.emit(id))
        menu.addAction(action)
        self._actions.append(action)

    def _mark(self, menu: QMenu, device_ids: list[str]) -> None:
        """The group in which the device on show stands is marked too."""
        action = menu.menuAction()
        if action is not None and self._id in device_ids:
            action.setText(f"{menu.title()}  ·  {self.text()}")
