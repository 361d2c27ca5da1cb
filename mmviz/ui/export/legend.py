"""What colours stand for, sentences in lines as long as there is room, axes of charts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QLineF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz.ui.export.figure import GAP, Body
from mmviz.ui.look import fonts
from mmviz.ui.look.lines import in_lines
from mmviz.ui.look.painting import kept
from mmviz.ui.look.strokes import LEFT, RIGHT, hatch, write_in
from mmviz.ui.look.theme import Theme

ROW, BOX, APART = 17.0, 10.0, 18.0


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour and what it stands for; hatched: as what idles is. others: colours beside it, of
    what is told apart by several.
    """

    text: str
    colour: str
    hatched: bool = False
    others: tuple[str, ...] = ()

    @property
    def box(self) -> float:
        """How wide its colours are."""
        return BOX if not self.others else 2.4 * BOX


def fits_one_line(swatches: Sequence[Swatch], width: float) -> bool:
    """Whether all stand in one line."""
    return len(_rows(swatches, width)) <= 1


def swatches_height(swatches: Sequence[Swatch], width: float) -> float:
    """Of their lines within a width."""
    return ROW * len(_rows(swatches, width)) + (4.0 if swatches else 0.0)


def paint_swatches(
    painter: QPainter, theme: Theme, swatches: Sequence[Swatch], area: QRectF
) -> None:
    """Each with its text, in as few lines as there is room for."""
    y = area.y() + 4.0
    for row in _rows(swatches, area.width()):
        x = area.x()
        for swatch in row:
            box = QRectF(x, y + (ROW - BOX) / 2, swatch.box, BOX)
            painter.setPen(QPen(QColor(theme.muted), 0.75))
            painter.setBrush(QColor(theme.panel if swatch.hatched else swatch.colour))
            painter.drawRoundedRect(box, 2, 2)
            _paint_others(painter, box, swatch)
            if swatch.hatched:
                hatch(painter, box, QColor(swatch.colour))
            wide = _wide(swatch)
            place = QRectF(box.right() + 6, y, wide, ROW)
            write_in(painter, place, swatch.text, fonts.words(fonts.SMALL), theme.text, LEFT)
            x += wide + swatch.box + 6 + APART
        y += ROW


def _paint_others(painter: QPainter, box: QRectF, swatch: Swatch) -> None:
    """All colours from left to right, the first one too."""
    colours = (swatch.colour, *swatch.others) if swatch.others else ()
    inside = box.adjusted(0.5, 0.5, -0.5, -0.5)
    for i, colour in enumerate(colours):
        each = inside.width() / len(colours)
        part = QRectF(inside.x() + i * each, inside.y(), each, inside.height())
        painter.fillRect(part, QColor(colour))


def _wide(swatch: Swatch) -> float:
    return QFontMetricsF(fonts.words(fonts.SMALL)).horizontalAdvance(swatch.text) + 2


def _rows(swatches: Sequence[Swatch], width: float) -> list[list[Swatch]]:
    rows: list[list[Swatch]] = []
    x = 0.0
    for swatch in swatches:
        wide = _wide(swatch) + swatch.box + 6
        if not rows or x + wide > width:
            rows.append([])
            x = 0.0
        rows[-1].append(swatch)
        x += wide + APART
    return rows


def words_height(text: str, width: float, size: float = fonts.SMALL) -> float:
    """Of a text broken into lines of at most that width."""
    font = fonts.words(size)
    return len(in_lines(text, font, width)) * 1.1 * QFontMetricsF(font).height() if text else 0.0


def paint_words(
    painter: QPainter,
    area: QRectF,
    text: str,
    colour: str,
    size: float = fonts.SMALL,
    *,
    bold: bool = False,
) -> float:
    """A text broken into lines from the top of an area; where it ends."""
    font, y = fonts.words(size, bold=bold), area.y()
    if not text:
        return y
    high = 1.1 * QFontMetricsF(font).height()
    for line in in_lines(text, font, area.width()):
        write_in(painter, QRectF(area.x(), y, area.width(), high), line, font, colour, LEFT)
        y += high
    return y


def paint_axis(
    painter: QPainter,
    theme: Theme,
    chart: QRectF,
    ticks: Sequence[tuple[float, str]],
    name: str,
) -> None:
    """Below a chart: (place, text) of the ticks and what the axis is.

    Every second, third … has its text where all would touch.
    """
    font = fonts.figures(fonts.SMALL)
    painter.setPen(QPen(QColor(theme.muted), 1.0))
    for x, _ in ticks:
        painter.drawLine(QLineF(x, chart.bottom(), x, chart.bottom() + 4))
    for box, text in apart(chart, ticks, QFontMetricsF(font)):
        write_in(painter, box, text, font, theme.muted)
    below = QRectF(chart.left(), chart.bottom() + 4 + AXIS_ROW, chart.width(), AXIS_ROW)
    write_in(painter, below, name, fonts.words(fonts.SMALL), theme.muted)


def apart(
    chart: QRectF, ticks: Sequence[tuple[float, str]], metrics: QFontMetricsF
) -> list[tuple[QRectF, str]]:
    """Boxes of as many texts as stand apart, evenly: each, each second …, from the first on."""
    found: list[tuple[QRectF, str]] = []
    for every in range(1, len(ticks) + 1):
        found = []
        for x, text in ticks[::every]:
            wide = metrics.horizontalAdvance(text) + 1
            left = min(max(x - wide / 2, chart.left()), chart.right() - wide)
            found.append((QRectF(left, chart.bottom() + 4, wide, AXIS_ROW), text))
        pairs = itertools.pairwise(box for box, _ in found)
        if all(one.right() + 8 <= other.left() for one, other in pairs):
            break
    return found


AXIS_ROW = 16.0
AXIS = 4 + 2 * AXIS_ROW
"""Height that `paint_axis` takes."""


def paint_side(
    painter: QPainter, theme: Theme, chart: QRectF, ticks: Sequence[tuple[float, str]], left: float
) -> None:
    """Left of a chart, from `left` on: (place, text) of the ticks, none touching another."""
    font, end = fonts.figures(fonts.SMALL), -1e9
    for y, text in ticks:
        top = min(max(y - AXIS_ROW / 2, chart.top() - 3), chart.bottom() - AXIS_ROW + 3)
        if top >= end:
            box = QRectF(left, top, chart.left() - 8 - left, AXIS_ROW)
            write_in(painter, box, text, font, theme.muted, RIGHT)
            end = top + AXIS_ROW


SIDE_ROW = 16.0
"""Width that `paint_side_name` takes."""


def paint_side_name(painter: QPainter, theme: Theme, area: QRectF, name: str) -> None:
    """What the axis at the left is, upwards along the left edge of an area."""
    with kept(painter):
        painter.translate(area.x() + SIDE_ROW / 2, area.center().y())
        painter.rotate(-90)
        box = QRectF(-area.height() / 2, -SIDE_ROW / 2, area.height(), SIDE_ROW)
        write_in(painter, box, name, fonts.words(fonts.SMALL), theme.muted)


def nothing_body(why: str, theme: Theme) -> Body:
    """The reason in the place of a drawing."""

    def paint(painter: QPainter, area: QRectF) -> None:
        high = words_height(why, area.width(), fonts.TITLE)
        top = area.y() + max(0.0, (area.height() - high) / 2)
        room = QRectF(area.x(), top, area.width(), high)
        paint_words(painter, room, why, theme.muted, fonts.TITLE)

    def least(width: float) -> float:
        return words_height(why, width, fonts.TITLE) + 2 * GAP

    return Body(paint, wanted=lambda width: max(120.0, least(width)), least=least)
