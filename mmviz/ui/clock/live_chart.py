"""The chart that moves while a network is timed: latency of each backend, on a log axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QRectF, Qt, QTimer
from PyQt6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from mmviz.bench.results import Run
from mmviz.state.clock.series import (
    SHORTEST_S,
    WINDOW,
    Series,
    log_range,
    log_ticks,
)
from mmviz.text import N_
from mmviz.ui.clock.end_names import GAP, Frame, name_font, room_for, stand
from mmviz.ui.clock.heap import Heap, all_items, width_in
from mmviz.ui.clock.levels import Levels, wanted
from mmviz.ui.clock.live_foot import LiveFoot
from mmviz.ui.clock.live_hand import LiveHand
from mmviz.ui.clock.live_view import AXIS, LiveView
from mmviz.ui.clock.track import Track, floored
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import undrawn
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import inked, muted
from mmviz.words.live import HEAP, HEAP_TIP
from mmviz.words.timing import backend_name

REPAINT_MS = 33
WAITING = N_("waiting for the first samples …")
NO_SAMPLES = N_("no data: no pass was timed")
_ROOM = 0.06  # of the height, above and below, so that the outermost ticks keep their words
_LABEL = 18  # pixels for a line of words
_HALF_LABEL = 9  # pixels above and below a tick; a label that sticks out is not drawn


class LiveChart(QWidget, Told):
    """Median with its p10-p90 band over the last passes, raw samples thinly behind; drawn by a
    timer, while running and when data came. x runs from 0 to the seconds each backend gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._tracks: dict[str, Track] = {}
        self._estimates: dict[str, float] = {}
        self._budget_s: float | None = None
        self._whole_s = 1.0
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.setInterval(REPAINT_MS)
        self._timer.timeout.connect(self.refresh)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)
        self._view = LiveView()
        self._axis, self._plot, self._side = self._view.axis, self._view.plot, self._view.side
        self._plot.sigResized.connect(self._resized)
        self._levels = Levels(self._plot)
        self._heaps: dict[str, Heap] = {}
        self._hand = LiveHand(self, self._plot)
        self._empty = tell(PlainLabel(), text=WAITING)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._with_foot())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.setMinimumSize(160, 90)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for part in (self, self._pages):
            part.setMouseTracking(True)
        tell(self, name=N_("Latency chart"))
        self.set_theme(DARK)

    def _with_foot(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self._grid = grid
        grid.addWidget(self._view, 0, 0, 1, 6)
        grid.setColumnMinimumWidth(0, AXIS)
        self._foot = LiveFoot(grid)
        self._heap = tell(muted(HEAP), tip=HEAP_TIP)
        self._heap.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._heap.hide()  # until there is room for its bars
        grid.addWidget(self._heap, 1, 5)
        grid.setRowStretch(0, 1)
        grid.setColumnStretch(2, 1)
        for part in (page, *self._foot.labels, self._heap):
            part.setMouseTracking(True)
        return page

    def begin(self, backends: Sequence[str], whole_s: float, budget_s: float | None) -> None:
        """Forget what was drawn and wait for samples of `backends`, `whole_s` seconds each."""
        self._plot.clear()
        self._levels = Levels(self._plot)
        self._estimates = {}
        self._budget_s = budget_s
        self._whole_s = max(whole_s, SHORTEST_S)
        self._tracks = {backend: Track(backend) for backend in backends}
        self._heaps = {backend: Heap() for backend in backends}
        self._side.clear()
        for item in all_items(self._heaps.values()):
            self._side.addItem(item, ignoreBounds=True)
        self._hand.begin(self._plot)
        for layer in range(4):  # all bands below all raw samples below all medians
            for track in self._tracks.values():
                self._plot.addItem(track.items[layer], ignoreBounds=True)
        for track in self._tracks.values():
            for item in track.name.items:
                item.hide()
                self._plot.addItem(item, ignoreBounds=True)
        self._say_foot()
        tell(self._empty, self.words, text=WAITING)
        self._pages.setCurrentIndex(0)
        self.set_theme(self._theme)
        self._timer.start()

    def add_samples(self, backend: str, samples_s: Sequence[float], spent_s: float) -> None:
        """Take new samples in (seconds per pass), that took `spent_s`; drawn at the next tick."""
        self._tracks[backend].extend(samples_s, spent_s)
        self._dirty = True

    def add_estimate(self, backend: str, seconds: float) -> None:
        """A pass of this backend would take about `seconds`."""
        self._estimates[backend] = max(seconds, SHORTEST_S)
        self._dirty = True

    def show_runs(self, runs: Sequence[Run], budget_s: float | None) -> None:
        """Draw what a run that is over found at one batch, unless it is drawn already.

        x runs from 0 to the most seconds a backend spent.
        """
        measured = {run.backend: floored(run.samples_s) for run in runs if not run.estimated}
        estimates = {run.backend: run.samples_s[0] for run in runs if run.estimated}
        drawn = {backend: track.series.values for backend, track in self._tracks.items()}
        nothing = floored(())
        if (
            list(drawn) == [run.backend for run in runs]
            and (self._estimates, self._budget_s) == (estimates, budget_s)
            and all(np.array_equal(drawn[b], measured.get(b, nothing)) for b in drawn)
        ):
            return
        whole_s = max((run.spent_s for run in runs), default=0.0)
        self.begin([run.backend for run in runs], whole_s or 1.0, budget_s)
        for run in runs:
            if not run.estimated:
                self.add_samples(run.backend, run.samples_s, run.spent_s)
        for backend, seconds in estimates.items():
            self.add_estimate(backend, seconds)
        self.finish()

    def finish(self) -> None:
        """No more samples will come: draw the last ones and stand still."""
        self._timer.stop()
        self.refresh()
        if self._pages.currentIndex() == 0:
            tell(self._empty, self.words, text=NO_SAMPLES)

    def stop(self) -> None:
        """Repaint no more."""
        self._timer.stop()
        self._later.stop()

    def series(self, backend: str) -> Series:
        """The samples drawn of one backend."""
        return self._tracks[backend].series

    @property
    def repainting(self) -> bool:
        """Whether the timer runs."""
        return self._timer.isActive()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self._foot.set_theme(theme)
        self._empty.setFont(fonts.words())
        inked(self._empty, theme.muted)
        self._view.setBackground(theme.panel)
        axis = self._axis
        axis.setPen(pg.mkPen(None))
        axis.setTextPen(theme.muted)
        axis.setTickFont(fonts.figures(fonts.SMALL))
        axis.setTickPen(pg.mkPen(theme.line))
        axis.setGrid(255)
        axis.setZValue(-1_000)  # the grid lies below everything, words included
        for backend, track in self._tracks.items():
            track.paint(theme)
            self._heaps[backend].paint(theme, backend)
        self._hand.paint(theme)
        self._dirty = True
        self.refresh()

    def refresh(self) -> None:
        """Draw what came since the last time."""
        if not self._dirty:
            return
        self._dirty = False
        try:
            self._draw()
        except Exception as error:  # in a timer, and again and again
            tell(self._empty, self.words, text=undrawn(self, error))
            self._pages.setCurrentIndex(0)

    def _draw(self) -> None:
        drawn = [track for track in self._tracks.values() if len(track.series)]
        if not drawn and not self._estimates:
            return
        self._pages.setCurrentIndex(1)
        for track in drawn:
            track.span = self._hand.span
            track.redraw(self._whole_s)
        drawn = [track for track in drawn if track.range is not None]
        wide = self._give_side(bool(drawn))
        names = [self.words(backend_name(track.backend)) for track in drawn]
        room = room_for(names, wide)
        across = 1.0 + room / max(wide - room, 1.0)
        self._grid.setColumnMinimumWidth(4, round(room))
        self._plot.setXRange(0, across, padding=0)
        self._fit_axis(drawn, wide)
        up = self.axis_range()
        self._side.setYRange(*up, padding=0)
        for track in drawn if self._heap.isVisibleTo(self) else ():
            self._heaps[track.backend].redraw(track, up, self._view.height())
        self._name(drawn, names, across)

    def _name(self, drawn: Sequence[Track], names: Sequence[str], across: float) -> None:
        """Each curve at its end."""
        (low, high), size = self._plot.viewRange()[1], self._plot.rect()
        if size.width() < 1 or size.height() < 1:
            return
        frame = Frame(QRectF(size), across, (low, high))
        metrics = QFontMetricsF(name_font())
        room = room_for(names, size.width()) - GAP
        shown = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) for name in names]
        stand(
            frame,
            [(track.name, name, track.line) for track, name in zip(drawn, shown, strict=True)],
            self._levels.heights(frame),
            self._levels.boxes(frame),
        )
        for track in drawn:
            for item in track.name.items:
                item.show()
        self._hand.show()

    def _give_side(self, any_drawn: bool) -> float:
        """The distribution its place, where it has samples and room; pixels left for the plot."""
        inner = self._view.width() - AXIS
        side = width_in(inner, self._heap.sizeHint().width()) if any_drawn else 0
        if side != self._grid.columnMinimumWidth(5):
            self._grid.setColumnMinimumWidth(5, side)
            self._heap.setVisible(bool(side))
            for give in (self._side.setMinimumWidth, self._side.setMaximumWidth):
                give(side)
        return float(inner - side)

    @property
    def tracks(self) -> Mapping[str, Track]:
        """What is drawn of each backend."""
        return self._tracks

    @property
    def whole_s(self) -> float:
        """Seconds from the left end to the right one, while all of them are shown."""
        return self._whole_s

    def plot_box(self) -> QRectF:
        """Where the curves are, in pixels of this widget: from the start of the run to its end."""
        scene = self._plot.sceneBoundingRect()
        across = self._plot.viewRange()[0][1]
        corner = self._view.mapTo(self, self._view.mapFromScene(scene.topLeft()))
        return QRectF(corner.x(), corner.y(), scene.width() / max(across, 1.0), scene.height())

    def axis_range(self) -> tuple[float, float]:
        """What the axis shows, as logarithms (base 10) of seconds."""
        low, high = self._plot.viewRange()[1]
        return float(low), float(high)

    def looked(self) -> None:
        """Something else of it is looked at."""
        self._dirty = True
        self._say_foot()
        self.refresh()

    def _say_foot(self) -> None:
        """Where the axis begins and ends, and between that a sample that is read."""
        start, end = (share * self._whole_s for share in self._hand.span)
        self._foot.words = self.words
        self._foot.show_foot(start, end, self._hand.reading())
        self._fit_foot()

    def _fit_foot(self) -> None:
        taken = sum(self._grid.columnMinimumWidth(column) for column in (4, 5))
        wide = self.width() - AXIS
        self._foot.fit(AXIS, wide - taken, wide)

    def name_box(self, backend: str) -> QRectF:
        """Where the name of a curve stands, in pixels of the plot."""
        return self._tracks[backend].name.box

    def _fit_axis(self, drawn: Sequence[Track], wide: float) -> None:
        room = wide - 12
        levels = wanted(self._estimates, self._budget_s, self._theme, self.words, room)
        ends = [level.seconds for level in levels]
        for track in drawn:
            ends += track.range or ()
        if not ends:
            return
        bottom, top = log_range(min(ends), max(ends))
        rim = max(_ROOM, _HALF_LABEL / max(self._view.height(), 1)) * (top - bottom)
        low_rim = rim
        if min(ends) == self._budget_s:  # its words need room below, where no samples are
            low_rim += _LABEL * (top - bottom) / max(self._view.height(), 1)
        self._plot.setYRange(bottom - low_rim, top + rim, padding=0)
        most = max(2, min(7, self._view.height() // 26))
        self._axis.setTicks([log_ticks(bottom, top, most)])
        last = [track.series.values[-WINDOW:] for track in drawn]
        medians = [math.log10(float(np.median(values))) for values in last]
        self._levels.draw(levels, [bottom - low_rim, top + rim, *medians], self._theme)

    def say(self) -> None:
        """Draw it again, in the language there is now."""
        self._say_foot()
        self._dirty = True
        self.refresh()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._hand.move(event.position(), event.buttons())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._hand.press(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self._hand.show_all()

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hand.leave()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None or not self._hand.turn(event.position(), event.angleDelta().y()):
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self._hand.key(event):
            super().keyPressEvent(event)

    def _resized(self) -> None:
        """The plot has another size: names, bars and ticks follow, of what moves soon enough."""
        if not self._timer.isActive():
            self._dirty = True  # columns that change now would lay it out anew from inside
            self._later.start()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The number of ticks follows the height."""
        super().resizeEvent(event)
        self._fit_foot()
        self._dirty = True
        self._resized()
