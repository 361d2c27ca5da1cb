"""Units over time: a line a core, SM or lane; where it idles the hatched ground shows."""

from __future__ import annotations

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz import units
from mmviz.core.schedule.trace import Frame
from mmviz.state.derived import Derived
from mmviz.state.peak.column import busy_share
from mmviz.state.picture.caption import idle_in_last_wave
from mmviz.state.picture.selection import unit_of
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import write
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.picture.texture import Texture, colour_table, units_texture

LABEL_WIDTH = 290  # the buttons below are as wide, so both run over the same time axis
RIGHT_WIDTH = 196


class UnitsView(QWidget):
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
        self.setAccessibleName("Units over time")
        self.setToolTip("Click to go there; double click a line to pick out its unit")
        self._theme: Theme = DARK
        self._snapshot: Derived | None = None
        self._frame: Frame | None = None
        self._texture: Texture | None = None
        self._busy = 0.0

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_derived(self, derived: Derived) -> None:
        """Show another product."""
        before, self._snapshot = self._snapshot, derived
        if before is None or before.trace is not derived.trace:
            self._frame, self._texture = None, None
            self._busy = busy_share(derived.tiling, derived.trace)
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show another instant."""
        self._frame = frame
        self.update()

    def chart(self) -> QRectF:
        """Where time runs, in pixels of this widget."""
        return QRectF(
            LABEL_WIDTH, 6, max(20, self.width() - LABEL_WIDTH - RIGHT_WIDTH), self.height() - 12
        )

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._snapshot is not None and self._frame is not None:
            self._paint_words(painter, self._snapshot)
            self._paint_chart(painter, self._frame)
        painter.end()

    def _paint_words(self, painter: QPainter, derived: Derived) -> None:
        theme, device = self._theme, derived.device
        write(painter, 4, 16, "units over time", fonts.heading(), theme.muted)
        count = units.plural(device.units, device.unit)
        end = write(painter, 4, 37, count, fonts.words(bold=True), theme.text)
        word = "occupied" if device.kind == "systolic" else "busy"
        busy = f"{word} {units.percent(self._busy)}"
        write(painter, end + 10, 37, busy, fonts.words(fonts.SMALL), theme.muted)
        trace = derived.trace
        idle = 0 if trace is None else idle_in_last_wave(trace)
        if idle and self.height() >= 64:
            when = "idle in the last wave" if trace and trace.waves > 1 else "never used"
            text = f"{units.plural(idle, device.unit)} {when}"
            write(painter, 4, 57, text, fonts.words(fonts.SMALL), theme.loss)

    def _paint_chart(self, painter: QPainter, frame: Frame) -> None:
        theme, chart = self._theme, self.chart()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(chart, 4, 4)
        hatch = QColor(theme.loss)
        hatch.setAlpha(70)
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(chart, 4, 4)
        if self._texture is None:
            lines = max(1, min(frame.trace.tiling.units, round(chart.height())))
            self._texture = units_texture(frame.trace, round(chart.width()), lines)
        image = self._texture.image(frame.t, colour_table(theme, theme.now))
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
        selection = None if self._snapshot is None else self._snapshot.session.selection
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
            rows = (
                slice(selection.index, selection.index + 1)
                if selection.kind == "tile"
                else trace.tiles_of_wave(selection.index)
            )
            left = chart.left() + chart.width() * float(trace.start[rows].min()) / trace.duration
            right = chart.left() + chart.width() * float(trace.end[rows].max()) / trace.duration
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        painter.drawRect(QRectF(left, top, max(2.0, right - left), height))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        chart, derived = self.chart(), self._snapshot
        if event is None or derived is None or derived.trace is None:
            return
        share = (event.position().y() - chart.y()) / chart.height()
        if 0 <= share < 1:
            self.unit_picked.emit(int(share * derived.trace.tiling.units))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._texture = None

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def _seek(self, event: QMouseEvent | None) -> None:
        chart = self.chart()
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(min(max((event.position().x() - chart.x()) / chart.width(), 0.0), 1.0))
