"""The strip of products: a card for each, in the order they are computed."""

from __future__ import annotations

from typing import cast

from PyQt6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.derived import Derived, Product
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import heading, muted

Index = QModelIndex | QPersistentModelIndex
CARD_HEIGHT = 54
LEAST_CARD, MOST_CARD = 176, 420


class ProductModel(QAbstractListModel):
    """Rows are products; the display role is what a screen reader says."""

    products: tuple[Product, ...] = ()

    def show(self, products: tuple[Product, ...]) -> None:
        """Follow the derived."""
        if len(products) == len(self.products):
            self.products = products
            self.dataChanged.emit(self.index(0), self.index(len(products) - 1))
        else:
            self.beginResetModel()
            self.products = products
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.products)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        product = self.products[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{product.name} {product.role} {product.shape} {product.times}".rstrip()
        if role == Qt.ItemDataRole.ToolTipRole:
            often = f", computed {product.times}" if product.times else ""
            one = " for one" if product.times else ""
            return (
                f"{product.name}, {product.role}: {product.shape}{often}\n"
                f"{product.told}{one}; the bar is its share of the FLOP"
            )
        return None


class ProductDelegate(QStyledItemDelegate):
    """Paints a product as a card: name, role and shape, its least time, its share of the FLOP."""

    theme: Theme = DARK
    position = 0.0  # of the playback, shown on the card that is looked at
    width = LEAST_CARD

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.width, CARD_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: Index) -> None:
        if painter is None:
            return
        product = cast(ProductModel, index.model()).products[index.row()]
        theme = self.theme
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        card = QRectF(option.rect).adjusted(1, 1, -9, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now if chosen else theme.line)))
        painter.setBrush(QColor(theme.selected if chosen else theme.panel))
        painter.drawRoundedRect(card, 6, 6)
        role = "" if product.role in ("forward", "product") else f" · {product.role}"
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(fonts.figures(fonts.SMALL))
        wide = painter.fontMetrics().horizontalAdvance(product.detail) + 8
        top = QRectF(card.x() + 12, card.y() + 5, card.width() - 24, 18)
        write_in(
            painter,
            top.adjusted(0, 0, -wide, 0),
            product.name + role,
            fonts.words(bold=True),
            theme.text,
            left,
        )
        write_in(painter, top, product.detail, fonts.figures(fonts.SMALL), theme.text, right)
        middle = QRectF(card.x() + 12, card.y() + 22, card.width() - 24, 16)
        write_in(painter, middle, product.times, fonts.figures(fonts.SMALL), theme.text, right)
        wide = painter.fontMetrics().horizontalAdvance(product.times)
        middle.adjust(0, 0, -wide - 6 if wide else 0, 0)
        # Words are narrower than figures: they leave room for how often it is computed.
        listed = product.role == "product"
        face = fonts.words(fonts.SMALL) if listed else fonts.figures(fonts.SMALL)
        write_in(painter, middle, product.shape, face, theme.muted, left)
        bar = QRectF(card.x() + 12, card.bottom() - 10, card.width() - 24, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(max(3.0, bar.width() * product.share))
        painter.setBrush(QColor(theme.order[2]))
        painter.drawRoundedRect(bar, 2, 2)
        if chosen:
            bar.setWidth(bar.width() * self.position)
            painter.setBrush(QColor(theme.now))
            painter.drawRoundedRect(bar, 2, 2)
        painter.restore()


class ProductStrip(QWidget):
    """Announces which product to look at."""

    product_selected = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(heading("matrix multiplications"))
        row.addStretch(1)
        self.summary = muted()
        row.addWidget(self.summary)
        column.addLayout(row)
        self.model, self.delegate = ProductModel(self), ProductDelegate(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Products of the pass")
        self.list.setFixedHeight(CARD_HEIGHT + 12)
        selection = self.list.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(self._current_changed)
        self._following = False
        column.addWidget(self.list)

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme

    def show_derived(self, derived: Derived) -> None:
        """Follow the session; announces nothing."""
        self._following = True
        self.model.show(derived.products)
        self.list.setCurrentIndex(self.model.index(derived.session.product))
        self._following = False
        self.summary.setText(derived.pass_text)
        self._fit()

    def show_position(self, position: float) -> None:
        """How far the product looked at has come, 0 … 1."""
        self.delegate.position = position
        self.list.update(self.list.currentIndex())

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        """Cards share the width while they stay readable; beyond that the strip scrolls."""
        count = max(1, self.model.rowCount())
        viewport = self.list.viewport()
        room = (viewport.width() if viewport is not None else self.width()) - 4
        width = min(max(LEAST_CARD, room // count), MOST_CARD)
        if width != self.delegate.width:
            self.delegate.width = width
            self.list.setGridSize(QSize(width, CARD_HEIGHT))

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.product_selected.emit(current.row())
