"""LESSONS: what there is to learn, how far each is; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PyQt6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.lessons.listed import ListedView, Row
from mmviz.text import N_, Text, joined, own
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_item
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.table import FLAT
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked, quiet
from mmviz.words.lessons import say
from mmviz.words.speech import ENGLISH, Words

ROW = 30  # pixels of height, in ordinary type
DOT = 9.0
_Role = Qt.ItemDataRole


class LessonsModel(QAbstractListModel):
    """A lesson a row."""

    words: Words = ENGLISH
    rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row], words: Words) -> None:
        """Replace all of them."""
        self.beginResetModel()
        self.rows, self.words = rows, words
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = FLAT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        row = self.rows[index.row()]
        match role:
            case _Role.DisplayRole:
                return say(row.title, self.words)
            case _Role.ToolTipRole:
                return as_tip(self.words(self._told(row)))
            case _Role.AccessibleTextRole:
                state = Text(N_("{done:group} of {n:group} steps"), done=row.done, n=row.steps)
                return self.words(joined((own(say(row.title, self.words)), state), "commas"))
        return None

    def _told(self, row: Row) -> Text:
        about = Text(
            N_("{done:group} of {n:group} steps · about {minutes:group} minutes"),
            done=row.done,
            n=row.steps,
            minutes=row.minutes,
        )
        parts = (own(say(row.idea, self.words)), own(say(row.title, self.words)), about)
        return joined(parts, "lines")


class _Rows(QStyledItemDelegate):
    """A dot that fills as the lesson is walked, and its name."""

    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """A line higher where the name has no room on one."""
        high = round(ROW * fonts.scale())
        model = cast(LessonsModel, index.model())
        row, view = model.rows[index.row()], option.widget
        port = view.viewport() if isinstance(view, QListView) else None
        if port is not None:
            metrics = QFontMetricsF(fonts.words(bold=row.on))
            room = port.width() - round(24 * fonts.scale()) - 8
            if metrics.horizontalAdvance(say(row.title, model.words)) > room:
                high += round(metrics.lineSpacing())
        return QSize(120, high)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        paint_item(painter, option, index, lambda on: self._paint(on, option, index))

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        model = cast(LessonsModel, index.model())
        row, theme, box = model.rows[index.row()], self.theme, option.rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.on or option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selected))
            painter.drawRoundedRect(box.adjusted(0, 1, -2, -1), 5, 5)
        size = round(DOT * fonts.scale())
        dot = QRect(box.x() + 8, round(box.center().y() - size / 2 + 1), size, size)
        colour = theme.now if row.on else theme.agreed if row.whole else theme.edge
        painter.setPen(QPen(QColor(colour), 1.4))
        painter.setBrush(QColor(colour) if row.on or row.whole else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        if row.begun and not row.on:  # a part of it is done
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.agreed))
            painter.drawPie(dot, 90 * 16, -round(360 * 16 * row.done / row.steps))
        room = QRectF(box.adjusted(round(24 * fonts.scale()), 0, -8, 0))
        ink = theme.text if row.on or row.done else theme.muted
        title, font = say(row.title, model.words), fonts.words(bold=row.on)
        if QFontMetricsF(font).horizontalAdvance(title) <= room.width():
            write_in(painter, room, title, font, ink, LEFT)
            return
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(room, LEFT | Qt.TextFlag.TextWordWrap, title)


class LessonsPanel(Told, QWidget):
    """Shows its view; opens nothing itself. asked: the id of a lesson; forget_asked: what was
    guessed is to be deleted; export_asked: it is to be written as a table.
    """

    asked = pyqtSignal(str)
    forget_asked = pyqtSignal()
    export_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = ListedView()
        self.model = LessonsModel(self)
        self._rows = _Rows(self)
        self.list = tell(QListView(), name=N_("Lessons"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._rows)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)  # rows grow where it is narrow
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self.asked.emit(self.model.rows[index.row()].id))
        self.list.activated.connect(lambda index: self.asked.emit(self.model.rows[index.row()].id))
        self.said, self.problem = cut_short(), cut_short()
        self.export = quiet(
            N_("Export …"), N_("Guesses and results as a table, CSV; no name is in it"), small=True
        )
        self.forget = quiet(
            N_("Forget …"), N_("Delete what was guessed and how far each lesson is"), small=True
        )
        self.export.clicked.connect(lambda: self.export_asked.emit())
        self.forget.clicked.connect(lambda: self.forget_asked.emit())
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addStretch(1)
        foot.addWidget(self.export)
        foot.addWidget(self.forget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 4, 10, 8)
        whole.setSpacing(6)
        whole.addWidget(self.list, 1)
        whole.addWidget(self.problem)
        whole.addWidget(self.said)
        whole.addLayout(foot)
        self.say()

    def show_view(self, view: ListedView) -> None:
        """Show these instead."""
        self._view = view
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._rows.theme = theme
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        inked(self.problem, theme.loss)
        self.list.scheduleDelayedItemsLayout()

    def say(self) -> None:
        view = self._view
        if (view.rows, self.words) != (self.model.rows, self.model.words):
            on = next((place for place, row in enumerate(view.rows) if row.on), -1)
            was = next((row.id for row in self.model.rows if row.on), "")
            kept = self.list.currentIndex().row()
            if on >= 0 and view.rows[on].id != was:
                kept = on  # one highlight, not two
            self.model.show_rows(view.rows, self.words)
            if 0 <= kept < len(view.rows):
                self.list.setCurrentIndex(self.model.index(kept))
        self.said.show_text(self.words(view.said))
        self.problem.show_text(self.words(joined(view.problems, "semicolons")))
        self.problem.setVisible(bool(view.problems))
        self.forget.setEnabled(view.kept)
        self.export.setEnabled(view.kept)
