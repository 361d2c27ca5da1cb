"""The one clock of a race: play, step, scrub, speed, loop, and where each side finishes."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.picture.playback import SPEEDS, Playback
from mmviz.state.race.views import ClockView
from mmviz.text import N_, NOTHING
from mmviz.ui.look import fonts
from mmviz.ui.look.place_slider import PlaceSlider
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import muted
from mmviz.ui.race.marks import FinishMarks
from mmviz.ui.timeline.transport import BUTTON, SCRUB_STEPS, transport_icon

TIME_WIDTH = 190
_BUTTONS = (
    # name, what it says (a marked msgid)
    ("wave_back", N_("Back to where a wave began or a side finished (Shift+←)")),
    ("step_back", N_("A hundredth of the time back (←)")),
    ("play", N_("Play or pause (Space)")),
    ("step_on", N_("A hundredth of the time on (→)")),
    ("wave_on", N_("On to where a wave begins or a side finishes (Shift+→)")),
)


class RaceTransport(Told, QWidget):
    """Announces where in time to go and how fast; stepped: direction ±1, by share or wave."""

    sought = pyqtSignal(float)
    speed_chosen = pyqtSignal(float)
    play_asked = pyqtSignal()
    stepped = pyqtSignal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DARK
        self._view: ClockView | None = None
        self._playback = Playback()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        top = Qt.AlignmentFlag.AlignTop
        self.buttons = {name: self._button(name, tip) for name, tip in _BUTTONS}
        for button in self.buttons.values():
            row.addWidget(button, 0, top)
        self.speed = tell(QComboBox(), name=N_("Speed"))
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} ×", speed)
        self.speed.currentIndexChanged.connect(lambda i: self.speed_chosen.emit(SPEEDS[i]))
        self.loop = tell(
            QToolButton(),
            text=N_("loop"),
            tip=N_("Begin again at the end"),
            name=N_("Loop: begin again at the end"),
        )
        self.loop.setCheckable(True)
        self.loop.setFixedHeight(28)
        row.addWidget(self.speed, 0, top)
        row.addWidget(self.loop, 0, top)
        row.addLayout(self._axis(), 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.time, self.pace = PlainLabel(), muted()
        self.time.setFont(fonts.figures())
        self.time.setFixedSize(TIME_WIDTH, 26)
        words.addWidget(self.time)
        words.addWidget(self.pace)
        words.addStretch(1)
        row.addLayout(words)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.marks.set_theme(theme)
        for name, button in self.buttons.items():
            button.setIcon(transport_icon(name, theme.text))
        self.show_playback(self._playback)

    def show_view(self, view: ClockView) -> None:
        """Follow the race."""
        self._view = view
        self.setEnabled(view.axis is not None)
        self.marks.show_view(view)
        tell(self.pace, self.words, tip=view.pace_tip)
        self.show_playback(self._playback)

    def show_playback(self, playback: Playback) -> None:
        """Follow the clock; announces nothing."""
        self._playback = playback
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(playback.position * SCRUB_STEPS))
        with QSignalBlocker(self.speed):
            self.speed.setCurrentIndex(SPEEDS.index(playback.speed))
        self.loop.setChecked(playback.loop)
        name = "pause" if playback.playing else "play"
        self.buttons["play"].setIcon(transport_icon(name, self._theme.text))
        axis = None if self._view is None else self._view.axis
        time = NOTHING if axis is None else axis.of_text(playback.position * axis.end)
        pace = NOTHING if axis is None else axis.pace_text(playback.speed)
        tell(self.time, self.words, text=time)
        tell(self.pace, self.words, text=pace)

    def _axis(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self.slider = PlaceSlider()
        self.slider.setRange(0, SCRUB_STEPS)
        self.slider.setSingleStep(SCRUB_STEPS // 100)
        self.slider.setFixedHeight(26)
        tell(self.slider, name=N_("Common time of both sides"))
        self.slider.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # arrows step from anywhere
        self.slider.valueChanged.connect(lambda value: self.sought.emit(value / SCRUB_STEPS))
        self.marks = FinishMarks()
        column.addWidget(self.slider)
        column.addWidget(self.marks)
        return column

    def _button(self, name: str, tip: str) -> QToolButton:
        button = tell(QToolButton(), tip=tip, name=tip)
        button.setFixedSize(BUTTON, 28)
        button.setIconSize(QSize(14, 14))
        if name == "play":
            button.clicked.connect(self.play_asked)
        else:
            direction = -1 if name.endswith("back") else 1
            by = "wave" if name.startswith("wave") else "share"
            button.clicked.connect(lambda: self.stepped.emit(direction, by))
        return button
