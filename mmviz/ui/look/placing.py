"""Where the words of a chart stand: on no dot, no line, no other words, and within its plot.

Pure geometry in pixels: which boxes a label could take, the best first, and which it takes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSizeF

Floats = NDArray[np.float64]
_STEP = 6.0  # pixels between places farther away
_ROUND = 1e-6  # pixels: boxes that share an edge do not meet


def _none(columns: int) -> Floats:
    return np.empty((0, columns))


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What words must not touch. dots [n × 3]: x, y, radius; lines [n × 4]: from x, y to x, y."""

    boxes: tuple[QRectF, ...] = ()
    dots: Floats = field(default_factory=lambda: _none(3))
    lines: Floats = field(default_factory=lambda: _none(4))

    def by(self, box: QRectF) -> bool:
        """Whether a box touches any of it."""
        return (
            any(_overlap(box, other) for other in self.boxes)
            or bool(_on_dots(box, self.dots).any())
            or bool(_on_lines(box, self.lines).any())
        )

    def with_box(self, box: QRectF) -> Taken:
        return replace(self, boxes=(*self.boxes, box))


def placed(wishes: Iterable[Iterable[QRectF]], within: QRectF, taken: Taken) -> list[QRectF | None]:
    """For each label the first box it wishes that is free, None where none is.

    What comes first has its place first. Free is what lies within, and touches neither what is
    taken nor a label placed before.
    """
    found: list[QRectF | None] = []
    for wish in wishes:
        box = next((box for box in wish if within.contains(box) and not taken.by(box)), None)
        found.append(box)
        if box is not None:
            taken = taken.with_box(box)
    return found


def around(at: QPointF, size: QSizeF, gap: float, far: float = 0.0) -> Iterator[QRectF]:
    """Boxes about a dot: below, left, right, above, at its corners; then farther ones, by distance.

    gap: pixels from its middle to a box. far: as far a box may be; who takes one that is not near
    draws a line from it to the dot.
    """
    x, y, w, h = at.x(), at.y(), size.width(), size.height()
    corner = gap - 2
    for left, top in (
        (x - w / 2, y + gap),
        (x - gap - w, y - h / 2),
        (x + gap, y - h / 2),
        (x - w / 2, y - gap - h),
        (x + corner, y + corner),
        (x - corner - w, y + corner),
        (x + corner, y - corner - h),
        (x - corner - w, y - corner - h),
    ):
        yield QRectF(left, top, w, h)
    count = int(far / _STEP)
    shifts = [_STEP * i for i in range(-count, count + 1)]
    others = [QRectF(x - w / 2 + dx, y - h / 2 + dy, w, h) for dx in shifts for dy in shifts]
    away = [(distance(box, at), i) for i, box in enumerate(others)]
    for off, i in sorted(away):
        if gap < off <= far:
            yield others[i]


def beside(end: QPointF, size: QSizeF, gap: float, far: float) -> Iterator[QRectF]:
    """Boxes right of the end of a curve, at its height, then higher and lower by up to `far`."""
    top = end.y() - size.height() / 2
    for away in itertools.chain((0.0,), *((-i, i) for i in np.arange(1.0, far, 2.0).tolist())):
        yield QRectF(QPointF(end.x() + gap, top + away), size)


def along(start: QPointF, end: QPointF, size: QSizeF, gap: float) -> Iterator[QRectF]:
    """Boxes above and below a level line, from its end to its start, first near, then farther."""
    room = max(0.0, end.x() - start.x() - size.width())
    for off in (gap, 3 * gap):
        for left in np.arange(0.0, room + _STEP, _STEP).tolist():
            x = end.x() - size.width() - min(left, room)
            for top in (end.y() - off - size.height(), end.y() + off):
                yield QRectF(QPointF(x, top), size)


def between(
    y: float, left: float, right: float, boxes: Iterable[QRectF]
) -> Iterator[tuple[float, float]]:
    """What of a level line runs behind no box, from x to x: so no line of a grid strikes words."""
    x = left
    for box in sorted((box for box in boxes if box.top() <= y <= box.bottom()), key=QRectF.left):
        if box.left() > x:
            yield x, min(box.left(), right)
        x = max(x, box.right())
    if x < right:
        yield x, right


def distance(box: QRectF, at: QPointF) -> float:
    """From a place to the nearest of a box; 0 within."""
    near = nearest(box, at)
    return math.hypot(near.x() - at.x(), near.y() - at.y())


def nearest(box: QRectF, at: QPointF) -> QPointF:
    """Of a box the place nearest to another."""
    return QPointF(
        min(max(at.x(), box.left()), box.right()), min(max(at.y(), box.top()), box.bottom())
    )


def pieces(xs: Sequence[float] | Floats, ys: Sequence[float] | Floats) -> Floats:
    """A line through points as [n - 1 × 4] from point to point."""
    x, y = np.asarray(xs, np.float64), np.asarray(ys, np.float64)
    return np.stack((x[:-1], y[:-1], x[1:], y[1:]), axis=1) if len(x) > 1 else _none(4)


def _overlap(one: QRectF, other: QRectF) -> bool:
    return (
        one.left() < other.right() - _ROUND
        and other.left() < one.right() - _ROUND
        and one.top() < other.bottom() - _ROUND
        and other.top() < one.bottom() - _ROUND
    )


def _on_dots(box: QRectF, dots: Floats) -> NDArray[np.bool_]:
    x, y, radius = dots.T
    dx = np.maximum(np.maximum(box.left() - x, x - box.right()), 0.0)
    dy = np.maximum(np.maximum(box.top() - y, y - box.bottom()), 0.0)
    found: NDArray[np.bool_] = np.hypot(dx, dy) < radius - _ROUND
    return found


def _on_lines(box: QRectF, lines: Floats) -> NDArray[np.bool_]:
    """Which pieces have a part inside: Liang and Barsky, ACM TOG 3 (1984), for all of them."""
    x, y = lines[:, 0], lines[:, 1]
    dx, dy = lines[:, 2] - x, lines[:, 3] - y
    first, last = np.zeros(len(lines)), np.ones(len(lines))
    inside = np.ones(len(lines), dtype=np.bool_)
    for step, room in (
        (-dx, x - box.left()),
        (dx, box.right() - x),
        (-dy, y - box.top()),
        (dy, box.bottom() - y),
    ):
        still = np.abs(step) < _ROUND * _ROUND
        inside &= ~still | (room > _ROUND)
        at = np.divide(room, step, out=np.zeros(len(lines)), where=~still)
        first = np.where(~still & (step < 0), np.maximum(first, at), first)
        last = np.where(~still & (step > 0), np.minimum(last, at), last)
    return inside & (last - first > _ROUND)
