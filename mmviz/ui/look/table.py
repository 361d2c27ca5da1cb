"""What the tables of the window share: heads that speak, rows of one height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt6.QtWidgets import QHeaderView, QTableView

from mmviz.text import Text
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_tip
from mmviz.words.speech import ENGLISH, Words

FLAT = QModelIndex()
_Role = Qt.ItemDataRole


class Head(Protocol):
    """A column: what stands over it, its tool tip, and whether its cells are words, not figures."""

    @property
    def name(self) -> Text: ...
    @property
    def help(self) -> Text: ...
    @property
    def wordy(self) -> bool: ...


class HeadedModel(QAbstractTableModel):
    """A table whose columns have heads; `words` says them."""

    words: Words = ENGLISH

    @property
    def columns(self) -> Sequence[Head]:
        """From left to right."""
        raise NotImplementedError

    def columnCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        match role:
            case _Role.DisplayRole:
                return self.words(column.name)
            case _Role.ToolTipRole:
                return as_tip(self.words(column.help))
            case _Role.TextAlignmentRole:
                return side(column)
        return None


def side(column: Head) -> Qt.AlignmentFlag:
    """Words to the left, figures to the right."""
    across = Qt.AlignmentFlag.AlignLeft if column.wordy else Qt.AlignmentFlag.AlignRight
    return across | Qt.AlignmentFlag.AlignVCenter


def set_heights(table: QTableView, row: int, head: int) -> QHeaderView:
    """Rows and heads of so many pixels, without a head beside each row; the heads above."""
    down, across = table.verticalHeader(), table.horizontalHeader()
    assert down is not None
    assert across is not None  # a table has both; Qt's types do not know
    down.hide()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    down.setMinimumSectionSize(row)
    down.setDefaultSectionSize(row)
    across.setFixedHeight(head)
    across.setHighlightSections(False)
    across.setFont(fonts.words(fonts.SMALL))
    return across
