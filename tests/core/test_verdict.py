"""The one rule by which a figure is called better than another."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.provenance import COMPUTED, MODELLED, Provenance
from mmviz.core.verdict import Figure, apart, judge, tied

values = st.floats(1e-9, 1e9)
errors = st.floats(0.0, 2.0)
figures = st.builds(Figure, values, errors)
WIDE = math.expm1(math.hypot(0.1, 0.1))


def test_nobody_wins_within_the_error() -> None:
    """199 and 218 µs, both ± 15 %: 91 % of it, which may be off by 22 %."""
    found = judge(Figure(199e-6, 0.15), Figure(218e-6, 0.15))
    assert (found.better, found.why_none) == (None, "close")
    assert found.error == pytest.approx(199 / 218 * math.expm1(0.15 * math.sqrt(2)))


@given(figures, figures)
def test_nor_where_both_could_be_the_other_way_round(one: Figure, other: Figure) -> None:
    """No verdict stands within the root of both errors, each as a share of the smaller figure; as
    rates, or in another unit, it is the same one.
    """
    found = judge(one, other)
    ratio, errors = max(one.value, other.value) / min(one.value, other.value), (one, other)
    if found.better is not None:
        assert ratio > 1 + math.hypot(*(figure.error or 0.0 for figure in errors)) - 1e-9
    rates = [Figure(1 / figure.value, figure.error) for figure in errors]
    of_rates = judge(*rates, less=False)
    off = math.hypot(*(figure.error or 0.0 for figure in errors))
    if not math.isclose(math.log(ratio), off, rel_tol=1e-6, abs_tol=1e-6):
        assert of_rates.better == found.better


def test_by_hand_it_comes_to_the_same() -> None:
    """100 and 122, both ± 15 %: 22 apart, and the root of the sum of 15² and 18.3² is 24."""
    assert judge(Figure(100, 0.15), Figure(122, 0.15)).why_none == "close"
    assert judge(Figure(100, 0.15), Figure(125, 0.15)).better == 0


def test_who_lies_outside_of_it_is_better() -> None:
    assert judge(Figure(100, 0.05), Figure(110, 0.05)).better == 0
    assert judge(Figure(110, 0.05), Figure(100, 0.05)).better == 1
    assert judge(Figure(110, 0.05), Figure(100, 0.05), less=False).better == 0


@pytest.mark.parametrize("error", [None, math.nan])
def test_an_unknown_error_gives_no_verdict(error: float | None) -> None:
    for one, other in ((Figure(1, error), Figure(9, 0.1)), (Figure(1, 0.1), Figure(9, error))):
        found = judge(one, other)
        assert (found.better, found.why_none, found.error) == (None, "unknown", None)
        assert found.share == pytest.approx(1 / 9)
        assert apart(one, other) is None


def test_what_is_counted_is_not_off() -> None:
    assert judge(Figure.counted(20), Figure.counted(21)).better == 0
    assert Figure.resting(7, COMPUTED) == Figure.counted(7)
    assert Figure.resting(7, MODELLED) == Figure(7, None)
    assert Figure.resting(7, Provenance("modelled", error=0.2)) == Figure(7, 0.2)


def test_what_both_share_cancels() -> None:
    """Of 100 and 104, 90 are the same layers: what is left is 10 against 14."""
    assert judge(Figure(100, 0.1), Figure(104, 0.1)).why_none == "close"
    assert judge(Figure(100, 0.1), Figure(104, 0.1), shared=90).better == 0
    assert apart(Figure(100, 0.1), Figure(104, 0.1), 90) == pytest.approx(10 * WIDE)


@given(figures, figures)
def test_the_order_in_which_they_are_named_does_not_matter(one: Figure, other: Figure) -> None:
    found, turned = judge(one, other), judge(other, one)
    assert (found.why_none, found.share, found.error) == (
        turned.why_none,
        turned.share,
        turned.error,
    )
    assert (found.better is None) == (turned.better is None)
    if found.better is not None:
        assert (found.better, turned.better) in {(0, 1), (1, 0)}


@given(figures, figures, st.floats(1.0, 10.0))
def test_larger_errors_never_make_a_verdict(one: Figure, other: Figure, more: float) -> None:
    wider = Figure(one.value, (one.error or 0.0) * more)
    if judge(one, other).better is None:
        assert judge(wider, other).better is None


@given(figures, figures)
def test_what_is_better_is_further_away_than_it_may_be_off(one: Figure, other: Figure) -> None:
    found = judge(one, other)
    assert found.error is not None
    assert (found.better is not None) == (1 - found.share > found.error) or math.isclose(
        1 - found.share, found.error, rel_tol=1e-6
    )


@given(figures, figures, st.integers(1, 4096))
def test_sharing_out_both_alike_changes_nothing(one: Figure, other: Figure, number: int) -> None:
    found, whole = judge(one.per(number), other.per(number)), judge(one, other)
    assert found.share == pytest.approx(whole.share)
    assert found.error == pytest.approx(whole.error)


@given(st.lists(st.tuples(values, st.none() | errors), min_size=1, max_size=8), st.data())
def test_many_figures_are_told_apart_by_the_same_rule(
    rows: list[tuple[float, float | None]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    figures = [Figure(value, error) for value, error in rows]
    off = np.array([math.nan if error is None else error for _, error in rows])
    found = tied(np.array([value for value, _ in rows]), off, at)
    assert not found[at]
    for i, figure in enumerate(figures):
        known = figure.error is not None and figures[at].error is not None
        why = judge(figure, figures[at]).why_none
        assert found[i] == (i != at and known and why in ("close", "even"))
