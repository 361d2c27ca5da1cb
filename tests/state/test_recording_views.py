"""Two schedules of one product as views: at one instant, figure by figure, in a list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmviz import units
from mmviz.core.recording.recording import Recording
from mmviz.core.recording.sampling import sampled
from mmviz.core.schedule.schedule import busy_share
from mmviz.files.recordings import shelf
from mmviz.files.this_machine import THIS_MACHINE, processor
from mmviz.state import actions
from mmviz.state.derived import Derived, derive
from mmviz.state.facts import Facts
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.column import FACTS
from mmviz.state.picture.playback import Playback
from mmviz.state.picture.selection import Selection
from mmviz.state.picture.time_views import PASS, TRANSPORT, UNITS
from mmviz.state.picture.view import picture_view
from mmviz.state.recording.against import AGAINST, of_left
from mmviz.state.recording.listed import LIST
from mmviz.state.recording.opening import named
from mmviz.state.recording.playing import played
from mmviz.state.recording.ran import RAN
from mmviz.state.recording.view import PAIR, pair_shown
from mmviz.state.recording.where import ran_on
from mmviz.state.session import Session
from mmviz.text import Text
from mmviz.words.schedule import caption
from tests.plugins import recordings

SHAPE = recordings.product(512, 512, 256)
SESSION = Session(SHAPE, device="v100", tile=(64, 64))


def shown(recording: Recording | None, session: Session = SESSION, **facts: object) -> Derived:
    known = Facts() if recording is None else Facts().with_recording(recording)
    return derive(session, replace(known, **facts).knowing(session.device))


def made(**how: object) -> Recording:
    return recordings.recording(SHAPE, "v100", tile=(64, 64), **how)  # type: ignore[arg-type]


def test_the_picture_shows_the_model_until_the_recording_is_asked_for() -> None:
    recording = made()
    derived = shown(recording)
    assert derived.trace is not recording.products[0].trace
    assert picture_view(derived).switch == "modelled"
    asked = shown(recording, actions.set_schedule(SESSION, "recorded"))
    assert asked.trace is recording.products[0].trace
    view = picture_view(asked)
    assert view.switch == "recorded"
    assert str(view.noun.names[3]) == "core 3"
    assert picture_view(shown(None)).switch == ""


def test_units_of_a_recorded_schedule_idle_as_they_did() -> None:
    recording = made(noise=0.3)
    trace = recording.products[0].trace
    assert trace.efficiency < 0.95
    assert busy_share(trace.tiling, trace) == trace.efficiency
    asked = shown(recording, actions.set_schedule(SESSION, "recorded"))
    assert units.percent(trace.efficiency) in str(UNITS.of(asked).busy)
    few = replace(recording, products=(sampled(recording.products[0], 5),))
    some = UNITS.of(shown(few, actions.set_schedule(SESSION, "recorded")))
    assert str(some.busy) == "only some tiles are kept"
    assert not some.idle


def test_the_length_of_the_bars_stands_beside_the_time_by_the_clock_around_them() -> None:
    recording = made()
    rows = {str(row.name): row for row in AGAINST.of(shown(recording)).rows}
    bars = rows["first to last"]
    assert str(bars.right) == units.seconds(recording.products[0].trace.duration)
    assert str(bars.right) != str(rows["time"].right).split("+")[0].strip()
    assert "first tile" in str(rows["busy units"].tip)
    bare = replace(recording, products=(replace(recording.products[0], wall_s=None),))
    two = derive(
        SESSION, Facts().with_recording(bare).with_against(replace(bare, when=1.0)).knowing("v100")
    )
    assert "first to last" not in {str(row.name) for row in AGAINST.of(two).rows}


def test_recordings_of_one_minute_are_told_apart_by_their_seconds() -> None:
    first, second = made(seed=1, when=1_700_000_000.0), made(seed=2, when=1_700_000_007.0)
    third = made(seed=3, when=1_700_000_900.0)
    facts = Facts()
    for one in (third, first, second):
        facts = facts.with_recording(one)
    derived = derive(SESSION, facts.with_against(first).knowing("v100"))
    entries = LIST.of(derived).entries
    details = [str(entry.detail).split(" · ")[0] for entry in entries]
    assert [len(detail) for detail in details] == [16, 19, 19]
    assert len(set(details)) == 3
    assert details[2] in str(entries[2].tip)
    halves = [str(half.about) for half in PAIR.of(derived).halves]
    assert details[2] in halves[0]
    assert details[1] in halves[1]


def test_what_was_opened_is_called_by_its_file() -> None:
    entries = LIST.of(shown(named(made(), "/somewhere/quiet.npz"))).entries
    assert [str(entry.name) for entry in entries] == ["quiet.npz"]
    told = replace(made(), about=Text("meant"))
    assert named(told, "/somewhere/quiet.npz") is told


def test_a_trace_without_a_clock_around_it_has_the_time_from_its_first_start_to_its_last_end() -> (
    None
):
    """As those of other tools are; none of the model's launch is added to what ran."""
    recording = made()
    bare = replace(recording, products=(replace(recording.products[0], wall_s=None),))
    asked = shown(bare, actions.set_schedule(SESSION, "recorded"))
    lasts = units.seconds(bare.products[0].trace.duration)
    strip, timeline = STRIP.of(asked), PASS.of(asked).timeline
    assert str(strip.cards[0].detail) == lasts
    assert str(strip.summary).endswith(lasts)
    assert [str(line) for line in timeline.lines[1:]] == [f"{lasts} recorded", ""]
    view = PAIR.of(asked)
    assert view.left is not None
    assert str(view.left.about).endswith("in the recording's tiles, 64 × 64")


def test_the_facts_of_a_recorded_schedule_are_its_own() -> None:
    """Recorded in other tiles than the model's: what stands under 'recorded' was."""
    other = recordings.recording(SHAPE, "v100", tile=(128, 128))
    asked = shown(other, actions.set_schedule(SESSION, "recorded"))
    [tiles] = [group for group in FACTS.of(asked).groups if str(group.title) == "Tiles and waves"]
    assert str(tiles.kind) == "recorded"
    said = {str(fact.label): str(fact.value) for fact in tiles.facts}
    assert (said["tile"], said["tiles"]) == ("128 × 128", "4 × 4 = 16")
    [modelled] = [
        group for group in FACTS.of(shown(other)).groups if str(group.title) == "Tiles and waves"
    ]
    assert str(modelled.facts[0].value) == "64 × 64"


def test_a_timeline_alone_is_no_schedule_of_the_picture() -> None:
    recording = made()
    alone = replace(recording.products[0], placed=False)
    derived = shown(
        replace(recording, products=(alone,)), actions.set_schedule(SESSION, "recorded")
    )
    assert derived.trace is not None
    assert derived.trace.provenance.kind == "modelled"
    assert picture_view(derived).switch == ""
    view = PAIR.of(derived)
    assert view.left is None
    assert view.right is not None
    assert "timeline alone" in str(view.right.why)
    assert str(AGAINST.of(derived).why) == str(view.right.why)


def test_what_is_picked_out_goes_with_a_schedule_that_has_it_not() -> None:
    recording = made()
    last = len(recording.products[0].trace) - 1
    picked = replace(SESSION, selection=Selection("tile", last))
    assert shown(recording, picked).session.selection == Selection("tile", last)
    beyond = replace(SESSION, selection=Selection("tile", last + 1))
    assert shown(recording, beyond).session.selection is None
    assert actions.set_schedule(picked, "recorded").selection is None
    assert actions.set_schedule(picked, "modelled") is picked


def test_of_tiles_of_which_some_are_kept_nobody_counts_waves() -> None:
    recording = made()
    few = replace(recording, products=(sampled(recording.products[0], 10),))
    rows = {str(row.name): row for row in AGAINST.of(shown(few)).rows}
    assert str(rows["waves"].right) == "–"
    assert str(rows["waves"].left) != "–"


def test_both_sides_stand_at_one_instant_of_one_scale() -> None:
    view = PAIR.of(shown(made(noise=0.3)))
    assert view.pair is not None
    assert view.left is not None
    assert view.right is not None
    assert view.pair.common
    ends = [half.side.trace.duration for half in view.halves]
    assert view.pair.end == max(ends)
    for position in (0.0, 0.3, 0.77, 1.0):
        for half, end in zip(view.halves, ends, strict=True):
            assert view.frame_of(half, position).t == min(position * max(ends), end)
    assert [view.width_of(half) for half in view.halves] == [end / max(ends) for end in ends]
    assert str(view.transport.time(Playback(1.0))).endswith("of " + units.seconds(max(ends)))


def test_without_a_common_clock_each_runs_over_its_own_time() -> None:
    recording = made()
    trace = recording.products[0].trace
    tickets = replace(trace, clock="steps")
    one = replace(recording.products[0], trace=tickets, wall_s=None)
    view = PAIR.of(shown(replace(recording, products=(one,))))
    assert view.pair is not None
    assert not view.pair.common
    assert [view.width_of(half) for half in view.halves] == [1.0, 1.0]
    assert all(view.frame_of(half, 1.0).done == len(trace) for half in view.halves)
    assert view.right is not None
    assert "order only" in str(view.right.about)
    against = AGAINST.of(shown(replace(recording, products=(one,))))
    assert against.residual is None
    assert against.no_residual


def test_what_must_be_known_of_a_recording_stands_beside_it() -> None:
    """Of tickets once; of a trace of another tool whose it is."""
    order, where = Text("order only: no GPU clock inside a kernel"), Text("by its own clock")
    recording = replace(made(), by="proton", machine="", remarks=(order, where))
    tickets = replace(recording.products[0].trace, clock="steps")
    one = replace(recording.products[0], trace=tickets, wall_s=None)
    view = PAIR.of(shown(replace(recording, products=(one,))))
    assert view.right is not None
    about = str(view.right.about)
    assert about.count("order only") == 1
    said = "order only: no clock inside a kernel · Triton Proton · by its own clock"
    assert about.endswith(said)


def test_nothing_recorded_says_how_to_record() -> None:
    view = PAIR.of(shown(None))
    assert [offer.does for offer in view.offers] == ["record", "open-recording"]
    assert view.why
    assert AGAINST.of(shown(None)).rows == ()


def test_figures_of_both_sides_and_what_recording_costs() -> None:
    recording = made(noise=0.4)
    view = AGAINST.of(shown(recording))
    assert [str(head) for head in view.heads] == ["Modelled", "Recorded"]
    rows = {str(row.name): row for row in view.rows}
    trace = recording.products[0].trace
    assert str(rows["slowest tile"].right) == units.seconds(float((trace.end - trace.start).max()))
    assert str(rows["units"].right) == str(trace.tiling.units)
    costs = {str(row.name): str(row.right) for row in view.costs}
    assert costs["instrumented"] == "+8.00 %"
    assert costs["of it the stamps"] == "+0.500 %"
    assert costs["result off float64 by"] == "3.1e-7, as float32 is"
    assert view.residual is not None
    assert view.residual.share.shape == (trace.tiling.tiles_m, trace.tiling.tiles_n)


def test_a_tile_that_took_twice_as_long_is_the_deepest_of_the_residual() -> None:
    recording = made(noise=0.0)
    trace = recording.products[0].trace
    end = trace.end.copy()
    end[5] += trace.end[5] - trace.start[5]
    slow = replace(trace, end=end)
    one = replace(recording.products[0], trace=slow, wall_s=slow.duration)
    view = AGAINST.of(shown(replace(recording, products=(one,))))
    assert view.residual is not None
    at = np.unravel_index(int(np.nanargmax(view.residual.share)), view.residual.share.shape)
    assert at == (trace.m[5], trace.n[5])


def test_a_tile_is_said_to_be_shorter_by_no_more_than_all_of_it() -> None:
    """Half the time is as deep a colour as twice the time, and is −50 % where that is +100 %."""
    recording = made(noise=0.0)
    trace = recording.products[0].trace
    quick = replace(trace, start=trace.start / 5, end=trace.end / 5)
    one = replace(recording.products[0], trace=quick, wall_s=quick.duration)
    view = AGAINST.of(shown(replace(recording, products=(one,)))).residual
    assert view is not None
    assert np.nanmax(np.abs(view.share + 4.0)) < 1e-6, "against the smaller of both"
    assert of_left(-4.0) == pytest.approx(-0.8)
    assert [of_left(x) for x in (-1.0, 0.0, 3.0)] == [-0.5, 0.0, 3.0]
    told = [str(line) for line in view.said]
    assert told[0] == "− shorter, + longer than modelled, as a share of that"
    assert told[2].startswith("median −"), "it keeps its sign"


def test_waves_of_what_ran_are_those_of_the_unit_that_computed_most() -> None:
    recording = made()
    one = recording.products[0]
    trace, resident = one.trace, one.trace.tiling.resident
    busy = replace(one, trace=replace(trace, unit=np.zeros_like(trace.unit)))
    rows = {
        str(row.name): row for row in AGAINST.of(shown(replace(recording, products=(busy,)))).rows
    }
    assert str(rows["waves"].right) == str(-(-len(trace) // resident))
    assert "one after the other" in str(rows["waves"].tip)


def test_two_recordings_are_held_against_each_other() -> None:
    first, second = made(seed=1), made(seed=2, when=1_700_000_100.0)
    facts = Facts().with_recording(first).with_recording(second).with_against(first)
    derived = derive(SESSION, facts.knowing("v100"))
    pair = pair_shown(derived)
    assert pair is not None
    assert pair.recording is second
    assert pair.left is not None
    assert pair.left.trace is first.products[0].trace
    assert [str(head) for head in AGAINST.of(derived).heads] == ["Other", "This one"]
    view = PAIR.of(derived)
    assert [str(half.name) for half in view.halves] == ["Another recording", "This recording"]
    assert str(RAN.of(derived).table.columns[3].side) == "This one"
    assert "this recording" in str(view.said[1])
    alone = derive(SESSION, facts.with_recording(first).knowing("v100"))
    again = pair_shown(alone)
    assert again is not None
    assert again.against is None, "what is shown is not held against itself"


@pytest.mark.parametrize("by", ["tile", "wave", "k-step"])
def test_steps_on_the_common_scale_come_to_its_end_and_back(by: str) -> None:
    derived = shown(made(noise=0.3))
    pair = pair_shown(derived)
    going = played(derived, "recording")
    assert pair is not None
    assert going is not None
    assert going.end == pair.end
    at = Playback(0.0, playing=True)
    seen = [at.position]
    while at.position < 1.0 and len(seen) < 3_000:
        at = going.stepped(at, 1, by)
        assert not at.playing
        assert at.position > seen[-1]
        seen.append(at.position)
    assert at.position == 1.0
    assert going.stepped(at, -1, by).position < 1.0
    model = played(derived, "picture")
    assert model is not None
    assert model.trace is derived.trace


def test_the_list_counts_tiles_that_ran() -> None:
    recording = made()
    few = replace(recording, products=(sampled(recording.products[0], 10),))
    [entry] = LIST.of(shown(few)).entries
    assert str(entry.detail).endswith("64 tiles"), "of which 10 are kept"


def test_the_list_has_this_window_s_first_and_those_on_disk_once() -> None:
    first, second = made(seed=1), made(seed=2, when=1_700_000_100.0)
    kept = shelf.keep(first)
    facts = Facts().with_recording(first).with_recording(second).with_kept_recordings((kept,))
    view = LIST.of(derive(SESSION, facts.knowing("v100")))
    assert [entry.recording for entry in view.entries] == [second, first]
    assert [entry.shown for entry in view.entries] == [True, False]
    assert view.entries[1].kept == kept
    only = LIST.of(derive(SESSION, Facts().with_kept_recordings((kept,)).knowing("v100")))
    assert [entry.kept for entry in only.entries] == [kept]
    assert only.entries[0].recording is None
    assert "64 tiles" in str(only.entries[0].detail)
    assert LIST.of(shown(None)).why


def test_the_strip_shows_what_was_recorded_or_says_that_it_is_modelled() -> None:
    whole = recordings.recording(noise=0.1, machine="Xeon 5")
    recording = replace(whole, products=whole.products[:1])
    session = Session(recording.of.workload, device="v100")
    modelled = STRIP.of(shown(recording, session))
    view = STRIP.of(shown(recording, actions.set_schedule(session, "recorded")))
    assert str(view.cards[0].detail) == units.seconds(whole.products[0].wall_s or 0.0)
    assert "recorded on Xeon 5, not on NVIDIA V100" in str(view.cards[0].told)
    assert str(view.cards[1].detail) == f"modelled {modelled.cards[1].detail}"
    assert "recorded on Xeon 5, not on NVIDIA V100" in str(view.summary)
    assert "1 of 2 products" in str(view.summary)
    assert "predicted" not in str(view.summary)
    walls = sum(one.wall_s or 0.0 for one in whole.products)
    all_of_it = STRIP.of(shown(whole, actions.set_schedule(session, "recorded")))
    assert units.seconds(walls) in str(all_of_it.summary)


def test_what_ran_says_on_what_and_which_tiles_the_model_has() -> None:
    other = recordings.recording(SHAPE, "v100", tile=(128, 128), machine="Xeon 5")
    asked = shown(other, actions.set_schedule(SESSION, "recorded"))
    said = str(picture_view(asked).ran)
    assert said.startswith("recorded on Xeon 5, not on NVIDIA V100")
    assert said.endswith("modelled in tiles of 64 × 64")
    here = recordings.recording(SHAPE, "v100", tile=(64, 64), machine=processor())
    on_it = replace(SESSION, device=THIS_MACHINE)
    found = shown(here, actions.set_schedule(on_it, "recorded"))
    assert str(ran_on(here, found.device)) == f"recorded on {processor()}"
    gpu = replace(here, machine="NVIDIA A100-SXM4-80GB", by="cuda-tiles")
    assert "not on" in str(ran_on(gpu, found.device))
    unknown = replace(here, machine="", by="proton")
    assert str(ran_on(unknown, found.device)) == "recorded by Triton Proton"


def test_what_ran_is_told_without_waves_that_it_never_waited_for() -> None:
    asked = shown(made(noise=0.3), actions.set_schedule(SESSION, "recorded"))
    trace = asked.trace
    assert trace is not None
    frame = trace.at(0.5 * trace.duration)
    assert "wave" not in str(caption(frame, asked.noun))
    assert str(caption(trace.at(trace.duration), asked.noun)) == "all 64 tiles done"
    assert TRANSPORT.of(asked).starts == []
    assert not UNITS.of(asked).idle
    [tiles] = [group for group in FACTS.of(asked).groups if str(group.title) == "Tiles and waves"]
    [waves] = [fact for fact in tiles.facts if str(fact.label) == "waves"]
    rows = {str(row.name): row for row in AGAINST.of(asked).rows}
    assert str(waves.value) == str(rows["waves"].right)
