"""The bar at the top: what is computed, on what, and Run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mmviz.core.shapes.dtype import BYTES
from mmviz.state.export import PARTS
from mmviz.state.top import TopView
from mmviz.state.workspaces import Workspace
from mmviz.text import N_, Text
from mmviz.ui.device.button import DeviceButton
from mmviz.ui.help.terms import explain
from mmviz.ui.look import fonts
from mmviz.ui.look.name_button import NameButton
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.place_slider import PlaceSlider
from mmviz.ui.look.plain import PlainLabel, as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted
from mmviz.ui.shell.give_way import GiveWay
from mmviz.ui.shell.network_menu import NetworkMenu
from mmviz.words import formats

SLIDER_STEPS = 16  # a step doubles: 1 … 65 536; larger batches are typed in
PER_STEP = 8
SLIDER = N_("Batch: a power of two every eighth step, exact entry at its left")
EXPORTS = (
    ("export", "copy_picture"),
    tuple(f"export_{part}" for part in PARTS),
    ("export_csv", "export_json", "export_trace"),
)
NETWORK = 106, 240  # pixels: the least and the largest width of a network's name
RUN, STOP = N_("▶ Run"), N_("■ Stop")


class TopBar(Told, QFrame):
    """Announces what the user wants; shows what its view says."""

    preset_chosen = pyqtSignal(str)
    batch_chosen = pyqtSignal(int)
    batch_settled = pyqtSignal()
    training_chosen = pyqtSignal(bool)
    dtype_chosen = pyqtSignal(str)
    device_chosen = pyqtSignal(str)

    def __init__(
        self,
        actions: dict[str, QAction],
        workspaces: Sequence[Workspace],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self._view: TopView | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(4)
        self.brand = PlainLabel("mmviz")
        self.brand.setFont(fonts.words(18, bold=True))
        row.addWidget(self.brand)
        self.tabs = [self._tool(actions[workspace.id]) for workspace in workspaces]
        for tab in self.tabs:
            tab.setAutoRaise(True)
            tab.setObjectName("tab")
            row.addWidget(tab)
        self.places = self._workspace_button(workspaces, actions)
        row.addWidget(self.places)
        row.addWidget(self._preset_button(actions))
        self.batch = explain(CountBox(N_("Batch: examples per pass")), "batch")
        self.batch.setFixedWidth(96)
        self.batch.valueChanged.connect(self.batch_chosen)
        self.batch.editingFinished.connect(self.batch_settled)
        of_batch, on_device = muted(N_("batch")), muted(N_("on"))
        row.addWidget(of_batch)
        row.addWidget(self.batch)
        row.addWidget(self._batch_slider(), 20)
        self._mode_buttons(row)
        self.dtype = self._combo(N_("Number format"), list(BYTES), list(BYTES))
        self.dtype.currentIndexChanged.connect(
            lambda i: self.dtype_chosen.emit(self.dtype.itemData(i))
        )
        explain(self.dtype, "numberformat")
        # The device gives way before a number format is cut.
        self.dtype.setMinimumWidth(0)
        self.dtype.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.dtype.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.dtype)
        edits = [actions[name] for name in ("edit_device", "save_device", "device_to_file")]
        self.device = DeviceButton(N_("Device the picture is modelled on"), edits)
        explain(self.device, "device")
        self.device.chosen.connect(self.device_chosen)
        row.addWidget(on_device)
        row.addWidget(self.device)
        row.addStretch(10)
        undo, redo, race = (self._tool(actions[name]) for name in ("undo", "redo", "race"))
        export = self._export_button(actions)
        more = self._more_button(actions, export)
        self._exports = (export, more)
        for button in (undo, redo, race, self._tool(actions["view"]), export, more):
            row.addWidget(button)
        self.run = tell(QPushButton(), text=RUN)
        self.run.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.run.clicked.connect(actions["run"].trigger)
        row.addWidget(self.run)
        self.help = self._tool(actions["help"])
        self.help.setAutoRaise(True)
        row.addWidget(self.help)

        # What a menu takes over goes first; the workspaces become one button before the slider,
        # beside which the batch can be typed, goes; last the race, which another menu has, too.
        steps = ((self.brand,), (on_device,), (undo, redo), (export,), (of_batch,), (self.help,))
        last = (self.tabs, (self.slider,), (race,))
        self.give_way = GiveWay(self, (*steps, *last), more, (undo, redo, export, self.help))
        self.give_way.instead(self.tabs, self.places)

    def show_view(self, view: TopView) -> None:
        """Follow the session; announces nothing."""
        self._view = view
        self.batch.show_value(view.batch)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(math.log2(view.batch) * PER_STEP))
        (self.training if view.training else self.inference).setChecked(True)
        with QSignalBlocker(self.dtype):
            self.dtype.setCurrentIndex(self.dtype.findData(view.dtype))
        self.device.show_view(view.device)
        for widget in (self.batch, self.slider, self.inference, self.training):
            widget.setEnabled(not view.fixed)
        self.say()

    def say(self) -> None:
        view = self._view
        if view is None:
            return
        self.preset.show_names([self.words(view.name)])
        self.preset.setToolTip(as_tip(self.words(view.tip)))
        for i, (name, _) in enumerate(formats.NAMES):
            said = self.words(name)
            tip = "" if said == self.dtype.itemText(i) else as_tip(said)
            self.dtype.setItemData(i, tip, Qt.ItemDataRole.ToolTipRole)
        for widget in (self.batch, self.inference, self.training):
            widget.setToolTip(as_tip(self.words(view.fixed)))
        self.slider.setToolTip(as_tip(self.words(view.fixed or Text(SLIDER))))
        self.run.setToolTip(as_tip(self.words(view.run)))

    def show_running(self, running: bool) -> None:
        """Run becomes Stop while a run is on."""
        tell(self.run, self.words, text=STOP if running else RUN)

    def _preset_button(self, actions: dict[str, QAction]) -> QToolButton:
        self.preset = tell(NameButton(NETWORK, Qt.TextElideMode.ElideRight), name=N_("Network"))
        menu = NetworkMenu(actions, self.preset)
        menu.preset_chosen.connect(self.preset_chosen)
        self.preset.setMenu(menu)
        return self.preset

    def _workspace_button(
        self, workspaces: Sequence[Workspace], actions: dict[str, QAction]
    ) -> QToolButton:
        """All workspaces in one button, where their tabs have no room; it says which is shown."""
        button = tell(QToolButton(), name=N_("Workspace"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for workspace in workspaces:
            menu.addAction(actions[workspace.id])
        button.setMenu(menu)
        return button

    def show_workspace(self, title: str) -> None:
        """Which workspace is shown, by its marked title."""
        tell(self.places, self.words, text=Text("{title} ▾", title=Text(title)))

    def _more_button(self, actions: dict[str, QAction], export: QToolButton) -> QToolButton:
        """What had to give way in a narrow window."""
        button = tell(QToolButton(), text="⋯", tip=N_("Undo, redo, export"), name=N_("More"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addAction(actions["undo"])
        menu.addAction(actions["redo"])
        menu.addSeparator()
        exports = export.menu()
        assert exports is not None
        menu.addActions(exports.actions())
        menu.addSeparator()
        menu.addAction(actions["help"])
        button.setMenu(menu)
        return button

    def _export_button(self, actions: dict[str, QAction]) -> QToolButton:
        button = tell(QToolButton(), text=N_("Export ▾"), name=N_("Export"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for names in EXPORTS:
            menu.addActions([actions[name] for name in names])
            menu.addSeparator()
        button.setMenu(menu)
        return button

    def add_exports(self, menu: QMenu) -> None:
        """A menu more among the exports, wherever they are offered."""
        for button in self._exports:
            inside = button.menu()
            assert inside is not None
            inside.addSeparator()
            inside.addMenu(menu)

    def _batch_slider(self) -> PlaceSlider:
        self.slider = PlaceSlider()
        self.slider.setRange(0, SLIDER_STEPS * PER_STEP)
        self.slider.setPageStep(PER_STEP)
        self.slider.setMinimumWidth(70)
        self.slider.setMaximumWidth(160)
        explain(tell(self.slider, name=N_("Batch, doubling")), "batch")
        self.slider.valueChanged.connect(
            lambda value: self.batch_chosen.emit(round(2 ** (value / PER_STEP)))
        )
        self.slider.sliderReleased.connect(self.batch_settled)
        return self.slider

    def _mode_buttons(self, row: QHBoxLayout) -> None:
        self.inference = tell(QPushButton(), text=N_("inference"))
        self.training = tell(QPushButton(), text=N_("training"))
        group = QButtonGroup(self)
        for button in (self.inference, self.training):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the picture
            group.addButton(button)
            row.addWidget(button)
        self.training.clicked.connect(lambda: self.training_chosen.emit(True))
        self.inference.clicked.connect(lambda: self.training_chosen.emit(False))

    def _combo(self, name: str, texts: list[str], values: list[str]) -> QComboBox:
        combo = tell(QComboBox(), name=name, tip=name)
        # Wide enough for every entry where there is room, and cut short where there is not.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        combo.setMinimumWidth(96)
        for text, value in zip(texts, values, strict=True):
            combo.addItem(text, value)
        return combo

    def _tool(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName(action.toolTip())
        action.changed.connect(lambda: button.setAccessibleName(action.toolTip()))
        return button
