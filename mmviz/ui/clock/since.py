"""SINCE LAST RUN: the verdict between two runs, backend by backend."""

from __future__ import annotations

import time

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from mmviz.state.clock.since import SinceView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.clock.hint import Hint
from mmviz.ui.clock.verdict_table import VerdictTable
from mmviz.ui.look import fonts
from mmviz.ui.look.name_button import NameButton
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import cut_short
from mmviz.words.earlier import HISTORY

_CHOOSER = (110, 240)  # pixels
SENSED = 6  # lines of what the sensors told, at most
LAST = Text(N_("the run before it"))


class SincePanel(Told, QWidget):
    """Shows its view; owns no process and no file.

    read_asked: a kept run that must be read before it can be compared. compare_asked: when the run
    began that somebody wants to compare with, None for the last before. layer_entered: its index.
    """

    read_asked = pyqtSignal(object)
    compare_asked = pyqtSignal(object)
    layer_entered = pyqtSignal(int)
    history_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = SinceView()
        self.against = cut_short()
        self.chooser = tell(
            NameButton(_CHOOSER, Qt.TextElideMode.ElideRight),
            name=N_("Earlier run to compare with"),
            tip=N_("Compare with another run of this pass that is kept"),
        )
        self.chooser.setFont(fonts.words(fonts.SMALL))
        self.chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.chooser)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self.fill)
        self.chooser.setMenu(self.menu)
        self.table = VerdictTable()
        self.table.entered.connect(self.layer_entered)
        self.hint = Hint()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.hint)
        self.pages.addWidget(self.table)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.against, 1)
        head.addWidget(self.chooser)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.pages, 1)
        self.sensed = [cut_short() for _ in range(SENSED)]
        for label in self.sensed:
            column.addWidget(label)
        self.say()

    def show_view(self, view: SinceView) -> None:
        """Show this instead."""
        self._view = view
        self.hint.show_hint(view.why, view.offers)
        self.pages.setCurrentIndex(1 if view.rows else 0)
        self.table.show_rows(view.rows)
        self.say()
        if view.missing is not None:
            self.read_asked.emit(view.missing)

    def say(self) -> None:
        """All sentences anew."""
        view = self._view
        self.against.show_text(self.words(view.against))
        for number, label in enumerate(self.sensed):
            label.setVisible(number < len(view.sensed))
            end = None if number == SENSED - 1 else number + 1  # the last one holds all the rest
            label.show_text(self.words(joined(view.sensed[number:end])))
        chosen = next((one for one in view.choices if one.when == view.chosen), None)
        name = LAST if chosen is None else chosen.title(time.time()) or LAST
        self.chooser.show_names((self.words(Text(N_("compare with …"))),))
        self.chooser.setAccessibleDescription(self.words(name))

    def fill(self) -> None:
        """The menu as it is now."""
        self.menu.clear()
        now, view = time.time(), self._view
        last = self._add(LAST, view.chosen is None)
        last.triggered.connect(lambda: self.compare_asked.emit(None))
        for choice in view.choices:
            text = choice.title(now) or Text(N_("an earlier run of this window"))
            action = self._add(text, choice.when == view.chosen)
            action.triggered.connect(
                lambda _=False, when=choice.when: self.compare_asked.emit(when)
            )
        self.menu.addSeparator()
        self._add(HISTORY, None).triggered.connect(lambda: self.history_asked.emit())

    def _add(self, text: Text, checked: bool | None) -> QAction:
        """checked: None for an entry that is no choice."""
        action = tell(QAction(self.menu), self.words, text=text, tip=NOTHING)
        action.setCheckable(checked is not None)
        action.setChecked(bool(checked))
        self.menu.addAction(action)
        return action

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        self.hint.set_theme(theme)
        self.table.set_theme(theme)
