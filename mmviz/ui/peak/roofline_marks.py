"""The marks of products on a roofline."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter, QPolygonF


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
