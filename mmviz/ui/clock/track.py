"""One backend's samples and the items of the live chart that show them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPen, QPolygonF
from PyQt6.QtWidgets import QGraphicsPolygonItem

from mmviz.state.clock.series import SHORTEST_S, Floats, Series, extremes, running
from mmviz.ui.clock.end_names import EndName
from mmviz.ui.look.theme import Theme, backend_colour

_AS_DOTS = 60  # samples; so few are drawn one by one


class Track:
    """One backend's samples and what of them is on the plot."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.series = Series()
        self.spent_s = 0.0
        self.band = QGraphicsPolygonItem()
        self.raw = pg.PlotCurveItem()
        self.dots = pg.ScatterPlotItem(size=3, pen=None)
        self.median = pg.PlotCurveItem(antialias=True)
        self.name = EndName()

    @property
    def items(self) -> tuple[QGraphicsPolygonItem | pg.GraphicsObject, ...]:
        return self.band, self.raw, self.dots, self.median

    @property
    def line(self) -> tuple[Floats, Floats]:
        """The median as it is drawn: shares of the time, logarithms of seconds."""
        x, y = self.median.getData()
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def extend(self, samples_s: Sequence[float], spent_s: float) -> None:
        """Take samples in, and the seconds of computing behind them."""
        self.series.extend(floored(samples_s).tolist())
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

    def redraw(self, whole_s: float) -> None:
        """Put the samples on the plot; x = 1 is `whole_s` seconds spent."""
        values = self.series.values
        n = len(values)
        scale = min(1.0, self.spent_s / whole_s) / max(n, 1)
        few = n <= _AS_DOTS
        x, y = extremes(values) if not few else (np.arange(n, dtype=np.float64), values)
        x, y = (x + 0.5) * scale, np.log10(y)
        self.dots.setData(x if few else [], y if few else [])
        self.raw.setData([] if few else x, [] if few else y)
        at, *band = running(values)
        at, (low, middle, high) = (at + 1) * scale, np.log10(band)
        self.median.setData(np.insert(at, 0, 0.0), np.insert(middle, 0, middle[:1]))
        edge = [*zip(at, low, strict=True), *zip(at[::-1], high[::-1], strict=True)]
        self.band.setPolygon(QPolygonF([QPointF(float(a), float(b)) for a, b in edge]))


def floored(samples_s: Sequence[float]) -> Floats:
    """Samples as they are drawn: none shorter than a logarithm can show."""
    return np.maximum(np.asarray(samples_s, np.float64), SHORTEST_S)
