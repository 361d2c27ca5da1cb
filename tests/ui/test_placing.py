"""Words of a chart lie on nothing: whatever the dots, lines and boxes are."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("PyQt6.QtCore")
from PyQt6.QtCore import QPointF, QRectF, QSizeF

from mmviz.ui.look.placing import (
    Taken,
    along,
    around,
    beside,
    between,
    distance,
    pieces,
    placed,
    spread,
)

PLOT = QRectF(0, 0, 200, 150)
across, up = st.floats(-20, 220), st.floats(-20, 170)
points = st.tuples(across, up)
boxes = st.builds(QRectF, across, up, st.floats(1, 90), st.floats(1, 30))


@st.composite
def things(draw: st.DrawFn) -> Taken:
    dots = [(*draw(points), draw(st.floats(1, 8))) for _ in range(draw(st.integers(0, 8)))]
    lines = [(*draw(points), *draw(points)) for _ in range(draw(st.integers(0, 6)))]
    return Taken(
        tuple(draw(st.lists(boxes, max_size=4))),
        np.array(dots, np.float64).reshape(-1, 3),
        np.array(lines, np.float64).reshape(-1, 4),
    )


def inside(box: QRectF, x: float, y: float) -> bool:
    return box.left() < x < box.right() and box.top() < y < box.bottom()


@given(things(), st.lists(st.tuples(points, st.floats(5, 90)), max_size=6), st.integers(0, 2))
def test_no_label_lies_on_anything(
    taken: Taken, wanted: list[tuple[tuple[float, float], float]], kind: int
) -> None:
    ways = (
        lambda at, size: around(at, size, 8.0, 60.0),
        lambda at, size: beside(at, size, 4.0, 80.0),
        lambda at, size: along(QPointF(0, at.y()), at, size, 2.0),
    )
    found = placed(
        [ways[kind](QPointF(*at), QSizeF(width, 13)) for at, width in wanted], PLOT, taken
    )
    assert len(found) == len(wanted)
    stood: list[QRectF] = []
    for (_, width), box in zip(wanted, found, strict=True):
        if box is None:
            continue
        assert (box.width(), box.height()) == pytest.approx((width, 13))
        assert PLOT.contains(box)
        assert not any(
            min(box.right(), other.right()) - max(box.left(), other.left()) > 1e-3
            and min(box.bottom(), other.bottom()) - max(box.top(), other.top()) > 1e-3
            for other in (*stood, *taken.boxes)
        )
        for x, y, radius in taken.dots.tolist():
            assert distance(box, QPointF(x, y)) >= radius - 1e-3
        inner = box.adjusted(0.01, 0.01, -0.01, -0.01)
        for x0, y0, x1, y1 in taken.lines.tolist():  # by the slow and plain way
            for t in np.linspace(0, 1, 400).tolist():
                assert not inside(inner, x0 + t * (x1 - x0), y0 + t * (y1 - y0))
        stood.append(box)


@given(points)
def test_a_label_alone_takes_the_best_place(at: tuple[float, float]) -> None:
    wide = QRectF(-1000, -1000, 3000, 3000)
    (box,) = placed([around(QPointF(*at), QSizeF(40, 13), 8.0)], wide, Taken())
    assert box is not None
    assert box.center().x() == pytest.approx(at[0])
    assert box.top() == pytest.approx(at[1] + 8)


@given(things(), points)
def test_what_is_free_is_found_and_only_that(taken: Taken, at: tuple[float, float]) -> None:
    wish = around(QPointF(*at), QSizeF(30, 13), 8.0, 40.0)
    every = [wish.box(i) for i in range(len(wish))]
    (box,) = placed([wish], PLOT, taken)
    free = [one for one in every if PLOT.contains(one) and not taken.by(one)]
    assert box == (free[0] if free else None)
    off = [distance(one, QPointF(*at)) for one in every]
    assert max(off) <= 40
    assert off[8:] == sorted(off[8:])  # behind those that touch the dot
    assert wish.off(np.array([at]))[:, 0].tolist() == pytest.approx(off)


def test_a_line_through_a_box_is_met_wherever_it_begins() -> None:
    box = QRectF(10, 10, 20, 10)
    for angle in np.linspace(0, 2 * math.pi, 37).tolist():
        dx, dy = 100 * math.cos(angle), 100 * math.sin(angle)
        through = pieces([20 - dx, 20 + dx], [15 - dy, 15 + dy])
        assert Taken(lines=through).by(box)
        assert Taken(lines=pieces([20, 20 + dx], [15, 15 + dy])).by(box)
    beside_it = [pieces([0, 100], [9, 9]), pieces([31, 31], [0, 50]), pieces([0, 9], [15, 15])]
    assert not any(Taken(lines=line).by(box) for line in beside_it)
    assert Taken(lines=pieces([12, 14], [12, 14])).by(box)  # all of it within
    assert len(pieces([1.0], [1.0])) == 0


@given(st.lists(boxes, max_size=5), up, st.tuples(across, st.floats(1, 200)))
def test_a_line_runs_everywhere_but_behind_words(
    words: list[QRectF], y: float, ends: tuple[float, float]
) -> None:
    left, right = ends[0], ends[0] + ends[1]
    seen = list(between(y, left, right, words))
    for x in np.linspace(left, right, 101)[1:-1].tolist():
        behind = any(
            box.left() < x < box.right() and box.top() <= y <= box.bottom() for box in words
        )
        assert any(a <= x <= b for a, b in seen) != behind or any(
            abs(x - edge) < 1e-6 for box in words for edge in (box.left(), box.right())
        )
    assert all(left <= a < b <= right for a, b in seen)


@given(st.lists(st.floats(0, 400), max_size=9))
def test_labels_never_touch_keep_their_order_and_stay_inside(wanted: list[float]) -> None:
    stood = spread(wanted, 36.0, 0.0, 400.0)
    ordered = sorted(zip(wanted, stood, strict=True), key=lambda pair: (pair[0], pair[1]))
    centres = [centre for _, centre in ordered]
    assert centres == sorted(centres)
    assert all(b - a >= 36.0 - 1e-6 for a, b in itertools.pairwise(centres))
    assert all(18.0 - 1e-6 <= centre <= 382.0 + 1e-6 for centre in centres)


def test_labels_with_room_stay_where_they_belong() -> None:
    assert spread([100.0, 300.0], 36.0, 0.0, 400.0) == [100.0, 300.0]
