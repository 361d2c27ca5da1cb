"""The chart of a sweep in the window: a mouse and keys read its points, a click enters one."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.sweep.chart import SweepChart
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.painting import paint_widget, painting
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.sweep.axes import Axes, Faces, axes_of
from mmviz.ui.sweep.painter import label_room, paint_reading, paint_sweep
from mmviz.words.sweep import reading

_FAR = 16  # points that Shift with an arrow goes
_BELOW = 64  # pixels around the middle, where a sentence may stand above the offers
_LEAST = (120, 60)  # pixels below which nothing is drawn


class SweepCanvas(QWidget, Told):
    """`entered`: the index of a point clicked, or read and entered by the keyboard."""

    entered = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._chart: SweepChart | None = None
        self._now: int | None = None
        self._why = NOTHING  # there is no chart
        self._axes: Axes | None = None
        self._picture: QPixmap | None = None  # everything but what follows the mouse
        self.read: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(220, 70)
        self.offers = Offers(across=True)
        below = QVBoxLayout(self)
        below.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        below.addStretch(1)
        below.addSpacing(_BELOW)
        below.addWidget(self.offers)
        below.addStretch(1)
        tell(self, name=N_("Sweep: predicted time of each point"))

    @property
    def chart(self) -> SweepChart | None:
        """What is drawn, None where a sentence stands instead."""
        return self._chart

    def show_chart(self, chart: SweepChart | None, now: int | None, why: Text = NOTHING) -> None:
        """Draw this, with a ring at the point `now`; without a chart its place has `why`."""
        before = None if self._chart is None else self._chart.found.seconds
        if chart is None or chart.found.seconds is not before:
            self.read = None
        self._chart, self._now, self._why = chart, now, why
        self.say()

    def say(self) -> None:
        """Draw and tell it anew."""
        self._drop()
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._drop()

    def axes(self) -> Axes | None:
        """Where the points lie; None while nothing is drawn."""
        if self._chart is None or self.width() < _LEAST[0] or self.height() < _LEAST[1]:
            return None
        if self._axes is None:
            faces = self._faces()
            area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            self._axes = axes_of(self._chart, area, faces, label_room(self._chart, faces))
        return self._axes

    def _faces(self) -> Faces:
        small = fonts.SMALL
        bold = fonts.words(small, bold=True)
        return Faces(fonts.words(small), fonts.figures(small), bold, self.words)

    def _drop(self) -> None:
        self._axes = self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._drop()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._drop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        axes = self.axes()
        if axes is None:
            painter.setFont(fonts.words())
            painter.setPen(QColor(self._theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), self.words(self._why))
        else:
            painter.drawPixmap(0, 0, self._static(axes))
            if self.read is not None:
                paint_reading(painter, self._theme, axes, self._faces(), self.read, self.rect())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)  # else what painted last would fill the view
            painter.setPen(QPen(QColor(self._theme.now_text), 1.0))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _static(self, axes: Axes) -> QPixmap:
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(self._theme.panel))
            with painting(picture) as painter:
                paint_sweep(painter, self._theme, axes, self._faces(), now=self._now)
            self._picture = picture
        return self._picture

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._read_at(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._show_reading(None)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._read_at(event)
        if self.read is not None:
            self.entered.emit(self.read)

    def _read_at(self, event: QMouseEvent) -> None:
        axes, at = self.axes(), event.position()
        near = axes is not None and axes.plot.adjusted(-6, -6, 6, 6).contains(at)
        self._show_reading(axes.point_at(at.x(), at.y()) if axes is not None and near else None)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        by_key = event is not None and event.reason() != Qt.FocusReason.MouseFocusReason
        if by_key and self.read is None and self._chart is not None:
            self._show_reading(self._now or 0)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self._show_reading(None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows move the reading point, Enter enters it, Escape lets go."""
        axes = self.axes()
        if event is None or axes is None:
            super().keyPressEvent(event)
            return
        key, at = Qt.Key(event.key()), self.read if self.read is not None else self._now or 0
        far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.read is not None:
            self.entered.emit(self.read)
        elif key == Qt.Key.Key_Escape:
            self._show_reading(None)
        elif (to := _moved(key, at, far, axes)) is not None:
            self._show_reading(to)
        else:
            super().keyPressEvent(event)

    def _show_reading(self, point: int | None) -> None:
        if point != self.read:
            self.read = point
            self._tell()
            self.update()

    def _tell(self) -> None:
        """The reading point in words, for who does not see it."""
        told = self._why
        if self._chart is not None:
            point = self.read if self.read is not None else self._now
            lines = () if point is None else reading(self._chart.found, point)
            told = joined(lines, "commas")
        self.setAccessibleDescription(self.words(told))


def _moved(key: Qt.Key, at: int, far: int, axes: Axes) -> int | None:
    """Where an arrow leads from a point; None for another key."""
    count = len(axes.chart.found.points)
    columns = len(axes.batches) if axes.chart.heat else count
    row, column = divmod(at, columns)
    steps = {Qt.Key.Key_Left: (0, -far), Qt.Key.Key_Right: (0, far)}
    ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: columns - 1}
    if axes.chart.heat:
        steps |= {Qt.Key.Key_Up: (far, 0), Qt.Key.Key_Down: (-far, 0)}
    if key in ends:
        return row * columns + ends[key]
    if key not in steps:
        return None
    up, right = steps[key]
    row = min(max(row + up, 0), count // columns - 1)
    return row * columns + min(max(column + right, 0), columns - 1)
