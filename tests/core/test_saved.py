"""What one computation saves over another, part by part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.time.cost import LOSSES
from mmviz.core.time.saved import saved, shares

PARTS = ("peak", *LOSSES)
seconds = st.floats(1e-9, 1e-2)
lost = st.one_of(st.just(0.0), seconds)
products = st.tuples(seconds, lost, lost, lost, lost, lost, lost, lost)


@given(before=products, after=products, per=st.floats(0.01, 100))
def test_the_parts_make_up_the_difference(
    before: tuple[float, ...], after: tuple[float, ...], per: float
) -> None:
    found = saved(np.array(before)[:, None], np.array(after)[:, None], per)
    whole = sum(before) - per * sum(after)
    assert found.sum() == pytest.approx(whole, abs=1e-9 * (sum(before) + per * sum(after)))


@given(before=products, after=products)
def test_turned_round_the_same_is_lost(before: tuple[float, ...], after: tuple[float, ...]) -> None:
    b, a = np.array(before)[:, None], np.array(after)[:, None]
    assert saved(b, a) == pytest.approx(-saved(a, b), rel=1e-6, abs=1e-15)


def test_what_is_hidden_behind_the_memory_saves_nothing() -> None:
    """Twice the tiles, and still memory is waited for as long."""
    before = np.array([[1.0], [1.0], [0.0], [0.0], [2.0], [0.0], [0.0], [0.0]])
    after = np.array([[1.0], [0.0], [0.0], [0.0], [2.5], [0.0], [0.0], [0.0]])
    found = saved(before, after)[:, 0]
    assert found == pytest.approx([0, 0, 0, 0, 0.5, 0, 0, 0])


def test_who_waits_for_memory_gains_nothing_by_a_higher_peak() -> None:
    before = np.array([[1.0], [0.0], [0.0], [0.0], [3.0], [0.0], [0.0], [0.0]])
    after = np.array([[0.5], [0.0], [0.0], [0.0], [1.5], [0.0], [0.0], [0.0]])
    assert saved(before, after)[PARTS.index("memory"), 0] == pytest.approx(2.0)


def test_what_was_learned_may_be_a_gain() -> None:
    """It shortens by a tenth before, by nothing after: less is saved than the rest would say."""
    before = np.array([[1.0], [0.0], [0.0], [0.0], [0.0], [1.0], [-0.2], [0.0]])
    after = np.array([[1.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0]])
    found = dict(zip(PARTS, saved(before, after)[:, 0], strict=True))
    assert found["kernel"] + found["learned"] == pytest.approx(0.8)
    assert found["learned"] < 0 < found["kernel"]


def test_a_product_that_only_one_computes_is_a_part_of_its_own() -> None:
    one, other = (1.0, 0.2, 0.0, 0.0, 0.0, 0.3, 0.0, 0.5), (1.0, 0.2, 0.0, 0.0, 0.0, 0.3, 0.0, 0.1)
    found = shares({"a": one, "b": one}, {"a": other}, (1, 1))
    assert found["products"] == pytest.approx(2.0 / 2.4)
    assert found["launch"] == pytest.approx(0.4 / 2.4)


def test_of_each_example_a_launch_is_less() -> None:
    one, two = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0), (2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    assert shares({0: one}, {0: two}, (1, 2))["launch"] == pytest.approx(1.0)
    assert shares({0: one}, {0: one}, (1, 1)) == {}
