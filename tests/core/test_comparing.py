"""Two of one product, tile by tile and as a whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import MS, ran, side, steady, with_product

from mmviz.core.recording.account import account
from mmviz.core.recording.causes import because
from mmviz.core.recording.comparing import compare
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.sides import modelled, tile_noise
from mmviz.core.schedule.trace import Trace
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device

recordings = st.builds(
    lambda seed, units, noise, pulls, gap, begin, factor: ran(
        steady(MS * factor, noise, seed), units=units, pulls=pulls, gap=gap, begin=begin
    ),
    st.integers(0, 1000),
    st.integers(1, 6),
    st.floats(0, 0.3),
    st.booleans(),
    st.floats(0, MS),
    st.floats(0, 5 * MS),
    st.floats(0.5, 2.0),
)


@given(recordings)
def test_a_wall_time_is_the_sum_of_what_it_is_made_of(recording: object) -> None:
    found = account(side(recording))
    assert found is not None
    parts = found.launch, found.start, found.work, found.between, found.tail
    assert sum(parts) == pytest.approx(found.wall)
    assert min(parts) > -1e-12


@given(recordings, recordings)
def test_swapped_sides_turn_every_sign(one: object, other: object) -> None:
    a, b = side(one), side(other)
    there, back = compare(a, b), compare(b, a)
    assert there.residual is not None
    assert back.residual is not None
    np.testing.assert_array_equal(there.residual.longer, -back.residual.longer)
    np.testing.assert_array_equal(there.residual.later, -back.residual.later)
    assert there.residual.p95 == back.residual.p95
    assert there.residual.within == back.residual.within
    assert there.verdict.why_none == back.verdict.why_none
    first, second = because(there), because(back)
    assert {there.verdict.better, back.verdict.better} in ({None}, {0, 1})
    if there.verdict.better is not None:
        assert (first.evidence, first.seconds) == (second.evidence, second.seconds)
        assert first.slower is not None
        assert first.slower == 1 - (second.slower or 0)


@given(recordings, recordings)
def test_the_parts_of_a_difference_add_up_to_it(one: object, other: object) -> None:
    found = because(compare(side(one), side(other)))
    if found.parts:
        assert sum(found.parts.values()) == pytest.approx(found.apart)
        assert found.apart > 0


@given(recordings)
def test_one_beside_itself_is_the_same(recording: object) -> None:
    found = compare(side(recording), side(recording))
    assert found.verdict.why_none == "even"
    assert found.residual is not None
    assert (found.residual.median, found.residual.p95) == (0, 0)
    assert because(found).evidence is None


def test_figures_of_a_side_by_hand() -> None:
    """The first tile takes 3 ms, the three others 1 ms each on the other unit."""
    one = ran(lambda _unit, i, _start: MS if i else 3 * MS, side=256, units=2, gap=0.0)
    found = account(side(one))
    assert found is not None
    assert (found.busy, found.in_flight) == (1.0, 2)
    assert (found.median, found.slowest, found.at) == (MS, 3 * MS, (0, 0))


def test_the_slowest_tile_may_be_at_an_edge_and_the_median_is_of_whole_ones() -> None:
    """Tile 7 is the last one of the first row, a part of a whole one."""
    one = ran(lambda _unit, i, _start: 9 * MS if i == 7 else MS, side=1000)
    found = account(side(one))
    assert found is not None
    assert (found.median, found.slowest) == pytest.approx((MS, 9 * MS))
    assert found.at == (0, 7)


def test_noise_is_what_the_undisturbed_units_show() -> None:
    """Of two units one that is held up says nothing of chance."""
    quiet = ran(steady(noise=0.02), units=2, pulls=False)
    held = ran(
        lambda unit, number, start: (
            steady(noise=0.02)(unit, number, start) * (1 + 2 * (unit == 1 and number % 3 == 0))
        ),
        units=2,
        pulls=False,
    )
    noises = [tile_noise(x.products[0].trace, 0.0) for x in (quiet, held)]
    assert noises[0] is not None
    assert noises[1] is not None
    assert 0.02 < noises[0] < 0.08
    assert noises[1] < 0.08


def test_few_tiles_have_no_noise_and_nothing_is_called_slower() -> None:
    two = [side(ran(steady(MS * x), side=256, units=2)) for x in (1, 2)]
    found = compare(*two)
    assert found.verdict.why_none == "unknown"
    assert found.residual is not None
    assert found.residual.within is None


def test_other_rounds_of_the_run_tell_how_far_a_wall_is_off() -> None:
    """The middle one of many is less off than any of them."""
    one = ran(steady(), side=256, units=2)
    wall = one.products[0].wall_s
    assert wall is not None
    walls = tuple(wall * (1 + x / 100) for x in range(-8, 9))
    middle = side(with_product(one, walls_s=walls))
    other = side(with_product(one, walls_s=walls, wall_s=walls[0]))
    assert middle.error == pytest.approx(1.57 * 0.08 / np.sqrt(17))
    assert other.error == pytest.approx(1.57 * 0.08)


def test_no_time_is_truer_than_the_step_of_its_clock() -> None:
    still = replace(ran(steady(noise=0.0)), timer_s=1e-4)
    assert side(still).noise == pytest.approx(0.1)


def test_tiles_are_compared_only_where_they_are_the_same() -> None:
    a, other = side(ran(steady())), side(ran(steady(4 * MS), tile=256))
    found = compare(a, other)
    assert (found.residual, found.why_not) == (None, "tiles")
    alone = side(with_product(ran(steady()), placed=False))
    assert compare(a, alone).why_not == "timeline"


def test_tickets_tell_no_times() -> None:
    one = ran(steady())
    old = one.products[0].trace
    columns = old.m, old.n, old.unit, old.start * 1e6, old.end * 1e6
    trace = Trace(old.tiling, *columns, "steps", old.provenance)
    found = compare(side(one), side(with_product(one, trace=trace, wall_s=None)))
    assert (found.residual, found.why_not, found.accounts[1]) == (None, "clock", None)
    assert found.verdict.why_none == "unknown"


def test_of_a_sample_the_tiles_it_kept_are_compared() -> None:
    one = ran(steady())
    old, keep = one.products[0].trace, slice(None, None, 2)
    columns = (column[keep] for column in (old.m, old.n, old.unit, old.start, old.end))
    trace = Trace(old.tiling, *columns, "s", old.provenance)
    found = compare(side(one), side(with_product(one, trace=trace, tiles_run=64)))
    assert found.residual is not None
    assert found.residual.compared == 32
    assert found.accounts[1] is None
    assert np.isnan(found.residual.longer).sum() == 32


def test_a_model_is_a_side_like_any_other() -> None:
    one = ran(steady())
    device = read_device("v100")
    setup = Setup(one.of.workload, device, tile=(128, 128))
    cost = price(setup).costs[0]
    model = modelled(cost, device)
    assert (model.wall_s, model.error) == (cost.predicted_s, cost.error)
    found = account(model)
    assert found is not None
    assert found.launch == pytest.approx(cost.launch_s)
    assert compare(model, side(one)).residual is not None


def test_of_few_rounds_their_range_is_the_error() -> None:
    one = ran(steady(), side=256, units=2)
    wall = one.products[0].wall_s
    assert wall is not None
    assert side(with_product(one, walls_s=(wall, 1.1 * wall, 1.2 * wall))).error == pytest.approx(
        0.2 / 1.1
    )
    assert side(with_product(one, walls_s=(wall, wall))).error is None


def test_a_model_laid_out_as_a_recording_keeps_its_error() -> None:
    setup = Setup(ran(steady()).of.workload, read_device("v100"), tile=(128, 128))
    file, cost = modelled_pass(setup), price(setup).costs[0]
    found, live = side(file), modelled(cost, setup.device)
    assert found.error == found.systematic == cost.error
    assert cost.error
    assert (found.error, found.noise, found.systematic) == (live.error, live.noise, live.systematic)


def test_of_a_model_whose_error_nobody_knows_nothing_is_said() -> None:
    setup = Setup(ran(steady()).of.workload, read_device("v100"), tile=(128, 128))
    found = compare(side(with_product(modelled_pass(setup), off=None)), side(ran(steady())))
    assert not found.a.recorded
    assert found.verdict.why_none == "unknown"
    assert found.residual is not None
    assert found.residual.noise is None
    assert because(found).evidence is None


def test_the_pieces_of_a_tile_are_one() -> None:
    """Its time is that of all of them, its end the last one's."""
    setup = Setup(ran(steady()).of.workload, read_device("v100"), tile=(128, 128))
    two = [replace(setup, order=order) for order in ("rows", "split-k-2")]
    whole, split = (modelled(price(one).costs[0], one.device) for one in two)
    found = compare(whole, split).residual
    assert found is not None
    assert found.compared == 64
    trace = split.trace
    first = (trace.m == 0) & (trace.n == 0)
    assert first.sum() == 2
    took = (trace.end - trace.start)[first].sum()
    assert found.longer[0, 0] == pytest.approx(took - (whole.trace.end - whole.trace.start)[0])
    assert found.later[0, 0] == pytest.approx(trace.end[first].max() - whole.trace.end[0])
