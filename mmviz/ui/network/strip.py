"""The strip of products: a card for each, in the order they are computed."""

from __future__ import annotations

import math
from typing import cast

from PyQt6.QtCore import (
    QModelIndex,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
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

from mmviz.core.shapes.gemm import Gemm
from mmviz.state.network.strip import ProductCard, StripView
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_item
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.shades import mixed
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import ListThings, Thing
from mmviz.ui.look.widgets import cut_short, heading
from mmviz.ui.network.lamp import Lamp, Light
from mmviz.ui.network.rows import Index, RowsModel
from mmviz.words.products import role, shape, titled

LINE, REST = 16, 22  # pixels of a line in ordinary type; of the bar and what is around
LEAST_CARD, MOST_CARD = 176, 420
LEAST_ASKED, WHOLE_ASKED = 64, 128  # where one of all is asked for: none is out of sight, and
# as soon as one row has no room for that many pixels there are two, where these have room
EDGES = 36  # pixels of a card beside its words
STACKED = 44  # more pixels, where a card says how many a launch computes


def card_height() -> int:
    """How high a card is in the type there is now, in pixels."""
    return REST + round(2 * LINE * fonts.scale())


class ProductModel(RowsModel[ProductCard]):
    """Rows are cards; the display role is what a screen reader says."""

    hides: frozenset[str] = frozenset()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(_spoken(self.rows[index.row()], self.hides))
        if role == Qt.ItemDataRole.ToolTipRole and self.hides:
            return as_tip(self.words(_spoken(self.rows[index.row()], self.hides)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip(self.words(_tip(self.rows[index.row()])))
        return None


def _spoken(card: ProductCard, hides: frozenset[str]) -> Text:
    gemm = card.gemm
    sides = NOTHING if "shapes" in hides else shape(gemm)
    often = Text("{n:times}", n=gemm.count) if gemm.count != 1 else NOTHING
    return joined((own(gemm.name), role(gemm.role), sides, often), "words")


def _tip(card: ProductCard) -> Text:
    gemm = card.gemm
    said = N_("{name}, {role}: {shape}\n{told}; the bar is its share of the FLOP")
    if gemm.count != 1:
        said = N_(
            "{name}, {role}: {shape}, computed {count:times}\n"
            "{told} for one; the bar is its share of the FLOP"
        )
    if gemm.stack > 1:
        said = N_(
            "{name}, {role}: {shape}, {stack:group} in a launch, computed {count:times}\n"
            "{told} for a launch; the bar is its share of the FLOP"
        )
    shared = Text(N_("one launch with its neighbours: {group}"), group=own(gemm.group))
    told = Text(
        said,
        name=gemm.name,
        role=role(gemm.role),
        shape=shape(gemm),
        told=card.told,
        count=gemm.count,
        stack=gemm.stack,
    )
    return joined((told, shared if gemm.group else NOTHING), "lines")


class ProductDelegate(QStyledItemDelegate):
    """Paints a product as a card: name, role and shape, its least time, its share of the FLOP."""

    theme: Theme = DARK
    position = 0.0  # of the playback, shown on the card that is looked at
    light = Light()
    width = LEAST_CARD
    figures = True  # there is room for shapes in the face of figures
    hides: frozenset[str] = frozenset()  # "times" and the bar, "shapes"

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.width, card_height())

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: Index) -> None:
        paint_item(painter, option, index, lambda on: self._paint(on, option, index))

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = cast(ProductModel, index.model())
        card, words = model.rows[index.row()], model.words
        theme, glow = self.theme, self.light.glow(index.row())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        box = QRectF(option.rect).adjusted(1, 1, -9, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.selected if chosen else theme.panel
        painter.setPen(QPen(QColor(theme.now_edge if chosen or glow == 1 else theme.edge)))
        painter.setBrush(mixed(ground, theme.now_dim, glow))
        painter.drawRoundedRect(box, 6, 6)
        detail, often = words(card.detail), words(Text("{n:times}", n=card.gemm.count))
        if "times" in self.hides:
            detail = ""
        often = words(self.light.told(index.row())) or often
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(fonts.figures(fonts.SMALL))
        wide = painter.fontMetrics().horizontalAdvance(detail) + 8 if detail else 0
        line, edge = LINE * fonts.scale(), 5 if "times" in self.hides else 12
        top = QRectF(box.x() + edge, box.y() + 5, box.width() - 2 * edge, line + 2)
        write_in(
            painter,
            top.adjusted(0, 0, -wide, 0),
            words(titled(card.gemm.name, card.gemm.role)),
            fonts.words(bold=True),
            theme.text,
            left,
        )
        write_in(painter, top, detail, fonts.figures(fonts.SMALL), theme.text, right)
        middle = QRectF(top.x(), box.y() + 5 + line, top.width(), line + 1)
        write_in(painter, middle, often, fonts.figures(fonts.SMALL), theme.text, right)
        wide = painter.fontMetrics().horizontalAdvance(often)
        middle.adjust(0, 0, -wide - 6 if wide else 0, 0)
        # Words are narrower than figures: they leave room for how often it is computed.
        listed = card.gemm.role == "product" or "times" in self.hides
        sides, figures = words(shape(card.gemm)), fonts.figures(fonts.SMALL)
        face = figures if self.figures and not listed else fonts.words(fonts.SMALL)
        if "shapes" not in self.hides:
            write_in(painter, middle, sides, face, theme.muted, left)
        if "times" in self.hides:
            return
        bar = QRectF(box.x() + 12, box.bottom() - 10, box.width() - 24, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(max(3.0, bar.width() * card.share))
        painter.setBrush(QColor(theme.order[2]))
        painter.drawRoundedRect(bar, 2, 2)
        if chosen:
            bar.setWidth(bar.width() * self.position)
            painter.setBrush(QColor(theme.now))
            painter.drawRoundedRect(bar, 2, 2)


def _digits(gemm: Gemm) -> int:
    """Of its sides: what makes its shape long."""
    return sum(len(str(side)) for side in (gemm.m, gemm.n, gemm.k))


def _wide(text: str, face: QFont) -> int:
    """Pixels it takes in a line."""
    return math.ceil(QFontMetricsF(face).horizontalAdvance(text))


class ProductStrip(ListThings, Told, QWidget):
    """Announces which product to look at."""

    product_selected = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(heading(N_("matrix multiplications")))
        row.addStretch(1)
        self.summary = cut_short()
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
        tell(self.list, name=N_("Products of the pass"))
        self.lamp = Lamp(self)
        self.lamp.changed.connect(self._lit)
        selection = self.list.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(self._current_changed)
        self._following = self._stacked = False
        self._longest = ""  # of all shapes
        self._view: StripView | None = None
        column.addWidget(self.list)

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self._fit()  # a change of type comes this way too

    def show_view(self, view: StripView) -> None:
        """Follow the session; announces nothing."""
        self._view = view
        self.lamp.follow(view.lit)
        self.summary.show_text(self.words(self._said(view)))
        if self.model.rows is not view.cards:
            self.say()
        else:  # another of the same cards: a list may have thousands
            self._look_at(view.product)

    def hide_parts(self, parts: frozenset[str]) -> None:
        """Cards without their "times" or their "shapes", as somebody is asked for them: without
        times all of them are in sight.
        """
        if parts == self.delegate.hides:
            return
        self.delegate.hides = self.model.hides = parts
        self._fit()
        self.say()

    def bring_up(self, product: int) -> None:
        """Have that product in sight."""
        self.list.scrollTo(self.model.index(product))

    def say(self) -> None:
        view = self._view
        if view is None:
            return
        self.summary.show_text(self.words(self._said(view)))
        self._following = True
        self._stacked = any(card.gemm.stack > 1 for card in view.cards)
        longest = max(view.cards, key=lambda card: _digits(card.gemm), default=None)
        self._longest = "" if longest is None else self.words(shape(longest.gemm))
        self.model.show(view.cards, self.words)
        self._look_at(view.product)
        self._fit()

    def _said(self, view: StripView) -> Text:
        if self.delegate.hides:
            return NOTHING
        return self.lamp.light.said or view.summary

    def _lit(self) -> None:
        """Another product is computed."""
        self.delegate.light = self.lamp.light
        if self._view is not None:
            self.summary.show_text(self.words(self._said(self._view)))
        if (viewport := self.list.viewport()) is not None:
            viewport.update()

    def hideEvent(self, event: object) -> None:
        self.lamp.follow(None)

    def _look_at(self, product: int) -> None:
        self._following = True
        self.list.setCurrentIndex(self.model.index(product))
        self._following = False

    def show_position(self, position: float) -> None:
        """How far the product looked at has come, 0 … 1."""
        self.delegate.position = position
        self.list.update(self.list.currentIndex())

    def thing_of(self, row: int) -> Thing | None:
        if row < 0:
            return None
        card = self.model.rows[row]
        gemm, named = card.gemm, titled(card.gemm.name, card.gemm.role)
        detail = NOTHING if "times" in self.model.hides else card.detail
        sides = NOTHING if "shapes" in self.model.hides else shape(gemm)
        said = (own(gemm.name), role(gemm.role), sides, detail)
        return Thing("product", named, detail, said, product=row)

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        """Cards share the width while they stay readable; beyond that the strip scrolls."""
        count = max(1, self.model.rowCount())
        viewport = self.list.viewport()
        room = (viewport.width() if viewport is not None else self.width()) - 4
        least = LEAST_CARD + (STACKED if self._stacked else 0)
        if "shapes" not in self.delegate.hides:
            least = max(least, _wide(self._longest, fonts.words(fonts.SMALL)) + EDGES)
        rows = 1
        if "times" in self.delegate.hides:
            least, two = LEAST_ASKED, 2 * card_height() + 60
            rows = 2 if room // count < WHOLE_ASKED and self.height() >= two else 1
            count = -(-count // rows)
        self.list.setWrapping(rows > 1)
        self.list.setFixedHeight(rows * card_height() + 12)
        width = min(max(least, room // count), MOST_CARD)
        self.delegate.width = width
        figures = _wide(self._longest, fonts.figures(fonts.SMALL))
        self.delegate.figures = figures + EDGES <= width
        if self.list.gridSize() != QSize(width, card_height()):
            self.list.setGridSize(QSize(width, card_height()))

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.product_selected.emit(current.row())
