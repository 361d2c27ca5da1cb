"""Clicks that answer a question: what lies under the pointer, as an item of a lesson's set."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QWidget

from mmviz.core.learning.digits.strokes import SIDE
from mmviz.ui.learn.neurons import Neurons
from mmviz.ui.learn.pixels import Pixels
from mmviz.ui.lessons.asked import asked_on
from mmviz.ui.network.strip import ProductStrip
from mmviz.ui.peak.waterfall import WaterfallCanvas
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.picture.window import window_of
from mmviz.ui.timeline.units_canvas import UnitsCanvas

Find = Callable[[QPointF], Hashable | None]


class Clicks(QObject):
    """While it listens, a left click on what is asked for is an answer and nothing else. missed: a
    click beside that.
    """

    clicked = pyqtSignal(object)
    missed = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._listening: dict[QObject, Find] = {}

    def listen(self, to: Mapping[QWidget, Find]) -> None:
        """To these widgets, and no longer to others."""
        for widget in self._listening:
            if not sip.isdeleted(widget):
                widget.removeEventFilter(self)
        self._listening = dict(to.items())
        for widget in self._listening:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        find = None if watched is None else self._listening.get(watched)
        if find is None or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if kind == QEvent.Type.MouseButtonRelease:
            item = find(event.position())
            if item is not None:
                self.clicked.emit(frozenset({item}))
            else:
                self.missed.emit()
        return kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)


def places(on: str, window: QWidget, products: Sequence[Hashable]) -> dict[QWidget, Find]:
    """The widgets of a window that are clicked on for that word, and what lies where in each.

    products: the item of each product of the pass.
    """
    found: dict[QWidget, Find] = {}
    for widget in asked_on(on, window):
        match widget:
            case PictureCanvas():
                found[widget] = functools.partial(_in_picture, widget, on)
            case UnitsCanvas():
                found[widget] = functools.partial(_unit, widget)
            case ProductStrip():
                viewport = widget.list.viewport()
                if viewport is not None:
                    found[viewport] = functools.partial(_product, widget, products)
            case WaterfallCanvas():
                found[widget] = widget.step_at
            case Neurons():
                found[widget] = widget.card_at
            case Pixels():
                found[widget] = functools.partial(_pixel, widget)
    return found


def _in_picture(picture: PictureCanvas, on: str, at: QPointF) -> Hashable | None:
    """(row, column) of a cell of Y, X or W, or of a tile."""
    scene = picture.scene()
    if scene is None:
        return None
    layout, k = scene.layout, scene.view.gemm.k
    x, y = at.x(), at.y()
    box = {"output": layout.c, "tiles": layout.c}.get(on)
    if box is None:
        left = (on == "input") != scene.turned  # X is left of Y, but where the product is turned
        box = layout.a if left else layout.b
    if box is None or not box.contains(x, y):
        return None
    window, cell = window_of(scene), layout.cell
    if window is not None and cell is not None:
        row, column = int((y - box.y) / cell[1]), int((x - box.x) / cell[0])
        row += window.term if box is layout.b else window.row
        column += window.term if box is layout.a else window.column
    else:
        at_row, at_column = scene.cell_at(x, y)
        row = int(at_row) if box is not layout.b else int((y - box.y) / box.h * k)
        column = int(at_column) if box is not layout.a else int((x - box.x) / box.w * k)
    if on == "tiles":
        row, column = row // scene.tile[0], column // scene.tile[1]
    if box is layout.c and on != "tiles" and (row >= scene.sides[0] or column >= scene.sides[1]):
        return None
    return (column, row) if scene.turned else (row, column)


def _unit(units: UnitsCanvas, at: QPointF) -> Hashable | None:
    chart = units.chart()
    share = (at.y() - chart.y()) / chart.height() if chart.height() else -1.0
    return units.unit_at(share)


def _product(strip: ProductStrip, products: Sequence[Hashable], at: QPointF) -> Hashable | None:
    index = strip.list.indexAt(at.toPoint())
    return products[index.row()] if index.isValid() and index.row() < len(products) else None


def _pixel(pixels: Pixels, at: QPointF) -> Hashable | None:
    x, y = pixels.place_of(at)
    return (int(y), int(x)) if 0 <= x < SIDE and 0 <= y < SIDE else None
