"""The hand on the chart of batch sizes: hover tells all of one, and so do ← and →."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.bench.rates import Rate
from mmviz.text import N_, Text, joined
from mmviz.ui.learn.rates_painter import Drawing, drawing_of, paint_rates
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.words.rates import told

_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class RatesCanvas(Told, QWidget):
    """looked: another batch size is looked at, or none."""

    looked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Time and loss by batch size"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.theme: Theme = DARK
        self.rates: tuple[Rate, ...] = ()
        self._at: int | None = None

    @property
    def batches(self) -> tuple[int, ...]:
        """What it stands over, the least first."""
        return tuple(sorted({rate.batch for rate in self.rates}))

    @property
    def at(self) -> tuple[Rate, ...]:
        """All of the batch size that is looked at, of each backend; () where none is."""
        if self._at is None:
            return ()
        batch = self.batches[self._at]
        return tuple(rate for rate in self.rates if rate.batch == batch)

    @property
    def several(self) -> bool:
        """Whether more than one backend computed."""
        return len({rate.backend for rate in self.rates}) > 1

    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def show_rates(self, rates: tuple[Rate, ...]) -> None:
        """Show these instead."""
        if rates != self.rates:
            self.rates = rates
            if self._at is not None and self._at >= len(self.batches):
                self._at = None
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        lines = tuple(told(rate, named=self.several) for rate in self.at or self.rates)
        said = joined(lines, "lines")
        self.setAccessibleDescription(self.words(said))
        self.update()

    def drawing(self) -> Drawing:
        """Where all of it stands, in pixels of this widget."""
        return drawing_of(self.rates, QRectF(self.rect()).adjusted(1, 1, -1, -1), self.theme)

    def look_at(self, number: int | None) -> None:
        """Look at that one, None for none."""
        if number != self._at:
            self._at = number
            self.say()
            self.looked.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        if not self.rates:
            return
        paint_rates(painter, self.theme, self.drawing(), self.words, self._at)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().windowText().color(), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.rates:
            self.look_at(self._near(event.position()))

    def leaveEvent(self, event: object) -> None:
        if not self.hasFocus():
            self.look_at(None)

    def _near(self, at: QPointF) -> int:
        xs = self.drawing().xs
        return min(range(len(xs)), key=lambda i: abs(xs[i] - at.x()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        step = None if event is None else _KEYS.get(Qt.Key(event.key()))
        if step is None or not self.rates:
            super().keyPressEvent(event)
        else:
            last = len(self.batches) - 1
            first = 0 if step > 0 else last
            to = first if self._at is None else min(max(self._at + step, 0), last)
            self.look_at(to)


def nothing() -> Text:
    """Where no batch size is looked at."""
    return Text(N_("a batch size under the mouse, or by ← and →, is read here"))
