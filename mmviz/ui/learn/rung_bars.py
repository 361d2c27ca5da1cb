"""The rungs as bars on a logarithmic axis of seconds: one is chosen by a click or by ↑ and ↓."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.state.clock.series import log_ticks
from mmviz.state.learn.rungs import RungView
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept, paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, RIGHT, hatch, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme, backend_colour

HEAD, BAR, APART, AXIS = 16.0, 12.0, 7.0, 18.0  # heights, in ordinary type
TALL = 1.4  # times as high as that a row may be
LOADED = 104.0  # width of the column of what is loaded
_HEAD = Text(N_("loads a multiply-add"))


class RungBars(Told, QWidget):
    """chosen: the number of a rung."""

    chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("The rungs of the ladder, seconds of a pass on a logarithmic axis"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.theme: Theme = DARK
        self.rungs: tuple[RungView, ...] = ()
        self.at = 0

    def show_rungs(self, rungs: tuple[RungView, ...], at: int) -> None:
        """Show these, one of them chosen."""
        self.rungs, self.at = rungs, at
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        if self.rungs:
            self.setAccessibleDescription(self.words(self.rungs[self.at].told))
        self.setMinimumHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        high = len(self.rungs) * (HEAD + BAR + APART) + AXIS
        return QSize(300, round(high * fonts.scale()))

    @property
    def ends(self) -> tuple[float, float] | None:
        """log10 of the seconds at both ends of the axis, whole decades; None: nothing was timed."""
        found = [rung.seconds for rung in self.rungs if rung.seconds]
        if not found:
            return None
        low = math.floor(math.log10(min(found)) - 0.2)
        return low, max(low + 1, math.ceil(math.log10(max(found))))

    def row(self, i: int) -> QRectF:
        """Where a rung stands."""
        least = (HEAD + BAR + APART) * fonts.scale()
        room = (self.height() - AXIS * fonts.scale()) / max(1, len(self.rungs))
        each = min(max(least, room), TALL * least)
        return QRectF(0, i * each, self.width(), each)

    @property
    def axis(self) -> tuple[float, float]:
        """Where the axis begins and how long it is, in pixels."""
        return 4.0, max(40.0, self.width() - 8 - LOADED * fonts.scale())

    def bar(self, i: int) -> QRectF | None:
        """Its bar, from the left end of the axis; None where it was not timed."""
        ends, seconds = self.ends, self.rungs[i].seconds
        if ends is None or not seconds:
            return None
        row, scale = self.row(i), fonts.scale()
        share = (math.log10(seconds) - ends[0]) / (ends[1] - ends[0])
        left, wide = self.axis
        high = row.height() - (HEAD + APART) * scale
        return QRectF(left, row.y() + HEAD * scale, max(2.0, wide * share), high)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        self._paint_axis(painter)
        for i, rung in enumerate(self.rungs):
            self._paint_row(painter, i, rung)

    def _paint_row(self, painter: QPainter, i: int, rung: RungView) -> None:
        theme, row = self.theme, self.row(i)
        if i == self.at:
            box = row.adjusted(0, 0, 0, -2)
            painter.fillRect(box, QColor(theme.selected))
            if self.hasFocus():
                with kept(painter):
                    painter.setPen(QPen(QColor(theme.now_edge), 1.5))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(box.adjusted(1, 1, -1, -1))
        head = QRectF(4, row.y(), row.width() - 8, HEAD * fonts.scale())
        said = self.words(joined((rung.time, rung.faster)))
        figures = fonts.figures(fonts.SMALL)
        known = rung.seconds is not None
        room = QFontMetricsF(figures).horizontalAdvance(said) + 12
        room = min(room, head.width() * 0.62)
        name = head.adjusted(0, 0, -room, 0)
        write_in(painter, name, self.words(rung.name), fonts.words(fonts.SMALL), theme.text, LEFT)
        right = head.adjusted(head.width() - room + 6, 0, 0, 0)
        write_in(painter, right, said, figures, theme.text if known else theme.muted, RIGHT)
        per = Text("≥ {per:sig}" if rung.rung.least else "{per:sig}", per=rung.per)
        low = row.adjusted(4, HEAD * fonts.scale(), -4, -APART * fonts.scale())
        write_in(painter, low, self.words(per), figures, theme.muted, RIGHT)
        bar = self.bar(i)
        if bar is None:
            return
        colour = QColor(backend_colour(theme, rung.rung.backend))
        painter.fillRect(bar, colour)
        if rung.about:
            hatch(painter, bar, QColor(theme.panel))

    def _paint_axis(self, painter: QPainter) -> None:
        ends, theme, low = self.ends, self.theme, self.row(len(self.rungs)).y()
        high, (start, wide) = AXIS * fonts.scale(), self.axis
        said = QRectF(start + wide + 4, low, self.width() - start - wide - 8, high)
        write_in(painter, said, self.words(_HEAD), fonts.words(fonts.tiny()), theme.muted, RIGHT)
        if ends is None:
            return
        font = fonts.figures(fonts.tiny())
        with kept(painter):
            for at, text in log_ticks(*ends, most=max(2, int(wide // 70))):
                x = start + wide * (at - ends[0]) / (ends[1] - ends[0])
                painter.setPen(QPen(QColor(theme.line), 1.0))
                painter.drawLine(QPointF(x, 0), QPointF(x, low))
                room = QFontMetricsF(font).horizontalAdvance(text) + 4
                left = min(max(0.0, x - room / 2), start + wide - room)
                write_in(painter, QRectF(left, low, room, high), text, font, theme.muted)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._found(QPointF(event.pos()))
            tip = "" if found is None else as_tip(self.words(self.rungs[found].told))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            found = self._found(event.position())
            if found is not None:
                self.chosen.emit(found)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event is None or not self.rungs or event.key() not in steps:
            super().keyPressEvent(event)
            return
        to = self.at + steps[Qt.Key(event.key())]
        self.chosen.emit(min(max(to, 0), len(self.rungs) - 1))

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def _found(self, at: QPointF) -> int | None:
        return next((i for i in range(len(self.rungs)) if self.row(i).contains(at)), None)
