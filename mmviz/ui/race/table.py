"""The table of differences: figures of left and right one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from mmviz.state.race.table import RaceRow
from mmviz.text import N_, Text, joined, own
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing
from mmviz.words.race import SIDES, side

LINES = (N_("left"), N_("right"), N_("left : right"), N_("better"), N_("source"))
ROW, HEADER = 21, 24


class RaceTable(Told, QTableWidget):
    """A column a row of the state's table, so that what is compared stands one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(len(LINES), 0, parent)
        self._rows: Sequence[RaceRow] = ()
        tell(self, name=N_("Differences between left and right"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)  # Tab leads on; a table would keep it
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fit(low=False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            if header is not None:
                header.setSectionsClickable(False)
                header.setHighlightSections(False)
                header.setFont(fonts.words(fonts.SMALL))
                header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._set_up_headers()
        self.theme: Theme = DARK
        self.say()

    def fit(self, *, low: bool) -> None:
        """In a low window the tool tips alone say where figures come from."""
        self.setRowHidden(len(LINES) - 1, low)
        self.setFixedHeight(HEADER + ROW * (len(LINES) - low) + 2)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setStyleSheet(
            "QTableView { background: transparent; border: none; }"
            f"QTableView:focus {{ border: 1px solid {theme.now_text}; }}"
            "QTableView QTableCornerButton::section { background: transparent; border: none; }"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted};"
            " border: none; padding: 0 6px 0 0; }"
            f"QHeaderView::section:horizontal {{ border-bottom: 1px solid {theme.line}; }}"
            "QHeaderView { background: transparent; }"
        )
        self.say()

    def show_view(self, rows: Sequence[RaceRow]) -> None:
        """Follow the race."""
        self._rows = rows
        self.say()

    def say(self) -> None:
        self.setVerticalHeaderLabels([self.words(Text(line)) for line in LINES])
        self.setColumnCount(len(self._rows))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, row in enumerate(self._rows):
            lines = Text("{label}: {tip}", label=row.label, tip=row.tip), row.source
            tip = self.words(joined(lines, "lines"))
            head = QTableWidgetItem(self.words(row.label))
            head.setToolTip(as_tip(tip))
            head.setTextAlignment(right)
            self.setHorizontalHeaderItem(column, head)
            better = side(row.better) if row.better else row.why_none
            for line, text in enumerate((row.left, row.right, row.ratio, better, row.source)):
                item = QTableWidgetItem(self.words(text))
                of = SIDES[line] if line < len(SIDES) else ""
                best = bool(row.better) and (of == row.better or text is better)
                item.setFont(fonts.figures(fonts.SMALL, bold=best))
                colour = self.theme.text if of else self.theme.muted
                item.setForeground(QColor(self.theme.agreed if best else colour))
                item.setTextAlignment(right)
                item.setToolTip(as_tip(tip))
                self.setItem(line, column, item)

    part = ""

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The figure there, and what stands below the same head."""
        item = self.itemAt(at.toPoint())
        return None if item is None else self._thing(item.row(), item.column())

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The figure the keys stand at, else the first."""
        if not self._rows:
            return None
        line, column = max(self.currentRow(), 0), max(self.currentColumn(), 0)
        item = self.item(line, column)
        if item is None:
            return None
        return self._thing(line, column), self.visualItemRect(item).center()

    def _thing(self, line: int, column: int) -> Thing:
        row = self._rows[column]
        cells = [self.item(i, column) for i in range(len(LINES))]
        said = tuple(own("" if cell is None else cell.text()) for cell in cells)
        return Thing("row", row.label, said[line], (row.label, *said))

    def _set_up_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        assert across is not None  # a table has both
        assert down is not None
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(20)
        across.setFixedHeight(HEADER)
        across.setTextElideMode(Qt.TextElideMode.ElideRight)  # its tool tip has all of it
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(ROW)
        down.setDefaultSectionSize(ROW)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
