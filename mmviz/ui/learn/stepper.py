"""Play, step and begin again: the row above what computes step by step, and its timer."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_label
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import cut_short, inked

PACES = (2, 6, 20, 60)  # steps a second
_PACE = 6


class Stepper(Told, QWidget):
    """moved: the step, from 0. timing_asked: time them here, or stop that."""

    moved = pyqtSignal(int)
    timing_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step, self._last, self._on = 0, 0, False
        self._ends = False  # it stands at the end, wherever that will be
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.play = self._button(N_("Play or pause the steps"))
        self.again = self._button(N_("To the first step"))
        self.back = self._button(N_("One step back"))
        self.on = self._button(N_("One step on"))
        self.time = self._button(N_("Time every rung here, in a process of its own"))
        self.pace = tell(QComboBox(), name=N_("Steps a second"), tip=N_("Steps a second"))
        self.pace.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pace.addItems(["" for _ in PACES])
        self.pace.setCurrentIndex(PACES.index(_PACE))
        self.pace.currentIndexChanged.connect(self._paced)
        self.said = cut_short()
        self._beside = NOTHING
        self.play.clicked.connect(self.toggle)
        self.again.clicked.connect(lambda: self.seek(0))
        self.back.clicked.connect(lambda: self.seek(self.step - 1))
        self.on.clicked.connect(lambda: self.seek(self.step + 1))
        self.time.clicked.connect(self.timing_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.play, self.again, self.back, self.on, self.pace):
            row.addWidget(widget)
        row.addWidget(self.said, 1)
        row.addWidget(self.time)
        self.say()

    @property
    def playing(self) -> bool:
        """Whether it moves by itself."""
        return self._timer.isActive()

    def show_length(self, steps: int) -> None:
        """So many steps there are."""
        self._last = max(0, steps - 1)
        if self._ends:
            self.finish()
        elif self.step > self._last:
            self.seek(self._last)

    def show_timing(self, on: bool) -> None:
        """Whether they are being timed; nothing moves meanwhile."""
        self._on = on
        if on:
            self.stop()
        self.say()

    def toggle(self) -> None:
        """Play, from the beginning where it is at its end, or pause."""
        if self.playing:
            self.stop()
            return
        if self.step >= self._last:
            self.seek(0)
        self._timer.start(1000 // PACES[self.pace.currentIndex()])
        self.say()

    def stop(self) -> None:
        """No longer by itself."""
        self._timer.stop()
        self.say()

    def finish(self) -> None:
        """To the last step, also of what is yet to come."""
        self.seek(self._last)
        self._ends = True

    def seek(self, step: int) -> None:
        """Go there."""
        self._ends = False
        self.step = min(max(step, 0), self._last)
        self.moved.emit(self.step)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        inked(self.said, theme.muted)

    def say(self) -> None:
        words = self.words
        self.said.show_text(words(self._beside))
        play = Text(N_("❚❚ Pause")) if self.playing else Text(N_("▶ Play"))
        time = Text(N_("Stop timing")) if self._on else Text(N_("Time them here"))
        texts = (
            (self.play, play),
            (self.again, Text(N_("begin again"))),
            (self.back, Text(N_("‹ step"))),
            (self.on, Text(N_("step ›"))),
            (self.time, time),
        )
        for button, text in texts:
            button.setText(as_label(words(text)))
        for i, pace in enumerate(PACES):
            self.pace.setItemText(i, words(Text(N_("{n:group} steps/s"), n=pace)))

    def show_said(self, text: Text) -> None:
        """What stands beside the buttons."""
        self._beside = text
        self.said.show_text(self.words(text))

    def _button(self, tip: str) -> QPushButton:
        button = tell(QPushButton(), tip=tip, name=tip)
        button.setFont(fonts.words(fonts.SMALL))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
        return button

    def _paced(self, index: int) -> None:
        if self.playing:
            self._timer.start(1000 // PACES[index])

    def _tick(self) -> None:
        if self.visibleRegion().isEmpty():  # behind another tab: nobody looks
            self.stop()
            return
        self.seek(self.step + 1)
        if self.step >= self._last:
            self.stop()
