"""The card of a layer, or of a product of a list: what it says, and how it is painted."""

from __future__ import annotations

from typing import cast

from PyQt6.QtCore import (
    QRectF,
    QSize,
    Qt,
)
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mmviz.state.network.network import NetworkRow
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_item
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.network.rows import Index, RowsModel

CARD_HEIGHT = 50


class LayerModel(RowsModel[NetworkRow]):
    """The display role is what a screen reader says."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.words(self.rows[index.row()].spoken)


class LayerDelegate(QStyledItemDelegate):
    """Paints a row as a card: name and detail left, figure right."""

    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, CARD_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: Index) -> None:
        paint_item(painter, option, index, lambda on: self._paint(on, option, index))

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = cast(LayerModel, index.model())
        row, words = model.rows[index.row()], model.words
        figure = words(row.figure)
        theme = self.theme
        card = QRectF(option.rect).adjusted(1, 3, -1, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now_edge if chosen else theme.edge)))
        painter.setBrush(QColor(theme.selected if chosen else theme.ground))
        painter.drawRoundedRect(card, 6, 6)
        painter.setFont(fonts.figures(fonts.TITLE))
        wide = painter.fontMetrics().horizontalAdvance(figure) + 6
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        box = card.adjusted(12, 4, -12 - wide, -22)
        write_in(painter, box, words(row.name), fonts.words(), theme.text, left)
        box = card.adjusted(12, 21, -12 - wide, -4)
        write_in(painter, box, words(row.detail), fonts.words(fonts.SMALL), theme.muted, left)
        painter.setFont(fonts.figures(fonts.TITLE))
        painter.setPen(QColor(theme.text))
        painter.drawText(card.adjusted(0, 0, -12, 0), int(right), figure)
