"""The hand on the live chart: which sample is read, and which part of the run is shown."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QKeyEvent

from mmviz.text import NOTHING, Text
from mmviz.ui.clock.track import WHOLE, Track
from mmviz.ui.look.theme import DARK, Theme, backend_colour
from mmviz.words.live import sample

if TYPE_CHECKING:
    from mmviz.ui.clock.live_chart import LiveChart

NOTCH = 1.25  # closer with each turn of the wheel
_LEAST_SPAN = 1e-4  # of the run
_PAN = 0.25  # of what is shown, with Shift and an arrow
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_STEP = 1 / 300  # of what is shown, with an arrow


class LiveHand:
    """span: the shares of the run's time that are shown. pinned: a sample stays read when the mouse
    has gone.
    """

    def __init__(self, chart: LiveChart, plot: pg.ViewBox) -> None:
        self._chart: LiveChart = weakref.proxy(chart)  # a circle would outlive its window
        self.span = WHOLE
        self.pinned = False
        self._read: tuple[str, int] | None = None  # backend, index of the sample
        self._grabbed: tuple[float, tuple[float, float]] | None = None
        self._theme = DARK
        self._make(plot)

    def _make(self, plot: pg.ViewBox) -> None:
        """Into the plot at once: items of no scene, still there when Python ends, may crash it."""
        self._line = pg.InfiniteLine(angle=90)
        self._dot = pg.ScatterPlotItem(size=7)
        self._line.hide()
        for item in (self._line, self._dot):
            plot.addItem(item, ignoreBounds=True)

    def begin(self, plot: pg.ViewBox) -> None:
        """Another run: all of it is shown, nothing is read."""
        self.span, self._read, self.pinned = WHOLE, None, False
        self._make(plot)

    def paint(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self._line.setPen(pg.mkPen(theme.text, width=1))

    # --- reading ---------------------------------------------------------------------------------

    def reading(self) -> Text:
        """The sample that is read, NOTHING where none is."""
        track = self._track()
        if track is None or self._read is None:
            return NOTHING
        at = self._read[1]
        count, whole = len(track.series), self._chart.whole_s
        begun = track.share_of(float(at), whole) * whole
        took = float(track.series.values[at])
        return sample(track.backend, at + 1, count, took, begun, track.passes)

    @property
    def read(self) -> tuple[str, int] | None:
        """Backend and index of the sample that is read."""
        return self._read if self._track() is not None else None

    def _track(self) -> Track | None:
        if self._read is None:
            return None
        backend, at = self._read
        track = self._chart.tracks.get(backend)
        return track if track is not None and at < len(track.series) else None

    def show(self) -> None:
        """The line and the dot where the sample is."""
        track = self._track()
        start, end = self.span
        x = None
        if track is not None and self._read is not None:
            share = track.share_of(self._read[1] + 0.5, self._chart.whole_s)
            x = (share - start) / (end - start)
        if track is None or self._read is None or x is None or not 0 <= x <= 1:
            self._line.hide()
            self._dot.setData([], [])
            return
        self._line.setValue(x)
        self._line.show()
        y = math.log10(float(track.series.values[self._read[1]]))
        self._dot.setData([x], [y])
        self._dot.setBrush(pg.mkBrush(backend_colour(self._theme, track.backend)))
        self._dot.setPen(pg.mkPen(self._theme.text))

    def _share(self, x: float) -> float:
        """The share of the run at x, in pixels of the chart."""
        box, (start, end) = self._chart.plot_box(), self.span
        return start + (x - box.left()) / max(box.width(), 1.0) * (end - start)

    def _nearest(self, at: QPointF) -> tuple[str, int] | None:
        """Of the samples at this time, one of each backend, the one nearest to the pointer."""
        box, whole = self._chart.plot_box(), self._chart.whole_s
        if not box.contains(at):
            return None
        share = self._share(at.x())
        low, high = self._chart.axis_range()
        y = low + (box.bottom() - at.y()) / max(box.height(), 1.0) * (high - low)
        found: list[tuple[float, str, int]] = []
        for backend, track in self._chart.tracks.items():
            number = track.sample_at(share, whole)
            if number is not None and len(track.series):  # all of them may have been dropped
                off = abs(math.log10(float(track.series.values[number])) - y)
                found.append((off, backend, number))
        return min(found)[1:] if found else None

    def _look(self, read: tuple[str, int] | None) -> None:
        if read != self._read:
            self._read = read
            self._chart.looked()

    # --- the mouse -------------------------------------------------------------------------------

    def move(self, at: QPointF, buttons: Qt.MouseButton) -> None:
        """Read the sample there, or move what is shown along with it."""
        if self._grabbed is not None and buttons & Qt.MouseButton.LeftButton:
            x, (start, end) = self._grabbed
            width = max(self._chart.plot_box().width(), 1.0)
            if self.span != WHOLE and abs(at.x() - x) > 2:
                by = (x - at.x()) / width * (end - start)
                self._show_span(start + by, end + by)
            return
        self._grabbed = None
        if not self.pinned:
            self._look(self._nearest(at))

    def press(self, at: QPointF) -> None:
        """Let the sample stay read; one that stays is let go."""
        self._grabbed = at.x(), self.span
        found = self._nearest(at)
        self.pinned = found is not None and not (self.pinned and found == self._read)
        self._look(found)

    def leave(self) -> None:
        """The mouse has gone."""
        self._grabbed = None
        if not self.pinned and not self._chart.hasFocus():
            self._look(None)

    def turn(self, at: QPointF, by: int) -> bool:
        """The wheel: closer around the mouse, or farther; whether it was over the plot."""
        if not by or not self._chart.plot_box().contains(at):
            return False
        self._zoom(NOTCH if by > 0 else 1 / NOTCH, self._share(at.x()))
        return True

    # --- what is shown ---------------------------------------------------------------------------

    def show_all(self) -> None:
        """The whole run."""
        self._show_span(*WHOLE)

    def _zoom(self, times: float, around: float) -> None:
        start, end = self.span
        wide = min(max((end - start) / times, _LEAST_SPAN), 1.0)
        left = (around - start) / (end - start)
        self._show_span(around - left * wide, around + (1 - left) * wide)

    def _show_span(self, start: float, end: float) -> None:
        """That share of the run, moved to where there is something."""
        wide = min(end - start, 1.0)
        start = min(max(start, 0.0), 1.0 - wide)
        span = (start, start + wide) if wide < 1.0 else WHOLE
        if span != self.span:
            self.span = span
            self._chart.looked()

    # --- the keyboard ----------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Arrows read sample after sample, up and down another backend's; with Shift they move what
        is shown. + and - look closer and farther, 0 shows all; Escape lets go. Whether it was one.
        """
        key, (start, end) = Qt.Key(event.key()), self.span
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & ~_PLAIN:
            return False
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        if sideways and shift:
            by = sideways * _PAN * (end - start)
            self._show_span(start + by, end + by)
        elif sideways:
            self._step(sideways)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._other(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(1 / NOTCH if key == Qt.Key.Key_Minus else NOTCH, self._middle())
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key == Qt.Key.Key_Escape and self._read is not None:
            self.pinned = False
            self._look(None)
        else:
            return False
        return True

    def _middle(self) -> float:
        """The share of the run to look closer at: where a sample is read, else the middle."""
        track, (start, end) = self._track(), self.span
        if track is not None and self._read is not None:
            at = track.share_of(self._read[1] + 0.5, self._chart.whole_s)
            if start <= at <= end:
                return at
        return (start + end) / 2

    def _with_samples(self) -> list[str]:
        return [name for name, track in self._chart.tracks.items() if len(track.series)]

    def _step(self, by: int) -> None:
        names, track = self._with_samples(), self._track()
        if not names:
            return
        if track is None or self._read is None:
            first = self._chart.tracks[names[0]]
            at = first.sample_at(sum(self.span) / 2, self._chart.whole_s)
            self._look((names[0], len(first.series) - 1 if at is None else at))
            return
        each = max(track.share_of(1.0, self._chart.whole_s), 1e-300)
        far = max(1, int(_STEP * (self.span[1] - self.span[0]) / each))
        at = int(np.clip(self._read[1] + by * far, 0, len(track.series) - 1))
        self._look((track.backend, at))

    def _other(self, by: int) -> None:
        names, track = self._with_samples(), self._track()
        if track is None or self._read is None:
            self._step(1)
            return
        share = track.share_of(self._read[1] + 0.5, self._chart.whole_s)
        name = names[(names.index(track.backend) + by) % len(names)]
        other = self._chart.tracks[name]
        at = other.sample_at(share, self._chart.whole_s)
        self._look((name, len(other.series) - 1 if at is None else at))
