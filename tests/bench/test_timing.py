"""The procedure of a run, with fakes, in this process."""

from __future__ import annotations

import gc
from itertools import count, groupby
from typing import Any, cast

import pytest

from mmviz.backends import fake
from mmviz.backends.base import Backend
from mmviz.backends.registry import find
from mmviz.bench import aside, job, stopwatch, timing
from mmviz.bench.messages import (
    Checked,
    Estimate,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Sensing,
    Started,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.sensed import Sensed
from mmviz.bench.timing import reason, time_plan
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.errors import InputError, Unavailable

SMALL = from_widths((4, 3, 2))


def messages(*backends: str, **options: object) -> list[Message]:
    """What a run of SMALL says; its backends time for 10 ms each unless told otherwise."""
    said: list[Message] = []
    asked = {"network": SMALL, "batches": (1,), "backends": backends, "seconds": 0.01, **options}
    time_plan(BenchPlan(**asked), said.append)
    return said


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every pass exactly a millisecond long, however loaded the machine is."""
    ticks = count()
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(ticks) * 1e-3)


def of(kind: type, said: list[Message]) -> list:
    return [message for message in said if isinstance(message, kind)]


def test_begins_with_the_machine_and_ends_finished() -> None:
    said = messages("fake", "numpy", batches=(1, 3))
    assert isinstance(said[0], Started)
    assert isinstance(said[-1], Finished)
    assert len(of(Started, said)) == len(of(Finished, said)) == 1


def test_every_backend_and_batch_is_timed_and_checked() -> None:
    said = messages("fake", "numpy", "loop", batches=(1, 3))
    wanted = {(name, batch) for name in ("fake", "numpy", "loop") for batch in (1, 3)}
    assert {(m.backend, m.batch) for m in of(Samples, said)} == wanted
    assert {(m.backend, m.batch) for m in of(Checked, said)} == wanted
    assert all(second > 0 for m in of(Samples, said) for second in m.seconds)
    assert all(m.max_error < 1e-6 for m in of(Checked, said))


def test_what_sensors_told_is_said_of_each_before_it_is_checked() -> None:
    """So that who takes a run up again, knowing what was checked, has it of all of these."""
    said = messages("fake", "numpy", batches=(1, 3))
    told = [(m.backend, m.batch) for m in said if isinstance(m, Sensing | Checked)]
    assert told == [(name, batch) for batch in (1, 3) for name in ("fake", "numpy") * 2]
    for message in of(Sensing, said):
        figures = message.sensed.figures()
        assert {name for name in figures if figures[name] is None} == set(message.sensed.missing)


def test_memory_a_backend_takes_is_told_also_where_no_pass_was_whole() -> None:
    [message] = of(Sensing, messages("fake:slow", seconds=0.01))
    assert {"energy_cpu_j", "gpu_clock_mhz"} <= set(message.sensed.missing)


def test_phases_come_in_order() -> None:
    phases = [m.phase for m in of(Phase, messages("fake"))]
    assert phases == ["preparing", "warming", "timing", "checking"]


def test_nothing_is_sampled_while_warming() -> None:
    said = messages("fake", "numpy")
    first = next(i for i, m in enumerate(said) if isinstance(m, Samples))
    last_warming = max(i for i, m in enumerate(said) if m == Phase("numpy", 1, "warming"))
    assert first > last_warming


@pytest.mark.usefixtures("clock")
def test_windows_of_backends_are_interleaved() -> None:
    said = messages("fake", "fake:noise", seconds=0.3)
    order = [name for name, _ in groupby(m.backend for m in of(Samples, said))]
    assert len(order) > 2
    assert all(len(m.seconds) == pytest.approx(50, abs=1) for m in of(Samples, said)[:2])


def test_progress_grows_to_one() -> None:
    done = [m.done for m in of(Progress, messages("fake", "numpy", "loop", batches=(1, 2)))]
    assert done == sorted(done)
    assert done[-1] == 1
    assert all(0 <= share <= 1 for share in done)


@pytest.mark.usefixtures("clock")
def test_each_backend_gets_its_seconds() -> None:
    said = messages("fake", "fake:noise", seconds=0.2)
    for name in ("fake", "fake:noise"):
        spent = sum(sum(m.seconds) for m in of(Samples, said) if m.backend == name)
        assert spent == pytest.approx(0.2, abs=0.0011)


@pytest.mark.usefixtures("clock")
def test_a_long_pass_is_timed_at_least_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmviz.backends.fake._PASS_S", 0)
    said = messages("fake", seconds=0.0001)  # a tenth of what the clock makes of a pass
    assert [len(m.seconds) for m in of(Samples, said)] == [1]


def test_short_passes_are_timed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes of 10 µs: blocks of 100 last a millisecond, windows of 50 blocks 50 ms."""
    blocks: list[int] = []

    def block(_: object, passes: int) -> float:
        blocks.append(passes)
        return 1e-5

    monkeypatch.setattr(timing, "clocked", lambda *_: (1.0, 1e-5))
    monkeypatch.setattr(timing, "block_time", block)
    monkeypatch.setattr(timing, "warmed", lambda *_: 1e-5)
    said = messages("numpy", seconds=0.2)
    assert set(blocks) == {100}
    assert [len(m.seconds) for m in of(Samples, said)] == [50, 50, 50, 50]


def test_a_pass_that_does_not_fit_is_estimated() -> None:
    said = messages("fake:slow", "numpy")
    (estimate,) = of(Estimate, said)
    assert estimate.backend == "fake:slow"
    assert estimate.fraction == pytest.approx(0.1)
    assert estimate.seconds >= 10 * timing.TRIAL_S  # a tenth of it slept for all of the budget
    assert {m.backend for m in of(Samples, said)} == {"numpy"}
    assert {m.backend for m in of(Checked, said)} == {"numpy"}


def test_the_real_loop_is_estimated_from_the_part_that_ran() -> None:
    said = messages("loop", network=from_widths((2000, 2000)), batches=(512,))
    (estimate,) = of(Estimate, said)
    assert 0 < estimate.fraction < 1
    assert estimate.seconds > 0


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("memory", "out of memory"),
        ("raise", "RuntimeError: the fake was told to fail and to say so in two lines"),
        ("missing", "this fake is missing everywhere; choose another one"),
        ("infinite", "the result is not finite: too large for float32"),
    ],
)
def test_one_that_fails_does_not_stop_the_others(script: str, why: str) -> None:
    said = messages(f"fake:{script}", "numpy")
    assert [(m.backend, str(m.reason)) for m in of(Failed, said)] == [(f"fake:{script}", why)]
    assert [m.backend for m in of(Checked, said)] == ["numpy"]
    assert isinstance(said[-1], Finished)


def test_one_that_fails_while_timed_leaves_its_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmviz.backends.fake._FATAL_PASS", 60)
    said = messages("fake:raise", "numpy", seconds=0.2)
    assert len(of(Failed, said)) == 1
    assert {m.backend for m in of(Checked, said)} == {"numpy"}


def test_values_that_do_not_fit_fail_every_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(job, "make_values", full)
    said = messages("fake", "numpy")
    assert [(m.backend, str(m.reason)) for m in of(Failed, said)] == [
        ("fake", "out of memory"),
        ("numpy", "out of memory"),
    ]
    assert isinstance(said[-1], Finished)


def test_a_check_that_breaks_keeps_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(job, "reference_output", full)
    said = messages("numpy")
    assert of(Samples, said)
    assert [str(m.reason) for m in of(Failed, said)] == ["not compared with float64: out of memory"]


def test_one_that_cannot_give_its_result_leaves_the_others_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(_: object) -> None:
        raise Unavailable("its GPU was lost")

    monkeypatch.setattr(fake.FakePass, "output", lost)
    said = messages("fake", "numpy")
    assert [(m.backend, str(m.reason)) for m in of(Failed, said)] == [
        ("fake", "not compared with float64: its GPU was lost")
    ]
    assert [m.backend for m in of(Checked, said)] == ["numpy"]


def test_a_dtype_the_backend_lacks() -> None:
    said = messages("loop", "numpy", dtype="float16")
    (failed,) = of(Failed, said)
    assert str(failed.reason) == "Python for-loops (in float64) does not compute in float16"
    (checked,) = of(Checked, said)
    assert 1e-5 < checked.max_error < 1e-2  # it was float16 indeed


def test_an_error_is_found() -> None:
    (checked,) = of(Checked, messages("fake:wrong"))
    assert checked.max_error > 0.01


def test_training_checks_gradients_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said = messages("numpy", "loop", training=True)
    assert all(0 <= m.max_error < 1e-5 for m in of(Checked, said))
    monkeypatch.setattr(
        "mmviz.backends.arrays.ArrayPass.gradient",
        lambda self, layer: (self._dw[layer] * 1.5, self._db[layer]),
    )
    (checked,) = of(Checked, messages("numpy", training=True))
    assert checked.max_error == pytest.approx(0.5, rel=1e-3)


def test_gradients_too_dear_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "CHECKED_FLOP", 1)
    monkeypatch.setattr(
        "mmviz.backends.arrays.ArrayPass.gradient", lambda *_: pytest.fail("was asked")
    )
    (checked,) = of(Checked, messages("numpy", training=True))
    assert checked.max_error < 1e-5


def test_what_is_too_large_for_float16() -> None:
    """Overflow in float16 is said, not raised: 1e30 is far out of its range."""
    network = Network("n", 1, (Dense(1, weights=((1e30,),)),), examples=((1.0,),))
    said = messages("numpy", network=network, dtype="float16")
    assert [str(m.reason) for m in of(Failed, said)] == [
        "the result is not finite: too large for float16"
    ]


def test_the_garbage_collector_is_off_while_timing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would visit the lists of a large batch again and again."""
    seen: list[bool] = []
    run = fake.FakePass.run
    monkeypatch.setattr(fake.FakePass, "run", lambda *a: (seen.append(gc.isenabled()), run(*a))[1])
    gc.enable()  # a thread that ends late, of a test before, may hold it off
    messages("fake")
    assert seen
    assert not any(seen)
    assert gc.isenabled()


def test_unknown_backend() -> None:
    with pytest.raises(InputError, match="nope"):
        messages("nope")


def test_reasons_are_one_line() -> None:
    assert str(reason(MemoryError("x"))) == "out of memory"
    assert str(reason(Unavailable("no GPU", "buy one"))) == "no GPU; buy one"
    assert str(reason(ValueError("a\n  b"))) == "ValueError: a b"
    assert str(reason(ValueError())) == "ValueError"


class Card:
    """A gauge of a GPU whose clock is what the test says, window by window."""

    card_default_mhz = 1000.0

    def __init__(self, clocks: list[float]) -> None:
        self._clocks = clocks
        self.card_clock_mhz = 0.0

    def ready(self, prepared: object) -> None:
        """Nothing of it is looked at."""

    def begin(self) -> None:
        """A window."""

    def end(self, _passes: int) -> None:
        self.card_clock_mhz = self._clocks.pop(0) if len(self._clocks) > 1 else self._clocks[0]

    def finished(self, *_: object) -> Sensed:
        return Sensed()


@pytest.mark.usefixtures("clock")
def test_samples_of_a_gpu_that_ran_too_slowly_are_dropped_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mmviz.backends.fake._PASS_S", 0)
    monkeypatch.setattr(timing, "Gauge", lambda *_: Card([740.0, 751.0, 300.0, 1000.0]))
    said = of(Samples, messages("fake", seconds=0.2))
    assert [(len(m.seconds), m.dropped) for m in said] == [(50, 50), (50, 50), (50, 0), (50, 0)]
    collector = Collector(BenchPlan(network=SMALL, batches=(1,), backends=("fake",)))
    for message in said:
        collector.add(message)
    results = collector.results()
    assert results.runs[0].dropped == 100
    assert [str(text) for text in results.hindrances] == [
        "fake: 100 samples were left out: the GPU's clock was below 75 % of its usual one"
    ]


@pytest.mark.usefixtures("clock")
def test_a_gpu_that_is_always_slow_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmviz.backends.fake._PASS_S", 0)
    monkeypatch.setattr(timing, "Gauge", lambda *_: Card([100.0]))
    said = of(Samples, messages("fake", seconds=0.2))
    assert sum(m.dropped for m in said) == 200
    assert sum(len(m.seconds) for m in said) == 200


@pytest.mark.usefixtures("clock")
def test_after_an_idle_gap_a_pass_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first after a pause is half as long again: nobody publishes it."""
    monkeypatch.setattr("mmviz.backends.fake._PASS_S", 0)
    runs = 0
    run = fake.FakePass.run

    def counted(self: fake.FakePass, budget_s: float = 0.0) -> float:
        nonlocal runs
        runs += 1
        return run(self, budget_s)

    monkeypatch.setattr(fake.FakePass, "run", counted)
    monkeypatch.setattr(aside, "MOST", 0)

    def passes(idle_s: float) -> int:
        nonlocal runs
        runs = 0
        monkeypatch.setattr(timing, "IDLE_S", idle_s)
        timed = sum(len(m.seconds) for m in of(Samples, messages("fake", seconds=0.2)))
        assert timed == 200
        return runs

    assert passes(-1.0) - passes(3600.0) == 3  # of four windows the first has a pass anyway


def test_the_first_backend_that_names_a_gpu_names_it() -> None:
    """Another one may know no more than that it is one, and of another place."""

    def telling(**facts: str) -> Backend:
        backend: Any = find("fake")
        backend.facts = lambda: facts
        return cast("Backend", backend)

    backends = {
        "a": telling(a="1"),
        "b": telling(gpu="NVIDIA H200", b="2"),
        "c": telling(gpu="CUDA GPU", gpu_bus="0000:3b:00.0", c="3"),
    }
    assert timing._facts(backends) == {"a": "1", "gpu": "NVIDIA H200", "b": "2", "c": "3"}
