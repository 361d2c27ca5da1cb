"""Where an item of a lesson's set is drawn: the way back from what `clicks` finds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Sequence

from PyQt6.QtCore import QRectF
from PyQt6.QtWidgets import QWidget

from mmviz.state.picture.layout import Box
from mmviz.ui.learn.neurons import Neurons
from mmviz.ui.learn.pixels import Pixels
from mmviz.ui.lessons.asked import asked_on
from mmviz.ui.network.strip import ProductStrip
from mmviz.ui.peak.waterfall import WaterfallCanvas
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.picture.scene import Scene, rect
from mmviz.ui.picture.window import window_of
from mmviz.ui.timeline.units_canvas import UnitsCanvas

Items = Iterable[Hashable]
Spots = Callable[[Items], list[QRectF]]
"""The rectangles of these items, in pixels of the widget; none of what is out of sight."""

JOINED = 6.0  # pixels between two that count as one


def spots(on: str, window: QWidget, products: Sequence[Hashable]) -> dict[QWidget, Spots]:
    """The widgets of a window on which that is clicked, and where its items are in each.

    products: the item of each product of the pass.
    """
    found: dict[QWidget, Spots] = {}
    for widget in asked_on(on, window):
        match widget:
            case PictureCanvas():
                found[widget] = functools.partial(_in_picture, widget, on)
            case UnitsCanvas():
                found[widget] = functools.partial(units_in, widget)
            case ProductStrip():
                # Not its viewport, which takes what lies on it along when it scrolls.
                found[widget.list] = functools.partial(_cards, widget, products)
            case WaterfallCanvas():
                found[widget] = functools.partial(_bars, widget)
            case Neurons():
                found[widget] = functools.partial(_neurons, widget)
            case Pixels():
                found[widget] = functools.partial(_pixels, widget)
    return found


def _in_picture(picture: PictureCanvas, on: str, items: Items) -> list[QRectF]:
    return cells_in(picture.scene(), on, items)


def cells_in(scene: Scene | None, on: str, items: Items) -> list[QRectF]:
    """Of cells of Y, X or W, or of tiles, by (row, column)."""
    if scene is None:
        return []
    box = box_of(scene, on)
    found = [_cell(scene, on, pair) for pair in _pairs(items)]
    seen = (one.intersected(rect(box)) for one in found if one is not None)
    return joined(one for one in seen if not one.isEmpty())


def box_of(scene: Scene, on: str) -> Box:
    """The matrix something is of."""
    if on in ("output", "tiles"):
        return scene.layout.c
    left = (on == "input") != scene.turned  # X is left of Y, but where the product is turned
    return scene.layout.a if left else scene.layout.b


def _cell(scene: Scene, on: str, item: tuple[int, int]) -> QRectF | None:
    row, column = (item[1], item[0]) if scene.turned else item
    high, wide = scene.tile if on == "tiles" else (1, 1)
    row, column = row * high, column * wide
    layout, k, box = scene.layout, scene.view.gemm.k, box_of(scene, on)
    window, cell = window_of(scene), layout.cell
    if window is not None and cell is not None:
        row -= window.term if box is layout.b else window.row
        column -= window.term if box is layout.a else window.column
        rows = window.terms if box is layout.b else window.rows
        columns = window.terms if box is layout.a else window.columns
        if not (-high < row < rows and -wide < column < columns):
            return None
        w, h = cell
        return QRectF(box.x + column * w, box.y + row * h, w * wide, h * high)
    if box is layout.a:
        left, right = (box.x + at / k * box.w for at in (column, column + 1))
    else:
        left, right = scene.x(float(column)), scene.x(float(column + wide))
    if box is layout.b:
        top, bottom = (box.y + at / k * box.h for at in (row, row + 1))
    else:
        top, bottom = scene.y(float(row)), scene.y(float(row + high))
    return QRectF(left, top, right - left, bottom - top)


def units_in(canvas: UnitsCanvas, items: Items) -> list[QRectF]:
    """Of units, by number: the line of each."""
    chart, count = canvas.chart(), canvas.units_count()
    if not count:
        return []
    high = chart.height() / count
    lines = (
        QRectF(chart.x(), chart.y() + unit * high, chart.width(), high)
        for unit in items
        if isinstance(unit, int)
    )
    return joined(lines)


def _cards(strip: ProductStrip, products: Sequence[Hashable], items: Items) -> list[QRectF]:
    wanted = set(items)
    places = (i for i, product in enumerate(products) if product in wanted)
    viewport = strip.list.viewport()
    if viewport is None:
        return []
    found = (strip.list.visualRect(strip.model.index(i)) for i in places)
    cards = (QRectF(one.translated(viewport.pos())).adjusted(1, 1, -9, -1) for one in found)
    seen = (one.intersected(QRectF(viewport.geometry())) for one in cards)
    return [one for one in seen if not one.isEmpty()]


def _bars(canvas: WaterfallCanvas, items: Items) -> list[QRectF]:
    return [place for item in items if (place := canvas.place_of(str(item))) is not None]


def _neurons(neurons: Neurons, items: Items) -> list[QRectF]:
    boxes = neurons.boxes()
    return [boxes[i] for i in items if isinstance(i, int) and i < len(boxes)]


def _pixels(pixels: Pixels, items: Items) -> list[QRectF]:
    corners = ((pixels.point_of(x, y), pixels.point_of(x + 1, y + 1)) for y, x in _pairs(items))
    return joined(QRectF(first, last) for first, last in corners)


def joined(found: Iterable[QRectF]) -> list[QRectF]:
    """Side by side in a row they are one, and so are equal ones below each other."""
    rows: list[QRectF] = []
    for one in sorted(found, key=lambda box: (box.y(), box.x())):
        last = rows[-1] if rows else None
        if last is not None and _level(last, one) and one.x() - last.right() <= JOINED:
            rows[-1] = last.united(one)
        else:
            rows.append(one)
    blocks: list[QRectF] = []
    for one in sorted(rows, key=lambda box: (box.x(), box.y())):
        last = blocks[-1] if blocks else None
        if last is not None and _upright(last, one) and one.y() - last.bottom() <= JOINED:
            blocks[-1] = last.united(one)
        else:
            blocks.append(one)
    return blocks


def _level(one: QRectF, other: QRectF) -> bool:
    return abs(one.y() - other.y()) < 0.5 and abs(one.height() - other.height()) < 0.5


def _upright(one: QRectF, other: QRectF) -> bool:
    return abs(one.x() - other.x()) < 0.5 and abs(one.width() - other.width()) < 0.5


def _pairs(items: Items) -> list[tuple[int, int]]:
    return [(int(one[0]), int(one[1])) for one in items if isinstance(one, tuple)]
