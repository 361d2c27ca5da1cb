"""The hand on the charts of a lesson: hover, or ← and → with the focus, tells what was there."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QEvent, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.state.learn.chart import LessonChart
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.ui.learn.lesson_painter import Drawn, across, paint_lesson
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme

_EDGE = 2.0
_HIGHEST = 560


class LessonCanvas(Told, QWidget):
    """`read`: a Text, what was where the hand is; NOTHING where it is nowhere."""

    read = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Loss, and drawings told right, while a network learns"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(200)
        self.setMaximumHeight(_HIGHEST)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.theme: Theme = DARK
        self.drawn = Drawn()
        self.chart: LessonChart | None = None
        self._at: int | None = None  # index of the point of the losses that is read

    def show_chart(self, chart: LessonChart | None) -> None:
        """Show this instead."""
        self.chart = chart
        if chart is None or (self._at is not None and self._at >= len(chart.loss.values)):
            self._at = None
        self.say()

    def show_drawn(self, drawn: Drawn) -> None:
        """Show it otherwise."""
        self.drawn = drawn
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        last = -1 if self.chart is None else len(self.chart.loss.values) - 1
        self.setAccessibleDescription(self.words(self.told(last)))
        if self._at is not None:
            self.read.emit(self.told(self._at))
        self.update()

    def told(self, at: int) -> Text:
        """'step 470 · 0.12 s · loss 0.021 · seen 98 % · unseen 94 %'."""
        chart = self.chart
        if chart is None or not 0 <= at < len(chart.loss.values):
            return NOTHING
        step = chart.loss.steps[at]
        parts = [
            Text(P_("{n:group} step", "{n:group} steps"), n=int(step)),
            Text("{s:seconds}", s=float(chart.loss.at_s[at])),
            Text(N_("loss {loss:sig}"), loss=float(chart.loss.values[at])),
        ]
        if len(chart.seen.values):
            look = max(0, int(np.searchsorted(chart.seen.steps, step, side="right")) - 1)
            parts += [
                Text(N_("seen right {x:percent}"), x=float(chart.seen.values[look])),
                Text(N_("unseen right {x:percent}"), x=float(chart.unseen.values[look])),
            ]
        return joined(tuple(parts))

    def sizeHint(self) -> QSize:
        return QSize(300, 240)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)

    def _paint(self, painter: QPainter) -> None:
        if self.chart is None:
            return
        at, area = None, self._area()
        if self._at is not None:
            x = across(self.chart, self.drawn, area)
            at = float(x.at(float(self.drawn.along(self.chart.loss)[self._at])))
        paint_lesson(painter, self.theme, self.chart, self.drawn, area, self.words, at)

    def _go_to(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self.read.emit(NOTHING if at is None else self.told(at))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        chart = self.chart
        if event is None or chart is None or not len(chart.loss.values):
            return
        places = across(chart, self.drawn, self._area()).at(self.drawn.along(chart.loss))
        self._go_to(int(np.abs(places - event.position().x()).argmin()))

    def leaveEvent(self, event: QEvent | None) -> None:
        self._go_to(None)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self._go_to(None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        chart = self.chart
        last = -1 if chart is None else len(chart.loss.values) - 1
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event is None or last < 0 or event.key() not in by:
            super().keyPressEvent(event)
            return
        stride = max(1, last // 100) * by[Qt.Key(event.key())]
        now = last if self._at is None else self._at + stride
        self._go_to(min(max(now, 0), last))
