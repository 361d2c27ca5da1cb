"""Verdicts as lines: who, a pill with the verdict, the reason beside it, or below it where long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from PyQt6.QtCore import QModelIndex, QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mmviz.bench.against import Outcome
from mmviz.state.clock.since import SinceRow
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept, paint_item
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.table import FLAT, Head, HeadedModel, set_heights
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme, backend_colour
from mmviz.ui.look.things import Thing
from mmviz.words.earlier import pill
from mmviz.words.speech import Words

ROW = 26
_NAME, _PILL, _REASON = range(3)
_DOT, _GAP, _INDENT = 8.0, 8.0, 16.0
_PADDING = 20  # of a pill around its words
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_OUTCOMES: tuple[Outcome, ...] = ("same", "faster", "slower", "ambiguous", "")
_Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class _Column:
    name: Text
    help: Text
    wordy: bool = True


_COLUMNS = (
    _Column(Text(N_("backend")), Text(N_("Who multiplies, and below it each layer of its pass"))),
    _Column(
        Text(N_("verdict")),
        Text(N_("This run beside the earlier one; nothing within the error")),
    ),
    _Column(Text(N_("why")), Text(N_("How far apart both are, and what explains it"))),
)


def ink(theme: Theme, outcome: Outcome) -> str:
    """What a verdict is written in: green only where `bench.against` calls it faster."""
    return {
        "faster": theme.agreed,
        "slower": theme.loss,
        "ambiguous": theme.now_text,
    }.get(outcome, theme.muted)


class VerdictModel(HeadedModel):
    """Rows as Qt wants them."""

    rows: tuple[SinceRow, ...] = ()

    @property
    def columns(self) -> Sequence[Head]:
        return _COLUMNS

    def show_rows(self, rows: tuple[SinceRow, ...], words: Words) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows, self.words = rows, words
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        row = self.rows[index.row()]
        cells = row.name, pill(row.outcome), row.reason
        match role:
            case _Role.DisplayRole:
                return self.words(cells[index.column()])
            case _Role.ToolTipRole:
                return as_tip(self.words(joined((row.name, row.tip), "lines")))
            case _Role.AccessibleTextRole:
                return self.words(joined(cells, "commas"))
        return None


class _Lines(QStyledItemDelegate):
    """Paints a cell."""

    theme: Theme = DARK
    below = 0.0
    """Pixels of width of the reasons below the rest; 0: they are beside it."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        paint_item(painter, option, index, lambda on: self._paint(on, option, index))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, ROW)

    def reason_height(self, text: str) -> int:
        """Pixels that a reason needs below the rest."""
        box = QRectF(0, 0, self.below, 1e4)
        metrics = QFontMetricsF(fonts.words(fonts.SMALL))
        return math.ceil(metrics.boundingRect(box, _WRAPPED, text).height()) if text else 0

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row = cast(VerdictModel, index.model()).rows[index.row()]
        area, text, theme = QRectF(option.rect), str(index.data()), self.theme
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selected))
        match index.column():
            case 0:
                self._paint_name(painter, _line(area), row, text)
            case 1:
                self._paint_pill(painter, _line(area), row.outcome, text)
            case _:
                write_in(painter, area, text, fonts.words(fonts.SMALL), theme.muted, LEFT)
        if self.below:
            self._paint_below(painter, area, str(index.siblingAtColumn(_REASON).data()))

    def _paint_below(self, painter: QPainter, area: QRectF, reason: str) -> None:
        """Across all cells of a row, by each of them its own share: it may be painted alone."""
        box = QRectF(_INDENT + 2, area.top() + ROW - 2, self.below, area.height() - ROW)
        with kept(painter):
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            painter.setFont(fonts.words(fonts.SMALL))
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(box, _WRAPPED, reason)

    def _paint_name(self, painter: QPainter, area: QRectF, row: SinceRow, text: str) -> None:
        colour = self.theme.muted if row.part else self.theme.text
        if not row.part:
            with kept(painter):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(backend_colour(self.theme, row.backend)))
                centre = QPointF(area.left() + _DOT / 2 + 1, area.center().y())
                painter.drawEllipse(centre, _DOT / 2, _DOT / 2)
        write_in(
            painter, area.adjusted(_INDENT + 2, 0, -_GAP, 0), text, fonts.words(), colour, LEFT
        )

    def _paint_pill(self, painter: QPainter, area: QRectF, outcome: Outcome, text: str) -> None:
        box = area.adjusted(0.5, 2.5, -_GAP - 0.5, -2.5)
        colour = QColor(ink(self.theme, outcome))
        with kept(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        write_in(painter, box, text, fonts.words(fonts.SMALL, bold=bool(outcome)), colour)


def _line(area: QRectF) -> QRectF:
    """The upper part of a row, without the reason below it."""
    return QRectF(area.left(), area.top(), area.width(), min(area.height(), ROW))


class VerdictTable(QTableView, Told):
    """entered: the index of a layer, of a line that was clicked twice or met Enter."""

    entered = pyqtSignal(int)
    part = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_, self._lines = VerdictModel(self), _Lines(self)
        self.setModel(self.model_)
        self.setItemDelegate(self._lines)
        tell(self, name=N_("Verdicts since the earlier run"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        across = set_heights(self, ROW, 20)
        across.setSectionsClickable(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(_REASON, QHeaderView.ResizeMode.Stretch)
        across.hide()
        self.doubleClicked.connect(lambda index: self._enter(index.row()))

    @property
    def rows(self) -> tuple[SinceRow, ...]:
        """What is shown."""
        return self.model_.rows

    def show_rows(self, rows: tuple[SinceRow, ...]) -> None:
        """Show these instead."""
        self.model_.show_rows(rows, self.words)
        self._fit()

    def say(self) -> None:
        self.show_rows(self.rows)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._lines.theme = theme
        self.setStyleSheet(
            "QTableView { background: transparent; border: 1px solid transparent; }"
            f"QTableView:focus {{ border: 1px solid {theme.now_text}; }}"
        )

    def _fit(self) -> None:
        """Names as wide as they are, at most two fifths; pills as wide as the widest of them; the
        reasons below, each whole, where one of them has no room beside: there the cells that paint
        them reach from edge to edge.
        """
        metrics, small = (
            QFontMetricsF(fonts.words()),
            QFontMetricsF(fonts.words(fonts.SMALL, bold=True)),
        )
        names = (metrics.horizontalAdvance(self.words(row.name)) for row in self.rows)
        wide = max(names, default=0.0) + _INDENT + 2 * _GAP
        pills = max(small.horizontalAdvance(self.words(pill(one))) for one in _OUTCOMES)
        name, pill_width = min(wide, max(90.0, 0.38 * self.width())), pills + _PADDING + _GAP
        view = self.viewport()
        room = 0 if view is None else view.width()
        beside = QFontMetricsF(fonts.words(fonts.SMALL))
        reasons = [self.words(row.reason) for row in self.rows]
        widest = max(map(beside.horizontalAdvance, reasons), default=0.0)
        below = widest + _GAP > room - name - pill_width
        self._lines.below = max(0.0, room - _INDENT - 2 - _GAP) if below else 0.0
        self.setColumnHidden(_REASON, below)
        self.setColumnWidth(_NAME, round(room - pill_width if below else name))
        self.setColumnWidth(_PILL, round(pill_width))
        for number, reason in enumerate(reasons):
            more = self._lines.reason_height(reason) + 2 if below and reason else 0
            if self.rowHeight(number) != ROW + more:
                self.setRowHeight(number, ROW + more)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """A drag selects nothing more than a click."""

    def _enter(self, row: int) -> None:
        layer = self.rows[row].layer if 0 <= row < len(self.rows) else None
        if layer is not None:
            self.entered.emit(layer)

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The line there."""
        return self._thing(self.indexAt(at.toPoint()).row())

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The current line."""
        index = self.currentIndex()
        thing = self._thing(index.row())
        return None if thing is None else (thing, self.visualRect(index).center())

    def _thing(self, row: int) -> Thing | None:
        if not 0 <= row < len(self.rows):
            return None
        found = self.rows[row]
        return Thing("row", found.name, pill(found.outcome), (found.name, found.tip))
