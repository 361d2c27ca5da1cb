"""The hand on the charts of a lesson: hover, or ← and → with the focus, tells what was there."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.state.learn.chart import LessonChart
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.ui.learn.lesson_painter import Drawn, across, paint_lesson
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing

_EDGE = 2.0
LOWEST, _HIGHEST = 120, 560


class LessonCanvas(Told, QWidget):
    """`read`: a Text, what was where the hand is; NOTHING where it is nowhere."""

    read = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Loss, and drawings told right, while a network learns"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(LOWEST)
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

    part = "lesson"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The point of the losses that is nearest to there."""
        return self._thing(self._nearest(at.x()))

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The point the keys stand at."""
        thing = self._thing(self._at)
        return None if thing is None else (thing, self.rect().center())

    def _thing(self, at: int | None) -> Thing | None:
        chart = self.chart
        if chart is None or at is None:
            return None
        step = Text(P_("{n:group} step", "{n:group} steps"), n=int(chart.loss.steps[at]))
        spent = Text("{s:seconds}", s=float(chart.loss.at_s[at]))
        loss = Text("{loss:sig}", loss=float(chart.loss.values[at]))
        also = (Text(N_("Copy all points")), self.table)
        return Thing("row", self.told(at), loss, (step, spent, loss), also=(also,))

    def table(self) -> str:
        """All points of the losses: steps taken, seconds spent in them, their mean loss."""
        loss = None if self.chart is None else self.chart.loss
        columns = () if loss is None else (loss.steps, loss.at_s, loss.values)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        head = "step\tseconds\tloss"
        return "\n".join([head, *(f"{int(step)}\t{at_s!r}\t{x!r}" for step, at_s, x in rows)])

    def _nearest(self, x: float) -> int | None:
        chart = self.chart
        if chart is None or not len(chart.loss.values):
            return None
        places = across(chart, self.drawn, self._area()).at(self.drawn.along(chart.loss))
        return int(np.abs(places - x).argmin())

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
        if event is not None:
            self._go_to(self._nearest(event.position().x()))

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
