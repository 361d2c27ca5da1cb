"""The point that is read: a line through it, and a box beside it with all that is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz.state.sweep.readout import Row, rows_at
from mmviz.ui.look.painting import kept
from mmviz.ui.look.strokes import LEFT, RIGHT, write_at
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.ui.sweep.axes import Axes
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.marks import mark_of

_PAD = 8.0
_GAP = 14.0  # pixels from what to its figure
_KEY = 12.0  # for the colour of a backend
_WIDEST = 0.6  # of the room, for the box


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the box."""

    what: str
    figure: str = ""
    backend: str = ""


def paint_reading(
    painter: QPainter, theme: Theme, axes: Axes, faces: Faces, point: int, room: QRect
) -> None:
    """Mark the reading point, and say all of it in a box beside it, within `room`.

    The painter comes back with the pen and the brush it came with.
    """
    with kept(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at, plot = axes.place(point), axes.plot
        painter.setPen(QPen(QColor(theme.text), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if axes.chart.heat:  # white: the order map is dark in both themes
            painter.setPen(QPen(QColor("#ffffff"), 1.5))
            painter.drawRect(axes.cell(point).adjusted(-1, -1, 1, 1))
        else:
            painter.drawLine(QPointF(at.x(), plot.top()), QPointF(at.x(), plot.bottom()))
            painter.setBrush(QColor(theme.text))
            painter.drawEllipse(at, 3.0, 3.0)
        lines = [_line(row, faces) for row in rows_at(axes.chart, point)]
        most = max(2, int((room.height() - _PAD) / faces.line))
        _box(painter, theme, faces, at, QRectF(room), folded(lines, most))


def folded(lines: Sequence[Line], most: int) -> list[Line]:
    """At most `most` lines: those with figures stay, the sentences share what is left."""
    if len(lines) <= most:
        return list(lines)
    kept_so = [line for i, line in enumerate(lines) if i == 0 or line.figure][: most - 1]
    others = [line.what for i, line in enumerate(lines) if i and not line.figure]
    each = -(-len(others) // max(1, most - len(kept_so)))
    shared = (others[i : i + each] for i in range(0, len(others), max(1, each)))
    return [*kept_so, *(Line(" · ".join(some)) for some in shared)]


def _line(row: Row, faces: Faces) -> Line:
    return Line(faces.say(row.what), faces.say(row.figure), row.backend)


def _box(
    painter: QPainter, theme: Theme, faces: Faces, at: QPointF, room: QRectF, lines: list[Line]
) -> None:
    """The lines in a box right of a place, or left of it where there is no room."""
    head, *others = lines
    wide = [faces.bold_width(head.what) + (_GAP + faces.width(head.figure) if head.figure else 0)]
    for line in others:
        figure = _GAP + faces.figure_width(line.figure) if line.figure else 0.0
        wide.append(faces.width(line.what) + figure + (_KEY if line.backend else 0.0))
    width = min(max(wide), max(_WIDEST * room.width(), wide[0])) + 2 * _PAD
    height = len(lines) * faces.line + _PAD
    right = at.x() + 12 + width < room.right()
    left = max(room.left() + 1, at.x() + 12 if right else at.x() - 12 - width)
    top = min(max(at.y() - height / 2, room.top() + 1), max(room.bottom() - height - 1, 0.0))
    painter.setPen(QPen(QColor(theme.muted), 1.0))
    painter.setBrush(QColor(theme.ground))
    painter.drawRoundedRect(QRectF(left, top, width, height), 6, 6)
    for i, line in enumerate(lines):
        area = QRectF(left + _PAD, top + _PAD / 2 + i * faces.line, width - 2 * _PAD, faces.line)
        if line.backend:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(backend_colour(theme, line.backend)))
            painter.drawPath(mark_of(line.backend).translated(area.left() + 4, area.center().y()))
        if line.figure:
            face = faces.figures if i else faces.words
            write_at(painter, face, theme.text if i else theme.muted, area, line.figure, RIGHT)
        words = area.adjusted(_KEY, 0, 0, 0) if line.backend else area
        face = faces.words if i else faces.bold
        text = QFontMetricsF(face).elidedText(
            line.what, Qt.TextElideMode.ElideRight, words.width() + 1
        )
        ink = theme.text if not i or line.figure else theme.muted
        write_at(painter, face, ink, words, text, LEFT)
