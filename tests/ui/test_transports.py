"""One child, two ways to it: threads and a QProcess hear the same of whatever it does."""

from __future__ import annotations

import os
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from timing_child import children, gone

from mmviz.bench import runner
from mmviz.bench.messages import (
    Compared,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Started,
)
from mmviz.bench.plan import BenchPlan, CalibrationPlan, PairPlan, Plan
from mmviz.bench.rescue import RESTARTS
from mmviz.bench.supervisor import Supervisor
from mmviz.core.shapes.network import from_widths
from mmviz.errors import BenchError, InputError
from mmviz.text import Text
from mmviz.ui.shell import worker_process
from mmviz.ui.shell.worker_process import WorkerProcess

PATIENCE_MS = 60_000  # a loaded machine may take long to start Python
SMALL = from_widths((4, 3, 2))
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and process groups are POSIX")
NAP = """
    nap = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    say(Samples("numpy", 1, [float(nap.pid)]))
"""

Hear = Callable[[Message], bool | None]


@dataclass
class Heard:
    """All that a run said. `hear` may answer True: the user has enough."""

    supervisor: Supervisor
    reason: Text
    messages: list[Message] = field(default_factory=list)

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.messages if isinstance(message, kind)]

    def failures(self) -> dict[str, str | None]:
        assert self.supervisor.collector is not None
        runs = self.supervisor.collector.results().runs
        return {run.backend: run.failure and str(run.failure) for run in runs}


class ByThreads:
    """The command line's way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(
        self,
        plan: Plan,
        hear: Hear = lambda _: None,
        command: Sequence[str] | None = None,
        silence_s: float | None = None,
    ) -> Heard:
        said, stop = [], threading.Event()

        def take(message: Message) -> None:
            said.append(message)
            if hear(message):
                stop.set()

        with self._monkeypatch.context() as patch:
            if command is not None:
                patch.setattr(runner, "worker_command", lambda: list(command))
            supervisor, reason = runner.carry_out(plan, take, stop, silence_s)
        return Heard(supervisor, reason, said)


class ByQProcess:
    """The window's way."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def __call__(
        self,
        plan: Plan,
        hear: Hear = lambda _: None,
        command: Sequence[str] | None = None,
        silence_s: float | None = None,
    ) -> Heard:
        worker = WorkerProcess(command=command, silence_s=silence_s)
        said: list[Message] = []
        ends: list[Text] = []

        def take(message: Message) -> None:
            assert worker.supervisor is not None
            assert not worker.supervisor.cancelled, "nothing is heard after a cancel"
            said.append(message)
            if hear(message):
                worker.cancel()

        worker.message.connect(take)
        worker.ended.connect(ends.append)
        try:
            worker.start(plan)
            assert ends == [], "never from inside start"
            self._qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
            self._qtbot.wait(1)
            assert len(ends) == 1, "a run ends exactly once"
            assert not worker.running
            assert worker.supervisor is not None
            if not worker.supervisor.startable:
                raise BenchError(ends[0])
            return Heard(worker.supervisor, ends[0], said)
        finally:
            worker.close()
            worker.deleteLater()


CarryOut = Callable[..., Heard]


@pytest.fixture(params=["threads", "QProcess"])
def carry_out(
    request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CarryOut]:
    """A way to the child; when a run is over, none of it is left."""
    yield ByThreads(monkeypatch) if request.param == "threads" else ByQProcess(qtbot)
    assert children() == []


def plan(*backends: str, seconds: float = 0.01, batches: tuple[int, ...] = (1,)) -> BenchPlan:
    return BenchPlan(network=SMALL, batches=batches, backends=backends, seconds=seconds)


def shoot() -> None:
    for child in children():
        child.kill()


# --- the real child ------------------------------------------------------------------------------


def test_a_good_run(carry_out: CarryOut) -> None:
    heard = carry_out(plan("numpy", "loop", batches=(1, 2)))
    assert not heard.reason
    assert isinstance(heard.messages[0], Started)
    assert isinstance(heard.messages[-1], Finished)
    assert heard.supervisor.collector is not None
    results = heard.supervisor.collector.results()
    assert results.machine is not None
    assert results.machine.variables["OPENBLAS_THREAD_TIMEOUT"]
    assert len(results.runs) == 4
    for timed in results.runs:
        assert timed.failure is None
        assert timed.stats is not None
        assert timed.max_error is not None
        assert timed.max_error < 1e-6


def test_noise_of_libraries_does_not_disturb(carry_out: CarryOut) -> None:
    assert carry_out(plan("fake:noise")).failures() == {"fake:noise": None}


@pytest.mark.parametrize("order", [("fake:die", "numpy"), ("numpy", "fake:die")])
def test_one_that_dies_does_not_cost_the_others(
    carry_out: CarryOut, order: tuple[str, str]
) -> None:
    """It dies at both batches; new children time the other one, and the sentence names it."""
    heard = carry_out(plan(*order, batches=(1, 2)))
    assert heard.supervisor.collector is not None
    for run in heard.supervisor.collector.results().runs:
        if run.backend == "numpy":
            assert run.samples_s
            assert run.failure is None
            assert run.max_error is not None
        else:
            assert "exit code 3" in str(run.failure)
    assert str(heard.reason) == "fake:die: the timing process stopped with exit code 3"
    assert len(heard.of(Started)) <= 1 + RESTARTS
    done = [message.done for message in heard.messages if isinstance(message, Progress)]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1)
    assert isinstance(heard.messages[-1], Finished)


@posix_only
def test_one_that_is_killed(carry_out: CarryOut) -> None:
    words = "the timing process died: killed by signal 9 (out of memory?)"
    heard = carry_out(plan("fake:kill"))
    assert heard.failures() == {"fake:kill": words}
    assert str(heard.reason) == f"fake:kill: {words}"
    assert isinstance(heard.messages[-1], Failed)


@posix_only
def test_killed_from_outside_what_was_measured_stays(carry_out: CarryOut) -> None:
    shot = []

    def hear(message: Message) -> None:
        if isinstance(message, Samples) and not shot:
            shot.append(message.backend)
            shoot()

    heard = carry_out(plan("fake", "numpy", seconds=0.1), hear)
    (failed,) = heard.of(Failed)
    assert isinstance(failed, Failed)
    assert "died" in str(failed.reason)
    assert heard.supervisor.collector is not None
    for run in heard.supervisor.collector.results().runs:
        samples = [s for m in heard.messages if isinstance(m, Samples) for s in m.seconds
                   if m.backend == run.backend]  # fmt: skip
        assert list(run.samples_s) == samples
        assert (run.failure is not None) == (run.backend == failed.backend)
        assert (run.max_error is None) == (run.backend == failed.backend)


@posix_only
def test_children_that_never_live_are_given_up(carry_out: CarryOut) -> None:
    def hear(message: Message) -> None:
        if isinstance(message, Started):
            shoot()

    heard = carry_out(plan("fake", "numpy", batches=(1, 2), seconds=600), hear)
    assert len(heard.of(Started)) == 1 + RESTARTS
    assert all("died" in str(failure) for failure in heard.failures().values())
    assert "died" in str(heard.reason)


@posix_only
def test_an_earlier_batch_survives_a_crash_of_a_later_one(carry_out: CarryOut) -> None:
    def hear(message: Message) -> None:
        if isinstance(message, Phase) and message.batch == 2 and message.phase == "warming":
            shoot()

    heard = carry_out(plan("numpy", batches=(1, 2), seconds=0.5), hear)  # not over before the shot
    assert heard.supervisor.collector is not None
    first, second = heard.supervisor.collector.results().runs
    assert (first.failure, first.batch) == (None, 1)
    assert first.max_error is not None
    assert second.failure is not None
    assert len(heard.of(Started)) == 1, "nothing was left to be timed"


def test_out_of_memory_fails_one_backend(carry_out: CarryOut) -> None:
    heard = carry_out(plan("fake:memory", "numpy"))
    assert heard.failures() == {"fake:memory": "out of memory", "numpy": None}
    assert not heard.reason, "the child itself did not break"


def test_one_that_hangs_is_killed(carry_out: CarryOut) -> None:
    heard = carry_out(plan("fake:hang", "fake"), silence_s=3)
    failures = heard.failures()
    assert "hung: it said nothing for 3.00 s" in str(failures["fake:hang"])
    assert failures["fake"] is None
    assert str(heard.reason).startswith("fake:hang: ")


def test_cancel_keeps_the_samples(carry_out: CarryOut) -> None:
    heard = carry_out(plan("numpy", seconds=600), lambda m: isinstance(m, Samples))
    assert not heard.reason
    assert not heard.of(Finished), "what was written before the cancel, and no more"
    assert heard.supervisor.unsaid() == []
    assert heard.supervisor.cancelled
    assert heard.failures() == {"numpy": None}
    assert heard.supervisor.collector is not None
    assert heard.supervisor.collector.results().runs[0].samples_s


def test_a_pair_and_a_calibration(carry_out: CarryOut) -> None:
    pair = PairPlan(networks=(SMALL, SMALL), batches=(1, 2), backend="numpy", seconds=0.05)
    heard = carry_out(pair)
    assert not heard.reason
    assert isinstance(heard.supervisor.found, Compared)
    heard = carry_out(PairPlan(networks=(SMALL, SMALL), batches=(1, 2), backend="fake:raise"))
    assert "RuntimeError" in str(heard.reason)
    heard = carry_out(CalibrationPlan(cores=1, asked_at=0.0, seconds=0.0))
    assert "measured nothing" in str(heard.reason)


def test_too_large_for_memory_starts_nothing(carry_out: CarryOut) -> None:
    huge = BenchPlan(network=from_widths((2**24, 2**24)), batches=(1,), backends=("numpy",))
    with pytest.raises(InputError, match="this machine has"):
        carry_out(huge)


def test_what_lies_where_the_user_stands_is_not_imported(
    carry_out: CarryOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("random", "signal", "numpy", "psutil", "cupy", "sitecustomize", "usercustomize")
    for name in (*(f"{name}.py" for name in names), "mmviz/__init__.py", "startup.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("raise SystemExit('imported from the working directory')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "startup.py"))
    monkeypatch.setenv("PYTHONINSPECT", "1")
    for path in ("", f".{os.pathsep}{os.pathsep}{os.path.join('..', tmp_path.name)}"):
        monkeypatch.setenv("PYTHONPATH", path)
        heard = carry_out(plan("fake"))
        assert not heard.reason
        assert heard.failures() == {"fake": None}
    pair = PairPlan(networks=(SMALL, SMALL), batches=(1, 2), backend="fake", seconds=0.01)
    assert not carry_out(pair).reason
    heard = carry_out(CalibrationPlan(cores=1, asked_at=0.0, seconds=0.0))
    assert "measured nothing" in str(heard.reason)


# --- children that misbehave ---------------------------------------------------------------------


def test_who_was_stopped_himself_takes_no_child_for_hung(
    carry_out: CarryOut, script: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+Z, and fg an hour later: what the child said meanwhile may still be on its way."""
    late = [0.0]
    for module in (runner, worker_process):
        monkeypatch.setattr(module, "monotonic", lambda: time.monotonic() + late[0])
    body = """
        say(Phase("numpy", 1, "timing"))
        time.sleep(1.5)  # long enough for whoever looks after it to look once
        say(Checked("numpy", 1, 0.5))
        say(Finished())
    """

    def stop(message: Message) -> None:
        if isinstance(message, Phase):
            late[0] = 3_600.0

    heard = carry_out(plan("numpy"), stop, command=script(body), silence_s=30)
    assert not heard.reason
    assert heard.failures() == {"numpy": None}


def test_garbage(carry_out: CarryOut, script: Callable[[str], list[str]]) -> None:
    body = 'say(Phase("numpy", 1, "timing")); print("hello", flush=True); time.sleep(600)'
    heard = carry_out(plan("numpy"), command=script(body))
    words = "the timing process said what is no message: b'hello\\n'"
    assert heard.failures() == {"numpy": words}
    assert str(heard.reason) == f"NumPy: {words}"


def test_a_word_that_is_cut_off_does_not_count(
    carry_out: CarryOut, script: Callable[[str], list[str]]
) -> None:
    body = """
        line = encode(Samples("numpy", 1, [0.25]))
        out = sys.stdout.buffer
        say(Phase("numpy", 1, "timing"))
        out.write(line[:9]); out.flush(); time.sleep(0.05)
        out.write(line[9:]); out.flush()
        out.write(encode(Finished()).rstrip(b"\\n"))
    """
    heard = carry_out(plan("numpy"), command=script(body))
    assert "before it was done" in str(heard.reason)
    assert heard.of(Samples) == [Samples("numpy", 1, [0.25])]
    assert not heard.of(Finished)


def test_complaining_is_no_sign_of_life(
    carry_out: CarryOut, script: Callable[[str], list[str]]
) -> None:
    body = "while True: print('still here', file=sys.stderr, flush=True); time.sleep(0.01)"
    plan = CalibrationPlan(cores=1, asked_at=0.0)
    heard = carry_out(plan, command=script(body), silence_s=1)
    assert str(heard.reason) == "the timing process hung: it said nothing for 1.00 s"


def test_what_it_says_on_stderr_is_told(
    carry_out: CarryOut, script: Callable[[str], list[str]]
) -> None:
    body = "print('Segmentation of nothing', file=sys.stderr); exit(7)"
    heard = carry_out(plan("numpy"), command=script(body))
    assert "exit code 7: Segmentation of nothing" in str(heard.reason)
    assert heard.of(Started) == []


def test_one_that_cannot_be_started(carry_out: CarryOut) -> None:
    with pytest.raises(BenchError, match="could not be started"):
        carry_out(plan("numpy"), command=["/no/such/python"])


@posix_only
@pytest.mark.parametrize("end", ["crash", "hang", "cancel", "finish"])
def test_what_the_child_leaves_behind_ends_with_it(
    carry_out: CarryOut, script: Callable[[str], list[str]], end: str
) -> None:
    ends = {
        "crash": "os.kill(os.getpid(), signal.SIGSEGV)",
        "finish": "say(Finished())",
        # Its backend is to blame, so that no other child is waited for.
        "hang": 'say(Phase("numpy", 1, "timing")); time.sleep(600)',
    }
    command = script(
        textwrap.dedent(NAP)
        + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        + ends.get(end, "time.sleep(600)")
    )
    heard = carry_out(
        plan("numpy"),
        lambda m: end == "cancel" and isinstance(m, Samples),
        command=command,
        silence_s=1.2 if end == "hang" else None,
    )
    naps = [int(s) for m in heard.messages if isinstance(m, Samples) for s in m.seconds]
    assert naps
    for _ in range(100):
        if all(map(gone, naps)):
            break
        threading.Event().wait(0.1)
    assert all(map(gone, naps))
    words = {"crash": "before it was done", "hang": "hung"}
    if end in words:
        assert heard.reason
