"""The timing child by a QProcess: does what its supervisor asks for, and tells it what happens."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from PyQt6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, pyqtSignal

from mmviz.bench.child import (
    encode_plan,
    kill_family,
    kill_group,
    worker_command,
    worker_environment,
)
from mmviz.bench.memory import check_plan
from mmviz.bench.pacing import encode
from mmviz.bench.plan import Plan, TrainPlan
from mmviz.bench.results import Collector
from mmviz.bench.supervisor import AWAY_S, Ended, Kill, Say, Start, Supervisor
from mmviz.errors import passed_on
from mmviz.text import NOTHING, Text

_CLOSE_MS = 5_000  # how long the closing window waits for the killed child to be gone
_LOOK_S = 1.0  # how often is looked whether the child has been silent for too long


class WorkerProcess(QObject):
    """Runs one plan at a time, of timing, of a pair or of calibration, in a child process.

    `message` carries each `mmviz.bench.messages.Message` that belongs to the plan. `ended` follows
    exactly once a run, never from inside `start` or `cancel`, with a Text: NOTHING when the run
    finished or was cancelled, else one sentence why it broke or did not begin. A new run may be
    started as soon as `ended` is emitted.

    `command`, `environment` and `silence_s` (seconds without a message after which the child is
    taken to be hung) are for tests.
    """

    message = pyqtSignal(object)
    ended = pyqtSignal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
        silence_s: float | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._environment = environment
        self._silence_s = silence_s
        self.supervisor: Supervisor | None = None  # of the run that is on, or of the last one
        self._running = False
        self._process: QProcess | None = None
        self._pid = 0  # a QProcess forgets it as soon as the child is gone
        self._reason = NOTHING
        self._looked = 0.0
        self._spoken, self._pace = False, b""  # whether the child said something; asked of it
        self._watch = _timer(self, self._tick)
        self._soon = _timer(self, self._end)  # nobody hears of an end while still inside `start`

    @property
    def running(self) -> bool:
        """True from `start` until just before `ended`."""
        return self._running

    @property
    def pid(self) -> int:
        """The child's process id, 0 while there is none."""
        return 0 if self._process is None else self._pid

    def start(self, plan: Plan, before: Collector | None = None) -> None:
        """Start a child on `plan`; raises RuntimeError while a run is going on.

        before: what was timed of it already. Raises InputError, before anything starts, where
        memory does not suffice.
        """
        if self._running:
            raise RuntimeError("a timing run is already going on")
        check_plan(plan)
        self._running, self.supervisor = True, Supervisor(plan, self._silence_s, before)
        self._looked = monotonic()
        self._go_on()

    def cancel(self) -> None:
        """Kill the child and all it started; `ended` follows when it is gone. Never waits."""
        if self._running and self.supervisor is not None:
            self.supervisor.cancel()
            self._go_on()

    def pause(self) -> None:
        """End the child of a timing run until `go_on`; what it was at is timed again then."""
        if self._running and self.supervisor is not None:
            self.supervisor.pause()
            self._go_on()

    def go_on(self) -> None:
        """After a pause: a new child times the rest."""
        if self._running and self.supervisor is not None:
            self.supervisor.go_on()
            self._go_on()

    def pace(self, pace: float | None) -> None:
        """A child that teaches goes on so fast, steps a second at most; None: as it computes."""
        supervisor = self.supervisor
        if self._running and supervisor is not None and isinstance(supervisor.plan, TrainPlan):
            self._pace = encode(pace)
            self._pass_on()

    def close(self) -> None:
        """Kill the child and wait until it is gone, for a window that closes; no `ended`."""
        self._running = False
        self._watch.stop()
        self._soon.stop()
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        kill_family(self._pid)
        process.kill()
        process.waitForFinished(_CLOSE_MS)
        process.deleteLater()

    def _go_on(self) -> None:
        """Do all that is to be done now; whoever hears a message may cancel or close meanwhile."""
        while self._running and self.supervisor is not None:
            match self.supervisor.next(monotonic()):
                case Start(plan):
                    self._launch(plan)
                case Say(message):
                    self.message.emit(message)
                case Kill():
                    kill_family(self.pid)
                    if self._process is not None:
                        self._process.kill()  # it may have no id yet
                case Ended(reason):
                    self._reason = reason
                    self._soon.start(0)
                case None:
                    self._look(self.supervisor)
                    wait_s = min(self.supervisor.deadline - self._looked, _LOOK_S)
                    self._watch.start(max(0, round(1e3 * wait_s)) + 1)
                    return

    def _launch(self, plan: Plan) -> None:
        self._process = process = QProcess(self)
        process.setProcessEnvironment(_environment(self._environment or worker_environment()))
        _own_session(process)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(self._exited)
        process.errorOccurred.connect(self._failed)
        program, *arguments = self._command or worker_command()
        self._pid = 0
        process.start(program, arguments)
        self._pid = process.processId()
        if process.state() is not QProcess.ProcessState.NotRunning:
            process.write(encode_plan(plan))
            self._spoken, self._pace = False, b""
            if not isinstance(plan, TrainPlan):
                process.closeWriteChannel()

    def _read(self) -> None:
        self._spoken = True  # so the plan is read, and nothing else with it
        self._pass_on()
        self._hand_in()
        self._go_on()

    def _pass_on(self) -> None:
        process = self._process
        if self._spoken and self._pace and process is not None:
            if process.state() is QProcess.ProcessState.Running:
                process.write(self._pace)
            self._pace = b""

    def _hand_in(self) -> None:
        if self._process is not None and self.supervisor is not None:
            self.supervisor.complained(self._process.readAllStandardError().data())
            self.supervisor.received(self._process.readAllStandardOutput().data(), monotonic())

    def _tick(self) -> None:
        self._hand_in()
        if self.supervisor is not None:
            self._look(self.supervisor)
            self.supervisor.tick(self._looked)
        self._go_on()

    def _look(self, supervisor: Supervisor) -> None:
        """After a while in which nobody looked what was said meanwhile may not be here yet."""
        before, self._looked = self._looked, monotonic()
        if self._looked - before > AWAY_S:
            supervisor.away(self._looked - before)

    def _failed(self, error: QProcess.ProcessError) -> None:
        process = self._process
        if error is QProcess.ProcessError.FailedToStart and process is not None:
            self._let_go(process)
            if self.supervisor is not None:
                self.supervisor.unstartable(process.errorString())
            self._go_on()

    def _exited(self, code: int, status: QProcess.ExitStatus) -> None:
        process, supervisor = self._process, self.supervisor
        if process is None or supervisor is None:
            return
        if status is QProcess.ExitStatus.CrashExit and os.name == "posix":
            code = -code  # Qt gives the signal's number; the sentence wants Popen's negative
        try:
            self._hand_in()
            self._let_go(process)
            supervisor.exited(code)
            self._go_on()
        except Exception as error:  # no other event would end it: the child is gone
            self._process, self._reason = None, passed_on(error)
            self._soon.start(0)

    def _let_go(self, process: QProcess) -> None:
        kill_group(self._pid)  # whatever the child left behind
        self._process = None
        process.blockSignals(True)
        process.deleteLater()

    def _end(self) -> None:
        self._running = False
        self._watch.stop()
        reason: Text = self._reason
        self.ended.emit(reason)


def _timer(parent: WorkerProcess, work: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(work)
    return timer


def _environment(variables: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in variables.items():
        environment.insert(name, value)
    return environment


def _own_session(process: QProcess) -> None:
    """Make the child the leader of a group of its own, so that the group can be killed whole."""
    flag = (
        getattr(QProcess.UnixProcessFlag, "CreateNewSession", None) if os.name == "posix" else None
    )
    if flag is not None:  # Qt 6.7 and later
        process.setUnixProcessParameters(flag)
