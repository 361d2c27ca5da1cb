"""Units over time: a line a core, SM or lane; where it idles the hatched ground shows."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.playback import same_instant
from mmviz.state.picture.selection import row_at
from mmviz.state.picture.time_views import UnitsView
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, write, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing
from mmviz.ui.picture.pointed import tile_thing
from mmviz.ui.timeline.units_painter import paint_instant, paint_units

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
            paint_units(painter, self._theme, view, frame, self.chart())
            paint_instant(painter, self._theme, frame, self.chart())

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

    part = "units"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The tile that a unit computes there and then."""
        chart, frame = self.chart(), self._frame
        if frame is None or self._view is None or frame.trace is not self._view.trace:
            return None
        across = (at.x() - chart.x()) / chart.width()
        down = (at.y() - chart.y()) / chart.height()
        if not (0 <= across < 1 and 0 <= down < 1):
            return None
        trace = frame.trace
        row = row_at(trace, int(down * trace.tiling.units), across * trace.duration)
        return None if row is None else tile_thing(frame, row, self._view.noun)

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """None: the keyboard does not come here."""
        return None

    def unit_at(self, share: float) -> int | None:
        """The unit so far down the chart, 0 … 1; None where there is none."""
        trace = None if self._view is None else self._view.trace
        return int(share * trace.tiling.units) if trace is not None and 0 <= share < 1 else None

    def units_count(self) -> int:
        """How many lines there are, 0 while there is nothing to show."""
        trace = None if self._view is None else self._view.trace
        return 0 if trace is None else trace.tiling.units

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        chart = self.chart()
        if event is None:
            return
        unit = self.unit_at((event.position().y() - chart.y()) / chart.height())
        if unit is not None:
            self.unit_picked.emit(unit)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def _seek(self, event: QMouseEvent | None) -> None:
        chart = self.chart()
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(min(max((event.position().x() - chart.x()) / chart.width(), 0.0), 1.0))
