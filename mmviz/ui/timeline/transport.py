"""Play, pause, step, scrub and speed."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QColor,
    QIcon,
    QPainter,
    QPixmap,
    QPolygonF,
)
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.picture.playback import SPEEDS, Playback
from mmviz.state.picture.time_views import TransportView
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import painting
from mmviz.ui.look.place_slider import PlaceSlider
from mmviz.ui.look.plain import PlainLabel, as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short
from mmviz.ui.timeline.units_canvas import LABEL_WIDTH, RIGHT_WIDTH
from mmviz.ui.timeline.wave_ticks import SLIDER_EDGE, WaveTicks
from mmviz.words.speech import Words

SCRUB_STEPS = 10_000
SPACING = 6
BUTTON = 28
SPEED_WIDTH = LABEL_WIDTH - SLIDER_EDGE - 6 * (BUTTON + SPACING) - SPACING  # then the axis begins


class Transport(QWidget, Told):
    """Announces where in time to go and how fast; shows where the playback stands."""

    sought = pyqtSignal(float)
    speed_chosen = pyqtSignal(float)
    loop_chosen = pyqtSignal(bool)
    wave_picked = pyqtSignal(int)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DARK
        self._view: TransportView | None = None
        self._playback: Playback | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        self.buttons = {
            name: self._button(actions[name])
            for name in ("wave_back", "step_back", "play", "step_on", "wave_on")
        }
        for button in self.buttons.values():
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.speed = tell(QComboBox(), name=N_("Speed"))
        self.speed.setFixedWidth(SPEED_WIDTH)
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} ×", speed)
        self.speed.currentIndexChanged.connect(lambda i: self.speed_chosen.emit(SPEEDS[i]))
        row.addWidget(self.speed, 0, Qt.AlignmentFlag.AlignTop)
        again = N_("Loop: begin again at the end of the product")
        self.loop = tell(QToolButton(), text=Text("↻"), tip=again, name=N_("Loop"))
        self.loop.setCheckable(True)
        self.loop.setFixedSize(BUTTON, 28)
        self.loop.clicked.connect(self.loop_chosen)
        row.addWidget(self.loop, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.slider = PlaceSlider()
        self.slider.setRange(0, SCRUB_STEPS)
        self.slider.setFixedHeight(26)
        tell(self.slider, name=N_("Time within the product"))
        self.slider.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # arrows step by k and by wave
        self.slider.valueChanged.connect(lambda value: self.sought.emit(value / SCRUB_STEPS))
        self.ticks = WaveTicks()
        self.ticks.wave_picked.connect(self.wave_picked)
        column.addWidget(self.slider)
        column.addWidget(self.ticks)
        row.addLayout(column, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.time = PlainLabel()
        self.time.setFont(fonts.figures())
        self.time.setFixedWidth(RIGHT_WIDTH - SLIDER_EDGE - SPACING)
        self.time.setFixedHeight(26)
        self.pace = cut_short()  # or a long one would shift the axis
        words.addWidget(self.time)
        words.addWidget(self.pace)
        row.addLayout(words)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.ticks.theme = theme
        self._show_icons()
        self.ticks.update()

    def set_words(self, words: Words) -> None:
        self.ticks.set_words(words)
        super().set_words(words)

    def show_view(self, view: TransportView) -> None:
        """Follow the product looked at; announces nothing."""
        self._view = view
        self.setEnabled(view.trace is not None)
        self.ticks.starts, self.ticks.chosen = view.starts, view.wave
        self.ticks.update()
        self.say()

    def show_playback(self, playback: Playback) -> None:
        """Follow the clock; announces nothing."""
        before, self._playback = self._playback, playback
        if playback == before:
            return
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(playback.position * SCRUB_STEPS))
        with QSignalBlocker(self.speed):
            self.speed.setCurrentIndex(SPEEDS.index(playback.speed))
        self.loop.setChecked(playback.loop)
        if before is None or playback.playing != before.playing:
            self._show_icons()
        if before is None or playback.speed != before.speed:
            self.say()
        elif self._view is not None:
            self.time.setText(self.words(self._view.time(playback)))

    def say(self) -> None:
        view, playback = self._view, self._playback
        if view is None or playback is None:
            return
        self._fit_time(view)
        self.time.setText(self.words(view.time(playback)))
        tip = self.words(view.tip)
        self.time.setToolTip(as_tip(tip))
        self.pace.show_text(self.words(view.pace(playback.speed)), tip)

    def _fit_time(self, view: TransportView) -> None:
        """Smaller figures where the longest time would be cut; they stay while it plays."""
        longest = self.words(view.time(Playback(position=1.0)))
        self.time.setFont(fonts.figures())
        if self.time.fontMetrics().horizontalAdvance(longest) > self.time.maximumWidth():
            self.time.setFont(fonts.figures(fonts.SMALL))

    def _show_icons(self) -> None:
        playing = self._playback is not None and self._playback.playing
        for name, button in self.buttons.items():
            shown = "pause" if name == "play" and playing else name
            button.setIcon(transport_icon(shown, self._theme.text))

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(BUTTON, 28)
        button.setIconSize(QSize(14, 14))
        button.clicked.connect(action.trigger)

        def follow() -> None:
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.text())

        action.changed.connect(follow)
        follow()
        return button


def transport_icon(name: str, colour: str) -> QIcon:
    """A triangle, two bars, or a triangle with a bar, in the theme's colour."""
    pixmap = QPixmap(56, 56)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        _paint_icon(painter, name)
    return QIcon(pixmap)


def _paint_icon(painter: QPainter, name: str) -> None:
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
