"""Where intensities and rates lie on a roofline, in pixels; both axes are logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF

from mmviz.state.peak.roofline import Roof
from mmviz.ui.look.placing import pieces

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """across: FLOP/B, up: FLOP/s, first and last of the axes of `plot`."""

    plot: QRectF
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, intensity: float) -> float:
        low, high = self.across
        return self.plot.left() + self.plot.width() * math.log(intensity / low) / math.log(
            high / low
        )

    def y(self, rate: float) -> float:
        low, high = self.up
        return self.plot.bottom() - self.plot.height() * math.log(rate / low) / math.log(high / low)

    def pixels(self, logs: Floats) -> Floats:
        """[points × 2] x and y, of logarithms (base 10) of intensity and rate."""
        if not len(logs):
            return np.empty((0, 2))
        (x0, x1), (y0, y1) = np.log10(self.across), np.log10(self.up)
        x = self.plot.left() + self.plot.width() * (logs[:, 0] - x0) / (x1 - x0)
        y = self.plot.bottom() - self.plot.height() * (logs[:, 1] - y0) / (y1 - y0)
        return np.stack((x, y), axis=1)

    def corners(self, roof: Roof) -> tuple[QPointF, QPointF, QPointF]:
        """Of a roof: where it begins, its ridge, its end."""
        low, high = self.across
        begin, ridge, end = (
            QPointF(self.x(at), self.y(roof.at(at))) for at in (low, roof.ridge, high)
        )
        return begin, ridge, end

    def lines(self, roofs: Sequence[Roof]) -> Floats:
        """[n × 4] what words must not cross: the roofs, and the line below the first ridge."""
        found = []
        for roof in roofs:
            corners = self.corners(roof)
            found.append(pieces([at.x() for at in corners], [at.y() for at in corners]))
        ridge = self.corners(roofs[0])[1]
        found.append(pieces([ridge.x(), ridge.x()], [ridge.y(), self.plot.bottom()]))
        return np.concatenate(found)
