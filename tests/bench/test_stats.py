"""What is published of a series of samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.stats import Stats, summarize


def test_nothing_measured_has_no_statistics() -> None:
    assert summarize([]) is None


def test_ranks_by_linear_interpolation() -> None:
    stats = summarize([5.0, 1.0, 3.0, 2.0, 4.0])
    assert stats == Stats(5, 1.0, pytest.approx(1.4), 3.0, 2.0, pytest.approx(4.96))


@given(st.lists(st.floats(1e-9, 1e4), min_size=1))
def test_order_of_ranks(samples: list[float]) -> None:
    stats = summarize(samples)
    assert stats is not None
    assert stats.n == len(samples)
    assert stats.min == min(samples)
    slack = 1e-12 * max(samples)
    assert stats.min <= stats.p10 + slack
    assert stats.p10 <= stats.p50 + slack
    assert stats.p50 <= stats.p99 + slack
    assert stats.p99 <= max(samples) + slack


@pytest.mark.parametrize(
    ("iqr", "words"),
    [
        (0.1, None),
        (0.11, "a little noisy"),
        (0.25, "a little noisy"),
        (0.26, "noisy"),
    ],
)
def test_disturbance_in_words(iqr: float, words: str | None) -> None:
    said = Stats(9, 0.9, 0.95, 1.0, iqr, 1.2).disturbance
    assert (said and str(said)) == words


def test_how_far_a_median_may_be_off_by_chance() -> None:
    """Of 1000 medians of 50 normal samples each some nine of ten lie within their own notch."""
    drawn = np.random.default_rng(7).normal(10.0, 1.0, (1000, 50))
    found = [summarize(row.tolist()) for row in drawn]
    errors = [stats.error for stats in found if stats is not None]
    assert all(error is not None for error in errors)
    within = [abs(s.p50 - 10.0) <= s.p50 * (s.error or 0.0) for s in found if s is not None]
    assert 0.85 < np.mean(within) < 0.97
    few = summarize([1.0] * 19)
    assert few is not None
    assert few.error is None
