"""The pass on one line of time: order, launch, waves, and which stretch of it is shown."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz import units
from mmviz.core.device.body import Cpu, Gpu, Lanes, Systolic
from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.schedule.schedule import schedule
from mmviz.core.schedule.trace import Clock, stretched
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.choice import tile_product
from mmviz.errors import InputError
from mmviz.state.picture.pass_span import (
    LEAST,
    NARROW,
    Span,
    about,
    blocks,
    clamp,
    pan,
    pointed,
    reveal,
    ticks,
    whole,
    zoom,
)
from mmviz.state.picture.pass_timeline import (
    PassTimeline,
    as_traced,
    one_after_another,
    pass_timeline,
)

LANES = Device("lanes", "Lanes", Lanes(), 4)
# One tile of 1 cell and 1 term takes 1 µs: 2 FLOP on one of 4 units that do 2 MFLOP/s each.
GPU = Device("gpu", "GPU", Gpu(), 4, peaks=(("float32", 8e6),))


def timeline(
    device: Device = GPU,
    widths: tuple[int, ...] = (8, 4, 2),
    batch: int = 2,
    launch_s: float | None = 4e-6,
    training: bool = True,
) -> PassTimeline:
    gemms = from_widths(widths).lower(batch, training)
    return pass_timeline([tile_product(g, device) for g in gemms], device, "float32", launch_s)


def test_training_runs_forward_then_backward_with_the_launches_between() -> None:
    line = timeline()
    names = [str(product.title) for product in line.products]
    assert names == ["layer 1", "layer 2", "layer 2 · dgrad", "layer 2 · wgrad", "layer 1 · wgrad"]
    # 2×4×8: 8 cells on 4 units = 2 waves of 8 µs. 2×2×4: 1 of 4. 2×4×2: 2 of 2. 4×2×2: 2 of 2.
    # 8×4×2: 8 of 2.
    assert [p.duration * 1e6 for p in line.products] == pytest.approx([16, 4, 4, 4, 16])
    assert [p.start * 1e6 for p in line.products] == pytest.approx([4, 24, 32, 40, 48])
    assert [p.waves for p in line.products] == [2, 1, 2, 2, 8]
    assert [p.tiles for p in line.products] == [8, 4, 8, 8, 32]
    assert line.total == pytest.approx(64e-6)
    assert str(line.summary) == (
        "one training pass · 5 products · at least 64.0 µs modelled · launch 20.0 µs = 31.2 %"
    )


def test_a_small_layer_is_mostly_launch() -> None:
    small = timeline(widths=(1, 1), batch=1, training=False)
    assert small.products[0].launch_share == pytest.approx(0.8)
    assert tuple(map(str, small.about(0))) == (
        "layer 1",
        "1 × 1 × 1",
        "at least 1.00 µs, modelled",
        "1 tile in 1 wave",
        "launch before it 4.00 µs = 80.0 % of both",
    )
    assert str(small.lines[0]) == "one forward pass · 1 product"


def test_without_a_figure_there_is_no_gap_and_it_says_so() -> None:
    line = timeline(launch_s=None)
    assert all(product.launch == 0 for product in line.products)
    assert line.total == pytest.approx(44e-6)
    assert str(line.launch_text) == "launch: no data"
    assert str(line.about(0)[-1]) == "launch: no data"


def test_lanes_and_steps_have_no_launch() -> None:
    line = timeline(LANES)
    assert (
        str(line.summary)
        == "one training pass · 5 products · 44 steps modelled · no launch on lanes"
    )
    core = Device("cpu", "CPU", Cpu(), 2)
    steps = timeline(core)
    assert (steps.clock, str(steps.launch_text)) == ("steps", "")
    assert steps.products[0].begin == 0


@pytest.mark.parametrize("launch", [-1e-6, math.inf, math.nan])
def test_an_impossible_launch_is_refused(launch: float) -> None:
    with pytest.raises(InputError, match="launch cost of GPU must be 0 s or more"):
        timeline(launch_s=launch)


def test_a_pass_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="at least one product"):
        pass_timeline([], GPU, "float32", None)


@pytest.mark.parametrize(
    "order", ["rows", "columns", "swizzle-4", "persistent", "split-k-2", "split-k-4", "stream-k"]
)
def test_times_and_waves_are_those_of_the_trace(order: str) -> None:
    device = Device("g", "G", Gpu(), 3, ((4, 4),), ((1, 2),), peaks=(("float32", 1e9),))
    tiling = tile_product(Gemm("x", "forward", 30, 21, 10), device, order=order)
    trace = schedule(tiling, device, "float32")
    product = pass_timeline([tiling], device, "float32", 4e-6).products[0]
    assert product.duration == pytest.approx(trace.duration)
    starts = [product.wave * i for i in range(product.waves)] if product.wave is not None else None
    if order in ("split-k-4", "stream-k"):  # 10 terms in 4 parts: the last is longer
        assert starts is None
    else:
        assert starts == pytest.approx(trace.wave_starts().tolist())


def test_the_waves_of_stream_k_are_not_guessed() -> None:
    tiling = tile_product(Gemm("x", "forward", 8, 8, 4), GPU, order="stream-k")
    line = pass_timeline([tiling], GPU, "float32", None)
    assert line.products[0].waves == 0
    assert str(line.about(0)[3]) == "64 tiles"


def test_the_waves_of_an_array_are_those_of_the_trace() -> None:
    array = Device("t", "T", Systolic((8, 8)), 2, k_step=8)
    tiling = tile_product(Gemm("x", "forward", 16, 40, 16), array)
    trace = schedule(tiling, array, "float32")
    product = pass_timeline([tiling], array, "float32", None).products[0]
    assert product.duration == trace.duration
    assert product.wave is not None
    assert [product.wave * i for i in range(product.waves)] == trace.wave_starts().tolist()


@given(st.integers(0, 4), st.floats(0, 1 - 1e-9))
def test_a_time_and_its_place_name_each_other(product: int, share: float) -> None:
    line = timeline()
    found, at = line.at(line.time(product, share))
    assert (found, at) == (product, pytest.approx(share, abs=1e-9))


def test_a_launch_belongs_to_the_product_after_it() -> None:
    line = timeline()
    assert line.at(22e-6) == (1, 0.0)
    assert line.at(-1.0) == (0, 0.0)
    assert line.at(1.0) == (4, 1.0)


SPANS = st.tuples(st.floats(-1, 2), st.floats(1e-3, 2)).map(
    lambda pair: Span(pair[0] * 64e-6, (pair[0] + pair[1]) * 64e-6)
)


@given(SPANS)
def test_a_span_stays_within_the_pass(span: Span) -> None:
    line = timeline()
    held = clamp(line, span)
    assert 0 <= held.start < held.end <= line.total * (1 + 1e-12)
    assert held.length >= 4e-6 / 8 * (1 - 1e-9)
    again = clamp(line, held)
    assert (again.start, again.end) == pytest.approx((held.start, held.end))


@given(st.floats(0.05, 0.95), st.floats(1.01, 4))
def test_zooming_keeps_the_pointer_on_its_instant(share: float, factor: float) -> None:
    line = timeline()
    before = whole(line)
    instant = before.at(share)
    closer = zoom(line, before, instant, factor)
    assert closer.length == pytest.approx(before.length / factor)
    assert closer.share(instant) == pytest.approx(share)
    back = zoom(line, closer, instant, 1 / factor)
    assert (back.start, back.end) == pytest.approx((0, line.total), abs=1e-12)


def test_zooming_and_panning_stop_at_the_ends() -> None:
    line = timeline()
    assert zoom(line, whole(line), 10e-6, 0.01) == whole(line)
    assert zoom(line, whole(line), 10e-6, 1e12).length == pytest.approx(0.5e-6)
    closer = Span(10e-6, 20e-6)
    assert pan(line, closer, 5e-6).start == pytest.approx(15e-6)
    assert pan(line, closer, 1.0).end == pytest.approx(line.total)
    assert pan(line, closer, -1.0).start == 0


def test_a_product_is_revealed_with_as_little_movement_as_will_do() -> None:
    line = timeline()
    assert reveal(line, Span(0.0, 30e-6), 1) == Span(0.0, 30e-6)
    later = reveal(line, Span(0.0, 30e-6), 3)  # launched at 36, done at 44
    assert (later.start, later.end) == pytest.approx((14e-6, 44e-6))
    earlier = reveal(line, Span(40e-6, 60e-6), 2)  # launched at 28
    assert (earlier.start, earlier.end) == pytest.approx((28e-6, 48e-6))
    inside = Span(50e-6, 55e-6)
    assert reveal(line, inside, 4) == inside  # longer than the span, and in it
    first = reveal(line, inside, 0)  # its computing begins at 4, a fifth from the left
    assert (first.start, first.end) == pytest.approx((3e-6, 8e-6))


@pytest.mark.parametrize(
    ("span", "clock", "texts"),
    [
        (Span(0, 7.9e-3), "s", ["0 s", "2.00 ms", "4.00 ms", "6.00 ms"]),
        (Span(1e-3, 3.4e-3), "s", ["1.00 ms", "1.50 ms", "2.00 ms", "2.50 ms", "3.00 ms"]),
        (Span(0, 900), "s", ["0 s", "5.00 min", "10.0 min", "15.0 min"]),
        (Span(0, 4.1 * 3600), "s", ["0 s", "60.0 min", "2.00 h", "3.00 h", "4.00 h"]),
        (Span(0, 10), "steps", ["0 steps", "2 steps", "4 steps", "6 steps", "8 steps", "10 steps"]),
        (Span(7.9e-3, 7.9e-3 + 3e-7), "s", ["7.90 ms", "+100 ns", "+200 ns", "+300 ns"]),
        (Span(206_900.9, 206_903.3), "steps", [f"206\u202f90{i} steps" for i in (1, 2, 3)]),
    ],
)
def test_ticks_are_round(span: Span, clock: Clock, texts: list[str]) -> None:
    assert [str(tick.text) for tick in ticks(span, clock, 5)] == texts


@given(st.floats(0, 1e3), st.floats(1e-8, 1e3), st.integers(1, 40))
def test_ticks_part_the_span_evenly(start: float, length: float, most: int) -> None:
    span = Span(start, start + length)
    found = ticks(span, "s", most)
    assert len(found) <= most + 1
    slack = 1e-6 * length + 1e-12 * span.end
    assert all(span.start - slack <= tick.t <= span.end + slack for tick in found)
    steps = {units.sig(b.t - a.t, 2) for a, b in itertools.pairwise(found)}
    if length > 1e-6 * start:  # else the difference itself has no two digits left
        assert len(steps) <= 1


def test_blocks_cover_what_is_shown_and_merge_only_the_narrow() -> None:
    line = timeline()
    assert [block.count for block in blocks(line, whole(line), 640)] == [1] * 5
    # 64 µs on 20 px: 3 px are 9.6 µs, so the three products of 8 µs merge.
    merged = blocks(line, whole(line), 20)
    assert [(block.first, block.count, block.role) for block in merged] == [
        (0, 1, "forward"),
        (1, 3, None),
        (4, 1, "wgrad"),
    ]
    assert (merged[1].left, merged[1].right) == pytest.approx((6.25, 13.75))  # 20 to 44 µs
    assert tuple(map(str, about(line, merged[1]))) == (
        "3 products drawn as one, layer 2 to layer 2 · wgrad",
        "at least 24.0 µs together, modelled",
        "launch 12.0 µs = 50.0 % of it",
        "zoom in to part them",
    )
    assert about(line, merged[0]) == line.about(0)
    assert [block.first for block in blocks(line, Span(22e-6, 30e-6), 640)] == [1, 2]


@given(st.integers(1, 60), st.integers(5, 400), st.booleans())
def test_every_product_is_drawn_exactly_once(layers: int, pixels: int, training: bool) -> None:
    line = timeline(widths=tuple(1 + i % 5 for i in range(layers + 1)), training=training)
    drawn = blocks(line, whole(line), pixels)
    counted = [i for block in drawn for i in range(block.first, block.first + block.count)]
    assert counted == list(range(len(line.products)))
    for block in drawn:
        if block.count > 1:
            for product in line.products[block.first : block.first + block.count]:
                assert product.whole / line.total * pixels < NARROW * (1 + 1e-9)


def test_merged_lanes_have_no_launch() -> None:
    line = timeline(LANES)
    (block,) = blocks(line, whole(line), 3)
    assert block.count == 5
    assert tuple(map(str, about(line, block)[1:3])) == (
        "44 steps together, modelled",
        "no launch on lanes",
    )


def test_a_recorded_product_is_as_long_as_its_trace_and_says_so() -> None:
    line = timeline()
    gemm = from_widths((8, 4, 2)).lower(2, True)[1]
    trace = schedule(tile_product(gemm, GPU), GPU, "float32")
    assert as_traced(line, 1, trace) is line  # modelled as the rest
    recorded = replace(stretched(trace, 10e-6), provenance=Provenance("recorded"))
    found = as_traced(line, 1, recorded)
    assert found.products[1].duration == pytest.approx(10e-6)  # 4 µs in the model
    assert found.products[1].launch == 0, "none of the model is before what ran"
    assert [p.start * 1e6 for p in found.products] == pytest.approx([4, 20, 34, 42, 50])
    assert found.launch == pytest.approx(16e-6)
    assert [str(line) for line in found.about(1)][-1] == "4 tiles in 1 wave"
    assert str(found.about(1)[2]) == "10.0 µs, recorded"
    assert str(found.about(0)[2]) == "at least 16.0 µs, modelled"
    assert str(found.lines[1]) == "at least 66.0 µs modelled, recorded"
    assert str(found.lines[2]) == "launch 16.0 µs = 24.2 %, modelled"
    alone = as_traced(replace(line, products=line.products[1:2]), 0, recorded)
    assert [str(line) for line in alone.lines[1:]] == ["10.0 µs recorded", ""]
    steps = replace(recorded, clock="steps")
    assert as_traced(line, 1, steps) is line


def of_durations(times: list[tuple[float, float]], count: int = 1) -> PassTimeline:
    """A timeline of products that take these times of launch and computing."""
    model = timeline(widths=(2, 2), batch=1, training=False)
    products = [
        replace(model.products[0], launch=launch, duration=computing, count=count)
        for launch, computing in times
    ]
    return replace(model, products=one_after_another(products))


def powers(least: int, most: int) -> st.SearchStrategy[float]:
    """As likely of every magnitude."""
    return st.builds(lambda a, b: a * 10.0**b, st.floats(1, 9.99), st.integers(least, most))


TIMES = st.lists(
    st.tuples(st.just(0.0) | powers(-30, 29), powers(-30, 29)), min_size=1, max_size=30
)


@given(TIMES, st.integers(20, 2000), st.data())  # a band has at least 20
def test_short_products_stay_beside_others_that_take_1e60_times_as_long(
    times: list[tuple[float, float]], pixels: int, data: st.DataObject
) -> None:
    line = of_durations(times)
    assert [(p.launch, p.duration) for p in line.products] == times
    begins = [product.begin for product in line.products]
    assert begins == sorted(begins)
    assert line.total == pytest.approx(sum(launch + computing for launch, computing in times))
    span = whole(line)
    for _ in range(3):
        drawn = blocks(line, span, pixels)
        for block in drawn:
            assert 0 <= block.left <= block.right <= pixels + 1e-6
            assert block.right - block.left >= min(LEAST, pixels) - 1e-6 or not block.widened
            assert block.whole > 0
            assert about(line, block)
            product, share = pointed(line, span, pixels, drawn, (block.left + block.right) / 2)
            assert 0 <= product < len(times)
            assert 0 <= share <= 1
        if span == whole(line):
            shown = [i for block in drawn for i in range(block.first, block.first + block.count)]
            assert shown == list(range(len(times)))  # none is missing
            alone = [block for block in drawn if block.count == 1]
            for block in alone:  # and each that is drawn for itself is met by the mouse
                places = np.linspace(block.left, block.right, 9)
                met = {pointed(line, span, pixels, drawn, float(x))[0] for x in places}
                assert block.first in met
        ticks(span, line.clock, 8)
        at = data.draw(st.integers(0, len(times) - 1))
        share = data.draw(st.floats(0, 1))
        assert line.about(at)
        assert 0 <= line.at(line.time(at, share))[1] <= 1
        span = reveal(line, zoom(line, span, line.time(at, share), data.draw(powers(0, 3))), at)
        assert 0 <= span.start < span.end <= line.total * (1 + 1e-9)


def test_many_short_products_after_a_long_one_add_up() -> None:
    line = of_durations([(0.0, 1e16), *[(0.0, 0.5)] * 100_000])
    assert line.total == 1e16 + 50_000


def test_every_part_of_what_is_widened_is_a_product_of_its_own() -> None:
    line = of_durations([(0.0, 1e40), (0.0, 1.0), (0.0, 2.0), (0.0, 1e40)])
    drawn = blocks(line, whole(line), 1000)
    assert [(block.first, block.count, block.widened) for block in drawn] == [
        (0, 1, False),
        (1, 2, True),
        (3, 1, False),
    ]
    left, right = drawn[1].left, drawn[1].right
    places = [left - 1, left + 0.2, right - 0.2, right + 1]
    assert [pointed(line, whole(line), 1000, drawn, x)[0] for x in places] == [0, 1, 2, 3]
