"""The child process: it works, and however it ends nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mmviz.bench import runner
from mmviz.bench.messages import (
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Started,
    decode,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import RESTARTS
from mmviz.bench.runner import (
    describe_exit,
    encode_plan,
    run,
    silence_limit,
    worker_command,
    worker_environment,
)
from mmviz.core.shapes.network import from_widths
from mmviz.errors import BenchError, InputError

SMALL = from_widths((4, 3, 2))


def plan(*backends: str, seconds: float = 0.01, batches: tuple[int, ...] = (1,)) -> BenchPlan:
    return BenchPlan(network=SMALL, batches=batches, backends=backends, seconds=seconds)


def children() -> list[psutil.Process]:
    """The timing children of this process."""
    found = []
    for child in psutil.Process().children():
        try:
            if "mmviz.bench.worker" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Stricter than the suite's own look for leaks: the child is gone when `run` returns."""
    yield
    assert children() == []


def test_a_real_run() -> None:
    said: list[Message] = []
    results = run(plan("numpy", "loop", batches=(1, 2)), said.append)
    assert isinstance(said[0], Started)
    assert isinstance(said[-1], Finished)
    assert results.machine is not None
    assert results.machine.variables["OPENBLAS_THREAD_TIMEOUT"]
    assert len(results.runs) == 4
    for timed in results.runs:
        assert timed.failure is None
        assert timed.stats is not None
        assert timed.max_error is not None
        assert timed.max_error < 1e-6


def test_noise_of_libraries_does_not_disturb() -> None:
    results = run(plan("fake:noise"), lambda _: None)
    assert results.runs[0].failure is None
    assert results.runs[0].samples_s


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("die", "the timing process stopped with exit code 3"),
        pytest.param(
            "kill",
            "the timing process died: killed by signal 9 (out of memory?)",
            marks=pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's"),
        ),
    ],
)
def test_a_crash_is_told_in_words(script: str, words: str) -> None:
    said: list[Message] = []
    (broken,) = run(plan(f"fake:{script}"), said.append).runs
    assert broken.failure == words
    assert said[-1] == Failed(f"fake:{script}", 1, words)


@pytest.mark.parametrize("order", [("fake:die", "numpy"), ("numpy", "fake:die")])
def test_one_that_crashes_does_not_cost_the_others(order: tuple[str, str]) -> None:
    """It dies at both batches; a new child times the other one, at both."""
    said: list[Message] = []
    results = run(plan(*order, batches=(1, 2)), said.append)
    assert [(timed.batch, timed.backend) for timed in results.runs] == [
        (batch, name) for batch in (1, 2) for name in order
    ]
    for timed in results.runs:
        if timed.backend == "numpy":
            assert timed.failure is None
            assert timed.max_error is not None
        else:
            assert timed.failure is not None
            assert "exit code 3" in timed.failure
    assert len([m for m in said if isinstance(m, Started)]) <= 1 + RESTARTS
    done = [m.done for m in said if isinstance(m, Progress)]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1)


def test_a_crash_keeps_what_was_measured() -> None:
    """Killed from outside after the first samples, as the kernel does when memory runs out.

    Whoever had the turn when it died is given up; the other one is timed in a new child.
    """
    said: list[Message] = []

    def shoot(message: Message) -> None:
        if isinstance(message, Samples) and not any(isinstance(m, Samples) for m in said):
            for child in children():
                child.kill()
        said.append(message)

    results = run(plan("fake", "numpy", seconds=0.1), shoot)
    (failed,) = [m for m in said if isinstance(m, Failed)]
    assert "died" in failed.reason
    kept = {m.backend: [] for m in said if isinstance(m, Samples)}
    for message in said:
        if isinstance(message, Samples):
            kept[message.backend] += message.seconds
    for timed in results.runs:
        assert list(timed.samples_s) == kept.get(timed.backend, [])
        assert (timed.failure is not None) == (timed.backend == failed.backend)
        assert (timed.max_error is None) == (timed.backend == failed.backend)


def test_a_child_that_never_lives_is_given_up_after_a_few() -> None:
    starts = []

    def shoot(message: Message) -> None:
        if isinstance(message, Started):
            starts.append(message)
            for child in children():
                child.kill()

    results = run(plan("fake", "numpy", batches=(1, 2), seconds=600), shoot)
    assert len(starts) == 1 + RESTARTS
    assert all(timed.failure and "died" in timed.failure for timed in results.runs)


def test_an_earlier_batch_survives_a_crash_of_a_later_one() -> None:
    def shoot(message: Message) -> None:
        if isinstance(message, Phase) and message.batch == 2 and message.phase == "warming":
            for child in children():
                child.kill()

    said: list[Message] = []

    def hear(message: Message) -> None:
        said.append(message)
        shoot(message)

    first, second = run(plan("numpy", batches=(1, 2)), hear).runs
    assert (first.failure, first.batch) == (None, 1)
    assert first.max_error is not None
    assert second.failure is not None
    assert len([m for m in said if isinstance(m, Started)]) == 1, "nothing was left to be timed"


def test_out_of_memory_fails_one_backend() -> None:
    failed, timed = run(plan("fake:memory", "numpy"), lambda _: None).runs
    assert failed.failure == "out of memory"
    assert timed.failure is None


def test_a_hanging_child_is_killed() -> None:
    hung, timed = run(plan("fake:hang", "fake"), lambda _: None, silence_s=3).runs
    assert hung.failure is not None
    assert "hung: it said nothing for" in hung.failure
    assert timed.failure is None


def test_stop_ends_the_run_and_keeps_the_samples() -> None:
    stop = threading.Event()

    def wait_for_samples(message: Message) -> None:
        if isinstance(message, Samples):
            stop.set()

    results = run(plan("numpy", seconds=600), wait_for_samples, stop=stop)
    assert results.runs[0].samples_s
    assert results.runs[0].failure is None


def test_stop_before_anything() -> None:
    stop = threading.Event()
    stop.set()
    assert run(plan("numpy"), lambda _: None, stop=stop).runs[0].samples_s == ()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_nothing(error: type[BaseException]) -> None:
    def interrupt(message: Message) -> None:
        if isinstance(message, Phase):
            raise error

    with pytest.raises(error):
        run(plan("fake", seconds=600), interrupt)


def test_garbage_instead_of_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    speak = [sys.executable, "-c", "print('hello', flush=True); import time; time.sleep(60)"]
    monkeypatch.setattr(runner, "worker_command", lambda: speak)
    (broken,) = run(plan("numpy"), lambda _: None).runs
    assert broken.failure == "the timing process said what is no message: b'hello\\n'"


def test_messages_about_what_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    line = '{"type":"samples","backend":"other","batch":1,"seconds":[1.0]}'
    monkeypatch.setattr(
        runner, "worker_command", lambda: [sys.executable, "-c", f"print('{line}')"]
    )
    (broken,) = run(plan("numpy"), lambda _: None).runs
    assert broken.failure is not None
    assert "no message" in broken.failure


def test_a_child_that_says_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "worker_command", lambda: [sys.executable, "-c", ""])
    (broken,) = run(plan("numpy"), lambda _: None).runs
    assert broken.failure == "the timing process ended before it was done"


def test_a_child_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "worker_command", lambda: ["/no/such/python"])
    with pytest.raises(BenchError, match="could not be started"):
        run(plan("numpy"), lambda _: None)


def test_a_plan_too_large_starts_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "worker_command", lambda: pytest.fail("a child was started"))
    large = BenchPlan(network=from_widths((2**24, 2**24)), batches=(1,), backends=("numpy",))
    with pytest.raises(InputError, match="PB"):
        run(large, lambda _: None)


def start_worker(*backends: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        worker_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=worker_environment(),
    )
    assert process.stdin is not None
    process.stdin.write(encode_plan(plan(*backends, seconds=600)))
    process.stdin.close()
    return process


def test_a_worker_nobody_reads_ends_by_itself() -> None:
    process = start_worker("fake")
    assert process.stdout is not None
    assert isinstance(decode(process.stdout.readline()), Started)
    process.stdout.close()
    assert process.wait(30) == 3


@pytest.mark.skipif(os.name != "posix", reason="kills the parent by a signal")
def test_a_worker_without_a_parent_ends_by_itself(tmp_path: Path) -> None:
    """Its parent dies without a word while it hangs and says nothing: no write would fail."""
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import os, sys, time\n"
        "from mmviz.bench.runner import run\n"
        "from mmviz.bench.plan import BenchPlan\n"
        "from mmviz.bench.messages import Phase\n"
        "from mmviz.core.shapes.network import from_widths\n"
        "import psutil\n"
        "def say(message):\n"
        "    if isinstance(message, Phase) and message.phase == 'warming':\n"
        "        print(psutil.Process().children()[0].pid, flush=True)\n"
        "run(BenchPlan(network=from_widths((2, 1)), batches=(1,), backends=('fake:hang',)), say)\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(parent)], stdout=subprocess.PIPE, env=worker_environment()
    )
    assert process.stdout is not None
    worker = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 30
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the worker outlives its parent"
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_is_the_parents_business() -> None:
    process = start_worker("fake")
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    while not isinstance(decode(process.stdout.readline()), Samples):
        pass  # it goes on
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize(
    ("code", "stderr", "words"),
    [
        (-9, "", "the timing process died: killed by signal 9 (out of memory?)"),
        (-15, "", "the timing process died: killed by signal 15"),
        (-11, "", "the timing process died: it crashed with signal 11 (SIGSEGV)"),
        (-99, "", "the timing process died: it crashed with signal 99"),
        (0xC0000005, "", "the timing process died: it crashed with status 0xC0000005"),
        (0, "x", "the timing process ended before it was done"),
        (1, "", "the timing process stopped with exit code 1"),
        (1, "a\nb: c\n\n", "the timing process stopped with exit code 1: b: c"),
        (1, "Traceback\nMemoryError", "the timing process died: out of memory"),
    ],
)
def test_exits_in_words(code: int, stderr: str, words: str) -> None:
    assert describe_exit(code, stderr) == words


def test_environment_leaves_what_the_user_set() -> None:
    assert worker_environment({})["OPENBLAS_THREAD_TIMEOUT"] == "4"
    given = {"OPENBLAS_THREAD_TIMEOUT": "9", "PYTHONPATH": "/a", "X": "1"}
    made = worker_environment(given)
    assert made["OPENBLAS_THREAD_TIMEOUT"] == "9"
    assert made["X"] == "1"
    assert made["PYTHONPATH"].split(os.pathsep)[-1] == "/a"


def test_more_work_may_be_silent_for_longer() -> None:
    small = silence_limit(plan("numpy"))
    large = BenchPlan(network=from_widths((9216, 4096)), batches=(4096,), backends=("numpy",))
    assert 60 <= small < silence_limit(large)
