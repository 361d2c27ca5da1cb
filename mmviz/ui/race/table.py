"""The table of differences: figures of left and right one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from mmviz.state.race.table import SIDES, Row
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme

LINES = ("left", "right", "left : right", "better", "source")
ROW, HEADER = 21, 24


class RaceTable(QTableWidget):
    """A column a row of the state's table, so that what is compared stands one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(len(LINES), 0, parent)
        self._rows: Sequence[Row] = ()
        self.setVerticalHeaderLabels(list(LINES))
        self.setAccessibleName("Differences between left and right")
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(HEADER + ROW * len(LINES) + 2)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            if header is not None:
                header.setSectionsClickable(False)
                header.setHighlightSections(False)
                header.setFont(fonts.words(fonts.SMALL))
                header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._set_up_headers()
        self.theme: Theme = DARK

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
        self.show_rows(self._rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Follow the race."""
        self._rows = rows
        self.setColumnCount(len(rows))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, row in enumerate(rows):
            head = QTableWidgetItem(row.label)
            head.setToolTip(f"{row.label}: {row.tip}")
            head.setTextAlignment(right)
            self.setHorizontalHeaderItem(column, head)
            texts = (row.left, row.right, row.ratio, row.better, row.source)
            for line, (name, text) in enumerate(zip(LINES, texts, strict=True)):
                item = QTableWidgetItem(text)
                best = name == row.better or (name == "better" and text in SIDES)
                item.setFont(fonts.figures(fonts.SMALL, bold=best))
                item.setForeground(QColor(self._colour(name, best)))
                item.setTextAlignment(right)
                item.setToolTip(f"{row.label}: {row.tip}")
                self.setItem(line, column, item)

    def _colour(self, name: str, best: bool) -> str:
        if best:
            return self.theme.agreed
        return self.theme.text if name in SIDES else self.theme.muted

    def _set_up_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        if across is None or down is None:  # a table has both; Qt's types do not know
            raise RuntimeError("a table without headers")
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(20)
        across.setFixedHeight(HEADER)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(ROW)
        down.setDefaultSectionSize(ROW)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
