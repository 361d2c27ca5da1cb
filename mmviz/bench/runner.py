"""The timing child by threads: the way of the command line. The window does the same through Qt."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import IO, Protocol

from mmviz.backends.registry import Entry
from mmviz.bench.child import (
    encode_plan,
    kill_family,
    kill_group,
    worker_command,
    worker_environment,
)
from mmviz.bench.measured import Measured
from mmviz.bench.memory import check_plan
from mmviz.bench.messages import Compared, Message
from mmviz.bench.plan import BenchPlan, CalibrationPlan, PairPlan, Plan, ProbePlan, RecordPlan
from mmviz.bench.results import Collector, Results
from mmviz.bench.supervisor import AWAY_S, LEAVE_S, Ended, Kill, Say, Start, Supervisor
from mmviz.core.recording.recording import Recording
from mmviz.errors import BenchError
from mmviz.text import Text

_POLL_S = 0.1
_CHUNK = 65_536

Hear = Callable[[Message], None]


def run(
    plan: BenchPlan,
    on_message: Hear,
    *,
    stop: Stop | None = None,
    silence_s: float | None = None,
    before: Collector | None = None,
) -> Results:
    """Time `plan` in a child process and return all samples, those of a broken run included.

    before: what was timed of it already, as `files.journal.Record` has it; only the rest is timed.

    Every message goes to `on_message` as it comes. A child that crashes, hangs (nothing said for
    `silence_s` seconds) or talks nonsense is killed; the backend that had the turn is marked Failed
    in plain words, and a new child times what is still to be timed. Setting `stop` ends the run
    early, without a failure. Whatever happens, no process is left behind. Raises BenchError where
    no child can be started and nothing was timed, and InputError, before anything starts, where
    memory does not suffice.
    """
    supervisor, _ = carry_out(plan, on_message, stop, silence_s, before)
    assert supervisor.collector is not None
    return supervisor.collector.results()


def calibrate(
    plan: CalibrationPlan, on_message: Hear, *, stop: Stop | None = None
) -> Measured | None:
    """Measure this machine in a child process; None where `stop` was set before it was done.

    Raises BenchError, in one sentence, where the child cannot be started, breaks, hangs or finds
    nothing. No process is left behind.
    """
    supervisor, reason = carry_out(plan, on_message, stop)
    if reason:
        raise BenchError(reason)
    found = supervisor.found
    return found if isinstance(found, Measured) and not supervisor.cancelled else None


def compare(
    plan: PairPlan,
    on_message: Hear,
    *,
    stop: Stop | None = None,
    silence_s: float | None = None,
) -> Compared | None:
    """Time both shapes of `plan` in one child process; None where `stop` was set before the end.

    Raises InputError, before anything starts, where memory does not suffice, and BenchError, in one
    sentence, where the child cannot be started, breaks, hangs or cannot compute them. No process is
    left behind.
    """
    supervisor, reason = carry_out(plan, on_message, stop, silence_s)
    if reason:
        raise BenchError(reason)
    found = supervisor.found
    return found if isinstance(found, Compared) else None


def record(plan: RecordPlan, on_message: Hear, *, stop: Stop | None = None) -> Recording | None:
    """Record a pass in a child process; None where `stop` was set before the end.

    Raises InputError, before anything starts, for a plan that cannot be, and BenchError, in one
    sentence, where the child cannot be started, breaks, hangs or cannot record. No process is left
    behind.
    """
    supervisor, reason = carry_out(plan, on_message, stop)
    if reason:
        raise BenchError(reason)
    found = supervisor.found
    return found if isinstance(found, Recording) and not supervisor.cancelled else None


def probe(
    backends: Sequence[str], *, stop: Stop | None = None, silence_s: float | None = None
) -> tuple[Entry, ...]:
    """Which of `backends` can run here, found out in a child: none of them is loaded in this
    process, and one that crashes or hangs while it is looked for is entered with that as reason.

    Raises BenchError where no child can be started.
    """
    supervisor, _ = carry_out(ProbePlan(backends=tuple(backends)), _deaf, stop, silence_s)
    assert supervisor.survey is not None
    return supervisor.survey.entries


def _deaf(message: Message) -> None:
    """Nobody waits for what a probe says on its way."""


def carry_out(
    plan: Plan,
    on_message: Hear,
    stop: Stop | None,
    silence_s: float | None = None,
    before: Collector | None = None,
) -> tuple[Supervisor, Text]:
    """Carry out `plan` to its end; who looked after it, and why it broke."""
    check_plan(plan)
    supervisor = Supervisor(plan, silence_s, before)
    child: _ChildProcess | None = None
    try:
        while True:
            if stop is not None and stop.is_set() and not supervisor.cancelled:
                if child is not None:
                    child.hand_in(supervisor)
                for heard in supervisor.unsaid():
                    on_message(heard)
                supervisor.cancel()
            match supervisor.next(monotonic()):
                case Start(part):
                    try:
                        child = _ChildProcess(part)
                    except OSError as error:
                        supervisor.unstartable(str(error))
                case Say(message):
                    on_message(message)
                case Kill() if child is not None:
                    child.kill()
                case Ended(reason):
                    if not supervisor.startable and reason and not supervisor.has_samples:
                        raise BenchError(reason)
                    return supervisor, reason
                case _ if child is not None and child.hand_over(supervisor):
                    child.close()
                    child = None
    finally:
        if child is not None:
            child.close()


class Stop(Protocol):
    """What says, whenever it is asked, whether there is enough: a threading.Event."""

    def is_set(self) -> bool: ...


class _ChildProcess:
    """The timing child, threads that wait for what it does, and its certain end.

    Raises OSError where it cannot be started.
    """

    def __init__(self, plan: Plan) -> None:
        self._events: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._looked = monotonic()
        self._process = subprocess.Popen(
            worker_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=worker_environment(),
            start_new_session=True,  # a group of its own can be killed whole
        )
        self._readers = [
            threading.Thread(target=self._read, args=("out", self._process.stdout), daemon=True),
            threading.Thread(target=self._read, args=("err", self._process.stderr), daemon=True),
        ]
        others = [
            threading.Thread(target=self._write, args=(encode_plan(plan),), daemon=True),
            threading.Thread(target=self._wait, daemon=True),
        ]
        self._threads = [*self._readers, *others]
        for thread in self._threads:
            thread.start()

    def hand_over(self, supervisor: Supervisor) -> bool:
        """Wait a little for what happens next and tell of it; whether the child is gone."""
        before, self._looked = self._looked, monotonic()
        if self._looked - before > AWAY_S:
            supervisor.away(self._looked - before)
        with contextlib.suppress(queue.Empty):
            what, data = self._events.get(timeout=_POLL_S)
            if what == "exit":
                self._end(supervisor)
                return True
            self._tell(supervisor, what, data)
        if self._events.empty():  # all that was written is handed in
            supervisor.tick(monotonic())
        return False

    def _end(self, supervisor: Supervisor) -> None:
        kill_group(self._process.pid)  # whatever it left behind holds its pipes open
        for reader in self._readers:
            reader.join(LEAVE_S)
        self.hand_in(supervisor)
        supervisor.exited(self._process.returncode)

    def hand_in(self, supervisor: Supervisor) -> None:
        """Tell of all that it has written until now; that it is gone is told as ever."""
        came = [self._events.get() for _ in range(self._events.qsize())]
        for what, data in came:
            if what == "exit":
                self._events.put((what, data))
            else:
                self._tell(supervisor, what, data)

    def kill(self) -> None:
        """End it and all it started; its exit is told as ever."""
        kill_family(self._process.pid)

    def close(self) -> None:
        """It ends now, heard or not."""
        if self._process.poll() is None:
            self.kill()
        self._process.wait()
        kill_group(self._process.pid)
        for thread in self._threads:
            thread.join(LEAVE_S)
        _pipe(self._process.stdout).close()
        _pipe(self._process.stderr).close()

    @staticmethod
    def _tell(supervisor: Supervisor, what: str, data: bytes) -> None:
        if what == "out":
            supervisor.received(data, monotonic())
        else:
            supervisor.complained(data)

    def _write(self, line: bytes) -> None:
        """In a thread, since a plan longer than the pipe waits for the child to read it."""
        with contextlib.suppress(OSError), _pipe(self._process.stdin) as stdin:
            while line:
                line = line[stdin.write(line) :]  # if the child died, its end tells why

    def _read(self, name: str, pipe: IO[bytes] | None) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := _pipe(pipe).read(_CHUNK):
                self._events.put((name, data))

    def _wait(self) -> None:
        self._process.wait()
        self._events.put(("exit", b""))


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # all three are asked for
    return pipe
