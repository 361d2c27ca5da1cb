"""Figures of one side or of two, a line each: what stands in the panels beside the pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from mmviz.state.recording.against import Row
from mmviz.text import NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.table import set_heights
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme

ROW, HEAD = 20, 22
SHARE, ALONE = 0.38, 0.62  # of the width that a column of figures takes, of two, or alone


class Figures(Told, QTableWidget):
    """A table without lines. both: a column for either side, headed; else the right one alone."""

    def __init__(self, name: str, *, both: bool, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        tell(self, name=name)
        self._rows: Sequence[Row] = ()
        self._heads: tuple[Text, Text] = (NOTHING, NOTHING)
        self._both, self.theme = both, DARK
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)  # Tab leads on; a table would keep it
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setColumnHidden(1, not both)
        across = self._heights()
        across.setSectionsClickable(False)
        across.setTextElideMode(Qt.TextElideMode.ElideRight)
        across.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setVisible(both)
        self.say()

    def show_rows(self, rows: Sequence[Row], heads: tuple[Text, Text] = (NOTHING, NOTHING)) -> None:
        """Show these instead."""
        self._rows, self._heads = rows, heads
        self.say()

    def _heights(self) -> QHeaderView:
        return set_heights(self, round(ROW * fonts.scale()), round(HEAD * fonts.scale()))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on, and type of another size."""
        self.theme = theme
        self._heights()
        self.setStyleSheet(
            "QTableView { background: transparent; border: 1px solid transparent; }"
            f"QTableView:focus {{ border: 1px solid {theme.now_text}; }}"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted};"
            " border: none; padding: 0 4px; }"
            "QHeaderView { background: transparent; }"
        )
        self.say()

    def say(self) -> None:
        self.setRowCount(len(self._rows))
        for line, row in enumerate(self._rows):
            tip = joined((row.name, joined((row.left, row.right)), row.tip), "lines")
            for column, text in enumerate((row.name, row.left, row.right)):
                item = QTableWidgetItem(self.words(text))
                item.setToolTip(as_tip(self.words(tip)))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, self.words(tip))
                self._dress(item, column, row)
                self.setItem(line, column, item)
        for column, head in enumerate((NOTHING, *self._heads)):
            item = QTableWidgetItem(self.words(head))
            item.setTextAlignment(_side(column))
            self.setHorizontalHeaderItem(column, item)
        self.setFixedHeight(self.sizeHint().height())
        self._fit()

    def _dress(self, item: QTableWidgetItem, column: int, row: Row) -> None:
        theme = self.theme
        item.setTextAlignment(_side(column))
        item.setFont(fonts.figures(fonts.SMALL) if column else fonts.words(fonts.SMALL))
        colour = theme.text if column else theme.muted
        if column == 2 and row.tone == "worse":
            colour = theme.loss
        item.setForeground(QColor(colour))

    def sizeHint(self) -> QSize:
        head = round(HEAD * fonts.scale()) if self._both else 0
        return QSize(240, head + round(ROW * fonts.scale()) * max(1, self.rowCount()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The names have what the figures leave; heads are whole where that is enough for names."""
        figures, letters = (
            QFontMetricsF(face(fonts.SMALL)) for face in (fonts.figures, fonts.words)
        )
        most = SHARE if self._both else ALONE
        wide = [0, 0, 0]
        for column in (1, 2) if self._both else (2,):
            found = self._widest(column, figures)
            wide[column] = round(min(found + 16, most * self.width()))
        left = self.width() - sum(wide) - round(self._widest(0, letters)) - 20
        for column in (2, 1) if self._both else ():
            head = letters.horizontalAdvance(self.words(self._heads[column - 1])) + 16
            more = max(0, min(round(head) - wide[column], left))
            wide[column] += more
            left -= more
        wide[0] = max(40, self.width() - sum(wide) - 4)
        for column, pixels in enumerate(wide):
            self.setColumnWidth(column, pixels)

    def _widest(self, column: int, metrics: QFontMetricsF) -> float:
        items = [self.item(line, column) for line in range(self.rowCount())]
        return max((metrics.horizontalAdvance(item.text()) for item in items if item), default=0.0)


def _side(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
