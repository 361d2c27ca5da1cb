"""Samples thinned to pixels, running percentiles, calm axes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.state.clock.series import (
    COLUMNS,
    WINDOW,
    Series,
    column_ends,
    extremes,
    log_range,
    log_ticks,
    running,
)
from mmviz.units import tick

durations = st.floats(1e-8, 1e7)


@given(st.lists(st.lists(durations, max_size=50), max_size=8))
def test_a_series_holds_what_was_appended(parts: list[list[float]]) -> None:
    series = Series()
    for part in parts:
        series.extend(part)
    assert series.values.tolist() == [t for part in parts for t in part]
    assert len(series) == sum(map(len, parts))


def test_a_series_grows_beyond_its_first_room() -> None:
    series = Series(range(1, 1_000))
    series.extend(range(1_000, 5_001))
    assert series.values.tolist() == list(range(1, 5_001))


@given(st.integers(1, 3_000), st.integers(1, 40))
def test_extremes_are_few_and_lose_no_peak(n: int, columns: int) -> None:
    values = np.random.default_rng(n).random(n)
    x, y = extremes(values, columns)
    assert len(x) == len(y) <= max(2 * columns, 1)
    assert y.min() == values.min()
    assert y.max() == values.max()
    assert np.all(np.diff(x) >= 0)
    assert 0 <= x[0] <= x[-1] <= n - 1


def test_a_million_samples_are_two_thousand_points() -> None:
    x, _ = extremes(np.random.default_rng(0).random(1_000_000))
    assert len(x) == 2 * COLUMNS == 2_000


@given(st.integers(0, 500), st.integers(1, 60))
def test_columns_end_with_the_last_sample_and_none_is_empty(n: int, columns: int) -> None:
    ends = column_ends(n, columns)
    assert len(ends) == min(n, columns)
    if n:
        assert ends[-1] == n
        assert np.all(np.diff(ends, prepend=0) >= 1)


@given(st.lists(durations, min_size=1, max_size=200), st.integers(1, 20), st.integers(1, 60))
def test_running_percentiles_are_numpys(samples: list[float], columns: int, window: int) -> None:
    values = np.array(samples)
    at, p10, p50, p90 = running(values, columns, window)
    for i, end in enumerate((at + 1).astype(int)):
        expected = np.percentile(values[max(0, end - window) : end], (10, 50, 90))
        np.testing.assert_allclose((p10[i], p50[i], p90[i]), expected, rtol=1e-9)
    assert at[-1] == len(samples) - 1


def test_no_samples_have_no_band() -> None:
    assert all(len(part) == 0 for part in running(np.empty(0)))


def test_the_median_line_ignores_a_single_spike_that_a_mean_would_follow() -> None:
    values = np.full(WINDOW, 1e-3)
    values[-1] = 10.0
    assert running(values)[2][-1] == 1e-3


@given(durations, durations)
def test_the_axis_holds_the_data_and_ends_on_round_numbers(a: float, b: float) -> None:
    low, high = sorted((a, b))
    bottom, top = log_range(low, high)
    assert 10**bottom <= low
    assert high <= 10**top
    assert top - bottom >= math.log10(3.9)
    for end in (bottom, top):
        mantissa = 10 ** (end - math.floor(end + 1e-9))
        assert min(abs(mantissa - step) for step in (1, 2, 5)) < 1e-6


def test_the_axis_stands_still_while_the_data_stay_inside() -> None:
    assert log_range(0.28, 0.30) == log_range(0.25, 0.33)


@given(durations, durations, st.integers(2, 9))
def test_ticks_are_inside_few_and_at_least_two(a: float, b: float, most: int) -> None:
    bottom, top = log_range(*sorted((a, b)))
    ticks = log_ticks(bottom, top, most)
    assert 2 <= len(ticks) <= most
    assert all(bottom - 1e-6 <= at <= top + 1e-6 for at, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (1.1e-3, 0.9, ["1 ms", "10 ms", "100 ms", "1 s"]),
        (0.28, 0.30, ["100 ms", "200 ms", "500 ms"]),
        (2e-6, 3e-6, ["1 µs", "2 µs", "5 µs"]),
        (212, 212, ["2 min", "5 min"]),
        (60, 60, ["20 s", "50 s"]),
        (40_000, 60_000, ["10 h", "24 h"]),
        (0.5, 15_000, ["1 s", "10 s", "2 min", "20 min", "4 h"]),
    ],
)
def test_ticks_read_as_durations(low: float, high: float, texts: list[str]) -> None:
    assert [text for _, text in log_ticks(*log_range(low, high))] == texts


def test_a_round_duration_has_no_trailing_zeros() -> None:
    assert [tick(t) for t in (0.033, 1.0, 60, 14_400, 100e-6)] == [
        "33 ms",
        "1 s",
        "60 s",
        "4 h",
        "100 µs",
    ]
