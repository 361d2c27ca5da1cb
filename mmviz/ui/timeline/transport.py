"""Play, pause, step, scrub and speed."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QColor,
    QIcon,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz import units
from mmviz.state.derived import Derived
from mmviz.state.picture.playback import SPEEDS, Playback, model_time, pace_text
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import muted
from mmviz.ui.timeline.units_view import LABEL_WIDTH, RIGHT_WIDTH

SCRUB_STEPS = 10_000
SLIDER_EDGE = 7  # half the handle: where the slider's axis begins and ends
SPACING = 6
BUTTON = 28
SPEED_WIDTH = LABEL_WIDTH - SLIDER_EDGE - 6 * (BUTTON + SPACING) - SPACING  # then the axis begins
MOST_TICKS = 40


class WaveTicks(QWidget):
    """Below the slider: where each wave begins, with its number where there is room.

    A click on a number picks out that wave, from 1.
    """

    wave_picked = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.starts: list[float] = []
        self.chosen = 0
        self._labels: list[tuple[float, float, int]] = []  # from, to, wave
        self.setToolTip("Click a wave to pick out its tiles")
        self.theme: Theme = DARK

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        font = fonts.words(fonts.SMALL)
        painter.setFont(font)
        room = self.width() - 14
        every = max(1, -(-len(self.starts) // MOST_TICKS))
        last = -100.0
        self._labels = []
        for i, start in enumerate(self.starts):
            x = 7 + start * room
            if i % every == 0:
                painter.setPen(QPen(QColor(self.theme.line), 1.0))
                painter.drawLine(QPointF(x, 0), QPointF(x, 4))
            text = f"wave {i + 1}" if len(self.starts) <= 12 else units.group(i + 1)
            wide = painter.fontMetrics().horizontalAdvance(text)
            if x - last > 12 and x + wide < self.width():
                mine = self.chosen == i + 1
                painter.setPen(QColor(self.theme.text if mine else self.theme.muted))
                painter.drawText(QPointF(x, 16), text)
                if mine:
                    painter.drawLine(QPointF(x, 17.5), QPointF(x + wide, 17.5))
                self._labels.append((x, x + wide, i + 1))
                last = x + wide
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        x = event.position().x()
        for begin, end, wave in self._labels:
            if begin - 4 <= x <= end + 4:
                self.wave_picked.emit(wave)
                return


class Transport(QWidget):
    """Announces where in time to go and how fast; shows where the playback stands."""

    sought = pyqtSignal(float)
    speed_chosen = pyqtSignal(float)
    loop_chosen = pyqtSignal(bool)
    wave_picked = pyqtSignal(int)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DARK
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        self.buttons = {
            name: self._button(actions[name])
            for name in ("wave_back", "step_back", "play", "step_on", "wave_on")
        }
        for button in self.buttons.values():
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed")
        self.speed.setFixedWidth(SPEED_WIDTH)
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} ×", speed)
        self.speed.currentIndexChanged.connect(lambda i: self.speed_chosen.emit(SPEEDS[i]))
        row.addWidget(self.speed, 0, Qt.AlignmentFlag.AlignTop)
        self.loop = QToolButton()
        self.loop.setText("↻")
        self.loop.setCheckable(True)
        self.loop.setFixedSize(BUTTON, 28)
        self.loop.setToolTip("Loop: begin again at the end of the product")
        self.loop.setAccessibleName("Loop")
        self.loop.clicked.connect(self.loop_chosen)
        row.addWidget(self.loop, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, SCRUB_STEPS)
        self.slider.setFixedHeight(26)
        self.slider.setAccessibleName("Time within the product")
        self.slider.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # arrows step by k and by wave
        self.slider.valueChanged.connect(lambda value: self.sought.emit(value / SCRUB_STEPS))
        self.ticks = WaveTicks()
        self.ticks.wave_picked.connect(self.wave_picked)
        column.addWidget(self.slider)
        column.addWidget(self.ticks)
        row.addLayout(column, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.time = QLabel()
        self.time.setFont(fonts.figures())
        self.time.setFixedWidth(RIGHT_WIDTH - SLIDER_EDGE - SPACING)
        self.time.setFixedHeight(26)
        self.pace = muted()
        words.addWidget(self.time)
        words.addWidget(self.pace)
        row.addLayout(words)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.ticks.theme = theme
        for name, button in self.buttons.items():
            button.setIcon(transport_icon(name, theme.text))
        self.ticks.update()

    def show_derived(self, derived: Derived) -> None:
        """Follow the product looked at."""
        trace = derived.trace
        self.setEnabled(trace is not None)
        starts = [] if trace is None else (trace.wave_starts() / trace.duration).tolist()
        self.ticks.starts = starts if len(starts) <= 2_000 else []
        selection = derived.session.selection
        wave = selection is not None and selection.kind == "wave"
        self.ticks.chosen = selection.index if selection is not None and wave else 0
        self.ticks.update()

    def show_playback(self, playback: Playback, derived: Derived) -> None:
        """Follow the clock; announces nothing."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(playback.position * SCRUB_STEPS))
        with QSignalBlocker(self.speed):
            self.speed.setCurrentIndex(SPEEDS.index(playback.speed))
        self.loop.setChecked(playback.loop)
        playing = "pause" if playback.playing else "play"
        self.buttons["play"].setIcon(transport_icon(playing, self._theme.text))
        if derived.trace is not None:
            duration, clock = derived.trace.duration, derived.trace.clock
            step = derived.device.step
            now = model_time(playback.position * duration, clock, step)
            end = model_time(duration, clock, step)
            if clock == "steps":  # the line below says steps of what
                now, end = now.rpartition(" ")[0], end.rpartition(" ")[0]
            self.time.setText(f"{now} of {end}")
            self.pace.setText(pace_text(derived.typical, playback.speed, clock, step))
            self.pace.setToolTip("Modelled time. Changing the speed changes no number.")
        else:
            self.time.setText("")
            self.pace.setText("")

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(BUTTON, 28)
        button.setIconSize(QSize(14, 14))
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.text())
        button.clicked.connect(action.trigger)
        return button


def transport_icon(name: str, colour: str) -> QIcon:
    """A triangle, two bars, or a triangle with a bar, in the theme's colour."""
    pixmap = QPixmap(56, 56)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if name.endswith("back"):
        painter.translate(56, 0)
        painter.scale(-1, 1)
    if name == "pause":
        painter.drawRect(QRectF(12, 8, 11, 40))
        painter.drawRect(QRectF(33, 8, 11, 40))
    elif name == "play":
        painter.drawPolygon(QPolygonF([QPointF(12, 6), QPointF(50, 28), QPointF(12, 50)]))
    elif name.startswith("step"):
        painter.drawRect(QRectF(10, 8, 8, 40))
        painter.drawPolygon(QPolygonF([QPointF(24, 8), QPointF(50, 28), QPointF(24, 48)]))
    else:
        painter.drawPolygon(QPolygonF([QPointF(6, 8), QPointF(26, 28), QPointF(6, 48)]))
        painter.drawPolygon(QPolygonF([QPointF(24, 8), QPointF(44, 28), QPointF(24, 48)]))
        painter.drawRect(QRectF(44, 8, 7, 40))
    painter.end()
    return QIcon(pixmap)
