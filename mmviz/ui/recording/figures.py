"""Figures of one side or of two, a line each: what stands in the panels beside the pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetrics, QFontMetricsF, QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from mmviz.state.recording.against import Row
from mmviz.text import NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.table import set_heights
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme

ROW, HEAD = 20, 22
GAP = 14  # pixels of a cell beside its text
HEAD_GAP = 22  # the same of a head
LEAST_NAMES = 68  # pixels of the column of names


class Figures(Told, QTableWidget):
    """A table without lines. both: a column for either side, headed; else the right one alone."""

    def __init__(self, name: str, *, both: bool, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        tell(self, name=name)
        self._rows: Sequence[Row] = ()
        self._heads: tuple[Text, Text] = (NOTHING, NOTHING)
        self._both, self.theme = both, DARK
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
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

    _tall = 0  # pixels of all rows

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
        across = self.horizontalHeader()
        head = across.height() if self._both and across is not None else 0
        return QSize(240, head + max(self._row, self._tall) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Figures have what they need, names what is left: they go on in a further line. So do
        figures and heads where all of it is less than both need.
        """
        figures, letters = (
            QFontMetricsF(face(fonts.SMALL)) for face in (fonts.figures, fonts.words)
        )
        room, names = self.width() - 4, round(self._widest(0, letters)) + GAP
        shown = (1, 2) if self._both else (2,)
        wide, needed = [0, 0, 0], [0, 0, 0]
        for column in shown:
            head = self.words(self._heads[column - 1]).split()
            word = max([letters.horizontalAdvance(w) for w in head], default=0.0)
            wide[column] = round(max(self._widest(column, figures) + GAP, word + HEAD_GAP))
            parts = [figures.horizontalAdvance(w) for w in self._parts(column)]
            needed[column] = round(max(max(parts, default=0.0) + GAP, word + HEAD_GAP))
        parts = [letters.horizontalAdvance(w) for w in self._parts(0)]
        least = max(round(max(parts, default=0.0)) + GAP, round(LEAST_NAMES * fonts.scale()))
        most = max(1, room - min(names, least))
        if (over := sum(wide) - most) > 0 and (spare := sum(wide) - sum(needed)):
            share = min(1.0, over / spare)
            wide = [w - math.ceil((w - n) * share) for w, n in zip(wide, needed, strict=True)]
        left = room - sum(wide) - names
        for column in reversed(shown):
            asks = letters.horizontalAdvance(self.words(self._heads[column - 1])) + HEAD_GAP
            more = max(0, min(round(asks) - wide[column], left))
            wide[column] += more
            left -= more
        wide[0] = max(40, room - sum(wide))
        for column, pixels in enumerate(wide):
            self.setColumnWidth(column, pixels)
        self._give_heights(wide)

    def _give_heights(self, wide: Sequence[int]) -> None:
        """As many lines as the longest text of a row, or of the heads, takes."""
        small = QFontMetrics(fonts.words(fonts.SMALL))
        faces = small, *[QFontMetrics(fonts.figures(fonts.SMALL))] * 2
        for line in range(self.rowCount()):
            cells = [(self.item(line, column), column) for column in range(3) if wide[column]]
            lines = [
                _lines(item.text(), faces[column], wide[column]) for item, column in cells if item
            ]
            self.setRowHeight(line, self._row + (max(lines, default=1) - 1) * small.height())
        most = 1
        for column in (1, 2):
            head = self.words(self._heads[column - 1])
            fits = small.horizontalAdvance(head) + HEAD_GAP <= wide[column] + 1
            broken = head if fits else head.replace(" ", "\n")
            if (item := self.horizontalHeaderItem(column)) is not None:
                item.setText(broken)
            most = max(most, broken.count("\n") + 1)
        if (across := self.horizontalHeader()) is not None:
            across.setFixedHeight(round(HEAD * fonts.scale()) + (most - 1) * small.height())
        self._tall = sum(self.rowHeight(line) for line in range(self.rowCount()))
        self.setFixedHeight(self.sizeHint().height())

    @property
    def _row(self) -> int:
        return round(ROW * fonts.scale())

    def _widest(self, column: int, metrics: QFontMetricsF) -> float:
        return max([metrics.horizontalAdvance(text) for text in self._texts(column)], default=0.0)

    def _parts(self, column: int) -> list[str]:
        """What is not parted where a line ends."""
        return [part for text in self._texts(column) for part in text.split(" ")]

    def _texts(self, column: int) -> list[str]:
        items = (self.item(line, column) for line in range(self.rowCount()))
        return [item.text() for item in items if item]


def _lines(text: str, metrics: QFontMetrics, width: int) -> int:
    """How many lines it takes in a cell."""
    room = QRect(0, 0, max(1, width - GAP + 4), 10_000)
    tall = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
    return max(1, round(tall / metrics.height()))


def _side(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
