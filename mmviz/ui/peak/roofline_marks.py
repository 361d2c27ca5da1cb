"""The marks of products on a roofline, and the places beside one for its name."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter, QPolygonF


def beside(x: float, y: float, width: float) -> tuple[QRectF, ...]:
    """Boxes for a name below, left, right and above of a mark, and at its corners."""
    half, height = 7.0, 13.0
    return tuple(
        QRectF(left, top, width, height)
        for left, top in (
            (x - width / 2, y + half + 1),
            (x - half - width, y - height / 2),
            (x + half, y - height / 2),
            (x - width / 2, y - half - height),
            (x + half - 2, y + half - 2),
            (x - half + 2 - width, y + half - 2),
        )
    )


def mark_of(painter: QPainter, role: str, at: QPointF, radius: float) -> None:
    """A circle; a square for dgrad, a triangle for wgrad."""
    if role == "dgrad":
        painter.drawRect(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))
    elif role == "wgrad":
        up, side = radius * 1.25, radius * 1.2
        corners = ((0.0, -up), (side, radius), (-side, radius))
        painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + y) for x, y in corners]))
    else:
        painter.drawEllipse(at, radius, radius)
