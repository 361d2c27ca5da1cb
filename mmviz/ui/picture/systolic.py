"""Painting a systolic array: multipliers, what enters them skewed, the diagonal front at work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen

from mmviz.state.picture.cells import Cells
from mmviz.state.picture.layout import Box
from mmviz.state.picture.systolic import (
    DONE,
    EMPTY,
    HOLDS,
    LEFT,
    NOW,
    OUT,
    TOP,
    UNUSED,
    WAITING,
    ArrayMoment,
    places,
)
from mmviz.state.picture.systolic_layout import NUMBER, THINNEST, ArrayLayout, array_layout
from mmviz.state.picture.systolic_numbers import numbers
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import clipped
from mmviz.ui.look.shades import indexed_image
from mmviz.ui.look.strokes import draw_image, hatch, tint, write
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.numbers import number
from mmviz.ui.picture.scene import Scene, rect
from mmviz.ui.picture.systolic_words import paint_words

LINED = 5.0  # pixels a multiplier from which each has an outline of its own
TWO_NUMBERS = 33.0  # pixels from which there is room for a second number
LOADED = 6.0  # pixels of width of the bar that shows what is loaded beside the work
WIDE_NUMBER, SIGNED = 38.0, 48.0  # and for one with its leading zero, and with a sign before it


def paint_array(painter: QPainter, scene: Scene, moment: ArrayMoment, area: QRectF) -> None:
    """The array within `area`, with words beside it."""
    box = Box(area.x(), area.y(), area.width(), area.height())
    layout = array_layout(box, moment.array, moment.dataflow)
    codes = places(moment, layout.left, layout.above, layout.below)
    _paint_multipliers(painter, scene.theme, moment, layout, codes)
    cells = scene.view.cells() if layout.px >= NUMBER else None
    if cells is not None:
        _paint_numbers(painter, scene.theme, moment, layout, codes, cells)
    _paint_flows(painter, scene, moment, layout)
    paint_words(painter, scene, moment, layout)


def array_table(theme: Theme, moment: ArrayMoment, strong: bool) -> list[int]:
    """ARGB by code of `places`; `strong`: what moves in its full colour, for want of numbers."""
    roles = dict(moment.roles)
    shade = 0 if strong else 1

    def colour(role: str) -> int:
        return tint(theme, roles[role])[shade].rgba() if role in roles else 0

    found = {
        EMPTY: 0,
        UNUSED: 0,  # the hatched ground shows
        WAITING: QColor(theme.waiting).rgba(),
        HOLDS: tint(theme, roles["still"])[1].rgba(),
        DONE: QColor(theme.order[1]).rgba(),
        LEFT: colour("left"),
        # What comes from above is what flows down, or what will sit still.
        TOP: colour("top") if "top" in roles else colour("still"),
        OUT: colour("out"),
        NOW: QColor(theme.now).rgba(),
    }
    return [found[code] for code in range(len(found))]


def pooled(codes: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """No more rows and columns than pixels; where several places share one, work is seen first."""
    rows, columns = min(codes.shape[0], height), min(codes.shape[1], width)
    first_row = np.arange(rows) * codes.shape[0] // rows
    first_column = np.arange(columns) * codes.shape[1] // columns
    found = np.maximum.reduceat(codes, first_row, axis=0)
    return np.asarray(np.maximum.reduceat(found, first_column, axis=1))


def _paint_multipliers(
    painter: QPainter,
    theme: Theme,
    moment: ArrayMoment,
    layout: ArrayLayout,
    codes: NDArray[np.uint8],
) -> None:
    whole, inner = rect(layout.whole), rect(layout.array)
    painter.fillRect(inner, QColor(theme.panel))
    hatch(painter, inner, QColor(theme.line))
    shown = pooled(codes, max(1, int(whole.height())), max(1, int(whole.width())))
    table = array_table(theme, moment, strong=layout.px < NUMBER)
    draw_image(painter, whole, indexed_image(shown, table))
    if layout.thin(moment.through) and (codes == NOW).any():
        _paint_front(painter, theme, moment, layout)
    if layout.px >= LINED:
        painter.setPen(QPen(QColor(theme.ground), 2.0 if layout.px >= NUMBER else 1.0))
        lines = [
            QLineF(x, whole.y(), x, whole.bottom())
            for x in (whole.x() + i * layout.px for i in range(codes.shape[1] + 1))
        ]
        lines += [
            QLineF(whole.x(), y, whole.right(), y)
            for y in (whole.y() + i * layout.px for i in range(codes.shape[0] + 1))
        ]
        painter.drawLines(*lines)
    painter.setPen(QPen(QColor(theme.muted), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(inner.adjusted(-1, -1, 1, 1))
    if moment.folds.overlapped and moment.dataflow != "os":
        _paint_loaded(painter, theme, moment, inner)


def _paint_loaded(painter: QPainter, theme: Theme, moment: ArrayMoment, inner: QRectF) -> None:
    """Beside the right edge, how far down the second places hold what will sit still next."""
    bar = QRectF(inner.right() + 3, inner.y(), LOADED, inner.height())
    painter.fillRect(bar, QColor(theme.panel))
    bar.setHeight(inner.height() * moment.loaded)
    painter.fillRect(bar, tint(theme, dict(moment.roles)["still"])[0])


def _paint_front(painter: QPainter, theme: Theme, moment: ArrayMoment, layout: ArrayLayout) -> None:
    """A front too thin to be seen, as a line along its middle."""
    rows, columns = moment.filled
    middle = moment.cycle - moment.load - (moment.through - 1) / 2 + 1  # of row + column, in places
    right, low = min(middle, columns), min(middle, rows)
    x, y, px = layout.array.x, layout.array.y, layout.px
    with clipped(painter, rect(layout.array)):
        painter.setPen(QPen(QColor(theme.now), THINNEST))
        painter.drawLine(
            QPointF(x + right * px, y + (middle - right) * px),
            QPointF(x + (middle - low) * px, y + low * px),
        )


def _paint_numbers(
    painter: QPainter,
    theme: Theme,
    moment: ArrayMoment,
    layout: ArrayLayout,
    codes: NDArray[np.uint8],
    cells: Cells,
) -> None:
    """What sits in a multiplier, and below it what passes it, to be multiplied with it."""
    found = numbers(moment, cells, layout.left, layout.above, layout.below)
    px = layout.px
    two = px >= TWO_NUMBERS
    most = min(16.0, 0.29 * px) if two and moment.dataflow != "os" else 16.0
    font = fonts.figures(min(most, (px - 4) / (0.62 * (6 if px >= WIDE_NUMBER else 4))))
    for row, column in np.argwhere(np.isfinite(found.still) & (codes > UNUSED)).tolist():
        where = QRectF(layout.whole.x + column * px, layout.whole.y + row * px, px, px)
        now = codes[row, column] == NOW
        ink = theme.on_now if now else theme.text
        if codes[row, column] == DONE:
            ink = "#ffffff"  # the order map is dark in both themes
        passing = float(found.moving[row, column])
        if two and np.isfinite(passing):
            upper, lower = where.adjusted(0, 1, 0, -px / 2), where.adjusted(0, px / 2, 0, -1)
            _figure(painter, upper, float(found.still[row, column]), font, ink)
            _figure(painter, lower, passing, font, ink, "×")
        else:
            _figure(painter, where, float(found.still[row, column]), font, ink)


def _figure(
    painter: QPainter, where: QRectF, value: float, font: QFont, ink: str, sign: str = ""
) -> None:
    text = number(value)
    if where.width() < WIDE_NUMBER:
        text = tight(value)
    elif sign and where.width() >= SIGNED:
        text = sign + text
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text)


def tight(value: float) -> str:
    """A number in at most four characters: '.25', '−1.3', '−531', '2e4'."""
    size = abs(value)
    if size == 0:
        return "0"
    text = f"{size:.2f}".removeprefix("0") if size < 0.995 else f"{size:.1f}"
    if size >= 9.95:
        text = f"{size:.0f}"
    if size >= 999.5:
        text = f"{size:.0e}".replace("e+0", "e").replace("e+", "e")
    return text if value >= 0 or not text.strip(".0") else f"−{text}"


def _paint_flows(painter: QPainter, scene: Scene, moment: ArrayMoment, layout: ArrayLayout) -> None:
    """Beside each edge which matrix crosses it, and which way."""
    theme, roles = scene.theme, dict(moment.roles)
    whole, inner = layout.whole, layout.array
    font = fonts.words(fonts.SMALL, bold=True)
    y = inner.y - 7
    left = roles["left"]
    end = write(painter, whole.x + 2, y, f"{left.name} →", font, tint(theme, left)[0])
    loading = not moment.finished and moment.cycle < moment.load
    above = roles.get("top", roles["still"] if loading else None)
    painter.setFont(font)
    if above is not None:
        text = f"{above.name} ↓"
        x = inner.x - 6 - painter.fontMetrics().horizontalAdvance(text)
        write(painter, x, y if end + 8 < x else y - 15, text, font, tint(theme, above)[0])
    if "out" in roles:
        width = painter.fontMetrics().horizontalAdvance
        text = f"{roles['out'].name} ↓"
        part = scene.words(Text(N_("part of {what}"), what=text))  # the terms of k of one fold
        if moment.folds.down > 1 and width(part) < inner.x - whole.x - 8:
            text = part
        x = inner.x - 6 - width(text)
        write(painter, x, inner.bottom + 15, text, font, tint(theme, roles["out"])[0])
