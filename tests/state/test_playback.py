"""Time: the pace is stated and round, steps return to where they came from."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import STEP, Lanes
from mmviz.core.device.device import Device
from mmviz.core.schedule.schedule import schedule
from mmviz.core.schedule.trace import Trace, stretched
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.choice import tile_product
from mmviz.state.picture.playback import (
    SPEEDS,
    Playback,
    advance,
    pace,
    stepped,
    toggle,
)
from mmviz.state.picture.time_views import TransportView
from mmviz.words.time import model_time


def trace(tiles: int = 6, units: int = 4, k: int = 4, resident: int = 1) -> Trace:
    device = Device("d", "d", Lanes(), units, ((1, 1),), ((1, resident),))
    gemm = Gemm("x", "forward", tiles, 1, k)
    return schedule(tile_product(gemm, device), device, "float32")


@pytest.mark.parametrize(
    ("duration", "expected"), [(8.0, 1.0), (4.0, 0.5), (523e-6, 50e-6), (1e-9, 1e-10), (3e7, 2e6)]
)
def test_the_pace_is_a_round_number(duration: float, expected: float) -> None:
    assert pace(duration, 1.0) == pytest.approx(expected)
    assert pace(duration, 4.0) == pytest.approx(4 * expected)


@given(st.floats(1e-9, 1e12))
def test_a_product_plays_for_eight_to_twenty_seconds(duration: float) -> None:
    assert 8 <= duration / pace(duration, 1.0) * (1 + 1e-6) <= 20.1


def test_the_pace_is_stated() -> None:
    steps, seconds = trace(), stretched(trace(), 523e-6)
    view = TransportView(steps, STEP, 4, 0)
    assert str(view.pace(1.0)) == "1 s shows 0.5 steps"
    assert str(view.time(Playback(0.25))) == "2 of 8"  # the line below says of what
    view = TransportView(seconds, STEP, 523e-6, 0)
    assert str(view.pace(1.0)) == "1 s shows 50.0 µs"
    assert str(view.time(Playback(0.5))) == "262 µs of 523 µs"
    assert str(view.tip).startswith("The time is modelled.")
    assert view.starts == [0.0, 0.5]
    nothing = TransportView(None, STEP, 4, 0)
    assert not any((nothing.pace(1.0), nothing.time(Playback()), nothing.tip, nothing.starts))


def test_times_in_steps() -> None:
    assert str(model_time(1, "steps")) == "1 step"
    assert str(model_time(2.44, "steps")) == "2.4 steps"
    assert str(model_time(12345, "steps")) == "12\u202f345 steps"


def test_playing_goes_on_at_the_pace_and_stops_at_the_end() -> None:
    playing = Playback(playing=True)
    assert advance(playing, 2.0, 8.0).position == pytest.approx(0.25)
    assert advance(Playback(playing=True, speed=2.0), 2.0, 8.0).position == pytest.approx(0.5)
    end = advance(playing, 100.0, 8.0)
    assert (end.position, end.playing) == (1.0, False)
    assert toggle(end) == Playback(0.0, True)
    assert toggle(playing) == Playback(0.0, False)
    assert toggle(Playback(0.3)) == Playback(0.3, True)
    paused = Playback(0.3)
    assert advance(paused, 5.0, 8.0) is paused


@given(st.lists(st.floats(0.001, 0.5), max_size=20))
def test_seeking_equals_playing(walls: list[float]) -> None:
    """However the ticks fall, the same time has passed and the same tiles are lit."""
    found = trace(tiles=40, units=7)
    playback = Playback(playing=True)
    for wall in walls:
        playback = advance(playback, wall, found.duration)
    sought = min(sum(walls) * pace(found.duration, 1.0) / found.duration, 1.0)
    assert playback.position == pytest.approx(sought)


def times(found: Trace, direction: int, by: str, start: float) -> list[float]:
    playback, seen = Playback(start), []
    for _ in range(100):
        after = stepped(playback, found, direction, by)
        if after.position == playback.position:
            return seen
        playback = after
        seen.append(round(playback.position * found.duration, 6))
    raise AssertionError("never ends")


def test_k_steps_and_waves_both_ways() -> None:
    found = trace(tiles=6, units=4, k=4)  # two waves of four steps
    assert times(found, 1, "k-step", 0.0) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert times(found, -1, "k-step", 1.0) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert times(found, 1, "wave", 0.0) == [4, 8]
    assert times(found, -1, "wave", 1.0) == [4, 0]
    assert times(found, 1, "tile", 0.0) == [4, 8]
    assert times(found, -1, "tile", 1.0) == [4, 0]
    uneven = trace(tiles=7, units=2, resident=2)  # the last wave's tiles end at 12 and 16
    assert times(uneven, 1, "tile", 0.0) == [8, 12, 16]
    assert times(uneven, -1, "tile", 1.0) == [12, 8, 0]


@given(st.integers(1, 60), st.floats(0, 1), st.sampled_from([-1, 1]))
def test_a_k_step_goes_to_the_next_place_of_the_whole_grid(k: int, at: float, way: int) -> None:
    found = trace(tiles=6, units=4, k=k)  # a term a step, one wave after the other
    t, slack = at * found.duration, found.duration * 1e-9
    places = range(round(found.duration) + 1)
    later, earlier = [x for x in places if x > t + slack], [x for x in places if x < t - slack]
    expected = (later or [found.duration])[0] if way > 0 else (earlier or [0.0])[-1]
    after = stepped(Playback(at), found, way, "k-step")
    assert after.position * found.duration == pytest.approx(expected)


def test_a_step_along_a_thousand_million_terms_makes_no_list_of_them() -> None:
    k = 1_200_000_000
    found = trace(tiles=1, units=1, k=k)
    tracemalloc.start()
    on = stepped(Playback(0.5), found, 1, "k-step")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert on.position * found.duration > k // 2
    assert most < 100_000  # bytes


def test_a_loop_begins_again() -> None:
    looping = Playback(0.9, playing=True, loop=True)
    after = advance(looping, 1.6, 8.0)
    assert after.playing
    assert after.position == pytest.approx(0.1)


@given(
    tiles=st.integers(1, 30),
    units=st.integers(1, 9),
    k=st.integers(1, 12),
    resident=st.integers(1, 3),
    at=st.floats(0, 1),
    by=st.sampled_from(["k-step", "tile", "wave"]),
)
def test_a_step_on_and_back_returns_to_the_grid(
    tiles: int, units: int, k: int, resident: int, at: float, by: str
) -> None:
    found = trace(tiles, units, k, resident)
    on = stepped(Playback(at), found, 1, by)
    back = stepped(on, found, -1, by)
    again = stepped(back, found, 1, by)
    assert back.position <= on.position
    assert again.position == pytest.approx(on.position) or on.position == 1.0
    assert not on.playing


def test_speeds_include_the_plain_one() -> None:
    assert SPEEDS == (0.25, 0.5, 1.0, 2.0, 4.0)
