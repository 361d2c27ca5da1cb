"""Traces of other tools: read, placed where they can be, a timeline where not, never trusted."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from foreign_traces import (
    Ran,
    flashinfer,
    gemm_ran,
    iket,
    intra_kernel,
    perfetto,
    persistent_ran,
    proton,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmviz.core.recording.asking import Answers, Missing, missing
from mmviz.core.recording.checks import recording_faults
from mmviz.core.recording.foreign import Foreign
from mmviz.core.recording.foreign_tiles import placed, timeline
from mmviz.core.recording.rasters import rule_of
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files.foreign import slices, traces
from mmviz.files.foreign.events import is_trace
from mmviz.files.foreign.traces import is_foreign, of_iket, of_perfetto, of_text, read
from mmviz.files.ordinary import Cancelled
from mmviz.files.recordings import npz

Write = Callable[[Sequence[Ran]], str]

SHAPE, TILE, GRID = (300, 500, 64), (64, 128), (5, 4)
WRITERS: dict[str, Write] = {
    "intra-kernel-profiler": intra_kernel,
    "intra-kernel-profiler B E": lambda ran: intra_kernel(ran, complete=False),
    "intra-kernel-profiler by block": lambda ran: intra_kernel(ran, by_sm=False),
    "proton": lambda ran: proton([("matmul", ran)]),
    "proton with its blocks' times": lambda ran: proton([("matmul", ran)], tells=True),
    "flashinfer": flashinfer,
}
PERFETTO = "flashinfer in Perfetto's format"
IKET, IKET_AS_DESCRIBED = "iket", "iket as it is described"
formats = pytest.mark.parametrize("name", [*WRITERS, PERFETTO, IKET, IKET_AS_DESCRIBED])


def _read(name: str, ran: Sequence[Ran]) -> Foreign:
    if name in (IKET, IKET_AS_DESCRIBED):
        return of_iket(iket([("k", ran)], 3, name == IKET).encode(), "a/gemm.json")
    if name == PERFETTO:
        return of_perfetto(perfetto(ran), "a/gemm.perfetto-trace")
    return of_text(WRITERS[name](ran), "a/gemm.json")


def _said(recording: Recording) -> list[str]:
    return [str(remark) for remark in recording.remarks]


@formats
@pytest.mark.parametrize("rule", ["rows", "columns", "swizzle-4", "grouped-2"])
def test_what_ran_is_what_is_placed(name: str, rule: str) -> None:
    ran = gemm_ran(GRID, rule)
    foreign = _read(name, ran)
    assert foreign.format == name.partition(" ")[0]
    recording = placed(foreign, Answers(shape=SHAPE, tile=TILE, raster=rule))
    assert recording_faults(recording) == ()
    one, first = recording.products[0], min(slice_.start for slice_ in ran)
    assert (recording.by, recording.order) == (foreign.format, rule)
    assert one.placed
    assert one.tiles_run is None
    assert [str(unit) for unit in one.units] == ["SM 3", "SM 5", "SM 17"]
    places = rule_of(rule).places(one.blocks.astype(np.int64), *GRID)  # type: ignore[union-attr]
    for row, block in enumerate(one.blocks.tolist()):  # type: ignore[union-attr]
        of_block = [slice_ for slice_ in ran if slice_.block == block]
        assert (one.trace.m[row], one.trace.n[row]) == (places.m[row], places.n[row])
        assert str(one.units[one.trace.unit[row]]) == f"SM {of_block[0].sm}"
        start = min(slice_.start for slice_ in of_block) - first
        end = max(slice_.end for slice_ in of_block) - first
        assert one.trace.start[row] == pytest.approx(1e-9 * start, abs=2e-9)
        assert one.trace.end[row] == pytest.approx(1e-9 * end, abs=2e-9)
    assert one.trace.tiling.resident == 1


@formats
def test_nobody_is_asked_what_follows(name: str) -> None:
    """Numbers with gaps are of one swizzle only; one column of tiles is walked in one way."""
    foreign = _read(name, gemm_ran(GRID, "rows"))
    assert missing(foreign, Answers()) == Missing(20, shape=True, tile=True)
    open_ = missing(foreign, Answers(shape=SHAPE))
    assert open_.tile
    assert TILE in open_.tiles
    rules = missing(foreign, Answers(shape=SHAPE, tile=TILE)).rasters
    assert rules[:2] == ("rows", "columns")
    with pytest.raises(InputError, match="these rules fit: rows, columns"):
        placed(foreign, Answers(shape=SHAPE, tile=TILE))
    gaps = _read(name, gemm_ran((5, 7), "swizzle-4"))
    answers = Answers(shape=(300, 800, 64), tile=TILE)
    assert not missing(gaps, answers)
    assert placed(gaps, answers).order == "swizzle-4"
    column = _read(name, gemm_ran((7, 1)))
    assert placed(column, Answers(shape=(400, 100, 64), tile=TILE)).order == "rows"


def test_the_only_tile_that_fits_is_taken() -> None:
    foreign = of_text(intra_kernel(gemm_ran((7, 1))), "f")
    assert missing(foreign, Answers(shape=(7 * 512, 8, 9))) == Missing(7)
    one = placed(foreign, Answers(shape=(7 * 512, 8, 9))).products[0]
    assert one.trace.tiling.tile == (512, 8)


def test_further_blocks_are_parts_of_k() -> None:
    foreign = of_text(intra_kernel(gemm_ran((3, 2), parts=3)), "f")
    one = placed(foreign, Answers(shape=(96, 64, 100), tile=(32, 32), raster="columns"))
    assert recording_faults(one) == ()
    assert "each block's tile by the rule columns, in 3 parts of k" in _said(one)
    trace = one.products[0].trace
    assert trace.tiling.parts == 3
    assert set(zip(trace.k0.tolist(), trace.k1.tolist(), strict=True)) == {  # type: ignore[union-attr]
        (0, 33),
        (33, 66),
        (66, 100),
    }


def test_a_persistent_program_walks_tile_after_tile() -> None:
    foreign = of_text(intra_kernel(persistent_ran(15, 4)), "f")
    recording = placed(foreign, Answers(shape=(96, 160, 8), tile=(32, 32), raster="rows"))
    assert recording_faults(recording) == ()
    assert recording.order == "persistent"
    one = recording.products[0]
    assert len(one.trace) == 15
    fifth = one.blocks.tolist().index(5)  # type: ignore[union-attr]
    assert (one.trace.m[fifth], one.trace.n[fifth], str(one.units[one.trace.unit[fifth]])) == (
        1,
        0,
        "SM 1",
    )
    assert "a tile each time a block goes through tile, by the rule rows" in _said(recording)


def test_loops_inside_a_tile_are_no_tiles_unless_one_says_so() -> None:
    foreign = of_text(intra_kernel(persistent_ran(8, 4, loops=3)), "f")
    answers = Answers(shape=(96, 256, 8), tile=(32, 32), raster="rows")
    sample = placed(foreign, answers).products[0]
    assert (len(sample.trace), sample.tiles_run) == (4, 24), "blocks of a sample, no more"
    assert len(missing(foreign, replace(answers, raster=None)).rasters) > 1
    loops = placed(foreign, replace(answers, region="mma"))
    assert (len(loops.products[0].trace), loops.order) == (24, "persistent")
    assert recording_faults(loops) == ()
    with pytest.raises(InputError, match="has no region 'wait'; it has tile, mma"):
        placed(foreign, replace(answers, region="wait"))
    with pytest.raises(InputError, match="4 blocks do not compute each of the 24 tiles"):
        placed(foreign, replace(answers, region="tile"))


def test_some_of_the_blocks_are_a_sample() -> None:
    """A profiler may keep a few blocks only."""
    ran = [one for one in gemm_ran(GRID) if one.block in (0, 7, 19)]
    foreign = of_text(intra_kernel(ran), "f")
    answers = Answers(shape=SHAPE, tile=TILE)
    assert "columns" in missing(foreign, answers).rasters
    one = placed(foreign, Answers(shape=SHAPE, tile=TILE, raster="rows")).products[0]
    assert (one.sampled, one.tiles_run, len(one.trace)) == (True, 20, 3)
    assert sorted(zip(one.trace.m.tolist(), one.trace.n.tolist(), strict=True)) == [
        (0, 0),
        (1, 3),
        (4, 3),
    ]


def test_a_block_too_many_fits_nothing() -> None:
    foreign = of_text(intra_kernel(gemm_ran((5, 5))), "f")
    with pytest.raises(InputError, match="25 blocks do not compute each of the 20 tiles of 64×128"):
        placed(foreign, Answers(shape=SHAPE, tile=TILE))
    with pytest.raises(InputError, match="once by the rule columns"):
        placed(foreign, Answers(shape=SHAPE, tile=TILE, raster="columns"))


def test_what_cannot_be_placed_stays_a_timeline() -> None:
    two = [("first", gemm_ran((2, 3))), ("second", gemm_ran((4, 1), seed=1))]
    recording = timeline(of_text(proton(two), "run.chrome_trace"))
    assert recording_faults(recording) == ()
    assert [one.gemm.name for one in recording.products] == ["first", "second"]
    assert not any(one.placed for one in recording.products)
    assert [len(one.trace) for one in recording.products] == [6, 4]
    assert _said(recording) == [
        "which product it computed is not known: blocks over time, no tiles",
        "times within a block count cycles, as if the clock were 1 GHz",
    ]
    chosen = Answers(launch=1, shape=(64, 16, 9), tile=(16, 16))
    assert placed(of_text(proton(two), "f"), chosen).products[0].gemm.m == 64
    with pytest.raises(InputError, match="there is no launch 3: f has 2"):
        placed(of_text(proton(two), "f"), Answers(launch=2))


@pytest.mark.parametrize("ghz", [0.5, 1.98])
def test_cycles_become_time_by_the_clock_that_is_named(ghz: float) -> None:
    ran = gemm_ran(GRID, warps=1, step=1000)
    foreign = of_text(proton([("k", ran)], ghz), "f")
    answers = Answers(shape=SHAPE, tile=TILE, raster="rows", mhz=1000 * ghz)
    one = placed(foreign, answers).products[0]
    lasted = sorted(one.trace.end - one.trace.start)
    blocks = {slice_.block for slice_ in ran}
    true = sorted(
        sum(slice_.end - slice_.start for slice_ in ran if slice_.block == block)
        for block in blocks
    )
    assert lasted == pytest.approx([1e-9 * ns for ns in true], rel=1e-2)
    assert one.trace.tiling.resident == 1


def test_the_clock_follows_where_the_file_tells_when_blocks_began_and_ended() -> None:
    ran = gemm_ran(GRID, warps=1, step=1000)
    foreign = of_text(proton([("k", ran)], 1.755, tells=True), "f")
    assert foreign.cycles
    assert foreign.mhz == pytest.approx(1755, rel=1e-6)
    answers = Answers(shape=SHAPE, tile=TILE, raster="rows")
    one, other = (placed(foreign, replace(answers, mhz=mhz)) for mhz in (None, 1755.0))
    assert one.products[0].trace.end == pytest.approx(other.products[0].trace.end)
    said = "times within a block at a clock of 1755 MHz, by what the file tells of whole blocks"
    assert said in [text.replace("\u202f", "") for text in _said(one)]
    assert one.products[0].trace.tiling.resident == 1


def test_what_proton_wrote_once_counts_cycles_too() -> None:
    remark = " [measure in clock cycle (assume 1GHz)]"
    foreign = of_text(proton([("k", gemm_ran(GRID))], remark=remark), "f")
    assert (foreign.format, foreign.cycles, foreign.mhz) == ("proton", True, None)
    assert foreign.launches[0].name == "k"


@pytest.mark.parametrize("took", [0, -5, True, 1.5, 1 << 64, None])
def test_a_clock_that_cannot_be_is_not_told(took: object) -> None:
    text = json.loads(proton([("k", gemm_ran(GRID))], tells=True))
    for event in text["traceEvents"]:
        event["args"]["Init Time (ns)"], event["args"]["Post Final Time (ns)"] = 0, took
    assert of_text(json.dumps(text), "f").mhz is None


def test_a_program_that_ran_three_times_is_three_launches() -> None:
    """Told apart by a time when nothing ran, with the same blocks on both sides of it."""
    ran = gemm_ran(GRID)
    gap = max(one.end for one in ran) - min(one.start for one in ran) + 64
    again = [
        Ran(one.block, one.warp, one.sm, one.region, one.start + i * gap, one.end + i * gap)
        for i in range(3)
        for one in ran
    ]
    foreign = of_text(proton([("k", again)]), "f")
    assert [launch.name for launch in foreign.launches] == ["k #1", "k #2", "k #3"]
    assert "k is taken for 3 launches: nothing ran between them" in map(str, foreign.remarks)
    one = placed(foreign, Answers(launch=2, shape=SHAPE, tile=TILE, raster="rows"))
    assert recording_faults(one) == ()


def test_without_sms_there_are_slots() -> None:
    """As FlashInfer wrote it before it knew SMs; nobody can tell which SM it was."""
    ran = gemm_ran(GRID)
    for foreign in (
        of_text(flashinfer(ran, by_sm=False), "f"),
        of_perfetto(perfetto(ran, by_sm=False), "f"),
    ):
        one = placed(foreign, Answers(shape=SHAPE, tile=TILE, raster="rows")).products[0]
        assert [str(unit) for unit in one.units] == ["slot 1", "slot 2", "slot 3"]


def test_a_clock_of_32_bits_that_begins_anew_goes_on() -> None:
    late = 2**32 - 10**12 % 2**32 - 300
    ran = [
        Ran(one.block, one.warp, one.sm, one.region, one.start + late, one.end + late)
        for one in gemm_ran(GRID)
    ]
    true, found = (of_perfetto(perfetto(ran, wraps=wraps), "f") for wraps in (False, True))
    assert min(one.start for one in ran) % 2**32 > 2**31 > max(one.end for one in ran) % 2**32
    assert found.launches[0].start_ns.tolist() == true.launches[0].start_ns.tolist()
    assert found.launches[0].end_ns.tolist() == true.launches[0].end_ns.tolist()


def test_the_step_of_the_clock_is_what_all_times_are_multiples_of() -> None:
    assert of_text(intra_kernel(gemm_ran(GRID, step=32)), "f").timer_ns == 32
    assert of_text(intra_kernel(gemm_ran(GRID, step=1000)), "f").timer_ns == 1000
    late = [Ran(0, 0, 1, "a", 0, 5), Ran(1, 0, 1, "a", 3 * 10**9, 3 * 10**9 + 7)]
    assert of_text(proton([("k", late)]), "f").timer_ns == 256, "float32 keeps no more"


def test_nanoseconds_since_1970_keep_their_last_digits() -> None:
    ran = [
        Ran(one.block, one.warp, one.sm, one.region, one.start + 3**38, one.end + 3**38)
        for one in gemm_ran(GRID)
    ]
    assert ran[0].start > 2**60
    for foreign in (
        of_iket(iket([("k", ran)]).encode(), "f"),
        of_perfetto(perfetto(ran), "f"),
    ):
        assert foreign.timer_ns == 32


def test_two_blocks_on_an_sm_at_one_time_are_resident() -> None:
    ran = [Ran(block, 0, 9, "all", 100 * block, 100 * block + 251) for block in range(6)]
    one = placed(of_text(intra_kernel(ran), "f"), Answers(shape=(6, 1, 1), tile=(1, 1)))
    assert one.products[0].trace.tiling.resident == 3
    assert recording_faults(one) == ()


def test_a_block_on_two_sms_is_no_tile() -> None:
    """As where a program ran again before it was through: one row would be as long as both."""
    ran = [Ran(block, 0, block, "all", 100 * block, 100 * block + 251) for block in range(6)]
    again = of_text(intra_kernel([*ran, Ran(2, 0, 9, "all", 90_000, 90_100)]), "f")
    with pytest.raises(
        InputError, match="block 2 ran on SM 2 and on SM 9: such blocks are no tiles"
    ):
        placed(again, Answers(shape=(6, 1, 1), tile=(1, 1), raster="rows"))
    found = timeline(again)
    assert "1 block is on several SMs, and a row on each" in _said(found)
    trace = found.products[0].trace
    assert len(trace) == 7
    assert (trace.end - trace.start).max() == pytest.approx(251e-9)


def test_a_block_that_goes_on_after_nothing_ran_is_told() -> None:
    ran = [Ran(block, 0, block, "all", 100 * block, 100 * block + 251) for block in range(6)]
    again = of_text(intra_kernel([*ran, Ran(2, 0, 2, "all", 90_000, 90_100)]), "f")
    said = "1 block goes on after a moment in which nothing ran: it may have run twice"
    assert said in _said(placed(again, Answers(shape=(6, 1, 1), tile=(1, 1), raster="rows")))
    assert said in _said(timeline(again))
    parts = [Ran(block, 0, block, "all", at, at + 9) for at in (0, 50, 99) for block in (0, 1)]
    sparse = of_text(intra_kernel(parts[:5]), "f")
    assert not any("twice" in line for line in _said(timeline(sparse)))


def test_what_takes_no_time_by_its_clock_is_no_schedule() -> None:
    still = [Ran(block, 0, block, "all", 100, 100) for block in range(6)]
    foreign = of_text(intra_kernel(still), "f")
    for make in (
        lambda: placed(foreign, Answers(shape=(6, 1, 1), tile=(1, 1), raster="rows")),
        lambda: timeline(foreign),
    ):
        with pytest.raises(InputError, match="all tiles begin and end at one moment"):
            make()
    ran = [Ran(block, 0, block, "all", 500 * block, 500 * block + 100) for block in range(6)]
    both = of_text(proton([("still", still), ("matmul", ran)]), "f")
    found = timeline(both)
    assert len(found.products) == 1
    assert "1 launch took no time by the file's clock, and is left out" in _said(found)


def test_what_is_of_no_block_is_left_out_and_said() -> None:
    text = json.loads(intra_kernel(gemm_ran(GRID)))
    host = {"ph": "X", "name": "launch", "pid": "host", "tid": 1, "ts": 0.0, "dur": 5.0}
    text["traceEvents"] += [host, {**host, "ph": "B"}, {**host, "ph": "i"}]
    foreign = of_text(json.dumps(text), "f")
    assert list(map(str, foreign.remarks)) == [
        "1 slice of no block is left out",
        "1 begin or end without its other is left out",
    ]


def test_it_is_kept_as_any_recording(tmp_path: Path) -> None:
    foreign = of_text(intra_kernel(gemm_ran(GRID)), "f")
    for recording in (
        placed(foreign, Answers(shape=SHAPE, tile=TILE, raster="rows")),
        timeline(foreign),
    ):
        npz.save(tmp_path / "r.npz", recording)
        again = npz.read(tmp_path / "r.npz")
        assert again.products[0].placed == recording.products[0].placed
        assert _said(again) == _said(recording)
        assert again.products[0].trace.start.tolist() == recording.products[0].trace.start.tolist()


def test_a_file_is_told_by_its_beginning() -> None:
    for write in WRITERS.values():
        assert is_trace(write(gemm_ran((2, 2)))[:400].encode())
    assert is_foreign(iket([("k", gemm_ran((2, 2)))]).encode())
    assert is_foreign(perfetto(gemm_ran((2, 2)))[:400])
    assert not is_foreign(b"\n\n# a comment\ninputs = 3")
    for text in ("", "[1, 2]", '{"a": 1}', "inputs = 3", '[[layers]]\n"ph"'):
        assert not is_trace(text.encode())
        assert not is_foreign(text.encode())


_EVENT = {"ph": "X", "name": "a", "pid": 1, "tid": 1, "ts": 1.0, "dur": 2.0}
_HERE = {**_EVENT, "args": {"sm": 1, "block": 0, "warp": 0}}


def _trace(**more: object) -> str:
    return json.dumps({"traceEvents": [{**_HERE, **more}]})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "f has no traceEvents"),
        ("[", "cut off"),
        ('{"traceEvents": [', "cut off"),
        (_trace()[:-1], "cut off"),
        (_trace()[:-2], "cut off"),
        (_trace() + "x", "no JSON at character"),
        ('{"traceEvents": [{} {}]}', "no JSON at character 21"),
        ('{"traceEvents" [{}]}', "no JSON at character"),
        ("{traceEvents: []}", "no JSON at character 2"),
        ("hello", "f has no traceEvents"),
        ("{}", "has no traceEvents"),
        ('{"traceEvents": {}}', "has no traceEvents"),
        ('{"traceEvents": [1]}', "an event is no object"),
        ('{"traceEvents": []}', "does not tell which block"),
        (json.dumps([_EVENT]), "does not tell which block"),
        ('{"traceEvents": [' + "[" * 100_000, "no JSON that can be read"),
        ('{"x": ' + "[" * 100_000, "no JSON that can be read"),
        ('{"traceEvents": [{"a": ' + "1" * 10_000 + "}]}", "no JSON that can be read"),
        (_trace(dur=-1), "a slice ends before it begins"),
        (_trace(dur=float("nan")), "a time is no number"),
        (_trace(ts=float("inf")), "a time is no number"),
        (_trace(ts=10**400), "a time is no number"),
        (_trace(ts="0"), "a time is no number"),
        (_trace(ts=True), "a time is no number"),
        (_trace(dur=None), "a time is no number"),
        (_trace(dur=1e200), "times are too far apart"),
        (_trace(pid=[1]), "a process or a thread has no name"),
        (_trace(tid={}), "a process or a thread has no name"),
        (_trace(args={"sm": 1, "block": 1 << 40, "warp": 0}), "does not tell which block"),
        (_trace(args={"sm": -5, "block": 0, "warp": 0}), "does not tell which block"),
        (_trace(args={"sm": 1.5, "block": 0, "warp": 0}), "does not tell which block"),
        (_trace(pid=f"k Core1 CTA{'9' * 5000}", args=None), "does not tell which block"),
    ],
)
def test_what_is_no_such_trace_is_one_sentence(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        of_text(text, "f")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("ending", ["start", "end"])
def test_an_end_before_its_begin_is_refused(ending: str) -> None:
    events = [{**_HERE, "ph": "B", "ts": 5.0}, {**_HERE, "ph": "E", "ts": 4.0}]
    if ending == "end":
        events.reverse()
        assert of_text(json.dumps([*events, _HERE]), "f").remarks, "an end without a begin is left"
        return
    with pytest.raises(InputError, match="ends before it begins"):
        of_text(json.dumps(events), "f")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (Answers(shape=(0, 1, 1)), "m of product 1"),
        (Answers(shape=SHAPE, tile=(0, 8)), "a tile has 1 cell a side"),
        (Answers(shape=SHAPE, tile=TILE, raster="diagonal"), "unknown raster 'diagonal'"),
        (Answers(launch=-1), "there is no launch 0"),
        (Answers(mhz=0.0), "a clock is 1 to"),
        (Answers(mhz=float("nan")), "a clock is 1 to"),
        (Answers(dtype="float31"), "float31"),
        (Answers(), "its shape m, n, k is needed"),
        (Answers(shape=(999, 999, 9)), "the tile is needed"),
        (
            Answers(shape=(1 << 24,) * 3, tile=(1, 1), raster="rows"),
            "at most 8.388.608 can be drawn",
        ),
        (Answers(shape=(300, 500, 1), tile=(60, 500), raster="rows"), "a piece without a "),
    ],
)
def test_what_is_no_answer_is_one_sentence(answers: Answers, says: str) -> None:
    foreign = of_text(intra_kernel(gemm_ran(GRID)), "f")
    with pytest.raises(InputError, match=says):
        placed(foreign, answers)


def test_more_than_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.json"
    path.write_text(intra_kernel(gemm_ran(GRID)))
    assert len(read(path).launches) == 1
    monkeypatch.setattr(slices, "MOST_SLICES", 100)
    with pytest.raises(InputError, match="more than 100 slices"):
        read(path)
    monkeypatch.setattr(traces, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match=r"larger than 1.000 bytes"):
        read(path)
    monkeypatch.setattr(slices, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="too many rows or names"):
        of_text(flashinfer(gemm_ran(GRID)), "f")
    with pytest.raises(InputError, match="it is a folder"):
        read(tmp_path)


def test_whoever_waits_is_told_and_can_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick(done: int, whole: int) -> None:
        assert 0 < done <= whole
        raise Cancelled

    monkeypatch.setattr("mmviz.files.foreign.events.BLOCK", 1000)
    (tmp_path / "t.json").write_text(intra_kernel(gemm_ran(GRID)))
    with pytest.raises(Cancelled):
        read(tmp_path / "t.json", tick)


_TEXTS = [write(gemm_ran((2, 3))) for write in WRITERS.values()]


@given(st.integers(0, 2**32), st.sampled_from(_TEXTS), st.integers(1, 8))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_that_was_changed_is_read_or_refused(seed: int, text: str, changes: int) -> None:
    rng, data = random.Random(seed), list(text)
    for _ in range(changes):
        at = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[at] = rng.choice('{}[]",:0123456789eE+-.\\ \x00é')
            case 1:
                del data[at : at + rng.randrange(1, 60)]
            case 2:
                data[at:at] = rng.choice(["null", "1e400", "-7", "[]", '"', "{}", "true", "9" * 40])
            case _:
                del data[at:]
        if not data:
            data = ["["]
    with contextlib.suppress(InputError):
        foreign = of_text("".join(data), "f")
        assert recording_faults(timeline(foreign)) == ()
        again = placed(foreign, Answers(shape=(128, 192, 9), tile=(64, 64), raster="rows"))
        assert recording_faults(again) == ()


_PERFETTO = perfetto(gemm_ran((2, 3)))


@given(st.integers(0, 2**32), st.integers(1, 8))
@settings(max_examples=150)
def test_a_trace_of_perfetto_that_was_changed_is_read_or_refused(seed: int, changes: int) -> None:
    rng, data = random.Random(seed), bytearray(_PERFETTO)
    for _ in range(changes):
        at = rng.randrange(len(data))
        match rng.randrange(3):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randrange(1, 30)]
            case _:
                del data[at:]
        data = data or bytearray(b"\n")
    with contextlib.suppress(InputError):
        assert recording_faults(timeline(of_perfetto(bytes(data), "f"))) == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_PERFETTO[:-3], "cut off or was changed"),
        (b"\n\x05\x50\x01", "cut off or was changed"),
        (b"\n\x01\x07", "cut off or was changed"),
        (b"\x0a" + b"\xff" * 20, "cut off or was changed"),
        (b"\n\x03\x92\x03\x00", "is compressed inside"),
        (b"\n\x02\x50\x01", "does not tell which block"),
    ],
)
def test_what_is_no_trace_of_perfetto_is_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        of_perfetto(data, "f")


_IKET = iket([("first", gemm_ran((2, 3))), ("second", gemm_ran((4, 1), seed=1))], 2)


def test_launches_of_iket_follow_one_another() -> None:
    later = [
        Ran(one.block, one.warp, one.sm, one.region, one.start + 10**6, one.end + 10**6)
        for one in gemm_ran((2, 3))
    ]
    launches = [("a kernel", gemm_ran((2, 3))), ("a kernel", later)]
    for order, names in ((1, ["a kernel #1", "a kernel #2"]), (-1, ["a kernel #2", "a kernel #1"])):
        recording = timeline(of_iket(iket(launches[::order], 3).encode(), "f"))
        assert [one.gemm.name for one in recording.products] == names, "as they ran"
        assert [one.begun_s for one in recording.products] == pytest.approx([0, 1e-3])
        assert recording_faults(recording) == ()


@given(st.integers(0, 2**32), st.integers(1, 8))
@settings(max_examples=150)
def test_a_trace_of_iket_that_was_changed_is_read_or_refused(seed: int, changes: int) -> None:
    rng, data = random.Random(seed), bytearray(_IKET.encode())
    for _ in range(changes):
        at = rng.randrange(len(data))
        match rng.randrange(3):
            case 0:
                data[at] = rng.choice(b'{}[]",:0123456789eE+-.')
            case 1:
                del data[at : at + rng.randrange(1, 30)]
            case _:
                data[at:at] = rng.choice([b"-7", b"null", b"[]", b"9" * 30, b"{}"])
    with contextlib.suppress(InputError):
        assert recording_faults(timeline(of_iket(bytes(data), "f"))) == ()


def _iket(**more: object) -> bytes:
    here = {"ctaId": [0, 0, 0], "smId": 1, "warpId": 0, **more}
    one = {"rangeName": "a", "startTs": 1, "endTs": 2, "warpLocs": [here]}
    return json.dumps({"launches": [{"kernelName": "k", "ranges": [one]}]}).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_IKET[:-9].encode(), "cut off or was changed"),
        (_IKET.replace('"rangeNameIdx": 0', '"rangeNameIdx": 99').encode(), "cut off or was"),
        (_IKET.replace('"locIdx": 0', '"locIdx": -1').encode(), "cut off or was changed"),
        (_IKET.replace('"gridDimX": 2', '"gridDimX": 1').encode(), "cut off or was changed"),
        (_iket(ctaId=[0, 0]), "cut off or was changed"),
        (_iket(ctaId=[-1, 0, 0]), "cut off or was changed"),
        (_iket(ctaId=[2**40, 0, 0]), "cut off or was changed"),
        (_iket(ctaId=[2**20, 2**20, 0]), "does not tell which block"),
        (_iket(smId=-9), "does not tell which block"),
        (b'{"launches": [], "kernelName": ""}', "does not tell which block"),
        (b'{"launches": ' + b"[" * 100_000, "cut off or was changed"),
    ],
)
def test_what_is_no_trace_of_iket_is_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        of_iket(data, "f")


def test_a_trace_of_nobody_s_is_read_where_its_events_tell_their_place_as_the_refusal_says() -> (
    None
):
    plain = {"ph": "X", "name": "tile 0", "pid": 1, "tid": 0, "ts": 0.0, "dur": 95.375}
    with pytest.raises(InputError, match="whole numbers sm, block and warp in its args"):
        of_text(json.dumps([plain]), "f")
    told = {**plain, "args": {"sm": 3, "block": 17, "warp": 0}}
    [launch] = of_text(json.dumps([told]), "f").launches
    assert (launch.sm.tolist(), launch.block.tolist()) == ([3], [17])
    assert (launch.end_ns - launch.start_ns).tolist() == [95_375]
