"""Beside the name of the panel of both pictures: how it is recorded, Open, and Record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QActionGroup
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from mmviz.state.recording.asked import Asked, order_text, orders, recorders, tile_text, tiles
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_label, as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import cut_short

LEAST = 30  # pixels of what is said of how
RECORD, STOP = Text(N_("● Record")), Text(N_("■ Stop"))
RECORD_TIP = Text(N_("Compute this pass in tiles on this computer, and stamp each of them: {how}"))
STOP_TIP = Text(N_("Stop recording; what was recorded so far is dropped"))


class RecordingControls(Told, QWidget):
    """record_asked: begin, or stop what is on; open_asked: a recording from a file."""

    record_asked = pyqtSignal()
    open_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = Asked()
        self._on = NOTHING
        self.said = cut_short()
        self.said.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.said.setMinimumWidth(LEAST)
        self.how = tell(
            QToolButton(),
            text=N_("How ▾"),
            name=N_("How it is recorded"),
            tip=N_("What records, in which tiles, and how they are handed out"),
        )
        self.how.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.how)
        self.menu.aboutToShow.connect(self.fill)
        self.how.setMenu(self.menu)
        self.open = tell(
            QPushButton(), text=N_("Open …"), tip=N_("A recording from a file: NPZ or Chrome trace")
        )
        self.record = QPushButton()
        self.open.clicked.connect(lambda: self.open_asked.emit())
        self.record.clicked.connect(lambda: self.record_asked.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.said)
        for button in (self.how, self.open, self.record):
            button.setFont(fonts.words(fonts.SMALL, bold=button is self.record))
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.say()

    @property
    def on(self) -> bool:
        """Whether a pass is being recorded."""
        return bool(self._on)

    def show_on(self, on: Text) -> None:
        """What is being recorded; NOTHING while nothing is."""
        self._on = on
        self.say()

    def say(self) -> None:
        on, how = self._on, self.asked.text
        self.said.show_text(self.words(on or how))
        self.record.setText(as_label(self.words(STOP if on else RECORD)))
        tip = STOP_TIP if on else Text(RECORD_TIP.msgid, how=how)
        self.record.setToolTip(as_tip(self.words(tip)))
        self.record.setAccessibleName(self.words(tip))

    def choose(self, asked: Asked) -> None:
        """From now on so."""
        self.asked = asked
        self.say()

    def fill(self) -> None:
        """The menu as it is now."""
        menu, now = self.menu, self.asked
        menu.clear()
        self._choices(
            N_("Recorded by"), [(id, title, now.by_another(id)) for id, title in recorders()]
        )
        cut = [(str(tile), tile_text(tile), replace(now, tile=tile)) for tile in tiles(now.by)]
        self._choices(N_("Tile"), cut)
        found = [
            (order, order_text(order), Asked(now.by, now.tile, order)) for order in orders(now.by)
        ]
        self._choices(N_("Order of the tiles"), found)

    def _choices(self, title: str, choices: Sequence[tuple[str, Text, Asked]]) -> None:
        self.menu.addSeparator()
        heading: Any = self.menu.addAction(as_label(self.words(Text(title))))
        heading.setEnabled(False)  # a menu in a style sheet shows no names of sections
        group = QActionGroup(self.menu)
        for _, text, asked in choices:
            action: Any = self.menu.addAction(as_label(self.words(text)))
            action.setCheckable(True)
            action.setChecked(asked.same_as(self.asked))
            group.addAction(action)
            action.triggered.connect(lambda _=False, asked=asked: self.choose(asked))
