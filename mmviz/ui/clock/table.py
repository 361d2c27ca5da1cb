"""The table of a timing run: one row a backend and batch, figures in columns that stand still."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, cast

from PyQt6.QtCore import QModelIndex, QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mmviz.bench.results import Results
from mmviz.state.clock.rows import COLUMNS, IDS, NONE, UNKNOWN, TimingRow
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept, paint_item
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.table import FLAT, Head, HeadedModel, set_heights
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme, backend_colour
from mmviz.ui.look.things import Thing
from mmviz.units import plain
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import machine_line

# The widest text a column is expected to hold: widths depend on these alone, never on the figures
WIDEST = (
    *("NumPy · OpenBLAS", "65 536", "est. 99.9 min", "99.99 ms"),
    *("0.00999", "0.0099 %", "≈ 10 000", "float32", "9.9e-10"),
)
WIDEST_NAME = 190  # pixels; a longer one is cut, and its tip has all of it
BATCH, P50, P99, PEAK, RAN, ERROR = (
    IDS.index(name) for name in ("batch", "p50", "p99", "of peak", "ran in", "error")
)
ROW_HEIGHT, HEADER_HEIGHT = 20, 20
_DOT, _DOT_GAP, _CELL_GAP = 8.0, 8.0, 12.0

_Role = Qt.ItemDataRole
_SAYS_NOTHING = (NONE, UNKNOWN)


class TimingModel(HeadedModel):
    """Rows as Qt wants them; changes only what differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TimingRow, ...] = ()

    @property
    def columns(self) -> Sequence[Head]:
        return COLUMNS

    def set_words(self, words: Words) -> None:
        """Take another language on."""
        self.beginResetModel()
        self.words = words
        self.endResetModel()

    def show_rows(self, rows: Sequence[TimingRow]) -> None:
        """Replace all rows; the same number of them keeps scroll and selection."""
        rows = tuple(rows)
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        match role:
            case _Role.DisplayRole:
                return self.words(row.cells[column])
            case _Role.ToolTipRole:
                more = dict(row.tips).get(IDS[column], NOTHING)
                name = row.cells[0] if column == 0 else NOTHING
                return as_tip(self.words(joined((name, more, row.help), "lines")))
            case _Role.AccessibleTextRole:
                cell = Text("{column} {cell}", column=COLUMNS[column].name, cell=row.cells[column])
                return self.words(cell)
        return None


class _Cells(QStyledItemDelegate):
    """Paints a cell: names to the left behind a dot, figures to the right."""

    theme: Theme = DARK

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        paint_item(painter, option, index, lambda on: self._paint(on, option, index))

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        model = cast(TimingModel, index.model())
        row, text = model.rows[index.row()], index.data()
        cell = row.cells[index.column()]
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(self.theme.selected))
        painter.setPen(QColor(self.theme.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        pale = row.estimated and index.column() > BATCH
        colour = self.theme.muted if pale or cell in _SAYS_NOTHING else self.theme.text
        if IDS[index.column()] in row.odd:
            colour = self.theme.now_text
        if index.column() == 0:
            area = self._paint_dot(painter, area, backend_colour(self.theme, row.backend))
            write_in(painter, area, text, fonts.words(), colour, LEFT)
        else:
            write_in(painter, area, text, fonts.figures(), colour, RIGHT)

    def _paint_dot(self, painter: QPainter, area: QRectF, colour: str) -> QRectF:
        """Draw the dot; the area that is left for the name."""
        with kept(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            centre = QPointF(area.left() + _DOT / 2 + 1, area.center().y())
            painter.drawEllipse(centre, _DOT / 2, _DOT / 2)
        return area.adjusted(_DOT + _DOT_GAP, 0, 0, 0)


class TimingTable(QTableView, Told):
    """Shows rows; as high as they are, as wide as `needed_width` says. A click or Enter on one
    announces its backend and batch.
    """

    entered = pyqtSignal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results: Callable[[], Results | None] = lambda: None  # whose rows these are
        self._model = TimingModel(self)
        self._cells = _Cells(self)
        self.setModel(self._model)
        self.setItemDelegate(self._cells)
        tell(self, name=N_("Timing results"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
        self.setTabKeyNavigation(False)
        self.clicked.connect(lambda index: self._enter(index))
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_up_heads()
        self.set_theme(DARK)
        self.show_rows(())

    def _set_up_heads(self) -> None:
        across = set_heights(self, ROW_HEIGHT, HEADER_HEIGHT)
        across.setSectionsClickable(False)
        across.setMinimumSectionSize(20)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        across.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_rows(self, rows: Sequence[TimingRow]) -> None:
        """Show these rows instead."""
        self._model.show_rows(rows)
        self.setFixedHeight(HEADER_HEIGHT + ROW_HEIGHT * len(rows) + 1)
        self.updateGeometry()

    @property
    def rows(self) -> tuple[TimingRow, ...]:
        """What is shown."""
        return self._model.rows

    def text(self, row: int, column: str) -> str:
        """What a cell shows; `column` is the id of one of COLUMNS."""
        return self.words(self._model.rows[row].cells[IDS.index(column)])

    part = "timing"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The cell there, with its row."""
        index = self.indexAt(at.toPoint())
        if not index.isValid():
            return None
        row = self._model.rows[index.row()]
        cells = row.cells
        return Thing("row", cells[0], cells[index.column()], cells, also=self._also(row))

    def _also(self, row: TimingRow) -> tuple[tuple[Text, Callable[[], str]], ...]:
        """Its samples, a line each, in seconds; its machine."""
        results = self.results()
        runs = () if results is None else results.runs
        run = next((r for r in runs if (r.backend, r.batch) == (row.backend, row.batch)), None)
        if results is None or run is None:
            return ()
        count = P_("Copy its {n:group} sample", "Copy its {n:group} samples")
        samples = run.samples_s
        machine = machine_line(results.machine)
        return (
            (Text(count, n=len(samples)), lambda: "\n".join(map(repr, samples))),
            (Text(N_("Copy its machine")), lambda: plain(self.words(machine))),
        )

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The row the keys stand at."""
        index = self.currentIndex()
        at = self.visualRect(index).center()
        thing = self.thing_at(QPointF(at)) if index.isValid() else None
        return None if thing is None else (thing, at)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, 0))

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())

    def _enter(self, index: QModelIndex) -> None:
        if index.isValid():
            row = self._model.rows[index.row()]
            self.entered.emit(row.backend, row.batch)
        if not self.hasFocus():
            self.clearSelection()

    def say(self) -> None:
        """Heads and cells in the language there is now."""
        self._model.set_words(self.words)

    def fit(self, width: int, most: int, *, several_batches: bool, running: bool = False) -> int:
        """Show as many columns as `width` pixels hold, rather more than few; the pixels they need.

        What no row has a value for is left out, but while a run is on, when it may still come.

        The batch goes first where there is only one, and the error, which is also told in words, as
        an odd precision is; p99 and the share of the peak only make room for several batches, or
        where even `most` pixels do not suffice.
        """
        widths = column_widths(self.words, self.rows)
        hidden = set() if running else self._valueless()
        first = (ERROR, RAN, P99) if several_batches else (BATCH, ERROR, RAN)
        more = ((PEAK, most), (P99, most))
        for column, room in (*((column, width) for column in first), *more):
            if sum(w for i, w in enumerate(widths) if i not in hidden) > room:
                hidden.add(column)
        for column in range(len(COLUMNS)):
            self.setColumnHidden(column, column in hidden)
            if column > 0:
                self.setColumnWidth(column, widths[column])
        needed = sum(w for i, w in enumerate(widths) if i not in hidden)
        self.setFixedWidth(needed)
        return needed

    def _valueless(self) -> set[int]:
        """Columns that say nothing in any row; never the name and the median."""
        return {
            column
            for column in range(len(COLUMNS))
            if self.rows
            and column not in (0, P50)
            and all(row.cells[column] in _SAYS_NOTHING for row in self.rows)
        }

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._cells.theme = theme
        self.setStyleSheet(
            "QTableView { background: transparent; border: none; }"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted};"
            f" border: none; border-bottom: 1px solid {theme.line}; padding: 0; }}"
            "QHeaderView { background: transparent; }"
        )
        view = self.viewport()
        if view is not None:
            view.update()


def column_widths(words: Words = ENGLISH, rows: Sequence[TimingRow] = ()) -> list[int]:
    """Pixels each column takes in the faces of this machine; of the two that hold words, what the
    rows need.
    """
    names, small = QFontMetricsF(fonts.words()), QFontMetricsF(fonts.words(fonts.SMALL))
    figures = QFontMetricsF(fonts.figures())
    called = (words(row.cells[0]) for row in rows)
    widest = max(map(names.horizontalAdvance, (WIDEST[0], *called)))
    widths = [min(widest, WIDEST_NAME * fonts.scale()) + _DOT + _DOT_GAP + 2]
    for column in range(1, len(COLUMNS)):
        held = [WIDEST[column]]
        if column == RAN:
            held += [words(row.cells[RAN]) for row in rows]
        text = max(map(figures.horizontalAdvance, held))
        head = small.horizontalAdvance(words(COLUMNS[column].name))
        widths.append(max(text, head) + _CELL_GAP)
    return [math.ceil(width) for width in widths]
