"""Where the words of a chart stand: on no dot, no line, no other words, and within its plot.

Pure geometry in pixels: which boxes a label could take, the best first, and which it takes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSizeF

Floats = NDArray[np.float64]
Found = NDArray[np.bool_]
_STEP = 6.0  # pixels between places farther away
_ROUND = 1e-6  # pixels: boxes that share an edge do not meet
_AT_ONCE = 64  # places tried together: mostly one of the first is free


def _none(columns: int) -> Floats:
    return np.empty((0, columns))


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """Boxes of one size that a label could take, the best first; corners [n × 2]: left, top.

    Columns and not QRectF: a crowded chart tries hundreds of them, and a live one thirty times a
    second.
    """

    size: QSizeF
    corners: Floats

    def __len__(self) -> int:
        return len(self.corners)

    def box(self, i: int) -> QRectF:
        return QRectF(QPointF(*self.corners[i].tolist()), self.size)

    def of(self, *those: Found) -> Wish:
        """These of them, then these, and so on."""
        return replace(self, corners=np.concatenate([self.corners[which] for which in those]))

    def within(self, room: QRectF) -> Found:
        """Which lie in a box."""
        left, top, right, bottom = self.edges()
        return (
            (left >= room.left())
            & (right <= room.right())
            & (top >= room.top())
            & (bottom <= room.bottom())
        )

    def edges(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Left, top, right, bottom of each."""
        left, top = self.corners.T
        return left, top, left + self.size.width(), top + self.size.height()

    def tied_to(self, at: QPointF) -> Floats:
        """[n × 4] the line from a place to the nearest of each box."""
        left, top, right, bottom = self.edges()
        x, y = np.clip(at.x(), left, right), np.clip(at.y(), top, bottom)
        return np.stack((np.full(len(self), at.x()), np.full(len(self), at.y()), x, y), axis=1)

    def off(self, places: Floats) -> Floats:
        """[n × m] from each box to each of these places [m × 2]; 0 within."""
        left, top, right, bottom = (edge[:, np.newaxis] for edge in self.edges())
        x, y = places.T
        dx = np.maximum(np.maximum(left - x, x - right), 0.0)
        dy = np.maximum(np.maximum(top - y, y - bottom), 0.0)
        return np.asarray(np.hypot(dx, dy))


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What words must not touch. dots [n × 3]: x, y, radius; lines [n × 4]: from x, y to x, y."""

    boxes: tuple[QRectF, ...] = ()
    dots: Floats = field(default_factory=lambda: _none(3))
    lines: Floats = field(default_factory=lambda: _none(4))

    def by(self, box: QRectF) -> bool:
        """Whether a box touches any of it."""
        return bool(self.touched(Wish(box.size(), np.array([[box.left(), box.top()]])))[0])

    def touched(self, wish: Wish) -> Found:
        """Which of these boxes touch any of it."""
        found = (wish.off(self.dots[:, :2]) < self.dots[:, 2] - _ROUND).any(axis=1)
        found |= _on_lines(wish, self.lines)
        left, top, right, bottom = wish.edges()
        for box in self.boxes:
            found |= (
                (left < box.right() - _ROUND)
                & (right > box.left() + _ROUND)
                & (top < box.bottom() - _ROUND)
                & (bottom > box.top() + _ROUND)
            )
        return np.asarray(found)

    def with_box(self, box: QRectF) -> Taken:
        return replace(self, boxes=(*self.boxes, box))

    def with_line(self, start: QPointF, end: QPointF) -> Taken:
        line = np.array([[start.x(), start.y(), end.x(), end.y()]])
        return replace(self, lines=np.concatenate((self.lines, line)))

    def struck(self, lines: Floats) -> Found:
        """Which of these lines [n × 4] run through a box."""
        found = np.zeros(len(lines), dtype=np.bool_)
        for box in self.boxes:
            found |= _inside(Wish(box.size(), np.array([[box.left(), box.top()]])), lines)[0]
        return found

    def about(self, wish: Wish) -> Taken:
        """What of the dots and lines comes near any of these boxes: of a long curve its end."""
        if not len(wish):
            return self
        left, top, right, bottom = wish.edges()
        x, y = self.lines[:, 0::2], self.lines[:, 1::2]
        near = (
            (x.max(axis=1) >= left.min())
            & (x.min(axis=1) <= right.max())
            & (y.max(axis=1) >= top.min())
            & (y.min(axis=1) <= bottom.max())
        )
        dots, radius = self.dots[:, :2], self.dots[:, 2]
        close = (
            (dots[:, 0] + radius >= left.min())
            & (dots[:, 0] - radius <= right.max())
            & (dots[:, 1] + radius >= top.min())
            & (dots[:, 1] - radius <= bottom.max())
        )
        return replace(self, dots=self.dots[close], lines=self.lines[near])


def placed(wishes: Iterable[Wish], within: QRectF, taken: Taken) -> list[QRectF | None]:
    """For each label the first box it wishes that is free, None where none is.

    What comes first has its place first. Free is what lies within, and touches neither what is
    taken nor a label placed before.
    """
    found: list[QRectF | None] = []
    for wish in wishes:
        box = _first_free(wish.of(wish.within(within)), taken)
        found.append(box)
        if box is not None:
            taken = taken.with_box(box)
    return found


def _first_free(wish: Wish, taken: Taken) -> QRectF | None:
    near = taken.about(wish)
    for start in range(0, len(wish), _AT_ONCE):
        some = replace(wish, corners=wish.corners[start : start + _AT_ONCE])
        free = np.flatnonzero(~near.touched(some))
        if len(free):
            return some.box(int(free[0]))
    return None


def around(at: QPointF, size: QSizeF, gap: float, far: float = 0.0) -> Wish:
    """Boxes about a dot: below, left, right, above, at its corners; then farther ones, by distance.

    gap: pixels from its middle to a box. far: as far a box may be; who takes one that is not near
    draws a line from it to the dot.
    """
    x, y, w, h = at.x(), at.y(), size.width(), size.height()
    corner = gap - 2
    near = [
        (x - w / 2, y + gap),
        (x - gap - w, y - h / 2),
        (x + gap, y - h / 2),
        (x - w / 2, y - gap - h),
        (x + corner, y + corner),
        (x - corner - w, y + corner),
        (x + corner, y - corner - h),
        (x - corner - w, y - corner - h),
    ]
    count = int(far / _STEP)
    shifts = np.arange(-count, count + 1) * np.float64(_STEP)
    farther = Wish(size, _grid(x - w / 2 + shifts, y - h / 2 + shifts))
    off = farther.off(np.array([[x, y]]))[:, 0]
    order = np.argsort(off, kind="stable")
    order = order[(off[order] > gap) & (off[order] <= far)]
    return Wish(size, np.concatenate((np.array(near), farther.corners[order])))


def beside(end: QPointF, size: QSizeF, gap: float, far: float) -> Wish:
    """Boxes right of the end of a curve, at its height, then higher and lower by up to `far`."""
    away = np.arange(1.0, far, 2.0)
    shifts = np.concatenate(([0.0], np.stack((-away, away), axis=1).ravel()))
    tops = end.y() - size.height() / 2 + shifts
    return Wish(size, np.stack((np.full(len(tops), end.x() + gap), tops), axis=1))


def along(start: QPointF, end: QPointF, size: QSizeF, gap: float) -> Wish:
    """Boxes above and below a level line, from its end to its start, first near, then farther."""
    room = max(0.0, end.x() - start.x() - size.width())
    lefts = end.x() - size.width() - np.minimum(np.arange(0.0, room + _STEP, _STEP), room)
    sides = [
        _grid(lefts, np.array([end.y() - off - size.height(), end.y() + off]))
        for off in (gap, 3 * gap)
    ]
    return Wish(size, np.concatenate(sides))


def _grid(lefts: Floats, tops: Floats) -> Floats:
    """[n·m × 2] corners: at each left all the tops."""
    return np.stack((np.repeat(lefts, len(tops)), np.tile(tops, len(lefts))), axis=1)


def spread(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Centres for labels of `height` pixels near the `wanted` ones, none on another, in top…bottom.

    Their order is kept. If they do not fit at all they are packed from the top.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    edge = top
    for i in order:
        placed[i] = max(wanted[i], edge + height / 2)
        edge = placed[i] + height / 2
    edge = max(bottom, top + height * len(wanted))
    for i in reversed(order):
        placed[i] = min(placed[i], edge - height / 2)
        edge = placed[i] - height / 2
    return placed


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


def _on_lines(wish: Wish, lines: Floats) -> Found:
    """Which boxes have a part of a line inside."""
    return np.asarray(_inside(wish, lines).any(axis=1))


def _inside(wish: Wish, lines: Floats) -> Found:
    """[n × m] whether a box has a part of a line inside: Liang and Barsky, ACM TOG 3 (1984)."""
    left, top, right, bottom = (edge[:, np.newaxis] for edge in wish.edges())
    x, y = lines[:, 0], lines[:, 1]
    dx, dy = lines[:, 2] - x, lines[:, 3] - y
    sides = len(wish), len(lines)
    first, last = np.zeros(sides), np.ones(sides)
    inside = np.ones(sides, dtype=np.bool_)
    for step, room in ((-dx, x - left), (dx, right - x), (-dy, y - top), (dy, bottom - y)):
        still = np.abs(step) < _ROUND * _ROUND
        inside &= ~still | (room > _ROUND)
        at = np.divide(room, step, out=np.zeros(sides), where=~still)
        first = np.where(~still & (step < 0), np.maximum(first, at), first)
        last = np.where(~still & (step > 0), np.minimum(last, at), last)
    return np.asarray(inside & (last - first > _ROUND))
