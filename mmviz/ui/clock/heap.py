"""The distribution of samples, sideways beside the live chart, on its axis of time."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPen
from PyQt6.QtWidgets import QGraphicsPathItem

from mmviz.bench.stats import FEW
from mmviz.ui.clock.track import Track
from mmviz.ui.look.theme import Theme, backend_colour

_WIDEST = 84.0  # pixels
_LEAST = 236.0  # pixels of a chart that has room for it
_SHARE = 0.27  # of a narrow chart
_BAR = 4  # pixels of height of a bar, at least
_GAP = 0.18  # of it between bars
_FULL = 0.94  # of the width, for the most frequent


def width_in(chart: float, word: float) -> int:
    """Pixels for it in a chart so wide, with a word so wide below it; 0 where they are too few."""
    side = min(_WIDEST, max(_SHARE * chart, word))
    return round(side) if chart >= _LEAST and word <= side else 0


class Heap:
    """Bars of one backend, as long as samples are many, with a dashed mark at the 99 %."""

    def __init__(self) -> None:
        self.bars = QGraphicsPathItem()
        self.mark = pg.PlotCurveItem()

    @property
    def items(self) -> tuple[QGraphicsPathItem, pg.PlotCurveItem]:
        return self.bars, self.mark

    def paint(self, theme: Theme, backend: str) -> None:
        colour = QColor(backend_colour(theme, backend))
        filled = QColor(colour)
        filled.setAlpha(190)
        self.bars.setBrush(filled)
        self.bars.setPen(QPen(Qt.PenStyle.NoPen))
        self.mark.setPen(pg.mkPen(colour, width=1, dash=[4, 3]))

    def redraw(self, track: Track, up: tuple[float, float], height: float) -> None:
        """up: what the axis shows, as logarithms of seconds, over so many pixels."""
        edges, counts = track.counts.bars(*up, max(1, int(height / _BAR)))
        most = int(counts.max(initial=0))
        self.bars.setPath(_path(edges, counts / most) if most else pg.QtGui.QPainterPath())
        p99 = track.counts.quantile(0.99) if len(track.series) >= FEW else None
        ends = [] if p99 is None else [math.log10(p99)] * 2
        self.mark.setData([0.0, 1.0][: len(ends)], ends)


def _path(edges: np.ndarray, lengths: np.ndarray) -> pg.QtGui.QPainterPath:
    """Rectangles from the left, those of no length left out."""
    some = np.flatnonzero(lengths)
    low, high = edges[some], edges[some + 1]
    inset = _GAP / 2 * (high - low)
    x = np.zeros((len(some), 5))
    x[:, 1:3] = np.maximum(_FULL * lengths[some], 0.02)[:, None]
    y = np.stack((low, low, high, high, low), axis=1)
    y += np.stack((inset, inset, -inset, -inset, inset), axis=1)
    on = np.ones(x.shape, np.int32)
    on[:, -1] = 0
    return pg.functions.arrayToQPath(x.ravel(), y.ravel(), connect=on.ravel())


def all_items(heaps: Iterable[Heap]) -> list[QGraphicsPathItem | pg.PlotCurveItem]:
    return [item for heap in heaps for item in heap.items]
