"""Columns, bands and bins that grow with the samples are those of all samples at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mmviz.state.clock.growing import Bands, Columns, Distribution
from mmviz.state.clock.series import band

pieces = st.lists(st.integers(0, 90), min_size=1, max_size=30)


def series(sizes: list[int]) -> list[np.ndarray]:
    thrown = np.random.default_rng(sum(sizes))
    return [np.exp(thrown.normal(0, 0.3, size)) for size in sizes]


@given(pieces)
def test_columns_cover_what_all_samples_cover(sizes: list[int]) -> None:
    columns, parts = Columns(most=16), series(sizes)
    for part in parts:
        columns.extend(part)
    values = np.concatenate(parts)
    x, y = columns.points()
    if not len(values):
        assert (len(x), columns.range) == (0, None)
        return
    assert columns.range == (values.min(), values.max())
    assert len(x) <= 2 * 17
    assert (np.diff(x) >= 0).all()
    assert 0 <= x[0] <= x[-1] <= len(values) - 1
    if columns.per == 1:
        assert (y == values).all()
        return
    for number, (low, high) in enumerate(y.reshape(-1, 2)):
        held = values[number * columns.per : (number + 1) * columns.per]
        assert (low, high) == (held.min(), held.max())


@given(pieces)
def test_bands_are_those_of_the_last_samples_at_each_place(sizes: list[int]) -> None:
    bands, values = Bands(most=12), np.empty(0)
    for part in series(sizes):
        values = np.concatenate((values, part))
        bands.follow(values)
    at, low, middle, high = bands.lines()
    ends = (at + 1).astype(np.int64)
    assert len(at) <= 13
    assert (np.diff(at) > 0).all()
    if len(values):
        assert at[-1] == len(values) - 1
        assert np.allclose(band(values, ends).T, (low, middle, high))


@given(pieces, st.integers(1, 40))
def test_every_sample_is_in_one_bar(sizes: list[int], most: int) -> None:
    found, parts = Distribution(), series(sizes)
    for part in parts:
        found.extend(part)
    values = np.concatenate(parts)
    low, high = (-1.0, 1.0) if not len(values) else np.log10([values.min(), values.max()])
    edges, counts = found.bars(float(low), float(high), most)
    assert counts.sum() == len(values)
    assert len(counts) <= most + 1
    for number, count in enumerate(counts):
        inside = (np.log10(values) >= edges[number] - 1e-12) & (
            np.log10(values) < edges[number + 1] - 1e-12
        )
        assert abs(int(inside.sum()) - count) <= 1  # on an edge, by rounding


def test_bars_outside_what_was_measured_are_empty() -> None:
    found = Distribution()
    found.extend(np.array([1.0, 1.0]))
    assert found.bars(3.0, 4.0, 10)[1].sum() == 0
    assert found.bars(-5.0, -4.0, 10)[1].sum() == 0
