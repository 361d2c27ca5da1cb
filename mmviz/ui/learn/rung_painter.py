"""One rung as it computes: its lines, the one that runs lit, and below them A_in, W and Z."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz.core.learning.rungs import Moment, Shape
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.theme import Theme

LINE = 16.0  # height of a line of code, in ordinary type
_GAP = 16.0  # between matrices, room for their names
_CELL = 34.0  # the largest side of a cell
_LEAST = 5.0
_BREAKS = re.compile(r"(?<!×) (?!×)(?![^\[]*\])")  # where a line may end
_EDGES = 12.0  # of a line of code, left and right


def line_height(size: float) -> float:
    """Of a line in type of that size, in logical pixels."""
    return LINE * fonts.scale() * size / fonts.SMALL


def code_width(code: Sequence[str], size: float = fonts.SMALL) -> float:
    """Of the longest line, in type of that size."""
    metrics = QFontMetricsF(fonts.figures(size))
    return max((metrics.horizontalAdvance(_close(line)) for line in code), default=0.0) + _EDGES


def code_rows(code: Sequence[str], size: float, width: float) -> list[tuple[int, str]]:
    """The lines as they stand in a width: number and text; one that is longer goes on below."""
    metrics = QFontMetricsF(fonts.figures(size))
    return [
        (number, row)
        for number, line in enumerate(code)
        for row in broken(_close(line), metrics, width - _EDGES)
    ]


def broken(line: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """The line, and what has no room in it below, further in; an index or a shape stays whole."""
    rows, inside = [""], " " * (len(line) - len(line.lstrip(" ")))
    for word in _BREAKS.split(line.strip()):
        longer = f"{rows[-1]} {word}" if rows[-1] else f"{inside}{word}"
        if rows[-1] and metrics.horizontalAdvance(longer) > width:
            rows.append(f"{inside}    {word}")
        else:
            rows[-1] = longer
    return rows


def _close(line: str) -> str:
    """The line with half of its indentation: columns are narrow."""
    inside = line.lstrip(" ")
    return " " * ((len(line) - len(inside)) // 2) + inside


def paint_code(
    painter: QPainter, theme: Theme, area: QRectF, code: Sequence[str], lit: int, size: float
) -> None:
    """The lines in type of that size, the one that runs on a ground of its own."""
    high, font = line_height(size), fonts.figures(size)
    for i, (number, row) in enumerate(code_rows(code, size, area.width())):
        box = QRectF(area.x(), area.y() + i * high, area.width(), high)
        if number == lit:
            painter.fillRect(box, QColor(theme.now_dim))
            painter.fillRect(QRectF(box.x(), box.y(), 3, box.height()), QColor(theme.now))
        ink = theme.text if number == lit else theme.muted
        write_in(painter, box.adjusted(8, 0, -2, 0), row, font, ink, LEFT)


def side_of(small: Shape, area: QRectF) -> float:
    """The side of a cell with which the three matrices fit the area."""
    return max(_LEAST, min(_CELL * fonts.scale(), _room(small, area)))


def seen(small: Shape, area: QRectF) -> bool:
    """Whether the area has room for the three, with cells that can be told apart."""
    return _room(small, area) >= _LEAST


def _room(small: Shape, area: QRectF) -> float:
    m, n, k = small
    gap = _GAP * fonts.scale()
    return min((area.width() - gap) / (k + n), (area.height() - 2 * gap) / (k + m))


def least_of(small: Shape) -> tuple[float, float]:
    """Width and height that the three matrices need."""
    m, n, k = small
    gap = _GAP * fonts.scale()
    return (k + n) * _LEAST + gap, (k + m) * _LEAST + 2 * gap


def matrices_height(small: Shape, area: QRectF) -> float:
    """Of all three, in the cells that fit the area."""
    return 2 * _GAP * fonts.scale() + (small[0] + small[2]) * side_of(small, area)


def paint_matrices(
    painter: QPainter, theme: Theme, area: QRectF, small: Shape, moment: Moment
) -> None:
    """W above, A_in at the left, Z where they meet: a cell of Z is a row beside a column.

    In the middle of the area's width, at its top.
    """
    m, n, k = small
    side, gap = side_of(small, area), _GAP * fonts.scale()
    whole = (k + n) * side + gap
    left = area.x() + max(0.0, (area.width() - whole) / 2)
    a = QRectF(left, area.y() + 2 * gap + k * side, k * side, m * side)
    w = QRectF(left + k * side + gap, area.y() + gap, n * side, k * side)
    z = QRectF(w.x(), a.y(), n * side, m * side)
    for i in range(m):
        for t in range(k):
            lit = _within(i, moment.rows) and _within(t, moment.terms)
            near = _within(t, moment.near)
            _cell(painter, theme, _at(a, side, i, t), theme.x if lit else theme.x_dim, near)
    for t in range(k):
        for j in range(n):
            lit = _within(j, moment.columns) and _within(t, moment.terms)
            near = _within(t, moment.near)
            _cell(painter, theme, _at(w, side, t, j), theme.w if lit else theme.w_dim, near)
    for i in range(m):
        for j in range(n):
            share = moment.sums[i * n + j] / k if moment.sums else 0.0
            now = _within(i, moment.rows) and _within(j, moment.columns)
            _sum(painter, theme, _at(z, side, i, j), share, now)
    _name(painter, theme, a, "A_in")
    _name(painter, theme, w, "W")
    _name(painter, theme, z, "Z")


def _within(at: int, span: tuple[int, int]) -> bool:
    return span[0] <= at < span[1]


def _at(box: QRectF, side: float, row: int, column: int) -> QRectF:
    return QRectF(box.x() + column * side, box.y() + row * side, side, side).adjusted(1, 1, -1, -1)


def _cell(painter: QPainter, theme: Theme, box: QRectF, fill: str, near: bool) -> None:
    painter.fillRect(box, QColor(fill))
    if near:
        _outline(painter, box, theme.now_edge)


def _sum(painter: QPainter, theme: Theme, box: QRectF, share: float, now: bool) -> None:
    """A sum fills its cell from below, term by term; where it grows now it has the mark of now."""
    painter.fillRect(box, QColor(theme.waiting))
    high = box.height() * share
    full = QRectF(box.x(), box.bottom() - high, box.width(), high)
    painter.fillRect(full, QColor(theme.now if now else theme.x_dim))
    _outline(painter, box, theme.now_edge if now else theme.edge)


def _outline(painter: QPainter, box: QRectF, colour: str) -> None:
    with kept(painter):
        painter.setPen(QPen(QColor(colour), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _name(painter: QPainter, theme: Theme, box: QRectF, name: str) -> None:
    font = fonts.figures(fonts.SMALL)
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    painter.drawText(QPointF(box.x(), box.y() - 4), name)
