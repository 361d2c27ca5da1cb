"""A sweep drawn in the window, all of it or a piece, with the point that is read and the pins."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.sweep.chart import Pins, SweepChart
from mmviz.state.sweep.closer import ALL, Closer
from mmviz.state.sweep.readout import told_at
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.painting import paint_widget, painting
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.sweep.axes import Axes, axes_of
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.names import label_room
from mmviz.ui.sweep.painter import paint_sweep
from mmviz.ui.sweep.pin_marks import paint_pins
from mmviz.ui.sweep.reading import paint_reading

_BELOW = 64  # pixels around the middle, where a sentence may stand above the offers
_LEAST = (120, 60)  # pixels below which nothing is drawn


class SweepDrawing(QWidget, Told):
    """Points are those of the whole sweep, however little of it is seen; `looked`: that changed."""

    looked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._why = NOTHING  # there is no chart
        self._axes: Axes | None = None
        self._picture: QPixmap | None = None  # everything but what follows the mouse
        self._first = 0  # the first point that is seen
        self.chart: SweepChart | None = None
        """What is drawn, None where a sentence stands instead."""
        self.closer = ALL
        """Which piece of it is seen."""
        self.now: int | None = None
        self.read: int | None = None
        self.held: int | None = None
        """The pin that is dragged, and stands at the point that is read."""
        self.setMinimumSize(220, 70)
        self.offers = Offers(across=True)
        below = QVBoxLayout(self)
        below.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        below.addStretch(1)
        below.addSpacing(_BELOW)
        below.addWidget(self.offers)
        below.addStretch(1)
        tell(self, name=N_("Sweep: predicted time of each point"))

    def show_chart(self, chart: SweepChart | None, now: int | None, why: Text = NOTHING) -> None:
        """Draw this, with a ring at the point `now`; without a chart its place has `why`."""
        before = self.chart
        if before is None or chart is None or chart.found.seconds is not before.found.seconds:
            self.read = None
        if before is None or chart is None or not _same_axis(before, chart):
            self.closer = ALL
        self.chart, self.now, self._why = chart, now, why
        self.say()
        self.looked.emit()

    def look(self, closer: Closer) -> None:
        """See another piece."""
        if closer != self.closer:
            self.closer = closer
            self._drop()
            self.looked.emit()

    def show_reading(self, point: int | None) -> None:
        """Tell this point."""
        if point != self.read:
            self.read = point
            self._tell()
            self.update()

    def say(self) -> None:
        """Draw and tell it anew."""
        self._drop()
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._drop()

    def axes(self) -> Axes | None:
        """Where the points that are seen lie; None while nothing is drawn."""
        if self.chart is None or self.width() < _LEAST[0] or self.height() < _LEAST[1]:
            return None
        if self._axes is None:
            faces, seen = self.faces(), self.chart
            self._first = 0
            if not self.closer.whole:
                self._first, last = self.closer.points(seen)
                seen = seen.between(self._first, last)
            area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            self._axes = axes_of(seen, area, faces, label_room(seen, faces))
        return self._axes

    def seen(self, point: int | None) -> int | None:
        """The place of a point among those of `axes`; None where it is not seen."""
        axes = self.axes()
        if point is None or axes is None:
            return None
        at = point - self._first
        return at if 0 <= at < len(axes.chart.found.points) else None

    def point_at(self, x: float, y: float) -> int | None:
        """The point nearest to a pixel."""
        axes = self.axes()
        return None if axes is None else axes.point_at(x, y) + self._first

    def faces(self) -> Faces:
        """What words and figures are written in."""
        return Faces.of_now(self.words)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._drop()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._drop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _drop(self) -> None:
        self._axes = self._picture = None
        self.update()

    def _paint(self, painter: QPainter) -> None:
        axes, faces = self.axes(), self.faces()
        if axes is None:
            painter.setFont(fonts.words())
            painter.setPen(QColor(self._theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), self.words(self._why))
        else:
            painter.drawPixmap(0, 0, self._static(axes))
            paint_pins(painter, self._theme, axes, faces, self._pins(axes))
            read = self.seen(self.read)
            if read is not None:
                paint_reading(painter, self._theme, axes, faces, read, self.rect())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)  # else what painted last would fill the view
            painter.setPen(QPen(QColor(self._theme.now_text), 1.0))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _pins(self, axes: Axes) -> Pins:
        at, (a, b) = self.seen(self.read), axes.chart.pins
        return (a, b) if self.held is None else (at, b) if self.held == 0 else (a, at)

    def _static(self, axes: Axes) -> QPixmap:
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(self._theme.panel))
            with painting(picture) as painter:
                now = self.seen(self.now)
                paint_sweep(painter, self._theme, axes, self.faces(), now=now, pins=False)
            self._picture = picture
        return self._picture

    def _tell(self) -> None:
        """The reading point in words, for who does not see it."""
        told = self._why
        if self.chart is not None:
            point = self.read if self.read is not None else self.now
            told = NOTHING if point is None else told_at(self.chart, point)
        self.setAccessibleDescription(self.words(told))


def _same_axis(one: SweepChart, other: SweepChart) -> bool:
    """Whether a closer look at one is the same look at the other."""
    if one.heat or other.heat or one.log_x != other.log_x:
        return False
    (a, b), (c, d) = ((chart.x[0], chart.x[-1]) for chart in (one, other))
    return one.found.points.layer == other.found.points.layer and (a, b) == (c, d)
