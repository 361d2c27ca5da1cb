"""The finder of Ctrl+F: a field over the window, and below it what has in it what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from PyQt6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mmviz.text import N_, Text
from mmviz.ui.help.findable import Findable, Line, found, said
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_item
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import muted
from mmviz.words.speech import ENGLISH, Words

Index = QModelIndex | QPersistentModelIndex
ROW, SEEN = 30, 9  # pixels of a line in ordinary type; lines seen at once
WIDTH, TOP = 520, 56  # pixels in ordinary type; from the top of the window
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class _Lines(QAbstractListModel):
    """What was found; the display role is what a screen reader says."""

    lines: Sequence[Line] = ()
    words: Words = ENGLISH

    def show(self, lines: Sequence[Line], words: Words) -> None:
        self.beginResetModel()
        self.lines, self.words = lines, words
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        line = self.lines[index.row()]
        more = self.words(line.of.more)
        return " · ".join(part for part in (line.title, more, line.kind) if part)


class _Row(QStyledItemDelegate):
    """Paints a line: its title, what is beside it, and muted at the right what it is."""

    theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(ROW * fonts.scale()))

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: Index) -> None:
        paint_item(painter, option, index, lambda on: self._paint(on, option, index))

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, theme = cast(_Lines, index.model()), self.theme
        line = model.lines[index.row()]
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.highlight())
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 4, 4)
        box.adjust(10, 0, -10, 0)
        small = fonts.words(fonts.SMALL)
        write_in(painter, box, line.kind, small, theme.muted, RIGHT)
        box.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(line.kind) - 14, 0)
        write_in(painter, box, line.title, fonts.words(), theme.text, LEFT)
        box.adjust(painter.fontMetrics().horizontalAdvance(line.title) + 12, 0, 0, 0)
        if box.width() > 40:
            write_in(painter, box, model.words(line.of.more), small, theme.muted, LEFT)


class Finder(Told, QFrame):
    """Lies over `window`; findables: what there is now, asked for at each opening.

    Enter goes to the chosen line, Esc and a click elsewhere close it. closed: it gives the keys
    back.
    """

    closed = pyqtSignal()

    def __init__(self, window: QWidget, findables: Callable[[], Iterable[Findable]]) -> None:
        super().__init__(window)
        self.setObjectName("finder")
        self._findables = findables
        self._all: list[Line] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.field = tell(
            QLineEdit(), hint=N_("Find a layer, a product, a word, a command"), name=N_("Find")
        )
        self.field.textChanged.connect(lambda _: self._search())
        self.field.installEventFilter(self)
        column.addWidget(self.field)
        self._model, self._row = _Lines(self), _Row(self)
        self.list = tell(QListView(), name=N_("What was found"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(self._row)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field has the keys
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._go)
        column.addWidget(self.list)
        self.nothing = muted(Text(N_("nothing here is called that")))
        column.addWidget(self.nothing)
        window.installEventFilter(self)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._row.theme = theme
        self.list.update()

    def say(self) -> None:
        if self.isVisible():
            self._all = said(self._findables(), self.words)
            self._search()

    def open(self) -> None:
        """Come up over the window, empty, with the keys."""
        self._all = said(self._findables(), self.words)
        self.field.clear()
        self._search()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_up(self) -> bool:
        """Go away; whether it was there."""
        was = self.isVisible()
        if was:
            self.hide()
            self.closed.emit()
        return was

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None:
            return False
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        elif watched is self.field and event.type() == QEvent.Type.FocusOut:
            active = QApplication.activePopupWidget() is None  # its own menu may be open
            if active and cast(QWidget, self.parent()).isActiveWindow():
                self.hide()
        elif watched is self.field and event.type() == QEvent.Type.KeyPress:
            return isinstance(event, QKeyEvent) and self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """Whether a key is the list's and not the field's."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close_up()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.list.currentIndex())
        elif key in _STEPS:
            last = len(self._model.lines) - 1
            row = min(max(self.list.currentIndex().row() + _STEPS[key], 0), last)
            self.list.setCurrentIndex(self._model.index(row))
        else:
            return False
        return True

    def _search(self) -> None:
        lines = found(self._all, self.field.text())
        self._model.show(lines, self.words)
        self.list.setCurrentIndex(self._model.index(0))
        self.list.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        row = round(ROW * fonts.scale())
        self.list.setFixedHeight(row * min(len(lines), SEEN) + 2)  # and its edge
        self._place()

    def _go(self, index: QModelIndex) -> None:
        if index.isValid():
            line = self._model.lines[index.row()]
            self.close_up()
            line.of.go()

    def _place(self) -> None:
        window = cast(QWidget, self.parent())
        width = min(round(WIDTH * fonts.scale()), window.width() - 32)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((window.width() - width) // 2, round(TOP * fonts.scale()))
