"""The network at the left: its layers as cards, and the layer at hand to be changed.

A list of products is shown in the same place, to be read and walked through.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import (
    QModelIndex,
    Qt,
    pyqtSignal,
)
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.core.shapes.network import ACTIVATIONS
from mmviz.state.network.network import TITLES, NetworkView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.help.terms import explain
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.things import ListThings, Thing
from mmviz.ui.look.whole_in_tip import WholeInTip
from mmviz.ui.look.widgets import heading, muted
from mmviz.ui.network.layer_cards import CARD_HEIGHT, LayerDelegate, LayerModel
from mmviz.ui.network.layer_list import LayerList

EDITS = N_("Drag a layer to its place; Delete removes it, Insert adds one behind it")


class NetworkPanel(ListThings, Told, QFrame):
    """Announces edits; shows what the derived says. Layers are counted from 0, the input is -1.

    insert_asked: a layer more, which becomes this one. Of a list of products nothing can be edited:
    "layers" are its products, and `alone_asked` is for the one at hand.
    """

    layer_selected = pyqtSignal(int)
    inputs_chosen = pyqtSignal(int)
    units_chosen = pyqtSignal(int, int)
    activation_chosen = pyqtSignal(int, str)
    name_chosen = pyqtSignal(int, str)
    add_asked = pyqtSignal()
    insert_asked = pyqtSignal(int)
    remove_asked = pyqtSignal(int)
    move_asked = pyqtSignal(int, int)
    alone_asked = pyqtSignal()

    list: LayerList

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self._following = False
        self._view: NetworkView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 12, 12)
        column.setSpacing(6)
        column.addWidget(heading(N_("network")))
        self.model = LayerModel(self)
        self.delegate = LayerDelegate(self)
        self.list = LayerList()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        selection = self.list.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(self._current_changed)
        self.list.insert_asked.connect(lambda row: self.insert_asked.emit(row - self._first + 1))
        self.list.remove_asked.connect(lambda row: self.remove_asked.emit(row - self._first))
        self.list.moved.connect(
            lambda row, to: self.move_asked.emit(row - self._first, to - self._first)
        )
        column.addWidget(self.list, 100)
        self.add = tell(QPushButton(), text=N_("+ add layer"))
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.clicked.connect(self.add_asked)
        column.addWidget(self.add)
        self.alone = tell(
            QPushButton(),
            text=N_("open alone"),
            tip=N_(
                "Open this product as a network of one layer, with numbers, to be changed and timed"
            ),
            name=N_("Open this product alone"),
        )
        self.alone.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.alone.clicked.connect(self.alone_asked)
        column.addWidget(self.alone)
        self.editor = self._editor()
        column.addWidget(self.editor)
        self.weights = muted(wrap=True)
        self.held = muted(wrap=True)
        self.about = muted(wrap=True)
        column.addWidget(self.weights)
        column.addWidget(self.held)
        column.addWidget(self.about)
        column.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self._viewport_update()

    def show_view(self, view: NetworkView) -> None:
        """Follow the session: the layer at hand is the one whose product is looked at."""
        before, self._view = self._view, view
        # The input stays at hand until another product is looked at.
        row = self.list.currentIndex().row()
        same = before is not None and before.product == view.product
        stays = row == 0 and same and view.editable
        # While a field is being filled in, it stays the field of the same layer, whatever plays.
        focused = self.units.hasFocus() or self.name.hasFocus()
        editing = view.editable and focused and 0 <= row < len(view.rows)
        if self.model.rows is not view.rows:  # a list may have thousands
            self._show_rows(view)
        self._say_foot(view)
        self._go_to(row if stays or editing else view.at_hand)

    def say(self) -> None:
        view, row = self._view, self.list.currentIndex().row()
        if view is None:
            return
        for i in range(self.activation.count()):
            kind = self.activation.itemData(i)
            self.activation.setItemText(i, self.words(Text(TITLES[kind])))
        self._show_rows(view)
        self._say_foot(view)
        self._go_to(row)

    def be_quiet(self, quiet: bool) -> None:
        """Say nothing of what the network is for: that may be asked now, or further on."""
        self.about.setVisible(not quiet)

    def _say_foot(self, view: NetworkView) -> None:
        self.weights.setText(self.words(view.weights))
        self.held.setText(self.words(view.held))
        self.held.setToolTip(as_tip(self.words(view.held_tip)))
        self.held.setVisible(bool(view.held))
        self.about.setText(self.words(view.about))

    def _show_rows(self, view: NetworkView) -> None:
        name = N_("Layers") if view.editable else N_("Products of the list")
        tip = Text(EDITS) if view.editable else NOTHING
        tell(self.list, self.words, name=name, tip=tip)
        self._following = True  # hidden, a field with the focus tells of its entry: it is no more
        self.alone.setVisible(not view.editable)
        for widget in (self.add, self.editor):
            widget.setVisible(view.editable)
        self.model.show(view.rows, self.words)
        self._following = False
        self.list.first = self._first if view.editable else None
        self.list.setMaximumHeight(len(view.rows) * CARD_HEIGHT + 4)

    def _go_to(self, row: int) -> None:
        """The row at hand; announces nothing."""
        self._following = True
        self.list.setCurrentIndex(self.model.index(row))
        self._following = False
        self._show_editor(row)
        self._viewport_update()

    @property
    def layer(self) -> int:
        """The layer at hand, -1 for the input."""
        return self.list.currentIndex().row() - self._first

    def thing_of(self, row: int) -> Thing | None:
        if row < 0 or self._view is None:
            return None
        shown, layer = self.model.rows[row], row - self._first
        said = (shown.name, shown.detail, shown.figure)
        if not self._view.editable:
            return Thing("product", shown.name, shown.detail, said, product=row)
        if layer < 0:
            return Thing("row", shown.name, shown.figure, said)
        return Thing("layer", shown.name, shown.figure, said, product=layer, layer=layer)

    @property
    def _first(self) -> int:
        """Row of layer 0."""
        return 0 if self._view is not None and not self._view.editable else 1

    def _editor(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 6, 0, 6)
        grid.setSpacing(6)
        self.name = tell(QLineEdit(), name=N_("Name of the layer"))
        self.name.editingFinished.connect(self._name_done)
        self.units = explain(CountBox(N_("Units of the layer")), "units_of_layer")
        self.units.valueChanged.connect(self._units_changed)
        self.activation = tell(WholeInTip(), name=N_("Activation of the layer"))
        for activation in ACTIVATIONS:
            self.activation.addItem(str(Text(TITLES[activation])), activation)
        self.activation.activated.connect(
            lambda i: self.activation_chosen.emit(self.layer, self.activation.itemData(i))
        )
        for i, (label, widget) in enumerate(
            (
                (N_("name"), self.name),
                (N_("units"), self.units),
                (N_("activation"), self.activation),
            )
        ):
            grid.addWidget(muted(label), i, 0)
            grid.addWidget(widget, i, 1)
        grid.setColumnStretch(1, 1)
        row = QHBoxLayout()
        self.up = self._button("↑", N_("Move the layer up"), lambda: self._move(-1))
        self.down = self._button("↓", N_("Move the layer down"), lambda: self._move(1))
        self.remove = self._button(
            N_("remove"), N_("Remove the layer"), lambda: self.remove_asked.emit(self.layer)
        )
        for button in (self.up, self.down, self.remove):
            row.addWidget(button, 1)
        grid.addLayout(row, 3, 0, 1, 2)
        return box

    def _button(self, text: str, name: str, slot: Callable[[], None]) -> QToolButton:
        button = tell(QToolButton(), text=text, tip=name, name=name)
        button.setSizePolicy(self.add.sizePolicy())
        button.clicked.connect(lambda _: slot())
        return button

    def _show_editor(self, row: int) -> None:
        layer, layers = row - self._first, len(self.model.rows) - self._first
        is_layer = layer >= 0
        for widget in (self.name, self.activation, self.up, self.down, self.remove):
            widget.setEnabled(is_layer)
        self.up.setEnabled(layer > 0)
        self.down.setEnabled(0 <= layer < layers - 1)
        self.remove.setEnabled(is_layer and layers > 1)
        shown = self.model.rows[row]
        name = self.words(shown.name)
        if self.name.text() != name:
            self.name.setText(name)
        self.units.show_value(max(shown.width, 1))
        kind = shown.kind or "linear"
        self.activation.setCurrentIndex(self.activation.findData(kind))
        self.activation.tell_whole()

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self._show_editor(current.row())
            self.layer_selected.emit(current.row() - self._first)

    def _units_changed(self, value: int) -> None:
        if self._following:
            return
        if self.layer < 0:
            self.inputs_chosen.emit(value)
        else:
            self.units_chosen.emit(self.layer, value)

    def _name_done(self) -> None:
        if self._following:
            return
        shown = self.model.rows[self.layer + self._first]
        if self.layer >= 0 and self.name.text() != self.words(shown.name):
            self.name_chosen.emit(self.layer, self.name.text())

    def _move(self, by: int) -> None:
        self.move_asked.emit(self.layer, self.layer + by)

    def _viewport_update(self) -> None:
        viewport = self.list.viewport()
        if viewport is not None:
            viewport.update()
