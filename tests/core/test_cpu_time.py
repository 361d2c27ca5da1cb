"""The CPU's time model against times it made itself, and against what must hold for any machine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.calibration import KEPT, SHOWN
from mmviz.core.time.cpu_time import CONSTANTS, TimedShape, cpu_seconds, fit_cpu, mean_error

TRUE = {
    "t0": 5e-7,
    "one": 6e-12,
    "all": 1.2e-12,
    "wake": 2e-5,
    "near": 2e-11,
    "far": 8e-11,
    "far_b": 1.1e-10,
    "vector_near": 6e-12,
    "row_far": 2e-11,
    "column_far": 9e-12,
}
THREADS = 6
CORES = ("", "Haswell", "SkylakeX")
GIVEN = {name: TRUE[name] for name in ("t0", "one", "all")}


def seconds(m: int, n: int, k: int, threads: int = THREADS, **other: float) -> float:
    return float(cpu_seconds(m, n, k, {**TRUE, **other}, threads, 4))


def made(shapes: tuple[tuple[int, int, int], ...]) -> list[TimedShape]:
    return [TimedShape(*shape, seconds(*shape)) for shape in shapes]


def test_fit_finds_the_constants_the_times_were_made_with() -> None:
    found = fit_cpu(made(SHOWN), GIVEN, THREADS, 4)
    assert found is not None
    assert found == pytest.approx(TRUE, rel=1e-6)


def test_one_disturbed_shape_does_not_bend_the_rest() -> None:
    shapes = made(SHOWN)
    shapes[0] = TimedShape(512, 512, 512, 20 * shapes[0].seconds)
    found = fit_cpu(shapes, GIVEN, THREADS, 4)
    assert found is not None
    m, n, k = zip(*KEPT, strict=True)
    truth = cpu_seconds(m, n, k, TRUE, THREADS, 4)
    assert mean_error(cpu_seconds(m, n, k, found, THREADS, 4), truth) < 0.05


def test_constants_are_never_negative_and_zeros_are_left_out() -> None:
    noise = np.random.default_rng(3).lognormal(0, 0.7, len(SHOWN))
    shapes = [
        TimedShape(s.m, s.n, s.k, s.seconds * float(x))
        for s, x in zip(made(SHOWN), noise, strict=True)
    ]
    found = fit_cpu(shapes, GIVEN, THREADS, 4)
    assert found is not None
    assert set(found) <= set(CONSTANTS)
    assert len(found) <= 10
    assert min(found.values()) > 0


def test_too_few_shapes_fit_nothing() -> None:
    assert fit_cpu(made(SHOWN[:6]), GIVEN, THREADS, 4) is None
    for side in (0, 1):  # neither rows nor columns may be missing
        without = tuple(shape for shape in SHOWN if shape[side] != 1)
        assert fit_cpu(made(without), GIVEN, THREADS, 4) is None
    assert fit_cpu([], GIVEN, THREADS, 4) is None


def test_a_tiny_product_costs_the_call_and_a_huge_one_the_flop() -> None:
    assert seconds(1, 1, 1) == pytest.approx(TRUE["t0"], rel=0.01)
    side = 20_000
    assert seconds(side, side, side) == pytest.approx(2 * side**3 * TRUE["all"], rel=0.03)


@given(st.tuples(*[st.integers(2, 20_000)] * 3), st.integers(1, 64))
def test_nothing_is_faster_than_the_peak(shape: tuple[int, int, int], threads: int) -> None:
    m, n, k = shape
    slower = {**TRUE, "one": max(TRUE["one"], TRUE["all"])}
    took = float(cpu_seconds(m, n, k, slower, threads, 4))
    assert took > 2 * m * n * k * TRUE["all"] * (1 - 1e-9)


def test_small_products_run_on_one_thread() -> None:
    """64³ terms are OpenBLAS's limit for a second thread: below, only `one` counts."""
    small = seconds(64, 64, 64)
    assert small == seconds(64, 64, 64, all=1.0, wake=1.0)
    assert seconds(128, 128, 128) < seconds(128, 128, 128, wake=1.0)


def test_avx_512_kernels_take_small_products_whole() -> None:
    """Measured: up to a million terms one thread, which no other then waits for."""

    def took(side: int, core: str) -> float:
        return float(cpu_seconds(side, side, side, {**TRUE, "wake": 1.0}, THREADS, 4, core))

    assert took(100, "SkylakeX") < 1 < took(101, "SkylakeX")
    assert took(100, "Haswell") > 1
    assert took(100, "") > 1


def test_c_is_counted_in_whole_register_tiles() -> None:
    """What a tile has beyond the edge is computed all the same; C's bytes are its own."""
    flop = {"t0": 1e-9, "one": 6e-12, "all": 1.2e-12}

    def took(m: int, n: int) -> float:
        return float(cpu_seconds(m, n, 4096, flop, 1, 4))

    assert took(5, 17) == took(8, 24) < took(9, 24) == took(12, 24)


def test_a_row_meets_cold_weights_and_a_column_what_was_just_written() -> None:
    """8 MB: beyond what a row keeps of its weights, well within what a column has in the cache."""
    row, column = seconds(1, 2048, 1024, row_far=1e-9), seconds(2048, 1, 1024, column_far=1e-9)
    assert row > 20 * seconds(1, 2048, 1024)
    assert column < 20 * seconds(2048, 1, 1024)
    assert seconds(1, 2048, 1024, column_far=1.0) == seconds(1, 2048, 1024)


def test_one_thread_alone_streams_a_row_as_it_does_a_column() -> None:
    far = {"t0": 1e-9, "row_far": 1e-9, "column_far": 1e-9}
    row, column = (float(cpu_seconds(m, n, 1024, far, 1, 4)) for m, n in ((1, 1024), (1024, 1)))
    assert row == pytest.approx(column)
    assert float(cpu_seconds(1, 1024, 1024, far, 2, 4)) > 10 * row


def test_a_long_vector_wakes_the_threads_and_shares_what_is_near() -> None:
    short, long = (1, 640, 719), (1, 640, 720)  # on either side of 460 800 terms
    assert seconds(*short) == seconds(*short, wake=1.0)
    assert seconds(*long, wake=1.0) > 1.0
    near = {"t0": 1e-9, "vector_near": 1e-9}
    two, six = (float(cpu_seconds(1, 6400, 7200, near, threads, 4)) for threads in (2, 6))
    assert two == pytest.approx(3 * six, rel=1e-2)


def test_with_one_thread_there_is_nobody_to_wake() -> None:
    assert seconds(999, 999, 999, threads=1) == seconds(999, 999, 999, threads=1, wake=1.0)
    found = fit_cpu([TimedShape(*x, seconds(*x, threads=1)) for x in SHOWN], GIVEN, 1, 4)
    assert found is not None
    assert found["near"] == pytest.approx(TRUE["near"])
    assert "wake" not in found


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 64), st.sampled_from((4, 8)), st.sampled_from(CORES)
)
def test_more_work_never_takes_less_time(seed: int, threads: int, element: int, core: str) -> None:
    """Whatever the constants: a row, a column, a term or twice a side more, one side at a time."""
    random = np.random.default_rng(seed)
    constants = {name: value * 10 ** random.uniform(-1, 1) for name, value in TRUE.items()}
    for name in CONSTANTS[3:]:
        if random.random() < 0.2:
            del constants[name]
    sides = (2 ** random.uniform(0, 13, (3, 200))).astype(np.int64)
    sides[:, :40] = np.minimum(sides[:, :40], random.integers(1, 4, (3, 40)) ** 3)
    before = cpu_seconds(*sides, constants, threads, element, core)
    for side in range(3):
        for more in (1, random.integers(1, 20, 200), sides[side]):
            grown = sides.copy()
            grown[side] += more
            after = cpu_seconds(*grown, constants, threads, element, core)
            assert (after >= before * (1 - 1e-12)).all()


def test_many_shapes_at_once() -> None:
    m = np.arange(2, 100_002)
    times = cpu_seconds(m, np.full_like(m, 512), np.full_like(m, 256), TRUE, THREADS, 8)
    assert times.shape == m.shape
    assert times[510] == pytest.approx(float(cpu_seconds(512, 512, 256, TRUE, THREADS, 8)))


def test_mean_error_is_a_share_of_what_was_measured() -> None:
    assert mean_error([1.1, 1.8], [1.0, 2.0]) == pytest.approx(0.1)
