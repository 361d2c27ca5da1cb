"""A digit that somebody draws, or picks, and changes: from the pen to the 784 pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mmviz.core.learning.digits.centring import Crop, centred, crop_of
from mmviz.core.learning.digits.drawing import Point, inked
from mmviz.core.learning.digits.moving import MOST
from mmviz.core.learning.digits.strokes import PIXELS, SIDE, Floats

MOST_POINTS = 5_000  # of all strokes: what is drawn is kept, and the pen has no more ink
FULL = 0.5  # from which a pixel counts as inked where it is flipped

Pixel = tuple[int, int]
"""Row and column, of the digit: they move with it."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """strokes: ways of the pen. picked: one of the set, [28 × 28], put in its place already, in
    the stead of strokes; label: what it truly is, None for what somebody drew. moved: pixels to the
    right and down, at most MOST. flipped: whose ink was turned around.
    """

    strokes: tuple[tuple[Point, ...], ...] = ()
    picked: Floats | None = None
    label: int | None = None
    moved: tuple[int, int] = (0, 0)
    flipped: frozenset[Pixel] = frozenset()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Drawing):
            return NotImplemented
        if (self.picked is None) != (other.picked is None):
            return False
        same = self.picked is None or np.array_equal(self.picked, other.picked)  # type: ignore[arg-type]
        return same and self._rest == other._rest

    def __hash__(self) -> int:
        return hash(self._rest)

    @property
    def _rest(self) -> tuple[object, ...]:
        """All but the picture."""
        return self.strokes, self.label, self.moved, self.flipped

    @property
    def points(self) -> int:
        """Of all strokes."""
        return sum(map(len, self.strokes))


NOTHING_DRAWN = Drawing()


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """The recipe, step by step, each [28 × 28], 0 … 1. drawn: what the pen inked; crop: what
    became of it, None where nothing is drawn, or where it was in its place already; still: in its
    place, before it was moved; image: what a network sees.
    """

    drawn: Floats
    crop: Crop | None
    still: Floats
    image: Floats

    @property
    def x(self) -> Floats:
        """One row of X, [1 × 784]."""
        return self.image.reshape(1, PIXELS)

    @property
    def empty(self) -> bool:
        return not self.image.any()


def begun(drawing: Drawing, at: Point) -> Drawing:
    """The pen comes down; on a digit that was picked, moved or flipped it starts anew."""
    strokes = drawing.strokes if drawing.picked is None else ()
    return Drawing(strokes=(*strokes, (_within(at),)))


def drawn_on(drawing: Drawing, at: Point) -> Drawing:
    """The pen goes on to there."""
    if not drawing.strokes:
        return begun(drawing, at)
    *others, last = drawing.strokes
    at = _within(at)
    dry = last[-1] == at or drawing.points >= MOST_POINTS
    return drawing if dry else replace(drawing, strokes=(*others, (*last, at)))


def picked(image: Floats, label: int) -> Drawing:
    """One of the set."""
    return Drawing(picked=image.reshape(SIDE, SIDE), label=label)


def moved_by(drawing: Drawing, right: int, down: int) -> Drawing:
    """So many pixels further, as far as it goes."""
    x, y = (max(-MOST, min(MOST, a + b)) for a, b in zip(drawing.moved, (right, down), strict=True))
    return replace(drawing, moved=(x, y))


def put_back(drawing: Drawing) -> Drawing:
    """As it was before it was moved and pixels were changed."""
    return replace(drawing, moved=(0, 0), flipped=frozenset())


def flip(drawing: Drawing, row: int, column: int) -> Drawing:
    """Ink where there is none, and none where there is, in the pixel seen there."""
    at = row - drawing.moved[1], column - drawing.moved[0]
    return replace(drawing, flipped=drawing.flipped ^ {at})


def place(drawing: Drawing) -> Placed:
    """The whole recipe."""
    crop = None
    if drawing.picked is not None:
        drawn = still = drawing.picked
    else:
        drawn = inked(drawing.strokes)
        crop = crop_of(drawn)
        still = centred(drawn[None])[0] if crop is not None else np.zeros_like(drawn)
    wide = np.pad(still, MOST)
    for row, column in drawing.flipped:
        at = row + MOST, column + MOST
        wide[at] = 0.0 if wide[at] >= FULL else 1.0
    left, top = (MOST - by for by in drawing.moved)
    return Placed(drawn, crop, still, wide[top : top + SIDE, left : left + SIDE])


def _within(at: Point) -> Point:
    x, y = (min(max(side, 0.0), float(SIDE)) for side in at)
    return x, y
