"""Names at the ends of the curves of the live chart: on no curve, no level and no other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QFont, QFontMetricsF

from mmviz.state.clock.series import Floats
from mmviz.ui.look import fonts
from mmviz.ui.look.placing import Taken, beside, pieces, placed
from mmviz.ui.look.theme import Theme, backend_colour

GAP = 10.0  # pixels from the end of a curve to its name, with a line in its colour
_EDGE = 6.0  # pixels right of the longest name
_MOST = 0.35  # of the plot's width, for the names


def name_font() -> QFont:
    return fonts.words(fonts.SMALL, bold=True)


def room_for(names: Sequence[str], width: float) -> float:
    """Pixels right of where the curves end, for the longest name."""
    metrics = QFontMetricsF(name_font())
    widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
    return min(widest + GAP + _EDGE, _MOST * width) if names else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The plot in pixels and what it shows: x from 0, y as logarithms (base 10) of seconds."""

    plot: QRectF
    across: float
    up: tuple[float, float]

    def pixels(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        low, high = self.up
        return (
            self.plot.left() + self.plot.width() * x / self.across,
            self.plot.bottom() - self.plot.height() * (y - low) / (high - low),
        )

    def pixel(self, x: float, y: float) -> QPointF:
        across, up = self.pixels(np.array([x]), np.array([y]))
        return QPointF(float(across[0]), float(up[0]))

    def values(self, at: QPointF) -> tuple[float, float]:
        """The other way round."""
        low, high = self.up
        x = (at.x() - self.plot.left()) / self.plot.width() * self.across
        return x, low + (self.plot.bottom() - at.y()) / self.plot.height() * (high - low)


class EndName:
    """The name of one curve, with a line in its colour that ties it to the end."""

    def __init__(self) -> None:
        self.text = pg.TextItem("", anchor=(0, 0.5))
        self.text.textItem.document().setDocumentMargin(0)  # its ground covers no other name
        self.leader = pg.PlotCurveItem(antialias=True)
        self.box = QRectF()
        """Where it stands, in pixels of the plot."""

    @property
    def items(self) -> tuple[pg.TextItem, pg.PlotCurveItem]:
        return self.text, self.leader

    def paint(self, theme: Theme, backend: str) -> None:
        self.text.setFont(name_font())
        self.text.setColor(theme.text)
        self.text.fill = pg.mkBrush(theme.panel)
        self.text.setZValue(-1)  # above the grid, below the data
        self.leader.setPen(pg.mkPen(backend_colour(theme, backend), width=1.5))

    def stand(self, frame: Frame, end: QPointF, box: QRectF, name: str) -> None:
        """Show the name there."""
        self.box = box
        if self.text.toPlainText() != name:
            self.text.setText(name)
        middle = QPointF(box.left(), box.center().y())
        self.text.setPos(*frame.values(middle))
        ends = [frame.values(end + QPointF(2, 0)), frame.values(middle - QPointF(2, 0))]
        self.leader.setData([x for x, _ in ends], [y for _, y in ends])


def stand(
    frame: Frame,
    curves: Sequence[tuple[EndName, str, tuple[Floats, Floats]]],
    levels: Sequence[float],
    taken: Sequence[QRectF],
) -> None:
    """Place the names of all curves; levels: heights in pixels, taken: boxes of other words."""
    plot = frame.plot
    lines = [pieces([plot.left(), plot.right()], [y, y]) for y in levels]
    drawn = [frame.pixels(*line) for _, _, line in curves]
    lines += [pieces(*line) for line in drawn]
    all_drawn = Taken(tuple(taken), lines=np.concatenate(lines) if lines else np.empty((0, 4)))
    metrics = QFontMetricsF(name_font())
    for (name, text, _), (xs, ys) in zip(curves, drawn, strict=True):
        end = QPointF(float(xs[-1]), float(ys[-1]))
        size = QSizeF(metrics.horizontalAdvance(text), metrics.height())
        wish = beside(end, size, GAP, plot.height())
        (free,) = placed([wish], plot, all_drawn)
        (apart,) = placed([wish], plot, Taken(all_drawn.boxes))
        box = free or apart or wish.box(0)  # on a curve, where the plot is full of them
        all_drawn = all_drawn.with_box(box)
        name.stand(frame, end, box, text)
