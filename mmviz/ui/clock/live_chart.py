"""The chart that moves while a network is timed: latency of each backend, on a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt, QTimer
from PyQt6.QtGui import QFontMetricsF, QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from mmviz import units
from mmviz.bench.results import Run
from mmviz.state.clock.series import (
    SHORTEST_S,
    WINDOW,
    Floats,
    Series,
    log_range,
    log_ticks,
)
from mmviz.text import N_
from mmviz.ui.clock.end_names import GAP, Frame, name_font, room_for, stand
from mmviz.ui.clock.levels import Levels, wanted
from mmviz.ui.clock.track import Track, floored
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import undrawn
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import inked
from mmviz.words.timing import backend_name

REPAINT_MS = 33
WAITING = N_("waiting for the first samples …")
NO_SAMPLES = N_("no data: no pass was timed")
_ROOM = 0.06  # of the height, above and below, so that the outermost ticks keep their words
_LABEL = 18  # pixels for a line of words
_HALF_LABEL = 9  # pixels above and below a tick; a label that sticks out is not drawn
_AXIS = 58  # pixels for the words of the latency axis
_FOOT_SAYS = N_("time spent in passes, each backend")


class LiveChart(QWidget, Told):
    """Median with its p10-p90 band over the last passes, raw samples thinly behind.

    Repaints from one timer, only while running and only when data came. x runs from 0 to the
    seconds each backend gets.
    """

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
        self._view = self._make_view()
        self._levels = Levels(self._plot)
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
        tell(self, name=N_("Latency chart"))
        self.set_theme(DARK)

    def _make_view(self) -> pg.GraphicsView:
        """A view box and an axis; pyqtgraph's PlotWidget would bring menus, buttons and a mouse."""
        view = pg.GraphicsView()
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tell(view, name=N_("Latency of each backend over the time spent in passes"))
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        view.setCentralItem(layout)
        self._axis = pg.AxisItem("left")
        self._axis.setWidth(_AXIS)
        self._axis.setStyle(tickLength=0, tickTextOffset=8)
        self._plot = pg.ViewBox(enableMouse=False, enableMenu=False)
        self._plot.setXRange(0, 1, padding=0)
        self._plot.disableAutoRange()
        self._axis.linkToView(self._plot)
        layout.addItem(self._axis, 0, 0)
        layout.addItem(self._plot, 0, 1)
        return view

    def _with_foot(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self._grid = grid
        grid.addWidget(self._view, 0, 0, 1, 5)
        grid.setColumnMinimumWidth(0, _AXIS)
        self._foot = [PlainLabel("0 s"), tell(PlainLabel(), text=_FOOT_SAYS), PlainLabel("")]
        sides = (
            Qt.AlignmentFlag.AlignLeft,
            Qt.AlignmentFlag.AlignHCenter,
            Qt.AlignmentFlag.AlignRight,
        )
        for column, (label, side) in enumerate(zip(self._foot, sides, strict=True), start=1):
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, 1, column)
        grid.setRowStretch(0, 1)
        grid.setColumnStretch(2, 1)
        return page

    def begin(self, backends: Sequence[str], whole_s: float, budget_s: float | None) -> None:
        """Forget what was drawn and wait for samples of `backends`, `whole_s` seconds each."""
        self._plot.clear()
        self._levels = Levels(self._plot)
        self._estimates = {}
        self._budget_s = budget_s
        self._whole_s = max(whole_s, SHORTEST_S)
        self._tracks = {backend: Track(backend) for backend in backends}
        for layer in range(4):  # all bands below all raw samples below all medians
            for track in self._tracks.values():
                self._plot.addItem(track.items[layer], ignoreBounds=True)
        for track in self._tracks.values():
            for item in track.name.items:
                item.hide()
                self._plot.addItem(item, ignoreBounds=True)
        self._foot[2].setText(units.tick(self._whole_s))
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
        small = fonts.words(fonts.SMALL)
        for label in self._foot:
            label.setFont(small)
            inked(label, theme.muted)
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
        for track in self._tracks.values():
            track.paint(theme)
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
            track.redraw(self._whole_s)
        names = [self.words(backend_name(track.backend)) for track in drawn]
        room = room_for(names, self._view.width() - _AXIS)
        across = 1.0 + room / max(self._view.width() - _AXIS - room, 1.0)
        self._grid.setColumnMinimumWidth(4, round(room))
        self._plot.setXRange(0, across, padding=0)
        self._fit_axis([track.series.values for track in drawn])
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

    def name_box(self, backend: str) -> QRectF:
        """Where the name of a curve stands, in pixels of the plot."""
        return self._tracks[backend].name.box

    def _fit_axis(self, all_values: Sequence[Floats]) -> None:
        room = self._view.width() - _AXIS - 12
        levels = wanted(self._estimates, self._budget_s, self._theme, self.words, room)
        ends = [level.seconds for level in levels]
        for values in all_values:
            ends += [float(values.min()), float(values.max())]
        bottom, top = log_range(min(ends), max(ends))
        rim = max(_ROOM, _HALF_LABEL / max(self._view.height(), 1)) * (top - bottom)
        low_rim = rim
        if min(ends) == self._budget_s:  # its words need room below, where no samples are
            low_rim += _LABEL * (top - bottom) / max(self._view.height(), 1)
        self._plot.setYRange(bottom - low_rim, top + rim, padding=0)
        most = max(2, min(7, self._view.height() // 26))
        self._axis.setTicks([log_ticks(bottom, top, most)])
        medians = [math.log10(float(np.median(values[-WINDOW:]))) for values in all_values]
        self._levels.draw(levels, [bottom - low_rim, top + rim, *medians], self._theme)

    def say(self) -> None:
        """Draw it again, in the language there is now."""
        self._dirty = True
        self.refresh()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The number of ticks follows the height."""
        super().resizeEvent(event)
        room = (
            self.width()
            - _AXIS
            - self._grid.columnMinimumWidth(4)
            - 2 * self._foot[2].sizeHint().width()
            - 24
        )
        self._foot[1].setVisible(self._foot[1].sizeHint().width() < room)
        self._dirty = True
        if not self._timer.isActive():
            self.refresh()
