"""What is the QProcess's own; what both ways to the child share is in test_transports.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from timing_child import gone

from mmviz.bench.messages import Finished, Message, Progress, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import from_widths
from mmviz.text import NOTHING, Text
from mmviz.ui.shell.worker_process import WorkerProcess

PATIENCE_MS = 60_000  # a loaded machine may take long to start Python
PLAN = BenchPlan(
    network=from_widths((8, 16, 4)), batches=(4,), backends=("numpy",), seconds=0.2, seed=1
)


class Listener:
    """Everything a worker said."""

    def __init__(self, worker: WorkerProcess) -> None:
        self.messages: list[Message] = []
        self.ends: list[Text] = []
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


def wait_end(qtbot: QtBot, listener: Listener) -> Text:
    qtbot.waitUntil(lambda: bool(listener.ends), timeout=PATIENCE_MS)
    qtbot.wait(1)
    assert len(listener.ends) == 1, "a run ends exactly once"
    return listener.ends[0]


def wait_for(qtbot: QtBot, listener: Listener, kind: type) -> None:
    qtbot.waitUntil(lambda: bool(listener.of(kind)) or bool(listener.ends), timeout=PATIENCE_MS)
    assert listener.of(kind), listener.ends


def test_cancel_in_the_middle_then_run_again(qtbot: QtBot, make: Make) -> None:
    worker, heard = make()
    worker.start(BenchPlan(network=PLAN.network, batches=(4,), backends=("numpy",), seconds=600))
    wait_for(qtbot, heard, Samples)
    pid = worker.pid
    before = len(heard.messages)
    worker.cancel()
    assert wait_end(qtbot, heard) == NOTHING
    assert gone(pid)
    assert not heard.of(Finished)
    assert len(heard.messages) == before, "nothing is heard after a cancel"
    heard.messages.clear()
    heard.ends.clear()
    worker.start(PLAN)
    assert wait_end(qtbot, heard) == NOTHING
    assert heard.of(Finished)


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
    assert wait_end(qtbot, heard) == NOTHING
    qtbot.waitUntil(lambda: gone(grandchild), timeout=PATIENCE_MS)


def test_a_new_run_may_start_from_the_end_of_the_last(
    qtbot: QtBot, make: Make, script: Callable[[str], list[str]]
) -> None:
    worker, heard = make(command=script("say(Finished())"))

    def again(_: Text) -> None:
        if len(heard.ends) == 1:
            worker.start(PLAN)

    worker.ended.connect(again)
    worker.start(PLAN)
    qtbot.waitUntil(lambda: len(heard.ends) == 2, timeout=PATIENCE_MS)
    assert heard.ends == [NOTHING, NOTHING]
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
