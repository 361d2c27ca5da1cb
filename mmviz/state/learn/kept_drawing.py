"""A drawing as it is kept with the session, and as it comes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.digits.made import CLASSES
from mmviz.core.learning.digits.moving import MOST
from mmviz.core.learning.digits.strokes import SIDE
from mmviz.errors import InputError
from mmviz.files import packed
from mmviz.files.settings import StoredDrawing
from mmviz.state.learn.drawing import MOST_POINTS, NOTHING_DRAWN, Drawing
from mmviz.text import N_, Text

Numbers = NDArray[np.float64]
WHAT = Text(N_("the drawing"))


def stored_drawing(drawing: Drawing) -> StoredDrawing | None:
    """What is kept of it; None of nothing."""
    if drawing == NOTHING_DRAWN:
        return None
    return StoredDrawing(
        strokes=tuple(packed.pack(np.array(stroke, float)) for stroke in drawing.strokes),
        picked="" if drawing.picked is None else packed.pack(drawing.picked.astype(float)),
        label=drawing.label,
        moved=drawing.moved,
        flipped=tuple(sorted(drawing.flipped)),
    )


def drawing_of(stored: StoredDrawing | None) -> Drawing:
    """The drawing that was kept; raises InputError where it is none."""
    if stored is None:
        return NOTHING_DRAWN
    sizes = [packed.shape_of(stroke, WHAT) for stroke in stored.strokes]
    if (
        sum(points for points, _ in sizes) > MOST_POINTS
        or any(across != 2 for _, across in sizes)
        or max(map(abs, stored.moved)) > MOST
        or not all(-MOST <= at < SIDE + MOST for place in stored.flipped for at in place)
        or (stored.label is None) != (not stored.picked)
        or (stored.label is not None and not 0 <= stored.label < CLASSES)
        or (stored.picked and stored.strokes)
        or (stored.picked and packed.shape_of(stored.picked, WHAT) != (SIDE, SIDE))
    ):
        raise InputError(_NONE)
    strokes = tuple(
        tuple((x, y) for x, y in _within(packed.unpack(stroke, WHAT), SIDE).tolist())
        for stroke in stored.strokes
    )
    picked = None
    if stored.picked:
        picked = _within(packed.unpack(stored.picked, WHAT), 1.0).astype(np.float32)
    return Drawing(strokes, picked, stored.label, stored.moved, frozenset(stored.flipped))


def _within(values: Numbers, most: float) -> Numbers:
    if not ((values >= 0) & (values <= most)).all():
        raise InputError(_NONE)
    return values


_NONE = N_("the drawing cannot be read")
