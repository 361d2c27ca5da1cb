"""The shape of a backend's points, so that curves are told apart without their colours."""

from __future__ import annotations

from functools import cache

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainterPath, QPolygonF

from mmviz.backends import registry

_R = 3.4  # pixels


def mark_of(backend: str) -> QPainterPath:
    """About the origin. A variant has the shape of its backend."""
    names = [name.partition(":")[0] for name in registry.MODULES]
    name = backend.partition(":")[0].partition("@")[0]
    return _mark(names.index(name) % len(_CORNERS) if name in names else len(_CORNERS) - 1)


_CORNERS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    (),
    ((0, -1.3), (1.2, 0.9), (-1.2, 0.9)),
    ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
    ((0, 1.3), (1.2, -0.9), (-1.2, -0.9)),
    (
        *((-0.5, -1.3), (0.5, -1.3), (0.5, -0.5), (1.3, -0.5), (1.3, 0.5), (0.5, 0.5)),
        *((0.5, 1.3), (-0.5, 1.3), (-0.5, 0.5), (-1.3, 0.5), (-1.3, -0.5), (-0.5, -0.5)),
    ),
)


@cache
def _mark(which: int) -> QPainterPath:
    path, corners = QPainterPath(), _CORNERS[which]
    if not corners:
        path.addEllipse(QPointF(0, 0), _R, _R)
    else:
        path.addPolygon(QPolygonF([QPointF(_R * x, _R * y) for x, y in (*corners, corners[0])]))
    return path
