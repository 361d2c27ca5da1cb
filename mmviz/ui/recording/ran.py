"""PRODUCTS: what was recorded of the pass, and both sides of each product; a click goes to one."""

from __future__ import annotations

import math
from typing import Any

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF
from PyQt6.QtWidgets import QAbstractItemView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from mmviz.state.recording.ran import RanColumn, RanTable, RanView
from mmviz.text import N_, Text, joined
from mmviz.ui.clock.hint import Hint
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.table import FLAT, HeadedModel, set_heights, side
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.words.speech import Words

ROW, HEAD, GAP = 22, 38, 20  # pixels of a line, of two lines of heads, beside a text
MEASURED = 300  # lines of which widths are told

_Role = Qt.ItemDataRole


class RanModel(HeadedModel):
    """Cells as the view has them; a head says the figure and, below, whose it is."""

    table = RanTable()
    theme: Theme = DARK

    def show_table(self, table: RanTable, words: Words, theme: Theme) -> None:
        """Replace all."""
        self.beginResetModel()
        self.table, self.words, self.theme = table, words, theme
        self.endResetModel()

    @property
    def columns(self) -> tuple[RanColumn, ...]:
        return self.table.columns

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.table.lines)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        if role == _Role.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self.words(headed(self.columns[section]))
        return super().headerData(section, orientation, role)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        line, column = self.table.lines[index.row()], self.columns[index.column()]
        cell = line.cells[index.column()]
        match role:
            case _Role.DisplayRole:
                return self.words(cell)
            case _Role.TextAlignmentRole:
                return side(column)
            case _Role.FontRole:
                return (fonts.words if column.wordy else fonts.figures)(fonts.SMALL)
            case _Role.ForegroundRole:
                return QColor(self.theme.text if line.recorded else self.theme.muted)
            case _Role.ToolTipRole:
                return as_tip(self.words(joined((column.help, line.tip), "lines")))
            case _Role.AccessibleTextRole:
                named = joined((column.name, column.side, cell), "commas")
                return self.words(named)
        return None


def headed(column: RanColumn) -> Text:
    """The figure, and below whose it is."""
    whose = Text("{side:small}", side=column.side) if column.side else column.side
    return joined((column.name, whose), "lines")


class RanPanel(Told, QWidget):
    """Shows its view. product_selected: the one that somebody went to."""

    product_selected = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme = RanView(), DARK
        self._following = False
        self._said: RanTable | None = None
        self.hint, self.model = Hint(), RanModel(self)
        self.table = tell(QTableView(), name=N_("Products of the pass, as both sides have them"))
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        self._heights()
        selection = self.table.selectionModel()
        assert selection is not None
        selection.currentRowChanged.connect(self._moved)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(self.table)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 0, 12, 8)
        whole.addWidget(self._pages)

    def _heights(self) -> None:
        set_heights(self.table, round(ROW * fonts.scale()), round(HEAD * fonts.scale()))

    def show_view(self, view: RanView) -> None:
        """Show this instead; announces nothing."""
        self._view = view
        self.hint.show_hint(view.why, view.offers)
        self._pages.setCurrentIndex(0 if view.why else 1)
        if self._said is view.table:
            self._go_to(view.product)
        else:
            self.say()

    def say(self) -> None:
        table = self._view.table
        self._following = True
        self.model.show_table(table, self.words, self._theme)
        self._following = False
        self._said = table
        self._fit()
        self._go_to(self._view.product)

    def _go_to(self, product: int) -> None:
        self._following = True
        if product < self.model.rowCount() and self.table.currentIndex().row() != product:
            self.table.setCurrentIndex(self.model.index(product, 0))
        self._following = False

    def _moved(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self.product_selected.emit(current.row())

    def _fit(self) -> None:
        """Every column as wide as its longest text."""
        words = QFontMetricsF(fonts.words(fonts.SMALL))
        figures = QFontMetricsF(fonts.figures(fonts.SMALL))
        for i, column in enumerate(self.model.columns):
            metrics = words if column.wordy else figures
            cells = [self.words(line.cells[i]) for line in self.model.table.lines[:MEASURED]]
            heads = self.words(headed(column)).split("\n")
            wide = max((metrics.horizontalAdvance(cell) for cell in cells), default=0.0)
            head = max(words.horizontalAdvance(text) for text in heads)
            self.table.setColumnWidth(i, math.ceil(max(wide, head)) + GAP)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on, and type of another size."""
        self._theme = theme
        self._heights()
        self.hint.set_theme(theme)
        self.setStyleSheet(
            f"#panel {{ background: {theme.panel}; }}"
            "QTableView { background: transparent; border: 1px solid transparent;"
            f" selection-background-color: {theme.selected}; selection-color: {theme.text}; }}"
            f"QTableView:focus {{ border-color: {theme.now_text}; }}"
            f"QTableView::item {{ border-bottom: 1px solid {theme.line}; padding: 0 6px; }}"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted};"
            f" border: none; border-bottom: 1px solid {theme.line}; padding: 0 6px; }}"
            "QHeaderView { background: transparent; }"
        )
        self.say()
