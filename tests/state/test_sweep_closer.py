"""A closer look at a sweep: it stays within, is never empty, and goes back."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import points_of, sweep
from mmviz.files.devices import read_device
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.closer import ALL, LEAST, Closer, shares
from mmviz.text import own

Batches = tuple[int, ...]


@functools.cache
def charted(batches: Batches, log_x: bool) -> SweepChart:
    network = from_widths((8, 8))
    found = sweep(points_of(network, batches), Setup(network, read_device("a100")))
    return SweepChart(found, own("a"), "float32", log_x=log_x)


@st.composite
def charts(draw: st.DrawFn) -> SweepChart:
    batches = draw(st.sampled_from([tuple(range(1, 40)), (1, 2, 4, 8, 16, 32, 64), (3,), (5, 9)]))
    return charted(batches, draw(st.booleans()))


moves = st.lists(
    st.one_of(
        st.tuples(st.just("zoom"), st.floats(0, 1), st.floats(0.2, 5)),
        st.tuples(st.just("pan"), st.floats(-2, 2), st.just(0.0)),
        st.tuples(st.just("show"), st.floats(0, 1), st.just(0.0)),
    ),
    max_size=12,
)


@given(charts(), moves)
def test_what_is_seen_is_never_empty_and_within(
    chart: SweepChart, steps: list[tuple[str, float, float]]
) -> None:
    seen, count = ALL, len(chart.found.points)
    for what, a, b in steps:
        if what == "zoom":
            seen = seen.zoomed(chart, a, b)
        elif what == "pan":
            size = seen.high - seen.low
            seen = seen.panned(a)
            assert seen.high - seen.low == pytest.approx(size)
        else:
            point = round(a * (count - 1))
            seen = seen.showing(chart, point)
            first, last = seen.points(chart)
            assert first <= point <= last
        first, last = seen.points(chart)
        assert 0.0 <= seen.low < seen.high <= 1.0
        assert 0 <= first <= last < count
        assert last - first + 1 >= min(LEAST, count)
        piece = chart.between(first, last)
        np.testing.assert_array_equal(piece.x, chart.x[first : last + 1])
        np.testing.assert_array_equal(piece.y, chart.y[first : last + 1])
    assert seen.zoomed(chart, 0.5, 1e-9) == ALL


@given(charts(), st.floats(0, 1), st.floats(1, 3))
def test_the_place_looked_at_stays(chart: SweepChart, at: float, closer: float) -> None:
    seen = Closer(0.2, 0.8)
    near = seen.zoomed(chart, at, closer)
    before = (at - seen.low) / (seen.high - seen.low)
    after = (at - near.low) / (near.high - near.low)
    if 0 <= before <= 1:
        assert after == pytest.approx(before)


def test_a_piece_keeps_its_pins() -> None:
    chart = charted(tuple(range(1, 40)), False)
    pinned = SweepChart(chart.found, chart.device, "float32", pins=(10, 30))
    assert pinned.between(5, 20).pins == (5, None)
    assert pinned.between(10, 30).pins == (0, 20)
    assert shares(chart)[[0, -1]].tolist() == [0.0, 1.0]
