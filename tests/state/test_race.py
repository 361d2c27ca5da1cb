"""Two sessions on one time scale: the scale, the table, and what both sides show."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from races import GPU, alexnet_on_it, plain, preset, row
from recordings import recording_as

from mmviz.core.schedule.trace import Frame
from mmviz.core.shapes.network import from_widths
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.picture.camera import WHOLE, Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.race.race import Race, Raced, resolve_race
from mmviz.state.race.ready_made import (
    batch_race,
    device_race,
    lanes_race,
    one_more_race,
    order_race,
    tile_race,
)
from mmviz.state.race.views import race_view, side_views
from mmviz.state.session import Session, device_of


def frames_at(derived: Raced, t: float) -> list[Frame]:
    """What both sides show at a time."""
    legs = [view.leg_at(t) for view in side_views(derived)]
    return [leg.frame_at(t) for leg in legs if leg is not None]


LAUNCH_S = 4e-6


@pytest.fixture
def alexnet() -> Session:
    return alexnet_on_it()


def launched(session: Session, launch_s: float) -> Session:
    """The same on a GPU whose launches take so long."""
    return replace(session, edited=replace(device_of(session), launch_s=launch_s))


def test_small_tiles_against_large_ones(alexnet: Session) -> None:
    """fc6, 2048×4096×9216: 2048 tiles over 108 × 4 slots against 512 over 108 × 2."""
    derived = resolve_race(tile_race(alexnet))
    assert derived.axis is not None
    assert derived.axis.kind == "s"
    # 19 tiles of 64×64 in series against 5 of 128×128, each at 1/108 of 312 TFLOP/s
    assert derived.left.finish == pytest.approx(19 * 2 * 64 * 64 * 9216 / (312e12 / 108))
    assert derived.right.finish == pytest.approx(5 * 2 * 128 * 128 * 9216 / (312e12 / 108))
    tiles = row(derived, "tiles")
    assert (tiles.left, tiles.right, tiles.ratio, tiles.better) == ("2 048", "512", "4.00 ×", "—")
    series = row(derived, "tiles in series")
    assert (series.left, series.right) == ("19", "5")
    assert row(derived, "units busy").better == "—"
    assert row(derived, "time").left == "497 µs"
    time = row(derived, "time")
    assert (time.better, time.why_none) == ("—", "unknown")
    assert not derived.ruling.decided
    assert str(derived.verdict) == (
        "No verdict, since the error is unknown: by these figures left finishes first, after "
        "95.0 % of right's time, mostly because less is lost to wave quantization (100 % of the "
        "difference). "
        "The whole pass: left takes 91.4 % of right's time, error unknown."
    )


def test_sixteen_lanes_against_a_thousand() -> None:
    """10 × 32 cells of 784 terms: 20 after each other on 16 lanes, all at once on 1000."""
    derived = resolve_race(lanes_race(preset("digits")))
    assert derived.axis is not None
    assert (derived.left.finish, derived.right.finish) == (20 * 784, 784)
    assert derived.axis.kind == "steps"
    assert plain(derived.verdict) == (
        "Right finishes first, after 5.00 % of left's time, "
        "mostly because it has 1 000 lanes, left 16."
    )


def test_more_lanes_than_cells_win_nothing() -> None:
    derived = resolve_race(lanes_race(preset("two-by-two")))
    assert str(derived.verdict) == (
        "Both finish together, after 4 steps; left's lanes are busy 25.0 % of it, "
        "right's lanes 0.400 %."
    )
    assert row(derived, "time").better == "—"


def test_the_128th_example_is_free(alexnet: Session) -> None:
    derived = resolve_race(batch_race(actions.set_batch(alexnet, 128)))
    assert (derived.race.left.batch, derived.race.right.batch) == (127, 128)
    assert derived.left.finish == pytest.approx(derived.right.finish, rel=0.01)
    # One example less is that much less arithmetic, and as much more waiting for memory: by which
    # the pass takes as long, and of each example the weights are a 128th less.
    said = plain(derived.verdict)
    assert "per example right takes 99.3 % of left's time, mostly because its weights" in said
    past = row(derived, "past the edge")
    assert (past.left, past.right, past.better) == ("0.781 %", "0 %", "right")
    assert row(derived, "FLOP").ratio == "0.992 ×"
    assert row(derived, "rate").why_none == "unknown"


def test_a_ratio_next_to_one_is_not_rounded_to_it(alexnet: Session) -> None:
    derived = resolve_race(one_more_race(alexnet))
    assert row(derived, "FLOP").ratio == "0.99951 ×"


def test_steps_and_seconds_share_no_scale(alexnet: Session) -> None:
    derived = resolve_race(device_race(alexnet))
    assert derived.axis is not None
    assert not derived.axis.comparable
    assert (derived.left.finish, derived.right.finish) == (pytest.approx(1), pytest.approx(1))
    assert str(derived.verdict) == (
        "Nobody wins: This machine counts steps and NVIDIA A100 SXM4 80 GB seconds, "
        "so each runs by share of its own time."
    )
    time = row(derived, "time")
    assert time.left.endswith("steps")
    assert time.right.endswith("µs")
    assert (time.ratio, time.better) == ("no data", "—")
    assert row(derived, "rate").ratio == "no data"


def test_a_step_of_a_larger_tile_counts_for_more() -> None:
    """On one CPU the same work takes the same time, though it is a quarter of the steps."""
    derived = resolve_race(tile_race(preset("alexnet", batch=128)))
    assert derived.axis is not None
    assert derived.axis.kind == "terms"
    assert derived.left.own_time == 4 * derived.right.own_time
    assert derived.left.finish == derived.right.finish
    assert "Both finish together" in str(derived.verdict)


def test_a_cpu_in_two_number_formats_is_not_compared() -> None:
    session = preset("mlp")
    race = Race(session, actions.set_dtype(session, "float64"))
    derived = resolve_race(race)
    assert derived.axis is not None
    assert not derived.axis.comparable
    assert "no figure says how fast This machine is in float32 and in float64" in str(
        derived.verdict
    )


def test_an_array_counts_cycles() -> None:
    """Two dataflows of one array share its cycles; against seconds there is no scale."""
    session = preset("mlp", device="tpu-v1")
    flows = resolve_race(Race(actions.set_order(session, "ws"), actions.set_order(session, "os")))
    assert flows.axis is not None
    assert flows.axis.kind == "cycles"
    assert row(flows, "time").left.endswith(" cycles")
    assert row(flows, "rate").left.endswith("FLOP/cycle")
    other = resolve_race(Race(session, actions.set_device(session, "a100")))
    assert "TPU v1 counts cycles and" in str(other.verdict).replace("Google ", "")
    assert row(other, "time").left.endswith(" cycles")


def test_the_order_alone_changes_no_time(alexnet: Session) -> None:
    derived = resolve_race(order_race(alexnet))
    assert "only which tile comes when differs" in str(derived.verdict)
    assert "not modelled" in str(derived.verdict)
    left, right = (side.legs[0].trace for side in derived.sides)
    assert not np.array_equal(left.n, right.n)


def test_loads_are_told_where_the_order_changes_them() -> None:
    """Six tiles on one lane: along rows a strip of A is kept, along columns one of B."""
    session = Session(from_widths([5, 3]), batch=2, device="lane-1")
    race = Race(actions.set_order(session, "rows"), actions.set_order(session, "columns"))
    derived = resolve_race(race)
    # 6 tiles load B each and A twice; down the columns 6 load A each and B three times
    assert (row(derived, "loads").left, row(derived, "loads").right) == ("40", "45")
    assert row(derived, "loads").better == "left"
    assert "loads are not in the time: left 40 elements, right 45 elements" in str(derived.verdict)


def test_fewer_loads_for_less_work_are_not_better() -> None:
    derived = resolve_race(batch_race(preset("two-by-two", batch=1)))
    assert row(derived, "loads").better == "—"


def test_a_faster_peak_is_named() -> None:
    session = preset("alexnet", device="a100", dtype="float16", batch=2048, tile=(128, 128))
    slow = replace(GPU, peaks=(("float16", 125e12),))
    race = Race(replace(session, edited=GPU), replace(session, edited=slow))
    # fc6: 154.6 GFLOP over 312 and 125 TFLOP/s
    assert "its peak is 312 TFLOP/s, right's 125 TFLOP/s" in str(resolve_race(race).verdict)


def test_where_nothing_is_predicted_seconds_are_a_lower_bound() -> None:
    session = preset("alexnet", device="a100", dtype="float16", batch=2048, tile=(128, 128))
    bare = replace(GPU, bandwidth=None)
    slow = replace(bare, peaks=(("float16", 125e12),))
    derived = resolve_race(Race(replace(session, edited=bare), replace(session, edited=slow)))
    assert "its peak is 312 TFLOP/s, right's 125 TFLOP/s" in str(derived.verdict)
    assert row(derived, "time").label == "time, at least"
    mixed = resolve_race(Race(replace(session, edited=GPU), replace(session, edited=slow)))
    assert mixed.axis is not None
    assert str(mixed.axis.about).startswith("seconds, left predicted without launches, right every")
    assert not mixed.axis.predicted


def test_predicted_seconds_are_raced_with_their_launches_and_errors() -> None:
    session = preset("alexnet", device="a100", dtype="float16", batch=2048)
    derived = resolve_race(replace(tile_race(session), whole_pass=True))
    assert derived.axis is not None
    assert derived.axis.predicted
    for side in derived.sides:
        costs = [s.cost for s in side.products]
        assert side.finish == pytest.approx(sum(cost.predicted_s or 0 for cost in costs))
        assert side.parts is not None
        assert sum(seconds for _, seconds in side.parts) == pytest.approx(side.finish)
        for leg, cost in zip(side.legs, costs, strict=True):
            assert leg.end - leg.start == pytest.approx(cost.computing_s)
    time = row(derived, "time")
    assert time.label == "time"
    assert time.tip.count("± of kernels alone") == 1, "both sides rest on the same"


def test_devices_of_different_kinds_race_in_predicted_seconds() -> None:
    session = preset("alexnet", device="tpu-v3", dtype="bfloat16", batch=2048)
    derived = resolve_race(Race(session, actions.set_device(session, "a100")))
    assert derived.axis is not None
    assert derived.axis.predicted
    assert derived.left.legs[0].trace.clock == "steps"  # its picture counts cycles
    assert "finishes first" in str(derived.verdict)


@pytest.mark.parametrize("launch_s", [0.0, LAUNCH_S])
def test_the_whole_pass_runs_product_after_product(alexnet: Session, launch_s: float) -> None:
    session = launched(actions.set_training(alexnet, True), launch_s)
    race = replace(tile_race(session), whole_pass=True)
    derived = resolve_race(race)
    for side, view in zip(derived.sides, side_views(derived), strict=True):
        assert len(side.legs) == 8
        # To a picosecond: a leg's start is what is predicted less what is computed.
        assert side.legs[0].start == pytest.approx(launch_s, abs=1e-12)
        for before, after in itertools.pairwise(side.legs):
            assert after.start - before.end == pytest.approx(launch_s, abs=1e-12)
        computed = sum(leg.trace.duration for leg in side.legs)
        assert side.finish == pytest.approx(computed + 8 * launch_s, rel=1e-9)
        for i, leg in enumerate(side.legs):
            assert leg.derived.session.product == i
            assert view.leg_at((leg.start + leg.end) / 2) is view.legs[i]
        assert view.leg_at(side.finish * 2) is view.legs[-1]
    assert "finishes first" in str(derived.verdict)


def test_a_side_that_is_done_stays_done(alexnet: Session) -> None:
    derived = resolve_race(tile_race(alexnet))
    assert derived.axis is not None
    between = (derived.left.finish + derived.right.finish) / 2
    left, right = frames_at(derived, between)
    assert (left.done, left.computing) == (2048, 0)
    assert right.computing > 0
    assert left.t == left.trace.duration
    assert right.t == pytest.approx(between)


def test_too_many_tiles_are_a_sentence_and_no_figures() -> None:
    session = Session(from_widths([4, 16_777_216]), batch=64, device="lanes-16")
    derived = resolve_race(lanes_race(session))
    assert derived.axis is None
    assert str(derived.verdict).startswith("No race: ")
    assert "1\u202f073\u202f741\u202f824" in str(derived.verdict)
    for label in ("time", "rate", "units busy", "waves"):
        assert row(derived, label).left == "no data"
    assert row(derived, "tiles").left == "1 073 741 824"
    assert (derived.stop_beside(0.5, 1), derived.stop_beside(0.5, -1)) == (1.0, 0.0)


def test_every_line_names_its_source_and_what_it_counts(alexnet: Session) -> None:
    for make in (tile_race, device_race):
        for line in resolve_race(make(alexnet)).rows:
            assert str(line.source) in ("modelled", "computed")
            assert line.tip
            assert line.better in ("left", "right", "")


@pytest.mark.parametrize(("launch_s", "launches"), [(0.0, 0), (LAUNCH_S, 1)])
def test_stepping_there_and_back(alexnet: Session, launch_s: float, launches: int) -> None:
    derived = resolve_race(tile_race(launched(alexnet, launch_s)))
    assert derived.axis is not None
    stops, position = [0.0], 0.0
    while position < 1.0:
        position = derived.stop_beside(position, 1)
        stops.append(position)
    assert derived.left.finish / derived.axis.end == pytest.approx(stops[-2])
    # All waves of both begin with one of the left's; two finishes; the first waits for its launch.
    assert len(stops) == 5 + 2 + launches
    if launches:
        assert stops[1] * derived.axis.end == pytest.approx(launch_s)
    back = [1.0]
    while back[-1] > 0.0:
        back.append(derived.stop_beside(back[-1], -1))
    assert back[::-1] == pytest.approx(stops)
    assert derived.stop_beside(1.0, 1) == 1.0


@settings(max_examples=40, deadline=None)
@given(
    m=st.integers(1, 300),
    n=st.integers(1, 300),
    k=st.integers(1, 40),
    share=st.floats(0, 1),
    device=st.sampled_from(["a100", "lanes-16", "this-machine"]),
)
def test_the_one_with_the_shorter_time_is_done_first(
    m: int, n: int, k: int, share: float, device: str
) -> None:
    session = Session(from_widths([k, n]), batch=m, device=device)
    for make in (tile_race, batch_race, lanes_race):
        derived = resolve_race(make(session))
        assert derived.axis is not None
        t = share * derived.axis.end
        frames = frames_at(derived, t)
        done = [
            frame.waiting == 0 and t >= side.finish
            for frame, side in zip(frames, derived.sides, strict=True)
        ]
        if done[0] and not done[1]:
            assert claims(derived, "left")
        if done[1] and not done[0]:
            assert claims(derived, "right")
        for frame in frames:
            assert (frame.done == len(frame.trace)) == (frame.t >= frame.trace.duration)


def claims(derived: Raced, name: str) -> bool:
    """Whether nobody else is said to finish first."""
    other = {"left": "right", "right": "left"}[name]
    return f"{other} finishes first" not in str(derived.verdict).lower()


def test_what_is_selected_and_how_it_is_looked_at_does_not_race(alexnet: Session) -> None:
    looked = replace(alexnet, selection=Selection("tile", 3), camera=Camera(0.2, 0.2, 0.5, 0.5))
    derived = resolve_race(Race(looked, replace(looked, batch=100)))
    for side in derived.sides:
        assert side.session.selection is None
        assert side.session.camera == WHOLE


def test_looking_otherwise_changes_the_drawing_only(alexnet: Session) -> None:
    before = resolve_race(tile_race(alexnet)).left
    after = before.looked(lambda session: actions.colour_by(session, "unit"))
    assert after.session.colour_by == "unit"
    assert after.legs[0].derived.session.colour_by == "unit"
    assert after.legs[0].trace is before.legs[0].trace
    assert after.finish == before.finish


def test_times_of_each_scale_as_text(alexnet: Session) -> None:
    seconds = resolve_race(tile_race(alexnet)).axis
    terms = resolve_race(tile_race(preset("digits"))).axis
    share = resolve_race(device_race(alexnet)).axis
    assert seconds is not None
    assert terms is not None
    assert share is not None
    assert str(seconds.pace_text(1.0)) == "1 s shows 50.0 µs"
    assert str(terms.text(1)) == "1 term"
    assert str(terms.text(13_107_200)) == "13.1 M terms"
    assert str(seconds.of_text(0.0002)) == "200 of 523 µs"
    assert str(seconds.of_text(2e-7)) == "200 ns of 523 µs"
    assert str(share.of_text(0.5)) == "50.0 % of each"
    assert str(share.pace_text(1.0)) == "1 s shows 10.0 %"


def test_a_recorded_schedule_says_so_and_keeps_its_time(alexnet: Session) -> None:
    """What was recorded is raced as it was, not as long as the model would have it."""
    race = tile_race(alexnet)
    left = derive(race.left)
    assert left.trace is not None
    facts = Facts().with_recording(recording_as(left.setup, left.trace))
    asked = replace(race, left=replace(race.left, schedule="recorded"))
    assert not row(resolve_race(race, facts), "waves").source.startswith("rec"), "nobody asked"
    derived = resolve_race(asked, facts)
    assert derived.axis is not None
    assert not derived.axis.predicted
    assert derived.left.finish == left.trace.duration
    assert str(derived.axis.about) == "seconds, left recorded, right predicted without launches"
    assert row(derived, "waves").source == "recorded / modelled"
    assert row(derived, "FLOP").source == "computed"
    view = race_view(derived, alexnet)
    assert "Times are recorded / modelled." in str(view.about)
    assert str(view.clock.pace_tip).startswith("The time is recorded / modelled.")
    both = resolve_race(Race(asked.left, asked.left), facts)
    assert row(both, "time").source == "recorded"
    assert row(both, "time").label == "time"
