"""The network at the left: its layers as cards, and the layer at hand to be changed."""

from __future__ import annotations

from collections.abc import Callable
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
from mmviz.core.network import ACTIVATIONS, Network
from mmviz.state.resolve import Snapshot
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


class LayerModel(QAbstractListModel):
    """Rows: the input, then the layers. The display role is what a screen reader says."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str, int], ...] = ()

    def show(self, network: Network) -> None:
        """Follow the network."""
        rows = (
            ("Input", "", network.inputs),
            *((layer.name, layer.activation, layer.units) for layer in network.layers),
        )
        if rows == self._rows:
            return
        if len(rows) == len(self._rows):
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def row(self, index: int) -> tuple[str, str, int]:
        """Name, activation ("" for the input) and units of a row."""
        return self._rows[index]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        name, kind, width = self._rows[index.row()]
        return f"{name}, {kind or 'features'}, {width}"


class LayerDelegate(QStyledItemDelegate):
    """Paints a layer as a card: name and kind left, units right."""

    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, CARD_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: Index) -> None:
        if painter is None:
            return
        name, kind, width = cast(LayerModel, index.model()).row(index.row())
        theme = self.theme
        card = QRectF(option.rect).adjusted(1, 3, -1, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now if chosen else theme.line)))
        painter.setBrush(QColor(theme.selected if chosen else theme.ground))
        painter.drawRoundedRect(card, 6, 6)
        value = units.group(width)
        painter.setFont(fonts.figures(fonts.TITLE))
        wide = painter.fontMetrics().horizontalAdvance(value) + 6
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        box = card.adjusted(12, 4, -12 - wide, -22)
        write_in(painter, box, name, fonts.words(), theme.text, left)
        box = card.adjusted(12, 21, -12 - wide, -4)
        text = f"dense · {title(kind)}" if kind else "features"
        write_in(painter, box, text, fonts.words(fonts.SMALL), theme.muted, left)
        painter.setFont(fonts.figures(fonts.TITLE))
        painter.setPen(QColor(theme.text))
        painter.drawText(card.adjusted(0, 0, -12, 0), int(right), value)
        painter.restore()


class NetworkPanel(QFrame):
    """Announces edits; shows what the snapshot says. Layers are counted from 0, the input is -1."""

    layer_selected = pyqtSignal(int)
    inputs_chosen = pyqtSignal(int)
    units_chosen = pyqtSignal(int, int)
    activation_chosen = pyqtSignal(int, str)
    name_chosen = pyqtSignal(int, str)
    add_asked = pyqtSignal()
    remove_asked = pyqtSignal(int)
    move_asked = pyqtSignal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self._following = False
        self._product: int | None = None
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
        column.addWidget(self._editor())
        self.weights = muted(wrap=True)
        self.about = muted(wrap=True)
        column.addWidget(self.weights)
        column.addWidget(self.about)
        column.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self._viewport_update()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session: the layer at hand is the one whose product is looked at."""
        session = snapshot.session
        self._following = True
        self.model.show(session.network)
        self.list.setMaximumHeight(self.model.rowCount() * CARD_HEIGHT + 4)
        # The input stays at hand until another product is looked at.
        at_hand = self.list.currentIndex().row()
        stays = at_hand == 0 and self._product == session.product
        # While a field is being filled in, it stays the field of the same layer, whatever plays.
        editing = self.units.hasFocus() or self.name.hasFocus()
        if not stays and not (editing and at_hand < self.model.rowCount()):
            at_hand = snapshot.gemm.layer + 1
        row = at_hand
        self._product = session.product
        self.list.setCurrentIndex(self.model.index(row))
        self._following = False
        self._show_editor(row)
        self._viewport_update()
        self.weights.setText(snapshot.weights_text)
        source = f"Source: {session.source}" if session.source else ""
        self.about.setText("\n".join(filter(None, (session.about, source))))

    @property
    def layer(self) -> int:
        """The layer at hand, -1 for the input."""
        return self.list.currentIndex().row() - 1

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
        layer, layers = row - 1, self.model.rowCount() - 1
        is_layer = layer >= 0
        for widget in (self.name, self.activation, self.up, self.down, self.remove):
            widget.setEnabled(is_layer)
        self.up.setEnabled(layer > 0)
        self.down.setEnabled(0 <= layer < layers - 1)
        self.remove.setEnabled(is_layer and layers > 1)
        name, kind, width = self.model.row(row)
        if self.name.text() != name:
            self.name.setText(name)
        self.units.show_value(width)
        self.activation.setCurrentIndex(self.activation.findData(kind or "linear"))

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self._show_editor(current.row())
            self.layer_selected.emit(current.row() - 1)

    def _units_changed(self, value: int) -> None:
        if self.layer < 0:
            self.inputs_chosen.emit(value)
        else:
            self.units_chosen.emit(self.layer, value)

    def _name_done(self) -> None:
        if self.layer >= 0 and self.name.text() != self.model.row(self.layer + 1)[0]:
            self.name_chosen.emit(self.layer, self.name.text())

    def _move(self, by: int) -> None:
        self.move_asked.emit(self.layer, self.layer + by)

    def _viewport_update(self) -> None:
        viewport = self.list.viewport()
        if viewport is not None:
            viewport.update()
