"""The time model of GPUs: closed forms, limits, and what holds for every shape."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.constants import (
    CONSTANT_NAMES,
    IDEAL,
    Constants,
    constants_from,
    constants_of,
    fitted_for,
)
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.time.traffic import bytes_past_l2
from mmviz.core.time.wave_time import predict
from mmviz.errors import InputError
from mmviz.files.devices import device_ids, read_device

SIDE = st.integers(1, 20_000)
TILES = ((256, 128), (128, 128), (64, 64))
GPU = Device(
    "gpu",
    "GPU",
    Gpu(),
    100,
    TILES,
    ((16_384, 1), (1, 4)),
    k_step=32,
    peaks=(("float16", 1e14), ("float32", 2e13)),
    bandwidth=1e12,
    l2=4e7,
)
REAL = Constants(2.5e-6, 1.0, 15.0, 160.0, 2e-7, 0.84, 0.1, 2.7e-6, 4.0, 0.25)
PAIRS = tuple(REAL.named.items())


def shapes(*sides: tuple[int, int, int]) -> Shapes:
    m, n, k = (np.array(side) for side in zip(*sides, strict=True))
    return Shapes.of(m, n, k)


def seconds(
    device: Device,
    shape: tuple[int, int, int],
    constants: Constants = REAL,
    tile: tuple[int, int] | None = None,
    parts: int | None = None,
) -> float:
    return float(predict(shapes(shape), device, "float16", constants, tile, parts).seconds[0])


def test_a_full_wave_in_closed_form() -> None:
    """100 tiles of 128 × 128 on 100 units: each computes one at its share of the peak."""
    found = seconds(GPU, (1280, 1280, 4096), IDEAL, (128, 128), 1)
    assert found == pytest.approx(2 * 1280 * 1280 * 4096 / 1e14, rel=1e-6)
    one_more = seconds(GPU, (1281, 1280, 4096), IDEAL, (128, 128), 1)
    assert one_more == pytest.approx(2 * found, rel=1e-6)


def test_each_constant_in_closed_form() -> None:
    shape, flop_s = (1280, 1280, 4096), 2 * 1280 * 1280 * 4096 / 1e14

    def extra(**change: float) -> float:
        return seconds(GPU, shape, replace(IDEAL, **change), (128, 128), 1) - flop_s

    assert extra(t0=5e-6) == pytest.approx(5e-6)
    assert extra(edge=1024) == pytest.approx(flop_s / 4)
    assert extra(cell=1.5) == pytest.approx(flop_s / 2)
    assert extra(side=64.0) == pytest.approx(flop_s)  # 64 · 256 cells, as many as the tile has
    assert extra(cell=0.25, side=32.0) == pytest.approx(0)  # 3/4 of its cells: not below the peak
    assert extra(heat=0.5) == pytest.approx(0.5 * flop_s * flop_s / (flop_s + 1e-3))
    two_waves = seconds(GPU, (2560, 1280, 4096), replace(IDEAL, wave=1e-6), (128, 128), 1)
    assert two_waves == pytest.approx(2 * flop_s + 1e-6)


def test_memory_in_closed_form() -> None:
    """A vector product: 2·(k·n + k + n) bytes, however few units they are for."""
    moved = 2 * (4096 * 12_800 + 4096 + 12_800)
    quick = replace(GPU, peaks=(("float16", 1e18),))
    found = seconds(quick, (1, 12_800, 4096), replace(IDEAL, share=0.5), (128, 128), 1)
    assert found == pytest.approx(moved / 5e11, rel=1e-3)
    half = seconds(quick, (1, 6400, 4096), replace(IDEAL, share=0.5), (128, 128), 1)
    assert half == pytest.approx(found / 2, rel=1e-2)


def test_a_unit_streams_no_faster_than_its_reach() -> None:
    """Half an even share for the one tile of 100 units: 2 · 51200 · (128 + act · 128) bytes."""
    streams = replace(IDEAL, reach=0.5)
    bytes_, shape = 2 * 51_200 * 128, (128, 128, 51_200)
    alone = seconds(replace(GPU, peaks=(("float16", 1e18),)), shape, streams, (128, 128), 1)
    both = 2 * (2 * 128 * 51_200 + 128 * 128) / 1e12  # what all moves, in quadrature with it
    assert alone == pytest.approx(math.hypot(bytes_ / (0.5 * 1e12 / 100), both), rel=1e-6)
    wider = replace(streams, act=0.5)
    twice = seconds(replace(GPU, peaks=(("float16", 1e18),)), shape, wider, (128, 128), 1)
    assert twice == pytest.approx(math.hypot(1.5 * bytes_ / (0.5 * 1e12 / 100), both), rel=1e-6)


def test_quantizing_in_closed_form() -> None:
    """A read as 2 bytes, written as 1; past an L2 of 40 MB dearer; few rows dearer still."""
    narrow = replace(GPU, peaks=(("float8", 1e18),), bandwidth=1e12)
    shape = (4000, 64, 8192)

    def extra(m: int = 4000, **change: float) -> float:
        sides = shapes((m, *shape[1:]))
        with_, without = (
            predict(sides, narrow, "float8", c, (128, 128), 1).seconds[0]
            for c in (replace(IDEAL, **change), IDEAL)
        )
        return float(with_ - without)

    moved = 4000 * 8192 * 3
    assert extra(cast=2.0) == pytest.approx(2 * moved / 1e12)
    past = 1 / (1 + (4e7 / moved) ** 4)
    assert extra(cast_far=2.0) == pytest.approx(2 * past * moved / 1e12)
    assert extra(cast_few=1e-9) == pytest.approx(1e-9 * 8192 * 4000 / (4000 + 4 * 100))
    assert extra(400, cast_few=1e-9) == pytest.approx(1e-9 * 8192 / 2)


def test_no_launch_begins_sooner_than_the_pace() -> None:
    paced = replace(IDEAL, pace=40e-6)
    assert seconds(GPU, (16, 16, 16), paced) == pytest.approx(40e-6, rel=1e-3)
    long = seconds(GPU, (4096, 4096, 4096), IDEAL)
    assert seconds(GPU, (4096, 4096, 4096), paced) == pytest.approx(long, rel=1e-3)


def test_a_tile_may_be_dearer() -> None:
    dear = replace(IDEAL, tiles=(((128, 128), 1.5),))
    shape = (1280, 1280, 4096)
    once = seconds(GPU, shape, IDEAL, (128, 128), 1)
    assert seconds(GPU, shape, dear, (128, 128), 1) == pytest.approx(1.5 * once)
    assert seconds(GPU, shape, dear, (64, 64), 1) == seconds(GPU, shape, IDEAL, (64, 64), 1)


def test_split_k_shares_a_lone_tile() -> None:
    alone = seconds(GPU, (128, 128, 51_200), IDEAL, (128, 128), 1)
    shared = seconds(GPU, (128, 128, 51_200), IDEAL, (128, 128), 16)
    assert shared < alone / 10
    found = predict(shapes((128, 128, 51_200)), GPU, "float16", REAL)
    assert found.parts[0] > 1
    assert predict(shapes((128, 128, 64)), GPU, "float16", REAL).parts[0] == 1


def test_what_the_l2_keeps() -> None:
    m, n, k = (np.array([float(side)]) for side in (100, 200, 300))
    whole = 2 * (100 * 300 + 300 * 200 + 100 * 200)
    assert bytes_past_l2(m, n, k, 2, 2, None, 0.5, 8, 4)[0] == whole
    assert bytes_past_l2(m, n, k, 2, 2, 1e12, 0.5, 8, 4)[0] == pytest.approx(whole / 2)
    assert bytes_past_l2(m, n, k, 2, 2, 1e3, 0.5, 8, 4)[0] == pytest.approx(whole, rel=1e-6)


@given(SIDE, SIDE, SIDE, st.floats(1.01, 10))
def test_more_bandwidth_or_peak_is_never_slower(m: int, n: int, k: int, factor: float) -> None:
    before = seconds(GPU, (m, n, k))
    wider = replace(GPU, bandwidth=1e12 * factor)
    quicker = replace(GPU, peaks=(("float16", 1e14 * factor),))
    assert seconds(wider, (m, n, k)) <= before * (1 + 1e-12)
    assert seconds(quicker, (m, n, k)) <= before * (1 + 1e-12)


@given(SIDE, SIDE, SIDE)
def test_nothing_is_faster_than_the_peak_or_the_launch(m: int, n: int, k: int) -> None:
    found = seconds(GPU, (m, n, k))
    assert found >= REAL.t0 + 2 * m * n * k / 1e14 * (1 - 1e-12)


@given(SIDE, SIDE, st.integers(1, 2_000), st.sampled_from(TILES))
def test_more_terms_of_k_take_longer(m: int, n: int, k: int, tile: tuple[int, int]) -> None:
    once, twice = (seconds(GPU, (m, n, terms), REAL, tile, 1) for terms in (32 * k, 64 * k))
    assert once < twice


def test_huge_squares_scale_to_the_roofline() -> None:
    """Twice the side is eight times the time, at a steady distance from the peak."""
    flop_s = [2 * side**3 / 1e14 for side in (16_384, 32_768, 65_536)]
    found = [seconds(GPU, (side, side, side)) for side in (16_384, 32_768, 65_536)]
    ratios = [a / b for a, b in zip(found, flop_s, strict=True)]
    assert ratios == pytest.approx([ratios[0]] * 3, rel=0.02)
    assert 1 < ratios[0] < 2
    ideal = seconds(GPU, (65_536, 65_536, 65_536), IDEAL)
    assert ideal == pytest.approx(flop_s[-1], rel=0.01)


def test_tiny_products_cost_their_launch() -> None:
    quick = replace(GPU, peaks=(("float16", 1e15),))
    assert seconds(quick, (1, 1, 1)) == pytest.approx(REAL.t0, rel=0.25)
    assert seconds(quick, (16, 16, 16)) == pytest.approx(REAL.t0, rel=0.15)


@given(st.integers(1, 128), st.integers(1, 128))
def test_equal_tile_counts_take_equal_times_where_tiles_bound(m: int, n: int) -> None:
    full = seconds(GPU, (5 * 128, 7 * 128, 8192), tile=(128, 128), parts=1)
    ragged = seconds(
        GPU, (4 * 128 + 8 * -(-m // 8), 6 * 128 + 8 * -(-n // 8), 8192), tile=(128, 128), parts=1
    )
    assert ragged == pytest.approx(full, rel=1e-3)


def test_a_wave_more_is_seen() -> None:
    """108 units with two tiles each: 1280 tiles are six waves, 1408 are seven."""
    a100 = replace(GPU, units=108, resident=((1, 2),), peaks=(("float16", 3.12e14),))
    six, seven = (seconds(a100, (m, 8192, 8192), REAL, (128, 128), 1) for m in (2560, 2816))
    assert 1.05 < seven / six < 1.2


@given(st.lists(st.tuples(SIDE, SIDE, SIDE), min_size=1, max_size=12))
def test_many_at_once_are_each_by_itself(sides: list[tuple[int, int, int]]) -> None:
    together = predict(shapes(*sides), GPU, "float16", REAL)
    for i, side in enumerate(sides):
        alone = predict(shapes(side), GPU, "float16", REAL)
        assert together.seconds[i] == alone.seconds[0]
        assert (together.tm[i], together.tn[i]) == (alone.tm[0], alone.tn[0])


@given(SIDE, SIDE, SIDE)
def test_free_choice_is_no_slower_than_any_fixed_one(m: int, n: int, k: int) -> None:
    free = seconds(GPU, (m, n, k))
    for tile in TILES:
        assert free <= seconds(GPU, (m, n, k), tile=tile, parts=1) * (1 + 1e-12)


def test_rows_that_lie_in_memory() -> None:
    forward, wgrad = Gemm("x", "forward", 3, 16, 32), Gemm("x", "wgrad", 3, 16, 32)
    assert Shapes.from_gemms([forward, wgrad]).rows.tolist() == [16 | 32, 16 | 3]


def test_no_time_without_a_peak() -> None:
    with pytest.raises(InputError, match="no peak in bfloat16"):
        predict(shapes((1, 1, 1)), GPU, "bfloat16", IDEAL)


def test_constants_by_name() -> None:
    assert constants_from(dict(PAIRS)) == REAL
    with pytest.raises(InputError, match="'t0' is missing"):
        constants_from({"cell": 1.0})
    with pytest.raises(InputError, match="'speed' is unknown"):
        constants_from(dict.fromkeys((*CONSTANT_NAMES, "speed"), 1.0))


def test_whose_constants_a_dtype_takes() -> None:
    pairs = PAIRS
    half = Calibration("bfloat16", pairs, 400, 100, 0.1, 0.05, "", True)
    single = replace(half, dtype="float32")
    device = replace(GPU, calibrations=(half, single))
    assert fitted_for(device, "float16") == half
    assert fitted_for(device, "tf32") == half
    assert fitted_for(device, "float64") == single
    assert fitted_for(GPU, "float16") is None
    assert constants_of(GPU, "float16") == IDEAL
    # A launch timed around eager calls is none of a kernel in another dtype.
    assert fitted_for(replace(GPU, calibrations=(single,)), "float16") is None


def test_constants_of_a_slower_dtype() -> None:
    """In float32 a fifth of the peak and twice the bytes: 2/5 of the cells."""
    half = Calibration("float16", PAIRS, 9, 1, 0.1, 0.1, "s", True)
    device = replace(GPU, calibrations=(half,))
    found = constants_of(device, "float32")
    assert found.edge == pytest.approx(REAL.edge * 0.2**0.4)
    assert found.side == pytest.approx(REAL.side * 0.4)
    assert replace(found, edge=REAL.edge, side=REAL.side) == REAL
    assert constants_of(device, "float16") == REAL
    assert constants_of(replace(device, peaks=(("float32", 2e13),)), "float32") == REAL
    same = replace(device, peaks=(("float16", 1e14), ("bfloat16", 3e13)))
    assert constants_of(same, "bfloat16") == REAL


@pytest.mark.parametrize("more", [1.05, 1.5, 20.0])
@pytest.mark.parametrize("id", [id for id in device_ids() if read_device(id).kind == "gpu"])
def test_a_higher_peak_of_one_dtype_never_costs_time(id: str, more: float) -> None:
    device = read_device(id)
    m, n, k = (4 ** side.ravel() for side in np.indices((7, 7, 7)))
    of = Shapes.of(m, n, k)
    for dtype, peak in device.peaks:
        others = tuple(pair for pair in device.peaks if pair[0] != dtype)
        faster = replace(device, peaks=(*others, (dtype, peak * more)))
        before, after = (
            predict(of, each, dtype, constants_of(each, dtype)).seconds for each in (device, faster)
        )
        assert (after <= before * (1 + 1e-9)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64", "tf32"])
@pytest.mark.parametrize("id", ["h100", "h200", "b200", "l40s", "rtx4090", "mi300x"])
def test_lent_to_a_slow_dtype_small_ones_cost_a_launch_and_huge_ones_the_peak(
    id: str, dtype: str
) -> None:
    device = read_device(id)
    constants = constants_of(device, dtype)
    small, huge = predict(
        shapes((1, 1, 1), (65_536, 65_536, 65_536)), device, dtype, constants
    ).seconds
    assert constants.t0 < small < constants.t0 + 25e-6
    at_peak = 2 * 65_536**3 / (device.peak(dtype) or 0) / constants.rate
    assert 1 < huge / at_peak < 2.1


def test_parts_that_are_fixed_leave_the_best_tile_free() -> None:
    """64 × 16 cells in 16 parts of 8 terms: no library would, but never in its largest tile."""
    found = predict(shapes((64, 16, 128)), GPU, "float16", REAL, parts=16)
    assert (found.tm[0], found.tn[0], found.parts[0]) == (64, 64, 16)
    assert np.isfinite(found.seconds).all()


@pytest.mark.parametrize(("name", "value"), [("share", 1.1), ("hit", 1.5), ("smooth", 0.01)])
def test_constants_that_beat_the_hardware_are_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"{name} of the time model must be a number from"):
        constants_from({**dict(PAIRS), name: value})


def test_the_gap_of_eager_calls_is_a_term_of_its_own() -> None:
    """In a graph it is left out, and the error of calls judged with it is a larger share."""
    pairs = (*PAIRS, ("gap", 50e-6))
    fitted = Calibration("float16", pairs, 200, 50, 0.1, 0.1, "", True, 0.1)
    device = replace(GPU, calibrations=(fitted,))
    setup = Setup(from_widths([1024, 1024]), device, 1024, dtype="float16")
    graph, eager = price(setup), price(replace(setup, launch_kind="eager"))
    assert graph.predicted_s == pytest.approx(seconds(GPU, (1024, 1024, 1024)))
    assert eager.predicted_s == pytest.approx((graph.predicted_s or 0) + 50e-6)
    assert graph.losses is not None
    assert eager.losses is not None
    assert eager.losses[-1] == pytest.approx(graph.losses[-1] + 50e-6)
    assert eager.error == pytest.approx(0.1)
    assert graph.error == pytest.approx(0.1 * (eager.predicted_s or 0) / (graph.predicted_s or 1))
    assert "without the launch gap of 50.0 µs" in str(graph.basis)
    assert "launch gap of 50.0 µs included" in str(eager.basis)


def test_an_assumed_gap_has_no_error() -> None:
    fitted = Calibration("float16", PAIRS, 200, 50, 0.1, 0.1, "", True, 0.1)
    device = replace(GPU, calibrations=(fitted,))
    setup = Setup(from_widths([1024, 1024]), device, 1024, dtype="float16", launch_kind="eager")
    assert price(setup).error is None
    assert "assumed launch gap of 30.0 µs" in str(price(setup).basis)
