"""The child and its threads; what both ways to it share is in tests/ui/test_transports.py."""

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
from timing_child import children, gone

from mmviz.bench import runner
from mmviz.bench.child import encode_plan, worker_command, worker_environment
from mmviz.bench.messages import Message, Phase, Samples, Started, decode
from mmviz.bench.plan import BenchPlan
from mmviz.bench.runner import run
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError

SMALL = from_widths((4, 3, 2))


def plan(*backends: str, seconds: float = 0.01, batches: tuple[int, ...] = (1,)) -> BenchPlan:
    return BenchPlan(network=SMALL, batches=batches, backends=backends, seconds=seconds)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Stricter than the suite's own look for leaks: the child is gone when `run` returns."""
    yield
    assert children() == []


def test_stop_before_anything() -> None:
    stop = threading.Event()
    stop.set()
    assert run(plan("numpy"), lambda _: None, stop=stop).runs[0].samples_s == ()


def test_what_sensors_told_comes_from_the_child() -> None:
    """Each figure or its reason, of every backend at every batch; of memory Linux always tells."""
    results = run(plan("numpy", "fake", batches=(1, 64), seconds=0.02), lambda _: None)
    assert len(results.runs) == 4
    for one in results.runs:
        assert one.sensed is not None
        absent = {name for name, value in one.sensed.figures().items() if value is None}
        assert absent == set(one.sensed.missing)
        if sys.platform == "linux":
            assert one.sensed.host_peak_bytes is not None


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_nothing(error: type[BaseException]) -> None:
    def interrupt(message: Message) -> None:
        if isinstance(message, Phase):
            raise error

    with pytest.raises(error):
        run(plan("fake", seconds=600), interrupt)


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


PARENT = """
import os, psutil, sys
from mmviz.bench import runner
from mmviz.bench.messages import Phase
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import from_widths
def say(message):
    if isinstance(message, Phase) and message.phase == "warming":
        for child in psutil.Process().children(recursive=True):
            print(child.pid, flush=True)
        print("all", flush=True)
if sys.argv[1:]:
    runner.worker_command = lambda: [sys.executable, sys.argv[1]]
runner.run(BenchPlan(network=from_widths((2, 1)), batches=(1,), backends=("fake:hang",)), say)
"""
WITHOUT_KERNEL = """
from mmviz.bench import leash, worker
leash.by_kernel = lambda: False
worker.main()
"""
ENDS = [signal.SIGKILL, signal.SIGABRT, signal.SIGTERM] if os.name == "posix" else []


@pytest.mark.skipif(os.name != "posix", reason="stops and kills by signals")
@pytest.mark.parametrize("child", ["", WITHOUT_KERNEL], ids=["by the kernel", "by a watcher"])
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("stopped", [True, False])
def test_no_worker_outlives_its_parent(
    tmp_path: Path, child: str, end: signal.Signals, stopped: bool
) -> None:
    """Its parent dies without a word while it hangs and says nothing: no write would fail."""
    if not child and not stopped and end is not signal.SIGKILL:
        pytest.skip("one way to die is enough for what the kernel does")
    parent, stand_in = tmp_path / "parent.py", tmp_path / "child.py"
    parent.write_text(PARENT)
    stand_in.write_text(child)
    process = subprocess.Popen(
        [sys.executable, str(parent), *([str(stand_in)] if child else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    found = [int(line) for line in iter(process.stdout.readline, b"all\n")]
    assert len(found) == (2 if child else 1)  # where the kernel does not help there is a watcher
    if stopped:
        os.kill(found[0], signal.SIGSTOP)
    process.send_signal(end)
    process.wait()
    process.stdout.close()
    wait_until_gone(found)


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 30
    while not all(map(gone, pids)):
        assert time.monotonic() < deadline, "a process outlives whom it belongs to"
        time.sleep(0.05)


def test_a_worker_whose_parent_was_gone_before_it_ends_at_once() -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    *command, _ = worker_command()
    done = subprocess.run([*command, str(dead.pid)], stdin=subprocess.PIPE, check=False)
    assert done.returncode == 3


def test_a_watcher_goes_with_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(WITHOUT_KERNEL)
    monkeypatch.setattr(runner, "worker_command", lambda: [sys.executable, str(child)])
    seen: list[int] = []

    def look(message: Message) -> None:
        if isinstance(message, Phase) and not seen:
            seen.extend(one.pid for one in psutil.Process().children(recursive=True))

    assert run(plan("numpy"), look).runs[0].samples_s
    assert len(seen) == 2
    wait_until_gone(seen)


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


def test_environment_leaves_what_the_user_set() -> None:
    assert worker_environment({})["OPENBLAS_THREAD_TIMEOUT"] == "4"
    given = {"OPENBLAS_THREAD_TIMEOUT": "9", "PYTHONPATH": "/a", "X": "1"}
    made = worker_environment(given)
    assert made["OPENBLAS_THREAD_TIMEOUT"] == "9"
    assert made["X"] == "1"
    assert made["PYTHONPATH"] == "/a"


@pytest.mark.parametrize("name", ["PYTHONPATH", "PATH", "LD_LIBRARY_PATH"])
@pytest.mark.parametrize("where", ["", ".", "./", "{up}/{here}", "{sep}.{sep}"])
def test_where_the_user_stands_is_no_place_to_look_in(
    name: str, where: str, tmp_path: Path
) -> None:
    here = os.getcwd()
    given = where.format(up="..", here=os.path.basename(here), sep=os.pathsep)
    assert name not in worker_environment({name: given})
    kept = worker_environment({name: f"{given}{os.pathsep}{tmp_path}{os.pathsep}lib"})[name]
    assert kept.split(os.pathsep) == [str(tmp_path), "lib"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder somebody stands in")
def test_a_folder_that_is_gone_is_no_place_to_look_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    made = worker_environment({"PYTHONPATH": f".{os.pathsep}lib{os.pathsep}{tmp_path}"})
    assert made["PYTHONPATH"] == str(tmp_path)
    assert run(plan("numpy"), lambda _: None).runs[0].samples_s
