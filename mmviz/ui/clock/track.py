"""One backend's samples and the items of the live chart that show them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPen, QPolygonF
from PyQt6.QtWidgets import QGraphicsPolygonItem

from mmviz.state.clock.growing import Bands, Columns, Distribution
from mmviz.state.clock.series import SHORTEST_S, Floats, Series, extremes, running
from mmviz.ui.clock.end_names import EndName
from mmviz.ui.look.theme import Theme, backend_colour

_AS_DOTS = 60  # samples; so few are drawn one by one
WHOLE = 0.0, 1.0


class Track:
    """One backend's samples and what of them is on the plot.

    span: the shares of the run's time that are shown, from 0 to 1 of the plot.
    """

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.series = Series()
        self.columns, self.bands, self.counts = Columns(), Bands(), Distribution()
        self.spent_s = 0.0
        self.span = WHOLE
        self.range: tuple[float, float] | None = None  # seconds, of what is shown
        self.band = QGraphicsPolygonItem()
        self.raw = pg.PlotCurveItem()
        self.dots = pg.ScatterPlotItem(size=3, pen=None)
        self.median = pg.PlotCurveItem(antialias=True)
        self.median.setSegmentedLineMode("on")  # a thick smooth path takes four times as long
        self.name = EndName()

    @property
    def items(self) -> tuple[QGraphicsPolygonItem | pg.GraphicsObject, ...]:
        return self.band, self.raw, self.dots, self.median

    @property
    def line(self) -> tuple[Floats, Floats]:
        """The median as it is drawn: shares of the time, logarithms of seconds."""
        x, y = self.median.getData()
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    @property
    def passes(self) -> float:
        """How many passes a sample is the mean of, on average."""
        total = float(self.series.values.sum())
        return max(1.0, self.spent_s / total) if total else 1.0

    def extend(self, samples_s: Sequence[float], spent_s: float) -> None:
        """Take samples in, and the seconds of computing behind them."""
        values = floored(samples_s)
        self.series.extend(values.tolist())
        self.columns.extend(values)
        self.counts.extend(values)
        self.spent_s += spent_s

    def paint(self, theme: Theme) -> None:
        colour = QColor(backend_colour(theme, self.backend))
        faint, filled = QColor(colour), QColor(colour)
        faint.setAlpha(90)
        filled.setAlpha(55)
        self.band.setBrush(filled)
        self.band.setPen(QPen(Qt.PenStyle.NoPen))
        self.raw.setPen(pg.mkPen(faint, width=1))
        self.dots.setBrush(faint)
        self.median.setPen(pg.mkPen(colour, width=2))
        self.name.paint(theme, self.backend)

    def share_of(self, sample: float, whole_s: float) -> float:
        """Where a sample begins, as a share of the run's time."""
        n = len(self.series)
        return sample * min(1.0, self.spent_s / whole_s) / max(n, 1)

    def sample_at(self, share: float, whole_s: float) -> int | None:
        """The sample that was taken then, None where there is none."""
        n = len(self.series)
        at = int(share / max(self.share_of(1.0, whole_s), 1e-300)) if n else -1
        return at if share >= 0 and at < n else None

    def redraw(self, whole_s: float) -> None:
        """Put the samples on the plot; x = 1 is `whole_s` seconds spent, or where the span ends."""
        values, (start, end) = self.series.values, self.span
        n = len(values)
        first, last = 0, n
        if self.span != WHOLE:
            each = max(self.share_of(1.0, whole_s), 1e-300)
            first = min(n, max(0, int(start / each)))
            last = min(n, max(first, int(np.ceil(end / each))))
        few = last - first <= _AS_DOTS
        seen = values[first:last]
        if not len(seen):
            self._clear()
            return
        if self.span == WHOLE:
            self.range = self.columns.range
        else:
            self.range = float(seen.min()), float(seen.max())

        def across(at: Floats) -> Floats:
            shares = (at + first) * self.share_of(1.0, whole_s)
            return np.asarray(np.clip((shares - start) / (end - start), 0.0, 1.0))

        if few:
            x, y = np.arange(last - first, dtype=np.float64), seen
        else:
            x, y = self.columns.points() if self.span == WHOLE else extremes(seen)
        x, y = across(x + 0.5), np.log10(y)
        self.dots.setData(x if few else [], y if few else [])
        self.raw.setData([] if few else x, [] if few else y)
        if self.span == WHOLE:
            self.bands.follow(values)
            at, *band = self.bands.lines()
        else:
            at, *band = running(seen)
        at, (low, middle, high) = across(at + 1), np.log10(band)
        begins = np.zeros(1) if not first else across(np.zeros(1))
        self.median.setData(np.append(begins, at), np.append(middle[:1], middle))
        edge = np.append(at, at[::-1]), np.append(low, high[::-1])
        self.band.setPolygon(pg.functions.arrayToQPolygonF(*edge))

    def _clear(self) -> None:
        """Nothing of it is in what is shown."""
        self.range = None
        for item in (self.dots, self.raw, self.median):
            item.setData([], [])
        self.band.setPolygon(QPolygonF())
        for item in self.name.items:
            item.hide()


def floored(samples_s: Sequence[float]) -> Floats:
    """Samples as they are drawn: none shorter than a logarithm can show."""
    return np.maximum(np.asarray(samples_s, np.float64), SHORTEST_S)
