"""Times in a model's clock, roles of products, an error that is not known."""

from __future__ import annotations

import math

import pytest

from mmviz.core.device.body import CYCLE, STEP, Noun
from mmviz.core.shapes.gemm import Gemm
from mmviz.text import Text
from mmviz.words.digit import likeness, moved_shares, signed
from mmviz.words.products import role, shape, titled
from mmviz.words.time import model_time, pace, part_of


@pytest.mark.parametrize(
    ("t", "tick", "said"),
    [
        (1.0, STEP, "1 step"),
        (0.5, STEP, "0.5 steps"),
        (0.012, STEP, "0.012 steps"),
        (2048.0, CYCLE, "2\u202f048 cycles"),
        (100.25, CYCLE, "100 cycles"),
    ],
)
def test_steps_and_cycles(t: float, tick: Noun, said: str) -> None:
    assert str(model_time(t, "steps", tick)) == said


def test_seconds_are_seconds() -> None:
    assert str(model_time(84e-6, "s")) == "84.0 µs"


def test_of_a_whole_a_part_says_no_unit_twice() -> None:
    assert str(part_of(0.0002, 523e-6, "s")) == "200 of 523 µs"
    assert str(part_of(2e-7, 523e-6, "s")) == "200 ns of 523 µs"
    assert str(part_of(1.5, 4, "steps")) == "1.5 of 4 steps"
    assert str(pace(50e-6, "s")) == "1 s shows 50.0 µs"


def test_the_way_back_is_named_by_its_role() -> None:
    assert str(titled("fc6", "forward")) == "fc6"
    assert str(titled("fc6", "wgrad")) == "fc6 · wgrad"
    assert str(role("product")) == "product"
    assert str(shape(Gemm("fc6", "wgrad", 3, 4, 5))) == "3 × 4 × 5"


def test_an_error_that_is_not_known_keeps_its_sign() -> None:
    assert str(Text("{error:plus_minus}", error=None)) == "error unknown"
    assert str(Text("{t:seconds}{error:beside}", t=0.1, error=None)) == "100 ms, error unknown"
    assert str(Text("{t:seconds}{error:beside}", t=0.1, error=math.nan)) == "100 ms, error unknown"
    assert str(Text("{t:seconds}{error:beside}", t=0.1, error=0.059)) == "100 ms ± 5.9 %"
    assert str(Text("{error:plus_minus}", error=0.059)) == "± 5.9 %"


def test_a_score_near_nothing_has_no_minus() -> None:
    assert [str(signed(x)) for x in (-0.001, 0.001, -0.006, 9.414)] == [
        "+0.00", "+0.00", "−0.01", "+9.41"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (999.994, "+999.99"),
        (-999.999, "−1\u202f000"),
        (99_999.4, "+99\u202f999"),
        (99_999.6, "+1.0e5"),
        (3.852e21, "+3.9e21"),
        (-1e300, "−1.0e300"),
        (math.inf, "+∞"),
        (-math.inf, "−∞"),
        (math.nan, "?"),
    ],
)
def test_a_huge_score_is_no_longer_than_a_card_is_wide(score: float, said: str) -> None:
    assert str(signed(score)) == said
    assert len(said) <= 8
    assert len(str(signed(score, 0))) <= 6


def test_after_how_many_steps_is_said_only_of_what_was_taught_here() -> None:
    assert str(moved_shares(500, 94)) == "of 500 unseen drawings, moved, told right after 94 steps"
    assert str(moved_shares(500, 1)) == "of 500 unseen drawings, moved, told right after 1 step"
    assert str(moved_shares(500, 0)) == "of 500 unseen drawings, moved, told right"


def test_filters_that_look_like_the_opposite_of_digits_have_a_minus() -> None:
    assert str(likeness((0, -0.72), (0, -0.72))) == "filters look like digits by −0.72 of 1"
    assert "by −0.72 of 1 after 3 steps, by −0.50 after 1," in str(likeness((3, -0.72), (1, -0.5)))
