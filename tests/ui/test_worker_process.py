"""The timing child seen from the window: whatever it does, the window hears one end."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from mmviz.bench.messages import Checked, Finished, Message, Progress, Samples, Started, encode
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import from_widths
from mmviz.ui.clock.worker_process import LineReader, WorkerProcess

PATIENCE_MS = 60_000  # a loaded machine may take long to start Python
PLAN = BenchPlan(
    network=from_widths((8, 16, 4)), batches=(4,), backends=("numpy",), seconds=0.2, seed=1
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and process groups are POSIX")


class Listener:
    """Everything a worker said."""

    def __init__(self, worker: WorkerProcess) -> None:
        self.messages: list[Message] = []
        self.ends: list[str] = []
        worker.message.connect(self.messages.append)
        worker.ended.connect(self.ends.append)

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.messages if isinstance(message, kind)]


Make = Callable[..., tuple[WorkerProcess, Listener]]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:  # noqa: ARG001  # a QApplication must exist
    made: list[WorkerProcess] = []

    def build(**arguments: object) -> tuple[WorkerProcess, Listener]:
        worker = WorkerProcess(**arguments)
        made.append(worker)
        return worker, Listener(worker)

    yield build
    while made:
        worker = made.pop()
        worker.close()
        worker.deleteLater()


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    """A child of our own making: `say(message)` writes one as the real child does."""

    def write(body: str) -> list[str]:
        path = tmp_path / "child.py"
        head = """
            import os, signal, sys, time, subprocess
            from mmviz.bench.messages import *
            from mmviz.bench.messages import encode
            def say(message):
                sys.stdout.buffer.write(encode(message)); sys.stdout.buffer.flush()
        """
        path.write_text(textwrap.dedent(head) + textwrap.dedent(body))
        return [sys.executable, str(path)]

    return write


def wait_end(qtbot: QtBot, listener: Listener) -> str:
    qtbot.waitUntil(lambda: bool(listener.ends), timeout=PATIENCE_MS)
    qtbot.wait(1)
    assert len(listener.ends) == 1, "a run ends exactly once"
    return listener.ends[0]


def wait_for(qtbot: QtBot, listener: Listener, kind: type) -> None:
    qtbot.waitUntil(lambda: bool(listener.of(kind)) or bool(listener.ends), timeout=PATIENCE_MS)
    assert listener.of(kind), listener.ends


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


# --- the real child ------------------------------------------------------------------------------


def test_numpy_runs_to_the_end(qtbot: QtBot, make: Make) -> None:
    worker, heard = make()
    worker.start(PLAN)
    assert worker.running
    assert wait_end(qtbot, heard) == ""
    assert not worker.running
    assert worker.pid == 0
    assert isinstance(heard.messages[0], Started)
    assert isinstance(heard.messages[-1], Finished)
    assert all(t > 0 for message in heard.of(Samples) for t in message.seconds)
    (checked,) = heard.of(Checked)
    assert checked.max_error < 1e-5


def test_cancel_in_the_middle_then_run_again(qtbot: QtBot, make: Make) -> None:
    worker, heard = make()
    worker.start(BenchPlan(network=PLAN.network, batches=(4,), backends=("numpy",), seconds=600))
    wait_for(qtbot, heard, Samples)
    pid = worker.pid
    before = len(heard.messages)
    worker.cancel()
    assert wait_end(qtbot, heard) == ""
    assert gone(pid)
    assert not heard.of(Finished)
    assert len(heard.messages) == before, "nothing is heard after a cancel"
    heard.messages.clear()
    heard.ends.clear()
    worker.start(PLAN)
    assert wait_end(qtbot, heard) == ""
    assert heard.of(Finished)


@posix_only
def test_a_killed_child_is_told_in_words(qtbot: QtBot, make: Make) -> None:
    worker, heard = make()
    worker.start(BenchPlan(network=PLAN.network, batches=(4,), backends=("numpy",), seconds=600))
    wait_for(qtbot, heard, Samples)
    os.kill(worker.pid, signal.SIGKILL)
    assert "killed by signal 9" in wait_end(qtbot, heard)
    assert heard.of(Samples), "what was measured before stays"


def test_a_plan_too_large_for_memory_is_refused_in_words(qtbot: QtBot, make: Make) -> None:
    worker, heard = make()
    huge = BenchPlan(
        network=from_widths((16_777_216, 16_777_216)), batches=(1,), backends=("numpy",)
    )
    worker.start(huge)
    assert heard.ends == [], "never from inside start"
    assert "this machine has" in wait_end(qtbot, heard)


# --- children that misbehave ---------------------------------------------------------------------


def test_garbage_is_ignored_and_messages_between_it_are_heard(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    command = script("""
        out = sys.stdout.buffer
        out.write(b"hello\\n\\xff\\xfe\\x00\\n{}\\n[1,2\\n\\n" + b"x" * 200_000 + b"\\n")
        out.flush()
        say(Progress(0.5))
        say(Samples("stranger", 4, [1.0]))  # a backend nobody asked for
        line = encode(Samples("numpy", 4, [0.25]))
        out.write(line[:9]); out.flush(); time.sleep(0.05)
        out.write(line[9:]); out.flush()
        out.write(encode(Finished()).rstrip(b"\\n"))  # cut off: it does not count
    """)
    worker, heard = make(command=command)
    worker.start(PLAN)
    assert "before it was done" in wait_end(qtbot, heard)
    assert heard.messages == [Progress(0.5), Samples("numpy", 4, [0.25])]


def test_only_garbage_is_an_end_in_words(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    worker, heard = make(
        command=script("print('Segmentation of nothing', file=sys.stderr); exit(7)")
    )
    worker.start(PLAN)
    sentence = wait_end(qtbot, heard)
    assert "exit code 7" in sentence
    assert "Segmentation of nothing" in sentence
    assert heard.messages == []


@posix_only
def test_a_crash_names_its_signal_and_leaves_no_grandchild(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    command = script("""
        nap = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        say(Samples("numpy", 4, [float(nap.pid)]))
        os.kill(os.getpid(), signal.SIGSEGV)
    """)
    worker, heard = make(command=command)
    worker.start(PLAN)
    assert "SIGSEGV" in wait_end(qtbot, heard)
    grandchild = int(heard.of(Samples)[0].seconds[0])
    qtbot.waitUntil(lambda: gone(grandchild), timeout=PATIENCE_MS)


def test_cancel_returns_at_once_and_takes_the_grandchild_too(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    command = script("""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        nap = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        say(Samples("numpy", 4, [float(nap.pid)]))
        time.sleep(600)
    """)
    worker, heard = make(command=command)
    worker.start(PLAN)
    wait_for(qtbot, heard, Samples)
    grandchild = int(heard.of(Samples)[0].seconds[0])
    worker.cancel()
    assert heard.ends == [], "the end comes by the event loop: cancel waits for nothing"
    worker.cancel()  # an impatient second click changes nothing
    assert wait_end(qtbot, heard) == ""
    qtbot.waitUntil(lambda: gone(grandchild), timeout=PATIENCE_MS)


def test_a_hang_is_ended_in_words(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    command = script("while True: print('still here', flush=True); time.sleep(0.1)")
    worker, heard = make(command=command, silence_s=0.5)
    worker.start(PLAN)
    sentence = wait_end(qtbot, heard)
    assert "hung" in sentence
    assert "500 ms" in sentence


def test_a_program_that_cannot_be_started(qtbot: QtBot, make: Make) -> None:
    worker, heard = make(command=["/no/such/program"])
    worker.start(PLAN)
    assert heard.ends == [], "never from inside start"
    assert "could not be started" in wait_end(qtbot, heard)


def test_a_new_run_may_start_from_the_end_of_the_last(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    worker, heard = make(command=script("say(Finished())"))

    def again(_: str) -> None:
        if len(heard.ends) == 1:
            worker.start(PLAN)

    worker.ended.connect(again)
    worker.start(PLAN)
    qtbot.waitUntil(lambda: len(heard.ends) == 2, timeout=PATIENCE_MS)
    assert heard.ends == ["", ""]
    assert heard.messages == [Finished(), Finished()]


def test_two_runs_at_once_are_refused(make: Make, script: Callable[[str], list[str]]) -> None:
    worker, _ = make(command=script("time.sleep(600)"))
    worker.start(PLAN)
    with pytest.raises(RuntimeError):
        worker.start(PLAN)


def test_closing_waits_for_the_child_and_is_silent(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    worker, heard = make(command=script("say(Progress(0.1)); time.sleep(600)"))
    worker.start(PLAN)
    wait_for(qtbot, heard, Progress)
    pid = worker.pid
    worker.close()
    assert gone(pid)
    assert not worker.running
    time.sleep(0.01)
    qtbot.wait(10)
    assert heard.ends == []
    worker.close()


# --- lines ---------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=30).filter(lambda b: b"\n" not in b)), st.data())
def test_lines_come_out_as_they_went_in_however_they_are_cut(
    lines: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader, found = LineReader(longest=1_000), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += reader.feed(stream[start:end])
    assert found == lines


def test_an_endless_line_takes_no_memory_and_the_next_one_is_heard() -> None:
    reader = LineReader(longest=10)
    assert list(reader.feed(b"a" * 8)) == []
    for _ in range(5):
        assert list(reader.feed(b"b" * 8)) == []
    assert sum(map(len, reader._parts)) == 0
    assert list(reader.feed(b"b\nnext\n")) == [b"next"]


def test_every_message_survives_the_wire() -> None:
    line = encode(Samples("numpy", 4, [0.1, 0.2]))
    assert list(LineReader().feed(line)) == [line.rstrip(b"\n")]
