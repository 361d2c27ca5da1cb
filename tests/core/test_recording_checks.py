"""Conservation on recordings: what a sound one is, and a sentence for each way not to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import FOUR, product, recording

from mmviz.core.recording.checks import NO_TIME, faults, recording_faults
from mmviz.core.recording.recording import Recorded
from mmviz.core.recording.sampling import sampled, within
from mmviz.core.recording.slots import slots_of
from mmviz.core.schedule.trace import Trace, most_held


def made(**how: Any) -> Recorded:
    """One product of 5 × 5 tiles or more on four units."""
    found = recording(product(300, 300, 512), FOUR, **how)
    return found.products[0]


def with_trace(one: Recorded, **columns: Any) -> Recorded:
    """With other columns in its trace."""
    trace = one.trace
    kept = ("m", "n", "unit", "start", "end", "clock", "provenance", "k0", "k1")
    values = {name: columns.get(name, getattr(trace, name)) for name in kept}
    return replace(one, trace=Trace(columns.get("tiling", trace.tiling), **values))


def said(one: Recorded, timer_s: float = 0.0) -> str:
    return "; ".join(map(str, faults(one, timer_s)))


@pytest.mark.parametrize("order", ["rows", "columns", "swizzle-2", "split-k-3", "stream-k"])
def test_a_sound_recording_has_no_fault(order: str) -> None:
    assert said(made(order=order)) == ""


def test_a_tile_computed_twice_and_one_not_at_all() -> None:
    one = made()
    m, n = one.trace.m.copy(), one.trace.n.copy()
    m[3], n[3] = m[4], n[4]
    assert said(with_trace(one, m=m, n=n)) == "1 tiles missing, 1 computed twice"


def test_pieces_of_a_tile_that_leave_terms_out() -> None:
    one = made(order="split-k-3")
    assert one.trace.k1 is not None
    k1 = one.trace.k1.copy()
    k1[0] -= 5
    assert said(with_trace(one, k1=k1)) == "5 terms of k missing, 0 computed twice"


def test_a_unit_that_is_in_two_tiles_at_once() -> None:
    one = made()
    unit = one.trace.unit.copy()
    unit[1] = unit[0]
    found = said(with_trace(one, unit=unit))
    assert found == "a unit holds 3 tiles, its residency is 2"


def test_times_that_run_backwards() -> None:
    one = made()
    end = one.trace.end.copy()
    end[2] = one.trace.start[2] - 1e-6
    assert "a tile that ends before it starts" in said(with_trace(one, end=end))
    start = one.trace.start.copy()
    start[0] = start[-1]
    late = with_trace(one, start=start)
    assert "a tile listed before one that starts earlier" in said(late)
    start = one.trace.start.copy()
    start[0] = -1e-6
    assert "a tile that starts before the first one" in said(with_trace(one, start=start))


def test_a_tile_shorter_than_the_clock_can_tell_is_sound() -> None:
    one = made()
    end = one.trace.end.copy()
    end[2] = one.trace.start[2]
    assert said(with_trace(one, end=end)) == ""


def test_tiles_that_all_begin_and_end_at_one_moment() -> None:
    """Shares of their time would be divided by nothing."""
    one = made()
    none = np.zeros(len(one.trace))
    assert NO_TIME in said(with_trace(one, start=none, end=none))


def test_a_whole_that_took_no_time() -> None:
    one = made()
    assert said(replace(one, wall_s=0.0)).startswith("the whole product took no time; ")


def test_a_time_that_is_none() -> None:
    one = made()
    end = one.trace.end.copy()
    end[2] = np.nan
    assert said(with_trace(one, end=end)) == "a time that is not finite"


def test_a_span_outside_of_the_time_of_the_whole() -> None:
    one = made()
    last = one.trace.duration
    found = said(replace(one, wall_s=last - 1e-9))
    assert found.startswith("tiles until ")
    assert said(replace(one, wall_s=last - 1e-9), timer_s=1e-9) == "", "its clock has steps"
    assert said(replace(one, wall_s=None)) == ""
    steps = with_trace(one, clock="steps", start=one.trace.start * 1e9, end=one.trace.end * 1e9)
    assert said(replace(steps, wall_s=1e-6)) == "", "tickets are no seconds"


def test_a_block_may_compute_several_tiles() -> None:
    """As one that stays and pulls does."""
    one = made()
    assert said(replace(one, blocks=one.trace.unit.astype(np.int64))) == ""


def test_what_is_outside_is_the_one_that_is_told() -> None:
    one = made()
    unit = one.trace.unit.copy()
    unit[1] = -7
    assert "unit -7 of" in said(with_trace(one, unit=unit))
    for name, what in (("m", "row of tiles -2 of"), ("n", "column of tiles -2 of")):
        places = getattr(one.trace, name).copy()
        places[0] = -2
        assert what in said(with_trace(one, **{name: places}))


def test_units_that_are_not_there() -> None:
    one = made()
    units = one.trace.tiling.units
    unit = one.trace.unit.copy()
    unit[0] = units
    assert said(with_trace(one, unit=unit)) == f"unit {units} of {units}"
    assert (
        said(replace(one, units=one.units[1:])) == f"{units - 1} units are named, {units} compute"
    )


def test_counts_that_cannot_be() -> None:
    one = made()
    rows = len(one.trace)
    assert said(replace(one, tiles_run=rows - 1)) == f"{rows} tiles are listed, {rows - 1} ran"
    many = said(replace(one, tiles_run=10**12)).replace("\u202f", " ")
    assert many == f"1 000 000 000 000 tiles ran, the product is cut into {rows}"
    pieces = made(order="stream-k")
    rows = len(pieces.trace)
    assert rows > pieces.trace.tiling.pieces, "some tiles are in two pieces"
    assert said(replace(pieces, tiles_run=rows)) == ""


def test_products_follow_one_another() -> None:
    found = recording()
    assert recording_faults(found) == ()
    first, second = found.products
    early = replace(found, products=(replace(first, begun_s=1.0), replace(second, begun_s=0.5)))
    said = [str(x) for x in recording_faults(early)]
    assert said == ["a product begins before the one that comes before it"]
    wrong = replace(found, products=(first, replace(second, units=())))
    assert str(recording_faults(wrong)[0]).startswith("layer 2: 0 units are named")


def test_of_a_sampled_one_tiles_may_be_missing_but_none_is_twice() -> None:
    whole = made()
    few = sampled(whole, 10)
    assert few.sampled
    assert len(few.trace) == 10
    assert few.tiles_run == len(whole.trace)
    assert said(few) == ""
    m, n = few.trace.m.copy(), few.trace.n.copy()
    m[0], n[0] = m[1], n[1]
    assert "computed twice" in said(with_trace(few, m=m, n=n))
    pieces = sampled(made(order="split-k-3"), 10)
    assert said(pieces) == ""
    assert pieces.trace.k0 is not None
    k0 = pieces.trace.k0 - 1
    assert "computed twice" in said(with_trace(pieces, k0=k0))


def test_tiles_are_left_out_only_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = recording(product(300, 300, 512), FOUR)
    few = replace(whole, products=(sampled(whole.products[0], 24),))
    (told,) = map(str, recording_faults(few))
    assert told == "300x300x512: 24 of 25 tiles are listed, the others are missing"
    assert recording_faults(replace(few, by="proton")) == (), "whose file may have some alone"
    monkeypatch.setattr("mmviz.core.recording.sampling.MOST_ROWS", 24)
    assert recording_faults(few) == ()


@given(most=st.integers(1, 40), seed=st.integers(0, 5))
def test_a_sample_keeps_blocks_evenly_and_all_there_is_to_them(most: int, seed: int) -> None:
    whole = made()
    blocks = np.random.default_rng(seed).permutation(len(whole.trace)).astype(np.int64)
    whole = replace(whole, blocks=blocks)
    few = sampled(whole, most)
    if most >= len(blocks):
        assert few is whole
        return
    assert few.blocks is not None
    assert few.cores is not None
    gaps = np.diff(np.sort(few.blocks))
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1, "evenly"
    assert (np.diff(few.trace.start) >= 0).all()
    row_of = {block: row for row, block in enumerate(blocks.tolist())}
    rows = [row_of[block] for block in few.blocks.tolist()]
    for name in ("m", "n", "unit", "start", "end"):
        assert (getattr(few.trace, name) == getattr(whole.trace, name)[rows]).all()
    again = sampled(few, max(1, most // 2))
    assert again.tiles_run == len(blocks), "it is said how many ran, not how many were there"


def test_a_recording_of_many_products_keeps_some_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recording(device=FOUR, batch=600)
    assert within(found).tiles == found.tiles
    monkeypatch.setattr("mmviz.core.recording.sampling.MOST_ROWS_IN_ALL", 12)
    few = within(found)
    assert [len(one.trace) for one in few.products] == [6, 6]
    assert few.tiles <= 12


@pytest.mark.parametrize("order", ["rows", "split-k-3"])
def test_tiles_in_one_slot_never_overlap(order: str) -> None:
    trace = recording(product(1024, 1024, 256), FOUR, order=order).products[0].trace
    lane = slots_of(trace.start, trace.end, trace.unit)
    assert lane.max() + 1 == most_held(trace) > 1
    by = np.lexsort((trace.start, lane, trace.unit))
    same = (np.diff(trace.unit[by]) == 0) & (np.diff(lane[by]) == 0)
    assert (trace.start[by][1:] >= trace.end[by][:-1])[same].all()
