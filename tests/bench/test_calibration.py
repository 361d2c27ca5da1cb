"""Calibration: its procedure under clocks made for it, and once for real through the child."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import msgspec
import numpy as np
import pytest
from calibrations import CONSTANTS

from mmviz.backends.caches import last_level_cache
from mmviz.bench import calibration, runner
from mmviz.bench.belonging import belongs
from mmviz.bench.calibration import COPY_BYTES, KEPT, SHOWN, interleaved, thread_counts
from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.deaths import silence_limit
from mmviz.bench.load import Load
from mmviz.bench.machine import Blas, Machine, read_machine
from mmviz.bench.measured import Copy, Measured, ProductRow, fit_rows
from mmviz.bench.messages import Calibrated, Finished, Message, Progress, Started, encode
from mmviz.bench.meter import Meter
from mmviz.bench.plan import BenchPlan, CalibrationPlan
from mmviz.bench.product_timer import BLOCKS, CopyTimer, Countdown, ProductTimer, copy_size, timed
from mmviz.bench.undisturbed import Block
from mmviz.core.time.cpu_time import cpu_seconds
from mmviz.errors import BenchError
from mmviz.files.networks import find
from mmviz.text import own

PLAN = CalibrationPlan(cores=2, asked_at=0.0)


def machine(architecture: str = "Haswell", threads: int = 2) -> Machine:
    found = read_machine()
    blas = Blas("openblas", "0.3.31", architecture, threads)
    return msgspec.structs.replace(found, blas=blas, variables={})


def row(
    shape: tuple[int, int, int], kept: bool, dtype: str = "float32", threads: int = 2
) -> ProductRow:
    element = 4 if dtype == "float32" else 8
    constants = {**CONSTANTS, "all": 6e-12 / threads}
    took = float(cpu_seconds(*shape, constants, threads, element))
    return ProductRow(dtype, threads, *shape, took, took, 7, kept)


def rows() -> tuple[ProductRow, ...]:
    single = [row((1024, 1024, 1024), False, threads=1)]
    return (
        *single,
        *(row(shape, False) for shape in SHOWN),
        *(row(shape, True) for shape in KEPT),
    )


def measured(**changes: object) -> Measured:
    found = Measured(
        machine=machine(),
        cores=2,
        threads=2,
        call_s=5e-7,
        cache=30_000_000,
        copies=(Copy(1, 64_000_000, 0.01), Copy(2, 64_000_000, 0.008)),
        rows=rows(),
        fitted=fit_rows(rows(), 5e-7, 2, ("float32", "float64")),
        took_s=9.0,
    )
    return msgspec.structs.replace(found, **changes)


class FakeClock:
    """Time passes by `step` at every look."""

    def __init__(self, step: float) -> None:
        self.time, self.step = 0.0, step

    def __call__(self) -> float:
        self.time += self.step
        return self.time


# --- what follows from the rows ------------------------------------------------------------------


def test_kept_shapes_judge_the_fit_and_are_not_shown_to_it() -> None:
    (fitted,) = measured().fitted
    assert (fitted.dtype, fitted.threads) == ("float32", 2)
    assert (fitted.rows, fitted.kept) == (len(SHOWN), len(KEPT))
    assert fitted.error < 0.02
    spoilt = tuple(
        msgspec.structs.replace(r, seconds=2 * r.seconds) if r.kept else r for r in rows()
    )
    (other,) = fit_rows(spoilt, 5e-7, 2, ("float32",))
    assert other.constants == fitted.constants
    assert other.error == pytest.approx(0.5, abs=0.02)
    assert other.error_long == pytest.approx(0.5, abs=0.02)


def test_shapes_shown_and_kept_share_none() -> None:
    assert not set(SHOWN) & set(KEPT)
    assert len(set(SHOWN)) == len(SHOWN)
    assert len(KEPT) == 14


def test_without_kept_shapes_nothing_is_fitted() -> None:
    assert fit_rows([r for r in rows() if not r.kept], 5e-7, 2, ("float32",)) == ()
    assert fit_rows([], 5e-7, 2, ("float32",)) == ()


def test_peak_is_the_best_rate_on_so_many_threads() -> None:
    found = measured()
    assert found.thread_counts("float32") == (1, 2)
    assert found.peak("float32", 2) == max(r.rate for r in found.rows if r.threads == 2)
    assert found.peak("float32", 4) is None
    assert found.peak("float64", 2) is None


def test_bandwidth_counts_what_is_read_and_what_is_written() -> None:
    assert Copy(1, 1_000, 1e-6).bandwidth == 2e9
    assert measured().bandwidth == pytest.approx(16e9)
    assert measured(copies=()).bandwidth is None


def test_remarks_say_what_to_hold_against_the_figures() -> None:
    assert measured().remarks() == ()
    slow = ProductRow("float32", 1, 1024, 1024, 1024, 1e-4, 1e-4, 7)
    (cores,) = measured(rows=(slow, msgspec.structs.replace(slow, threads=2))).remarks()
    assert "you did not own your cores" in str(cores)
    both = [slow, msgspec.structs.replace(slow, dtype="float64")]
    both += [msgspec.structs.replace(r, threads=2) for r in both]
    (cores,) = measured(rows=tuple(both)).disturbances()
    assert "in float32 and float64:" in str(cores)
    (cache,) = measured(cache=500_000_000).remarks()
    assert "fits into the last-level cache" in str(cache)
    assert measured(cache=500_000_000).disturbances() == ()
    one_core = msgspec.structs.replace(machine(), quota=1.0)
    (quota,) = measured(rows=tuple(both), machine=one_core).disturbances()
    assert str(quota).startswith("this container may use 1 of")
    busy = tuple(msgspec.structs.replace(r, slower=1.5 * r.seconds) for r in rows())
    (spread,) = measured(rows=busy).remarks()
    assert "50.0 %" in str(spread)
    (dropped,) = measured(dropped=0.4).remarks()
    assert str(dropped) == "40 % of what was timed was disturbed and does not count"
    crowded = Load(wall_s=9.0, core_s=18.0, others_s=9.0)
    (others,) = measured(load=crowded).disturbances()
    assert str(others) == "other programs took 50 % of the cores"


def test_the_error_of_a_calibration_is_that_of_its_worst_number_format() -> None:
    found = measured()
    (fitted,) = found.fitted
    assert found.error(["float32"]) == fitted.error
    assert found.error(["float32", "float64"]) == found.error([]) == math.inf
    both = measured(fitted=(fitted, msgspec.structs.replace(fitted, dtype="float64", error=0.3)))
    assert both.error(["float32", "float64"]) == 0.3


# --- the procedure -------------------------------------------------------------------------------


def test_thread_counts_are_powers_of_two_and_all() -> None:
    assert thread_counts(1) == (1,)
    assert thread_counts(2) == (1, 2)
    assert thread_counts(6) == (1, 2, 4, 6)
    assert thread_counts(64) == (1, 2, 4, 8, 16, 32, 64)


def test_both_kinds_of_shapes_come_early() -> None:
    order = list(interleaved(SHOWN, KEPT))
    assert set(order) == {*SHOWN, *KEPT}
    assert len(order) == len(SHOWN) + len(KEPT)
    assert len(set(order[:12]) & set(KEPT)) == 4


def test_copy_is_larger_than_the_cache_where_memory_allows() -> None:
    assert copy_size(16_000_000, 10**11, COPY_BYTES) == 64_000_000
    assert copy_size(40_000_000, 10**11, COPY_BYTES) == 160_000_000
    assert copy_size(500_000_000, 10**11, COPY_BYTES) == COPY_BYTES
    assert copy_size(None, 400_000_000, COPY_BYTES) == 40_000_000
    assert copy_size(None, 0, COPY_BYTES) == 1_000_000


def test_nothing_is_timed_when_the_time_is_up() -> None:
    calls: list[int] = []
    assert timed(lambda: calls.append(1), 0.0, Countdown(0.0, FakeClock(1.0))) == ()
    assert len(calls) == 2  # what tells how long a block would be


def test_blocks_end_with_the_time_or_when_there_are_enough() -> None:
    assert len(timed(lambda: None, 0.0, Countdown(2.5, FakeClock(1.0)))) == 2
    assert len(timed(lambda: None, 0.0, Countdown(1e9, FakeClock(1.0)))) == BLOCKS


def test_a_call_that_is_long_warms_itself() -> None:
    calls: list[int] = []
    timed(lambda: calls.append(1), 1.0, Countdown(1.5, FakeClock(1.0)))
    assert len(calls) == 1


def test_each_block_knows_how_long_threads_waited_meanwhile() -> None:
    said = iter([0.0, 0.0, 100.0, 100.0, 101.0, 101.0, 101.0])
    blocks = timed(lambda: None, 1.0, Countdown(1e9, FakeClock(1.0)), lambda: next(said))
    assert [bool(block.waited) for block in blocks] == [False, True, False, True, False, False]
    assert timed(lambda: None, 1.0, Countdown(1.5, FakeClock(1.0)))[0].waited is None


@pytest.mark.parametrize("threads", [1, 3])
def test_a_copy_goes_through_all_of_it_piece_by_piece(threads: int) -> None:
    copies = CopyTimer(32_000_000, 3, lambda: None)
    try:
        copies._source[:] = 7.0
        (first,) = copies.time(threads, 1.0, Countdown(1.5, FakeClock(1.0)))
        assert [bool((piece == 7.0).all()) for piece in copies._target] == [True, *[False] * 3]
        assert first.seconds > 0
        for _ in range(3):
            copies.time(threads, 1.0, Countdown(1.5, FakeClock(1.0)))
        assert (copies._target == 7.0).all()
    finally:
        copies.close()


def test_weights_come_from_the_next_place_at_each_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[int] = []
    products = ProductTimer(1)
    a, places = products._matrices(2, 2, 2, "float32", 3)
    monkeypatch.setattr(products, "_matrices", lambda *_: (a, places))
    multiply = np.matmul

    def record(x: object, b: object, out: object) -> object:
        met.append(next(i for i, place in enumerate(places) if place is b))
        return multiply(x, b, out=out)  # type: ignore[call-overload]

    monkeypatch.setattr(np, "matmul", record)
    for _ in range(2):
        products.time((2, 2, 2), "float32", 1.0, Countdown(1.5, FakeClock(1.0)), 3)
    assert met == [0, 1]


def test_products_hold_what_random_numbers_there_are() -> None:
    products = ProductTimer(1)
    a, places = products._matrices(3, 5, 7, "float32", 2)
    assert [a.shape, *(b.shape for b in places)] == [(3, 7), (7, 5), (7, 5)]
    assert a.dtype == "float32"
    assert not np.shares_memory(*places)
    large, _ = products._matrices(2000, 1000, 700, "float32", 1)
    assert large.shape == (2000, 700)
    assert abs(float(large.mean())) < 0.01
    assert 0.9 < float(large.std()) < 1.1


def heard_of(
    monkeypatch: pytest.MonkeyPatch, time: Callable[..., tuple[Block, ...]], rate: float
) -> Measured:
    """A calibration in which products take what `time` says; `rate` FLOP/s are guessed."""
    monkeypatch.setattr(ProductTimer, "guess", lambda *_: rate)
    monkeypatch.setattr(ProductTimer, "reference", lambda _: 2e-6)
    monkeypatch.setattr(ProductTimer, "time", time)
    monkeypatch.setattr(CopyTimer, "time", lambda *_: (Block(0.01),))
    heard: list[Message] = []
    plan = CalibrationPlan(cores=2, asked_at=monotonic(), seconds=1e6)
    calibration.calibrate(plan, heard.append)
    assert isinstance(heard[0], Started)
    assert isinstance(heard[-1], Finished)
    (found,) = [message.measured for message in heard if isinstance(message, Calibrated)]
    return found


def test_a_slow_machine_leaves_large_shapes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 1 GFLOP/s a job of 0.1 s has room for five products of 20 MFLOP."""
    asked = []

    def time(_: object, shape: tuple[int, int, int], *__: object) -> tuple[Block, ...]:
        asked.append(shape)
        return (Block(2 * shape[0] * shape[1] * shape[2] / 1e9 + 1e-7),) * 3

    found = heard_of(monkeypatch, time, 1e9)
    assert asked
    assert max(m * n * k for m, n, k in asked) < 11e6
    assert found.peak("float32", 1) == pytest.approx(1e9, rel=0.01)


@pytest.mark.parametrize(("stalls", "visits"), [(0, 5), (3, 5), (4, 6)])
def test_what_visits_do_not_agree_on_is_timed_again(
    stalls: int, visits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a shape that stalls in its first visits the time is still the undisturbed one."""
    asked: dict[object, int] = {}
    stalled = (64, 64, 4096)

    def time(_: object, shape: tuple[int, int, int], dtype: str, *__: object) -> tuple[Block, ...]:
        took = 2 * shape[0] * shape[1] * shape[2] / 1e11 + 1e-7
        asked[shape, dtype] = asked.get((shape, dtype), 0) + 1
        if shape == stalled and asked[shape, dtype] <= stalls:
            took = 8e-4 * asked[shape, dtype]
        return (Block(took),) * 3

    found = heard_of(monkeypatch, time, 1e11)
    assert asked[stalled, "float32"] == visits
    assert asked[(256, 256, 256), "float32"] == 5
    (row,) = [r for r in found.rows if (r.m, r.n, r.k, r.dtype) == (*stalled, "float32")]
    assert row.seconds <= row.slower


def test_a_process_that_takes_the_cores_most_of_the_time_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In three visits of four everything takes four times as long, with threads that wait."""
    turn = itertools.count()

    def time(_: object, shape: tuple[int, int, int], dtype: str, *__: object) -> tuple[Block, ...]:
        element = 4 if dtype == "float32" else 8
        took = float(cpu_seconds(*shape, {**CONSTANTS, "one": 3e-12}, 2, element))
        if shape == (1, 1, 1):
            took = CONSTANTS["t0"]
        if next(turn) % 4:
            return (Block(4 * took, 0.8),) * 3
        return (Block(took, 0.0),) * 3

    found = heard_of(monkeypatch, time, 1e11)
    assert 0.65 < found.dropped < 0.85
    assert "was disturbed and does not count" in " ".join(map(str, found.disturbances()))
    assert found.error(["float32"]) < 0.05


@pytest.mark.parametrize(("held", "fits"), [(0, True), (1, True), (12, False)])
def test_nothing_is_predicted_of_cores_that_a_container_holds_back(
    held: int, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two stops everything is as fast as ever; a pass of some length is not."""

    def time(_: object, shape: tuple[int, int, int], *__: object) -> tuple[Block, ...]:
        return (Block(float(cpu_seconds(*shape, CONSTANTS, 2, 4)), 0.0),) * 3

    load = Load(wall_s=9.0, core_s=18.0, periods=100, held=held)
    monkeypatch.setattr(Meter, "since", lambda *_: load)
    found = heard_of(monkeypatch, time, 1e11)
    assert bool(found.fitted) is fits
    assert (found.error(["float32"]) < math.inf) is fits


def test_where_nobody_has_the_cores_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "ROUNDS", 2)
    monkeypatch.setattr(ProductTimer, "time", lambda *_: (Block(1e-3, 1.7),))
    monkeypatch.setattr(CopyTimer, "time", lambda *_: (Block(1e-2, 1.7),))
    heard: list[Message] = []
    plan = CalibrationPlan(cores=2, asked_at=monotonic(), seconds=1e6)
    calibration.calibrate(plan, heard.append)
    assert {type(message) for message in heard} == {Started, Progress, Finished}


def test_a_plan_whose_time_is_up_finds_nothing() -> None:
    heard: list[Message] = []
    calibration.calibrate(CalibrationPlan(cores=1, asked_at=monotonic(), seconds=0.0), heard.append)
    assert [type(message) for message in heard] == [Started, Finished]


def test_caches_as_linux_tells_them(tmp_path: Path) -> None:
    for index, size in enumerate(("48K", "2048K", "36M", "many")):
        (tmp_path / f"index{index}").mkdir()
        (tmp_path / f"index{index}" / "size").write_text(f"{size}\n")
    assert last_level_cache(tmp_path) == 36 * 1024**2
    assert last_level_cache(tmp_path / "nowhere") is None


# --- through the child ---------------------------------------------------------------------------


def test_plans_cross_as_what_they_are() -> None:
    bench = BenchPlan(network=find("4-2").network, batches=(1,), backends=("numpy",))
    assert decode_plan(encode_plan(PLAN)) == PLAN
    assert decode_plan(encode_plan(bench)) == bench
    assert silence_limit(PLAN) == 30


def test_only_a_calibration_hears_of_one() -> None:
    bench = BenchPlan(network=find("4-2").network, batches=(1,), backends=("numpy",))
    said = Calibrated(measured())
    assert belongs(said, PLAN)
    assert not belongs(said, bench)
    assert belongs(Progress(0.5, own("memory")), PLAN)


def test_a_short_calibration_of_this_machine() -> None:
    heard: list[Message] = []
    plan = CalibrationPlan(cores=1, asked_at=monotonic(), seconds=5.0)
    found = runner.calibrate(plan, heard.append)
    assert found is not None
    assert found.call_s > 0
    assert found.rows
    assert all(r.slower >= r.seconds > 0 for r in found.rows)
    shares = [message.done for message in heard if isinstance(message, Progress)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert msgspec.json.decode(msgspec.json.encode(found), type=Measured) == found
    assert encode(Calibrated(found)).count(b"\n") == 1


def test_a_stopped_calibration_gives_nothing() -> None:
    stop = threading.Event()
    plan = CalibrationPlan(cores=1, asked_at=monotonic())
    assert runner.calibrate(plan, lambda _: stop.set(), stop=stop) is None


def test_a_calibration_without_time_says_so() -> None:
    plan = CalibrationPlan(cores=1, asked_at=monotonic(), seconds=0.0)
    with pytest.raises(BenchError, match="the time was up"):
        runner.calibrate(plan, lambda _: None)


def test_a_child_that_breaks_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(
        runner, "worker_command", lambda: [sys.executable, "-c", "raise SystemExit(7)"]
    )
    with pytest.raises(BenchError, match="exit code 7"):
        runner.calibrate(PLAN, lambda _: None)
