"""The table of layers: totals, then a line a product; sorted by a click, copied by Ctrl-C."""

from __future__ import annotations

import math
from typing import Any

from PyQt6.QtCore import QModelIndex, QPoint, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from mmviz.state.peak.layer_columns import LayerColumn, Line, sort_key, tsv
from mmviz.state.peak.layers import Layers, LayersView
from mmviz.text import N_
from mmviz.ui.look import fonts
from mmviz.ui.look.leaving import copy
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.table import FLAT, HeadedModel, set_heights, side
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.things import Thing
from mmviz.words.speech import Words

ROW_HEIGHT, HEADER_HEIGHT = 22, 24
GAP = 24  # pixels of a column beside its text
LOOKED_AT = 300  # lines from which the widths are told: longer lists are not measured line by line
NAME_WIDTH = 220  # of the first column at most

_Role = Qt.ItemDataRole


class LayersModel(HeadedModel):
    """Totals, then the lines as they are sorted; texts are made when asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers = Layers((), (), ())
        self.order: list[int] = []
        self._sorted: tuple[str, Qt.SortOrder] | None = None

    def show_layers(self, shown: Layers, words: Words) -> None:
        """Replace all lines and the language; what they were sorted by stays."""
        self.beginResetModel()
        self.layers, self.words = shown, words
        self._arrange()
        self.endResetModel()

    def line(self, row: int) -> Line:
        """The line of a row as it is shown."""
        lines, totals = self.layers.lines, self.layers.totals
        return totals[row] if row < len(totals) else lines[self.order[row - len(totals)]]

    @property
    def columns(self) -> tuple[LayerColumn, ...]:
        return self.layers.columns

    def column(self, column: int) -> LayerColumn:
        return self.layers.columns[column]

    def row_of(self, product: int) -> int:
        """Where a product stands."""
        return len(self.layers.totals) + self.order.index(product)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; a column below 0 is the order of computing."""
        self.layoutAboutToBeChanged.emit()
        before, held = self.order, self.persistentIndexList()
        known = 0 <= column < len(self.layers.columns)
        self._sorted = (self.column(column).plain, order) if known else None
        self._arrange()
        first = len(self.layers.totals)
        rows = {product: first + place for place, product in enumerate(self.order)}
        for old in held:
            if old.row() >= first:
                row = rows[before[old.row() - first]]
                self.changePersistentIndex(old, self.index(row, old.column()))
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        self.order = list(range(len(self.layers.lines)))
        if self._sorted is None:
            return
        plain, order = self._sorted
        column = next((c for c in self.layers.columns if c.plain == plain), None)
        if column is None:
            return
        keys = [sort_key(column.value(line)) for line in self.layers.lines]
        self.order.sort(key=keys.__getitem__, reverse=order == Qt.SortOrder.DescendingOrder)

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.layers.lines) + len(self.layers.totals)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        line, column = self.line(index.row()), self.column(index.column())
        match role:
            case _Role.DisplayRole:
                return self.words(column.text(column.value(line)))
            case _Role.TextAlignmentRole:
                return side(column)
            case _Role.FontRole:
                face = fonts.words if column.wordy else fonts.figures
                return face(fonts.SMALL, bold=line.product < 0)
            case _Role.ToolTipRole:
                return as_tip(self.words(column.tip(line)))
            case _Role.AccessibleTextRole:
                shown = column.text(column.value(line))
                return f"{self.words(column.name)} {self.words(shown)}"
        return None


class LayersTable(Told, QTableView):
    """Announces the product of the line that was gone to."""

    product_selected = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LayersModel(self)
        self.setModel(self.lines)
        tell(self, name=N_("Layers: the cost of every product"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        across = set_heights(self, ROW_HEIGHT, HEADER_HEIGHT)
        across.setSortIndicatorClearable(True)  # a third click: the order of computing again
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._following = False
        self._view: LayersView | None = None
        self._said: Layers | None = None  # what stands in it, all of it
        selection = self.selectionModel()
        assert selection is not None
        selection.currentRowChanged.connect(self._moved)

    def show_view(self, view: LayersView) -> None:
        """Follow the session; announces nothing."""
        self._view = view
        if self._said is not view.table:
            self.say()
        else:
            self._go_to(view.product)

    def say(self) -> None:
        if self._view is not None:
            self._said, self._following = None, True
            self.lines.show_layers(self._view.table, self.words)
            self._fit()
            self._go_to(self._view.product)
            self._said = self._view.table

    def _go_to(self, product: int) -> None:
        """The line of that product is the current one."""
        self._following = True
        current = self.currentIndex()
        if not current.isValid() or self.lines.line(current.row()).product != product:
            column = max(current.column(), 0)
            self.setCurrentIndex(self.lines.index(self.lines.row_of(product), column))
        self._following = False

    part = "layers"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The cell there, with its line."""
        return self._thing(self.indexAt(at.toPoint()))

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The current cell."""
        index = self.currentIndex()
        thing = self._thing(index)
        return None if thing is None else (thing, self.visualRect(index).center())

    def _thing(self, index: QModelIndex) -> Thing | None:
        if not index.isValid():
            return None
        line, columns = self.lines.line(index.row()), self.lines.columns
        cells = tuple(column.text(column.value(line)) for column in columns)
        cell = cells[index.column()]
        if line.one is None:
            return Thing("row", line.name, cell, cells)
        return Thing("product", line.name, cell, cells, product=line.product)

    def copied(self) -> str:
        """The selected lines as they stand, or all where only one is; parted by tabs."""
        selection = self.selectionModel()
        rows = sorted({i.row() for i in selection.selectedRows()}) if selection is not None else []
        if len(rows) < 2:
            rows = list(range(self.lines.rowCount()))
        return tsv(self.lines.layers.columns, (self.lines.line(row) for row in rows))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            copy(self.copied())
        else:
            super().keyPressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(
            "QTableView { background: transparent; border: 1px solid transparent;"
            f" selection-background-color: {theme.selected}; selection-color: {theme.text}; }}"
            f"QTableView:focus {{ border-color: {theme.now_text}; }}"
            f"QTableView::item {{ border-bottom: 1px solid {theme.line}; padding: 0 6px; }}"
            f"QTableView::item:selected {{ background: {theme.selected}; color: {theme.text}; }}"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted};"
            f" border: none; border-bottom: 1px solid {theme.line}; padding: 0 6px; }}"
            "QHeaderView { background: transparent; }"
        )

    def _moved(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            product = self.lines.line(current.row()).product
            if product >= 0:
                self.product_selected.emit(product)

    def _fit(self) -> None:
        """Every column as wide as its longest text among the first lines."""
        words = QFontMetricsF(fonts.words(fonts.SMALL, bold=True))
        figures = QFontMetricsF(fonts.figures(fonts.SMALL, bold=True))
        shown = self.lines.layers
        looked_at = (*shown.lines[:LOOKED_AT], *shown.totals)
        for i, column in enumerate(shown.columns):
            metrics = words if column.wordy else figures
            texts = (self.words(column.text(column.value(line))) for line in looked_at)
            longest = max(texts, key=len, default="")
            name = words.horizontalAdvance(self.words(column.name))
            room = max(metrics.horizontalAdvance(longest), name + 12)
            width = math.ceil(room) + GAP
            self.setColumnWidth(i, min(width, NAME_WIDTH) if i == 0 else width)


class LayersPanel(QWidget):
    """The table with its margins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = LayersTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 8)
        self.table.setMinimumHeight(HEADER_HEIGHT + ROW_HEIGHT)  # a low window has its place too
        column.addWidget(self.table)

    def set_theme(self, theme: Theme) -> None:
        self.table.set_theme(theme)
