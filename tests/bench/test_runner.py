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
from timing_child import children

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


def test_environment_leaves_what_the_user_set() -> None:
    assert worker_environment({})["OPENBLAS_THREAD_TIMEOUT"] == "4"
    given = {"OPENBLAS_THREAD_TIMEOUT": "9", "PYTHONPATH": "/a", "X": "1"}
    made = worker_environment(given)
    assert made["OPENBLAS_THREAD_TIMEOUT"] == "9"
    assert made["X"] == "1"
    assert made["PYTHONPATH"].split(os.pathsep)[-1] == "/a"


@pytest.mark.parametrize("where", ["", ".", "./", "{up}/{here}", "{sep}.{sep}"])
def test_where_the_user_stands_is_no_place_to_import_from(where: str, tmp_path: Path) -> None:
    here = os.getcwd()
    given = where.format(up="..", here=os.path.basename(here), sep=os.pathsep)
    entries = worker_environment({"PYTHONPATH": given})["PYTHONPATH"].split(os.pathsep)
    (package,) = entries
    assert (Path(package) / "mmviz" / "bench" / "worker.py").is_file()
    assert "-P" in worker_command()
    kept = worker_environment({"PYTHONPATH": f"{tmp_path}{os.pathsep}lib"})["PYTHONPATH"]
    assert kept.split(os.pathsep)[1:] == [str(tmp_path), "lib"]
