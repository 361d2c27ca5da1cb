"""The window of the history of runs: a line a run, opened, compared, exported, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mmviz.files.journal import KeptRun
from mmviz.state.clock.history import COLUMNS, HistoryRow
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.first_size import first_size
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.table import FLAT, Head, HeadedModel, set_heights
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import cut_short, inked
from mmviz.words.speech import Words

ROW, HEAD = 24, 24
_ROOM = 18  # pixels of a cell around its words
_SHARES = (0.16, 0.30, 0.27)  # of the width, at most, of all but the last column
_Role = Qt.ItemDataRole
EMPTY = Text(N_("No run is kept yet: each run is kept while it is measured"))


class HistoryModel(HeadedModel):
    """Rows as Qt wants them; the same number of them keeps what is selected."""

    rows: tuple[HistoryRow, ...] = ()

    @property
    def columns(self) -> Sequence[Head]:
        return COLUMNS

    def show_rows(self, rows: tuple[HistoryRow, ...], words: Words) -> None:
        """Replace all rows."""
        same = [row.kept for row in rows] == [row.kept for row in self.rows]
        self.words = words
        if not same:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        row = self.rows[index.row()]
        match role:
            case _Role.DisplayRole:
                return self.words(row.cells[index.column()])
            case _Role.ToolTipRole:
                return as_tip(self.words(joined((row.cells[index.column()], row.tip), "lines")))
            case _Role.AccessibleTextRole:
                return self.words(joined(row.cells, "commas"))
        return None


class HistoryWindow(Told, QDialog):
    """Stands beside the window; knows no file. Its signals carry the runs that are meant.

    compare_asked: the earlier one and the later one, of the same pass.
    """

    open_asked = pyqtSignal(object)
    compare_asked = pyqtSignal(object, object)
    export_asked = pyqtSignal(object)
    delete_asked = pyqtSignal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, title=N_("History of runs"))
        self.setModal(False)
        self.model = HistoryModel(self)
        self.table = tell(QTableView(), name=N_("Runs that are kept on this computer"))
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        across = set_heights(self.table, ROW, HEAD)
        across.setSectionsClickable(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.doubleClicked.connect(lambda _: self._open())
        selection = self.table.selectionModel()
        assert selection is not None
        selection.selectionChanged.connect(lambda *_: self._enable())
        self.model.modelReset.connect(self._enable)
        self.said = cut_short()
        self._about = NOTHING
        self.open_button = self._button(N_("Open"), N_("Look at this run in the window"))
        self.compare_button = self._button(
            N_("Compare"), N_("Two runs of the same pass: the later held against the earlier")
        )
        self.export_button = self._button(N_("Export …"), N_("All samples, as CSV or JSON"))
        self.delete_button = self._button(
            N_("Delete …"), N_("The files of these runs, for good; you are asked before")
        )
        for button, work in (
            (self.open_button, self._open),
            (self.compare_button, self._compare),
            (self.export_button, lambda: self.export_asked.emit(self.selected[0])),
            (self.delete_button, lambda: self.delete_asked.emit(self.selected)),
        ):
            button.clicked.connect(lambda _=False, work=work: work())
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        for button in self.buttons:
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        wanted = QSize(980, 460) * fonts.scale()
        screen = self.screen()
        self.resize(wanted if screen is None else first_size(wanted, screen.availableSize()))
        self.set_theme(theme)
        self._enable()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = tell(QPushButton(), text=text, tip=tip)
        button.setAutoDefault(False)
        return button

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        return self.open_button, self.compare_button, self.export_button, self.delete_button

    @property
    def selected(self) -> tuple[KeptRun, ...]:
        """The runs that are picked out, the last one first."""
        return tuple(self.model.rows[number].kept for number in self._numbers())

    def _numbers(self) -> list[int]:
        selection = self.table.selectionModel()
        found = [] if selection is None else selection.selectedRows()
        return sorted(index.row() for index in found)

    def show_rows(self, rows: tuple[HistoryRow, ...], about: Text = NOTHING) -> None:
        """Show these instead; about: what goes on, NOTHING where nothing does."""
        self._about = about
        self.model.show_rows(rows, self.words)
        self._fit()
        self._enable()

    def say(self) -> None:
        self.model.show_rows(self.model.rows, self.words)
        self._fit()
        self._enable()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.table.setStyleSheet(
            "QTableView { background: transparent; border: 1px solid transparent;"
            f" selection-background-color: {theme.selected}; selection-color: {theme.text}; }}"
            f"QTableView:focus {{ border: 1px solid {theme.now_text}; }}"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted};"
            f" border: none; border-bottom: 1px solid {theme.line}; padding: 0 4px; }}"
            "QHeaderView { background: transparent; }"
        )
        inked(self.said, theme.muted)

    def _enable(self) -> None:
        """What can be done with what is picked out, and how much that is."""
        numbers = self._numbers()
        pair = len(numbers) == 2 and len({self.model.rows[n].key for n in numbers}) == 1
        self.open_button.setEnabled(len(numbers) == 1)
        self.compare_button.setEnabled(pair)
        self.export_button.setEnabled(len(numbers) == 1)
        self.delete_button.setEnabled(bool(numbers))
        self.said.show_text(self.words(self._said(numbers)))

    def _said(self, numbers: Sequence[int]) -> Text:
        if self._about:
            return self._about
        if not self.model.rows:
            return EMPTY
        if len(numbers) == 2 and not self.compare_button.isEnabled():
            return Text(N_("these two are not of the same pass: they cannot be compared"))
        count = P_("{n:group} run is kept", "{n:group} runs are kept")
        told = Text(count, n=len(self.model.rows))
        return joined((told, Text(N_("pick out two to compare them"))), "semicolons")

    def _open(self) -> None:
        if len(self.selected) == 1:
            self.open_asked.emit(self.selected[0])

    def _compare(self) -> None:
        later, earlier = self.selected
        self.compare_asked.emit(earlier, later)

    def _fit(self) -> None:
        """Columns as wide as their words, at most their share."""
        view = self.table.viewport()
        width = self.table.width() if view is None else view.width()
        metrics = QFontMetricsF(self.table.font())
        for column, share in enumerate(_SHARES):
            texts = [self.words(row.cells[column]) for row in self.model.rows]
            wide = max(map(metrics.horizontalAdvance, texts), default=0.0) + _ROOM
            self.table.setColumnWidth(column, round(min(max(wide, 60.0), share * width)))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Enter opens, Delete asks; Escape closes, as in every dialog."""
        key = None if event is None else event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.table.hasFocus():
            self._open()
        elif key == Qt.Key.Key_Delete and self.selected:
            self.delete_asked.emit(self.selected)
        else:
            super().keyPressEvent(event)
