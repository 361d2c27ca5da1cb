"""A row of figures with a bar each: ten scores, or shares told right by how far a digit moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.text import NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.diverging import sign_colour
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme

GAP = 6.0
LEAST, MOST = 60, 130  # pixels


@dataclass(frozen=True, slots=True)
class Bar:
    """height: -1 … 1, of what is drawn from the middle, or from below where all are above 0. short:
    the figure where there is little room.
    """

    name: Text
    height: float
    figure: Text
    short: Text
    told: Text
    marked: bool = False


class Bars(Told, QWidget):
    """signed: bars go both ways from the middle. name: what all of it is called."""

    def __init__(self, name: str, *, signed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # for who has it read
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.theme: Theme = DARK
        self._signed = signed
        self.bars: tuple[Bar, ...] = ()
        self.say()

    def sizeHint(self) -> QSize:
        return QSize(300, round(LEAST * fonts.scale()))

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these instead."""
        self.bars = tuple(bars)
        self.say()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        self.setMinimumHeight(round(LEAST * fonts.scale()))
        self.setMaximumHeight(round(MOST * fonts.scale()))
        said = joined([bar.told for bar in self.bars], "lines")
        self.setAccessibleDescription(self.words(said))

    def _line(self) -> float:
        """Height of a line of figures or of words."""
        faces = fonts.figures(fonts.SMALL, bold=True), fonts.words(fonts.SMALL, bold=True)
        return max(QFontMetricsF(face).height() for face in faces)

    def boxes(self) -> list[QRectF]:
        """Where each stands."""
        count = max(len(self.bars), 1)
        wide = (self.width() - (count - 1) * GAP) / count
        return [QRectF(i * (wide + GAP), 0, wide, self.height()) for i in range(len(self.bars))]

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        theme, line = self.theme, self._line()
        for bar, box in zip(self.bars, self.boxes(), strict=True):
            ink = theme.now_text if bar.marked else theme.muted
            low = QRectF(box.left(), box.bottom() - line, box.width(), line)
            name = fonts.words(fonts.SMALL, bold=bar.marked)
            write_in(painter, low, self.words(bar.name), name, ink)
            figure = fonts.figures(fonts.SMALL, bold=bar.marked)
            high = QRectF(box.left(), box.top(), box.width(), line)
            ink = theme.now_text if bar.marked else theme.text
            said = self.words(bar.figure)
            if QFontMetricsF(figure).horizontalAdvance(said) > box.width():
                said = self.words(bar.short)
            if QFontMetricsF(figure).horizontalAdvance(said) > box.width():
                figure = fonts.figures(fonts.tiny(), bold=bar.marked)
            write_in(painter, high, said, figure, ink)
            self._bar(painter, bar, box.adjusted(0, line + 1, 0, -line - 1))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.now_text), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _bar(self, painter: QPainter, bar: Bar, area: QRectF) -> None:
        theme = self.theme
        zero = area.center().y() if self._signed else area.bottom()
        whole = area.height() / 2 if self._signed else area.height()
        tall = bar.height * whole
        colour = sign_colour(bar.height, theme) if self._signed else QColor(theme.muted)
        colour = QColor(theme.now) if bar.marked else colour
        thick = min(area.width() * 0.6, 26.0)
        left = area.center().x() - thick / 2
        painter.fillRect(QRectF(left, zero - max(tall, 0.0), thick, abs(tall)), colour)
        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.drawLine(round(area.left()), round(zero), round(area.right()), round(zero))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            at = event.pos().toPointF()
            found = (
                b.told for b, box in zip(self.bars, self.boxes(), strict=True) if box.contains(at)
            )
            QToolTip.showText(event.globalPos(), as_tip(self.words(next(found, NOTHING))), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it
