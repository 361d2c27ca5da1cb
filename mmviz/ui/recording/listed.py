"""RECORDINGS: those of this window, those on disk, those that came with mmviz."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.recording.listed import Entry, ListView
from mmviz.text import N_, joined
from mmviz.ui.clock.hint import Hint
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.table import FLAT, set_heights
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import ENGLISH, Words

ROW = 40  # two lines
SIGN = 20  # pixels of the column that says which one is shown
SHOWN, AGAINST = "●", "◐"
WITH_MODEL = N_("Against the model")
WITH_THIS = N_("Compare with it")
_Role = Qt.ItemDataRole


class EntriesModel(QAbstractTableModel):
    """A sign; a name, and below it what is known."""

    words: Words = ENGLISH
    entries: Sequence[Entry] = ()

    def show_entries(self, entries: Sequence[Entry], words: Words) -> None:
        """Replace all; as many of them keep what is picked out."""
        same = len(entries) == len(self.entries)
        if not same:
            self.beginResetModel()
        self.entries, self.words = entries, words
        if not same:
            self.endResetModel()
        elif entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(entries) - 1, 1))

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else 2

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        entry, column = self.entries[index.row()], index.column()
        match role:
            case _Role.DisplayRole:
                sign = SHOWN if entry.shown else AGAINST if entry.against else ""
                return (sign, self.words(joined((entry.name, entry.detail), "lines")))[column]
            case _Role.ToolTipRole:
                return as_tip(self.words(joined((entry.tip, entry.name, entry.detail), "lines")))
            case _Role.AccessibleTextRole:
                return self.words(joined((entry.name, entry.detail), "commas"))
        return None


class ListPanel(Told, QWidget):
    """Shows its view; knows no file. Its signals carry the `Entry` that is meant.

    show_asked: look at it; against_asked: hold what is shown against it, None: against the model;
    save_asked: into a file of the user's.
    """

    show_asked = pyqtSignal(object)
    against_asked = pyqtSignal(object)
    save_asked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = ListView()
        self.hint, self.model = Hint(), EntriesModel(self)
        self.table = tell(QTableView(), name=N_("Recordings at hand"))
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)  # each of the two lines is cut where it has no room
        self.table.setFont(fonts.words(fonts.SMALL))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        across = self._heights()
        across.setMinimumSectionSize(SIGN)
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        across.resizeSection(0, SIGN)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        across.hide()
        self.table.doubleClicked.connect(lambda _: self._ask(self.show_asked))
        selection = self.table.selectionModel()
        assert selection is not None
        selection.selectionChanged.connect(lambda *_: self._enable())
        self.model.modelReset.connect(self._enable)
        self.show_button = self._button(N_("Show"), N_("Look at this recording (Enter)"))
        self.against_button = self._button(
            WITH_THIS, N_("Hold what is shown against this recording, or against its model again")
        )
        self.save_button = self._button(
            N_("Save …"), N_("Write it to a file: NPZ, or Chrome trace for other tools")
        )
        self.show_button.clicked.connect(lambda: self._ask(self.show_asked))
        self.against_button.clicked.connect(self._against)
        self.save_button.clicked.connect(lambda: self._ask(self.save_asked))
        foot = QHBoxLayout()
        foot.setSpacing(6)
        for button in (self.show_button, self.against_button, self.save_button):
            foot.addWidget(button)
        foot.addStretch(1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 12, 8)
        whole.addWidget(self._pages)
        self._enable()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = tell(QPushButton(), text=text, tip=tip)
        button.setAutoDefault(False)
        button.setFont(fonts.words(fonts.SMALL))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def picked(self) -> Entry | None:
        """The line that is picked out."""
        selection = self.table.selectionModel()
        rows = [] if selection is None else selection.selectedRows()
        return self.model.entries[rows[0].row()] if rows else None

    def show_view(self, view: ListView) -> None:
        """Show this instead."""
        self._view = view
        self.hint.show_hint(view.why, view.offers)
        self._pages.setCurrentIndex(0 if view.why else 1)
        self.say()

    def _heights(self) -> QHeaderView:
        return set_heights(self.table, round(ROW * fonts.scale()), 0)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on, and type of another size."""
        self._heights()
        self.setStyleSheet(
            f"#panel {{ background: {theme.panel}; }}"
            "QTableView { background: transparent; border: 1px solid transparent;"
            f" selection-background-color: {theme.selected}; selection-color: {theme.text}; }}"
            f"QTableView:focus {{ border: 1px solid {theme.now_text}; }}"
        )
        self.hint.set_theme(theme)

    def say(self) -> None:
        self.model.show_entries(self._view.entries, self.words)
        self._enable()

    def _enable(self) -> None:
        """What can be done with the line that is picked out."""
        picked = self.picked
        self.show_button.setEnabled(picked is not None and not picked.shown)
        self.save_button.setEnabled(picked is not None)
        back = not self._view.modelled and (picked is None or picked.against or picked.shown)
        tell(self.against_button, self.words, text=WITH_MODEL if back else WITH_THIS)
        self.against_button.setEnabled(back or (picked is not None and not picked.shown))

    def _ask(self, signal: Any) -> None:
        if self.picked is not None:
            signal.emit(self.picked)

    def _against(self) -> None:
        picked = self.picked
        back = not self._view.modelled and (picked is None or picked.against or picked.shown)
        self.against_asked.emit(None if back else picked)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Enter shows."""
        key = None if event is None else event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.table.hasFocus():
            self._ask(self.show_asked)
        else:
            super().keyPressEvent(event)
