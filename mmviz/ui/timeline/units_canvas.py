"""Units over time: a line a core, SM or lane; where it idles the hatched ground shows."""

from __future__ import annotations

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.playback import same_instant
from mmviz.state.picture.selection import rows_of, unit_of
from mmviz.state.picture.time_views import UnitsView
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, write, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.picture.texture import colour_table, units_texture

LABEL_WIDTH = 290  # the buttons below are as wide, so both run over the same time axis
RIGHT_WIDTH = 196


class UnitsCanvas(QWidget, Told):
    """Paints who is busy when; a click or drag asks for that instant (0 … 1), a double click for
    the unit under it, to be picked out with all its tiles.
    """

    sought = pyqtSignal(float)
    unit_picked = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(46)
        self.setMaximumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        # It paints all of itself, so that what lies below need not be painted with it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        tell(self, name=N_("Units over time"))
        self._theme: Theme = DARK
        self._view: UnitsView | None = None
        self._frame: Frame | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_view(self, view: UnitsView) -> None:
        """Show another product, or the same one otherwise; its frame follows in `show_frame`."""
        self._view = view
        self.say()

    def say(self) -> None:
        if self._view is not None:
            way = N_("{kind}; click to go there; double click a line to pick out its unit")
            self.setToolTip(as_tip(self.words(Text(way, kind=self._view.kind))))
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show another instant."""
        if not same_instant(frame, self._frame):
            self._frame = frame
            self.update()

    def chart(self) -> QRectF:
        """Where time runs, in pixels of this widget."""
        return QRectF(
            LABEL_WIDTH, 6, max(20, self.width() - LABEL_WIDTH - RIGHT_WIDTH), self.height() - 12
        )

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self._theme.ground))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view, frame = self._view, self._frame
        if view is not None and frame is not None and frame.trace is view.trace:
            self._paint_words(painter, view)
            self._paint_chart(painter, frame)

    def _paint_words(self, painter: QPainter, view: UnitsView) -> None:
        theme, small = self._theme, fonts.words(fonts.SMALL)
        heading = self.words(Text(N_("units over time")))
        write(painter, 4, 16, heading, fonts.heading(), theme.muted)
        end = write(painter, 4, 37, self.words(view.units), fonts.words(bold=True), theme.text)
        busy = self.words(joined((view.busy, view.kind), "commas"))
        room = QRectF(end + 10, 24, max(0.0, LABEL_WIDTH - end - 18), 18)
        write_in(painter, room, busy, small, theme.muted, LEFT)
        if view.idle and self.height() >= 64:
            write(painter, 4, 57, self.words(view.idle), small, theme.loss)

    def _paint_chart(self, painter: QPainter, frame: Frame) -> None:
        theme, chart = self._theme, self.chart()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(chart, 4, 4)
        hatch = QColor(theme.loss)
        hatch.setAlpha(70)
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(chart, 4, 4)
        lines = max(1, min(frame.trace.tiling.units, round(chart.height())))
        texture = units_texture(frame.trace, round(chart.width()), lines)
        image = texture.image(frame.t, colour_table(theme, theme.now))
        painter.drawImage(chart, image)
        pitch = chart.height() / image.height()
        painter.setPen(QPen(QColor(theme.panel), 1.0))
        if pitch >= 3 and image.height() > 1:
            ys = [chart.y() + i * pitch for i in range(1, image.height())]
            painter.drawLines(*[QLineF(chart.left(), y, chart.right(), y) for y in ys])
        self._paint_waves(painter, frame, chart)
        self._paint_selection(painter, frame, chart)
        painter.setPen(QPen(QColor(theme.line)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chart, 4, 4)
        x = chart.x() + chart.width() * frame.t / frame.trace.duration
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(x, chart.y() - 5), QPointF(x, chart.bottom() + 5))

    def _paint_waves(self, painter: QPainter, frame: Frame, chart: QRectF) -> None:
        trace = frame.trace
        if trace.tiling.waves == 1 or chart.width() / trace.tiling.waves < 4:
            return
        starts = trace.wave_starts()[1:] / trace.duration
        painter.setPen(QPen(QColor(self._theme.panel), 1.5))
        painter.drawLines(
            *[
                QLineF(
                    chart.x() + chart.width() * s,
                    chart.y(),
                    chart.x() + chart.width() * s,
                    chart.bottom(),
                )
                for s in starts.tolist()
            ]
        )

    def _paint_selection(self, painter: QPainter, frame: Frame, chart: QRectF) -> None:
        """The line of the picked unit; the bar of the picked tile; the stretch of the wave."""
        selection = None if self._view is None else self._view.selection
        trace = frame.trace
        if selection is None:
            return
        left, right = chart.left(), chart.right()
        top, height = chart.top(), chart.height()
        if selection.kind != "wave":
            unit = unit_of(trace, selection) or 0
            height = max(2.0, chart.height() / trace.tiling.units)
            top = chart.top() + chart.height() * unit / trace.tiling.units
        if selection.kind != "unit":
            rows, pixel = rows_of(trace, selection), chart.width() / trace.duration
            left = chart.left() + pixel * float(trace.starts.of(rows).min())
            right = chart.left() + pixel * float(trace.ends.of(rows).max())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        painter.drawRect(QRectF(left, top, max(2.0, right - left), height))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        chart, trace = self.chart(), None if self._view is None else self._view.trace
        if event is None or trace is None:
            return
        share = (event.position().y() - chart.y()) / chart.height()
        if 0 <= share < 1:
            self.unit_picked.emit(int(share * trace.tiling.units))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def _seek(self, event: QMouseEvent | None) -> None:
        chart = self.chart()
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(min(max((event.position().x() - chart.x()) / chart.width(), 0.0), 1.0))
