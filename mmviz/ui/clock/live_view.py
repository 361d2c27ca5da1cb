"""Where the live chart is drawn: an axis of latency, the curves, and beside them the distribution.

pyqtgraph's PlotWidget would bring menus, buttons and a mouse.
"""

from __future__ import annotations

import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from mmviz.text import N_
from mmviz.ui.look.tell import tell

AXIS = 58  # pixels for the words of the latency axis


class LiveView(pg.GraphicsView):  # type: ignore[misc]
    """plot: from 0, the start of a run, to 1, its end, over the axis; side: from 0 to 1, no wider
    than it is given.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tell(self, name=N_("Latency of each backend over the time spent in passes"))
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.setCentralItem(layout)
        self.axis = pg.AxisItem("left")
        self.axis.setWidth(AXIS)
        self.axis.setStyle(tickLength=0, tickTextOffset=8)
        self.plot = _box()
        self.axis.linkToView(self.plot)
        self.side = _box()
        self.side.setMaximumWidth(0)
        layout.addItem(self.axis, 0, 0)
        layout.addItem(self.plot, 0, 1)
        layout.addItem(self.side, 0, 2)


def _box() -> pg.ViewBox:
    box = pg.ViewBox(enableMouse=False, enableMenu=False)
    box.setXRange(0, 1, padding=0)
    box.disableAutoRange()
    return box
