"""UNITS OVER TIME: both schedules on one scale, with one cursor; the clock of both below."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QStackedWidget, QToolTip, QVBoxLayout, QWidget

from mmviz.state.picture.playback import Playback
from mmviz.state.picture.selection import row_at, tile_lines, tile_of
from mmviz.state.recording.view import PairView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.clock.hint import Hint
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.recording.lanes_painter import (
    Lanes,
    names_width,
    paint_cursor,
    paint_lanes,
    paint_mark,
    paint_scale,
    sides_of,
)
from mmviz.ui.timeline.transport import Transport
from mmviz.words.schedule import unit_text
from mmviz.words.speech import Words

LATER = Text(N_("Who computes when stands here, modelled and recorded, on one time scale"))


class LanesCanvas(Told, QWidget):
    """Paints who computes when; a click or a drag asks for that instant (0 … 1).

    pointed: the tile (m, n) under the pointer, None for none.
    """

    sought = pyqtSignal(float)
    pointed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.marked: tuple[int, int] | None = None  # a tile that is pointed at, here or elsewhere
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(70)
        tell(self, name=N_("Units over time of both schedules"))
        self._theme: Theme = DARK
        self._view, self._position = PairView(), 0.0

    def sizeHint(self) -> QSize:
        return QSize(860, 220)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.update()

    def show_view(self, view: PairView) -> None:
        """Show this instead."""
        self._view = view
        self.say()

    def say(self) -> None:
        told = [joined((half.name, half.about)) for half in self._view.halves]
        self.setAccessibleDescription(self.words(joined(told, "lines")))
        self.update()

    def show_position(self, position: float) -> None:
        """Follow the clock."""
        if position != self._position:
            self._position = position
            self.update()

    def sides(self) -> list[Lanes]:
        """Both sides where they stand now, the upper one first."""
        return sides_of(self._view, self.chart(), self._position)

    def chart(self) -> QRectF:
        """Where time runs, in pixels of this widget."""
        left = self._names()
        return QRectF(left, 0.0, max(20.0, self.width() - left - 4), self.height() - 6.0)

    def _names(self) -> float:
        return names_width(self._view, self.words)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        sides, theme = self.sides(), self._theme
        if not sides:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lanes in sides:
            paint_lanes(painter, theme, self.words, lanes, self._names())
        area = QRectF(0, 0, self.width() - 4.0, self.height())
        paint_scale(painter, theme, self.words, self._view, sides, area)
        if self.marked is not None and self._view.alike:
            paint_mark(painter, theme, sides, self.marked)
        paint_cursor(painter, theme, sides)

    def _place(self, at: QPointF) -> tuple[Lanes, int, int | None] | None:
        """The side there, the unit, and the row of the trace it computes then; None: no side."""
        for lanes in self.sides():
            chart, trace = lanes.chart, lanes.frame.trace
            if chart.contains(at):
                share = (at.x() - chart.x()) / chart.width() / lanes.until
                unit = int((at.y() - chart.y()) / chart.height() * trace.tiling.units)
                unit = min(unit, trace.tiling.units - 1)
                row = row_at(trace, unit, share * trace.duration) if share < 1 else None
                return lanes, unit, row
        return None

    def about(self, at: QPointF) -> Text:
        """What is said of a place: the tile that a unit computes there and then."""
        if (found := self._place(at)) is not None:
            lanes, unit, row = found
            noun = lanes.half.noun
            if row is None:
                if lanes.half.side.sampled:
                    said = N_("{unit} is idle, or computes a tile that was not kept")
                    return Text(said, unit=unit_text(noun, unit))
                return Text(N_("{unit} is idle"), unit=unit_text(noun, unit))
            return joined(tile_lines(lanes.frame, row, noun), "lines")
        return NOTHING

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent):
            said = self.words(self.about(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), as_tip(said), self)
            return True
        return super().event(event)

    def mark(self, tile: tuple[int, int] | None) -> None:
        """Show a tile (m, n) on all sides; None: no longer."""
        if tile != self.marked:
            self.marked = tile
            self.update()

    def _point(self, at: QPointF | None) -> None:
        found = None if at is None else self._place(at)
        tile = None
        if found is not None and found[2] is not None and found[0].half.side.placed:
            tile = tile_of(found[0].frame.trace, found[2])
        if tile != self.marked:
            self.mark(tile)
            self.pointed.emit(tile)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)
        if event is not None:
            self._point(event.position())

    def _seek(self, event: QMouseEvent | None) -> None:
        chart = self.chart()
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton:
            share = (event.position().x() - chart.x()) / chart.width()
            self.sought.emit(min(max(share, 0.0), 1.0))


class LanesPanel(Told, QWidget):
    """Both schedules over time, and the transport. sought: an instant of the scale, 0 … 1."""

    sought = pyqtSignal(float)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.canvas, self.transport = LanesCanvas(), Transport(actions)
        self.transport.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.canvas.sought.connect(self.sought)
        self.transport.sought.connect(self.sought)
        inside, self.hint = QWidget(), Hint()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.transport)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 8)
        whole.addWidget(self._pages)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        self.hint.set_theme(theme)
        self.canvas.set_theme(theme)
        self.transport.set_theme(theme)

    def set_words(self, words: Words) -> None:
        self.transport.set_words(words)
        super().set_words(words)

    def show_view(self, view: PairView) -> None:
        """Show this instead."""
        self.hint.show_hint(LATER if view.why else NOTHING, view.offers)
        self._pages.setCurrentIndex(0 if view.why else 1)
        self.canvas.show_view(view)
        self.transport.show_view(view.transport)

    def show_playback(self, playback: Playback) -> None:
        """Follow the clock."""
        self.canvas.show_position(playback.position)
        self.transport.show_playback(playback)
