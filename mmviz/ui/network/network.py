"""The network at the left: its layers as cards, and the layer at hand to be changed.

A list of products is shown in the same place, to be read and walked through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PyQt6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz import units
from mmviz.core.shapes.network import ACTIVATIONS, Network
from mmviz.core.shapes.products import Products
from mmviz.state.derived import Derived
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import CountBox, heading, muted

CARD_HEIGHT = 50
TITLES = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "swiglu": "SwiGLU"}

Index = QModelIndex | QPersistentModelIndex


def title(activation: str) -> str:
    """An activation as it is written: ReLU, not relu."""
    return TITLES.get(activation, activation)


@dataclass(frozen=True, slots=True)
class Row:
    """A card: name over detail at the left, figure at the right; width and kind of a layer."""

    name: str
    detail: str
    figure: str
    kind: str = ""
    width: int = 0

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        if self.width:
            return f"{self.name}, {self.kind or 'features'}, {self.width}"
        return f"{self.name}, {self.detail} {self.figure}".rstrip()


def rows_of(network: Network | Products) -> tuple[Row, ...]:
    """The input, then the layers; the products of a list."""
    if isinstance(network, Products):
        return tuple(
            Row(gemm.name, units.shape(gemm.m, gemm.n, gemm.k), units.times(gemm.count))
            for gemm in network.gemms
        )
    layers = (
        Row(x.name, f"dense · {title(x.activation)}", units.group(x.units), x.activation, x.units)
        for x in network.layers
    )
    inputs = network.inputs
    return (Row("Input", "features", units.group(inputs), width=inputs), *layers)


class LayerModel(QAbstractListModel):
    """Rows as `rows_of` has them. The display role is what a screen reader says."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: Network | Products | None = None
        self._rows: tuple[Row, ...] = ()

    def show(self, network: Network | Products) -> None:
        """Follow the network."""
        if network is self._shown:
            return
        self._shown, rows = network, rows_of(network)
        if rows == self._rows:
            return
        if len(rows) == len(self._rows):
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def row(self, index: int) -> Row:
        return self._rows[index]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._rows[index.row()].spoken


class LayerDelegate(QStyledItemDelegate):
    """Paints a row as a card: name and detail left, figure right."""

    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, CARD_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: Index) -> None:
        if painter is None:
            return
        row = cast(LayerModel, index.model()).row(index.row())
        theme = self.theme
        card = QRectF(option.rect).adjusted(1, 3, -1, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now if chosen else theme.line)))
        painter.setBrush(QColor(theme.selected if chosen else theme.ground))
        painter.drawRoundedRect(card, 6, 6)
        painter.setFont(fonts.figures(fonts.TITLE))
        wide = painter.fontMetrics().horizontalAdvance(row.figure) + 6
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        box = card.adjusted(12, 4, -12 - wide, -22)
        write_in(painter, box, row.name, fonts.words(), theme.text, left)
        box = card.adjusted(12, 21, -12 - wide, -4)
        write_in(painter, box, row.detail, fonts.words(fonts.SMALL), theme.muted, left)
        painter.setFont(fonts.figures(fonts.TITLE))
        painter.setPen(QColor(theme.text))
        painter.drawText(card.adjusted(0, 0, -12, 0), int(right), row.figure)
        painter.restore()


class NetworkPanel(QFrame):
    """Announces edits; shows what the derived says. Layers are counted from 0, the input is -1.

    Of a list of products nothing can be edited: "layers" are its products, and `alone_asked` is
    for the one at hand.
    """

    layer_selected = pyqtSignal(int)
    inputs_chosen = pyqtSignal(int)
    units_chosen = pyqtSignal(int, int)
    activation_chosen = pyqtSignal(int, str)
    name_chosen = pyqtSignal(int, str)
    add_asked = pyqtSignal()
    remove_asked = pyqtSignal(int)
    move_asked = pyqtSignal(int, int)
    alone_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self._following = False
        self._product: int | None = None
        self._first = 1  # row of layer 0
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 12, 12)
        column.setSpacing(6)
        column.addWidget(heading("network"))
        self.model = LayerModel(self)
        self.delegate = LayerDelegate(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Layers")
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        selection = self.list.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(self._current_changed)
        column.addWidget(self.list, 100)
        self.add = QPushButton("+ add layer")
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.clicked.connect(self.add_asked)
        column.addWidget(self.add)
        self.alone = QPushButton("open alone")
        self.alone.setToolTip(
            "Open this product as a network of one layer, with numbers, to be changed and timed"
        )
        self.alone.setAccessibleName("Open this product alone")
        self.alone.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.alone.clicked.connect(self.alone_asked)
        column.addWidget(self.alone)
        self.editor = self._editor()
        column.addWidget(self.editor)
        self.weights = muted(wrap=True)
        self.about = muted(wrap=True)
        column.addWidget(self.weights)
        column.addWidget(self.about)
        column.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self._viewport_update()

    def show_derived(self, derived: Derived) -> None:
        """Follow the session: the layer at hand is the one whose product is looked at."""
        session = derived.session
        self._following = True
        listed = isinstance(session.network, Products)
        self._first = 0 if listed else 1
        self.list.setAccessibleName("Products of the list" if listed else "Layers")
        self.alone.setVisible(listed)
        for widget in (self.add, self.editor):
            widget.setVisible(not listed)
        self.model.show(session.network)
        self.list.setMaximumHeight(self.model.rowCount() * CARD_HEIGHT + 4)
        # The input stays at hand until another product is looked at.
        at_hand = self.list.currentIndex().row()
        stays = at_hand == 0 and self._product == session.product and not listed
        # While a field is being filled in, it stays the field of the same layer, whatever plays.
        editing = self.units.hasFocus() or self.name.hasFocus()
        if not stays and not (editing and at_hand < self.model.rowCount()):
            at_hand = derived.gemm.layer + self._first
        row = at_hand
        self._product = session.product
        self.list.setCurrentIndex(self.model.index(row))
        self._following = False
        self._show_editor(row)
        self._viewport_update()
        self.weights.setText(derived.weights_text)
        source = f"Source: {session.source}" if session.source else ""
        self.about.setText("\n".join(filter(None, (session.about, source))))

    @property
    def layer(self) -> int:
        """The layer at hand, -1 for the input."""
        return self.list.currentIndex().row() - self._first

    def _editor(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 6, 0, 6)
        grid.setSpacing(6)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the layer")
        self.name.editingFinished.connect(self._name_done)
        self.units = CountBox("Units of the layer")
        self.units.valueChanged.connect(self._units_changed)
        self.activation = QComboBox()
        for activation in ACTIVATIONS:
            self.activation.addItem(title(activation), activation)
        self.activation.setAccessibleName("Activation of the layer")
        self.activation.activated.connect(
            lambda i: self.activation_chosen.emit(self.layer, self.activation.itemData(i))
        )
        for i, (label, widget) in enumerate(
            (("name", self.name), ("units", self.units), ("activation", self.activation))
        ):
            grid.addWidget(muted(label), i, 0)
            grid.addWidget(widget, i, 1)
        grid.setColumnStretch(1, 1)
        row = QHBoxLayout()
        self.up = self._button("↑", "Move the layer up", lambda: self._move(-1))
        self.down = self._button("↓", "Move the layer down", lambda: self._move(1))
        self.remove = self._button(
            "remove", "Remove the layer", lambda: self.remove_asked.emit(self.layer)
        )
        for button in (self.up, self.down, self.remove):
            row.addWidget(button, 1)
        grid.addLayout(row, 3, 0, 1, 2)
        return box

    def _button(self, text: str, name: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setSizePolicy(self.add.sizePolicy())
        button.clicked.connect(lambda _: slot())
        return button

    def _show_editor(self, row: int) -> None:
        layer, layers = row - self._first, self.model.rowCount() - self._first
        is_layer = layer >= 0
        for widget in (self.name, self.activation, self.up, self.down, self.remove):
            widget.setEnabled(is_layer)
        self.up.setEnabled(layer > 0)
        self.down.setEnabled(0 <= layer < layers - 1)
        self.remove.setEnabled(is_layer and layers > 1)
        shown = self.model.row(row)
        if self.name.text() != shown.name:
            self.name.setText(shown.name)
        self.units.show_value(max(shown.width, 1))
        self.activation.setCurrentIndex(self.activation.findData(shown.kind or "linear"))

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self._show_editor(current.row())
            self.layer_selected.emit(current.row() - self._first)

    def _units_changed(self, value: int) -> None:
        if self.layer < 0:
            self.inputs_chosen.emit(value)
        else:
            self.units_chosen.emit(self.layer, value)

    def _name_done(self) -> None:
        if self.layer >= 0 and self.name.text() != self.model.row(self.layer + self._first).name:
            self.name_chosen.emit(self.layer, self.name.text())

    def _move(self, by: int) -> None:
        self.move_asked.emit(self.layer, self.layer + by)

    def _viewport_update(self) -> None:
        viewport = self.list.viewport()
        if viewport is not None:
            viewport.update()
