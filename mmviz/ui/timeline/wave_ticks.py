"""Below the slider: where waves begin, numbered evenly."""

from __future__ import annotations

from itertools import count

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme

SLIDER_EDGE = 7  # half the handle: where the slider's axis begins and ends
MOST_NAMED = 12  # more waves than that are only numbered
CLEAR = 12.0  # pixels between two labels
LEAST_TICK = 4.0  # pixels between two ticks


def numbered(xs: NDArray[np.float64], wide: float, room: float) -> list[int]:
    """Which waves, from 1, get their number: each, each second, each fifth, tenth and so on.

    xs: where each begins, rising; wide: the width of the widest number; a number is written from
    there to the right, and ends within `room`. All in pixels. From each fifth on they are round
    numbers, and the first one beside them.
    """
    for power in count():
        for step in (10**power, 2 * 10**power, 5 * 10**power):
            first = 1 if step < 5 else step
            waves = np.arange(first, len(xs) + 1, step)
            if len(waves) > 1 and np.diff(xs[waves - 1]).min() < wide + CLEAR:
                continue
            found = [int(wave) for wave in waves if xs[wave - 1] + wide <= room]
            if first > 1 and len(found) and xs[found[0] - 1] - xs[0] >= wide + CLEAR:
                found.insert(0, 1)
            return found if len(found) > 1 else [1][: len(xs)]
    raise AssertionError  # a step that leaves one wave always fits


class WaveTicks(QWidget, Told):
    """Where each wave begins, with its number where there is room.

    A click on a number picks out that wave, from 1.
    """

    wave_picked = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.starts: list[float] = []
        self.chosen = 0
        self._labels: list[tuple[float, float, int]] = []  # from, to, wave
        tell(self, tip=N_("Click a wave to pick out its tiles"))
        self.theme: Theme = DARK
        self.say()

    def say(self) -> None:
        self.setFixedHeight(round(18 * fonts.scale()))
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.setFont(fonts.words(fonts.SMALL))
        metrics = painter.fontMetrics()
        xs = SLIDER_EDGE + np.array(self.starts) * (self.width() - 2 * SLIDER_EDGE)
        named = N_("wave {i:group}") if len(xs) <= MOST_NAMED else "{i:group}"
        widest = self.words(Text(named, i=len(xs)))
        waves = numbered(xs, metrics.horizontalAdvance(widest), self.width())
        close = len(xs) > 1 and float(np.diff(xs).min()) < LEAST_TICK
        painter.setPen(QPen(QColor(self.theme.edge), 1.0))
        for wave in waves if close else range(1, len(xs) + 1):
            painter.drawLine(QPointF(xs[wave - 1], 0), QPointF(xs[wave - 1], 4))
        self._labels = []
        base = metrics.ascent() + 5.0
        for wave in waves:
            x, text = float(xs[wave - 1]), self.words(Text(named, i=wave))
            end = x + metrics.horizontalAdvance(text)
            mine = self.chosen == wave
            painter.setPen(QColor(self.theme.text if mine else self.theme.muted))
            painter.drawText(QPointF(x, base), text)
            if mine:
                painter.drawLine(QPointF(x, base + 1.5), QPointF(end, base + 1.5))
            self._labels.append((x, end, wave))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        x = event.position().x()
        for begin, end, wave in self._labels:
            if begin - 4 <= x <= end + 4:
                self.wave_picked.emit(wave)
                return
