"""A list of rows for Qt: what the layers and the cards of the strip have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex

from mmviz.words.speech import ENGLISH, Words

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")


class RowsModel(QAbstractListModel, Generic[R]):
    """Rows as the view has them, said in `words`; subclasses say what a role of a row is."""

    rows: tuple[R, ...] = ()
    words: Words = ENGLISH

    def show(self, rows: tuple[R, ...], words: Words) -> None:
        """Replace the rows and the language they are said in."""
        same = len(rows) == len(self.rows)
        if not same:
            self.beginResetModel()
        self.rows, self.words = rows, words
        if same:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)
