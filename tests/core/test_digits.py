"""Digits from strokes: curves, ink, the place of a drawing, and a set that can be learnt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.learning.digits import made
from mmviz.core.learning.digits.centring import BOX, centred
from mmviz.core.learning.digits.strokes import PIXELS, SAMPLES, SIDE, ink, read_pen
from mmviz.files.hands import TAUGHT, hands

LINE = read_pen("0,0 0,100")


def test_a_curve_passes_its_points_and_its_samples_lie_even() -> None:
    pen = read_pen("10,0 50,60 90,0")
    curve = pen.mix @ pen.points
    assert curve.shape == (SAMPLES, 2)
    for point in pen.points:
        assert np.linalg.norm(curve - point, axis=1).min() < 0.02
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    assert steps.max() < 2 * np.median(steps)
    assert np.allclose(pen.mix.sum(axis=1), 1, atol=1e-6), "moved as a whole, it is the same curve"


def test_a_corner_is_sharp_and_a_lifted_pen_leaves_no_ink() -> None:
    pen = read_pen("0,0! 100,0! 100,100")
    curve = pen.mix @ pen.points
    assert curve[:, 0].max() <= 1 + 1e-6, "a smooth curve would swing out"
    two = read_pen("0,0 0,100 / 100,0 100,100")
    at = (two.mix @ two.points)[None].astype(np.float32) * 16 + 6
    drawn = ink(at, np.asarray([2], np.float32))[0]
    assert drawn[8:20, 6].min() > 0.5
    assert drawn[8:20, 10:18].max() < 0.05


@pytest.mark.parametrize("text", ["", "1,2", "1,2 3", "1,2 a,b", "1,2 3,4 /", "1,2 3,4 / 5,6"])
def test_what_is_no_stroke_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no stroke"):
        read_pen(text)


@pytest.mark.parametrize("thick", [1.5, 2.5, 3.6])
def test_a_stroke_is_as_thick_as_its_pen(thick: float) -> None:
    curve = (LINE.mix @ LINE.points)[None] * 20 + np.asarray([14, 4])
    drawn = ink(curve.astype(np.float32), np.asarray([thick], np.float32))[0]
    assert drawn[14].sum() == pytest.approx(thick, abs=0.5)
    assert drawn.max() <= 1


@given(st.integers(1, 9), st.integers(1, 9), st.integers(-3, 3), st.integers(-3, 3))
def test_where_a_drawing_was_does_not_matter(high: int, wide: int, down: int, right: int) -> None:
    image = np.zeros((1, SIDE, SIDE), np.float32)
    image[0, 10 : 10 + high, 10 : 10 + wide] = 1
    moved = np.roll(image, (down, right), axis=(1, 2))
    assert np.allclose(centred(moved), centred(image), atol=1e-5)
    found = centred(image)[0]
    inked = found > 0.5
    extent = max(inked.any(axis=1).sum(), inked.any(axis=0).sum())
    assert abs(extent - BOX) <= 1
    at = np.arange(SIDE) + 0.5
    assert abs(found.sum(axis=1) @ at / found.sum() - SIDE / 2) < 0.6
    assert abs(found.sum(axis=0) @ at / found.sum() - SIDE / 2) < 0.6


def test_an_empty_drawing_stays_empty() -> None:
    assert not centred(np.zeros((2, SIDE, SIDE), np.float32)).any()


def test_a_set_has_every_digit_alike_and_is_the_same_again() -> None:
    first, again = (made.make(hands()[:TAUGHT], 600, 0.8, 7) for _ in range(2))
    assert np.array_equal(first.x, again.x)
    assert np.array_equal(np.bincount(first.labels), [60] * 10)
    assert first.x.shape == (600, PIXELS)
    assert first.x.dtype == np.float32
    assert first.x.min() >= 0
    assert first.x.max() <= 1
    assert not np.array_equal(first.x, made.make(hands()[:TAUGHT], 600, 0.8, 8).x)
    assert len(first) == 600


def test_a_hand_that_was_never_seen_draws_otherwise() -> None:
    """No drawing of the hands kept apart is one of those learnt from, even without jitter."""
    taught = np.stack([made.make([hand], 10, 0.0, 1).x for hand in hands()[:TAUGHT]])
    apart = np.stack([made.make([hand], 10, 0.0, 1).x for hand in hands()[TAUGHT:]])
    nearest = min(
        float(np.abs(x - y).max())
        for x in apart.reshape(-1, PIXELS)
        for y in taught.reshape(-1, PIXELS)
    )
    assert len(hands()) == 8
    assert nearest > 0.3
