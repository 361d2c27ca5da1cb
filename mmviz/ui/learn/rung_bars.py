"""The rungs as bars on a logarithmic axis of seconds: one is chosen by a click or by ↑ and ↓."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.state.learn.rungs import RungView
from mmviz.text import N_
from mmviz.ui.learn.rung_bars_painter import Bars, bars_height, paint_bars
from mmviz.ui.look.painting import kept, paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme


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
        return QSize(300, round(bars_height(len(self.rungs))))

    @property
    def drawing(self) -> Bars:
        """Where all of it stands."""
        return Bars(self.rungs, QRectF(self.rect()))

    @property
    def ends(self) -> tuple[float, float] | None:
        """See `Bars.ends`."""
        return self.drawing.ends

    def row(self, i: int) -> QRectF:
        """Where a rung stands."""
        return self.drawing.row(i)

    def bar(self, i: int) -> QRectF | None:
        """See `Bars.bar`."""
        return self.drawing.bar(i)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        if self.rungs:
            box = self.row(self.at).adjusted(0, 0, 0, -2)
            painter.fillRect(box, QColor(self.theme.selected))
            if self.hasFocus():
                with kept(painter):
                    painter.setPen(QPen(QColor(self.theme.now_edge), 1.5))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(box.adjusted(1, 1, -1, -1))
        paint_bars(painter, self.theme, self.drawing, self.words)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._found(QPointF(event.pos()))
            told = "" if found is None else self.words(self.rungs[found].told)
            QToolTip.showText(event.globalPos(), as_tip(told), self)
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
