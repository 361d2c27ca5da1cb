"""The timing child as a Qt object: starts it, reads its lines, and outlives whatever it does."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from collections.abc import Iterator, Mapping, Sequence

import psutil
from PyQt6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, pyqtSignal

from mmviz.bench.memory import check_memory, check_pair
from mmviz.bench.messages import Finished, decode
from mmviz.bench.plan import BenchPlan, PairPlan, Plan
from mmviz.bench.runner import (
    belongs,
    describe_exit,
    encode_plan,
    silence_limit,
    worker_command,
    worker_environment,
)
from mmviz.errors import InputError
from mmviz.units import seconds as seconds_text

LONGEST_LINE = 16 * 1024 * 1024  # bytes; a longer line is thrown away, it is no message
_STDERR_TAIL = 4_096  # bytes
_LEAVE_S = 5.0  # after its last message the child has this long to exit
_CLOSE_MS = 5_000  # how long the closing window waits for the killed child to be gone
_LONGEST_MS = 2**31 - 1  # of a QTimer


class LineReader:
    """Cuts a stream of bytes into lines; a line longer than `longest` is dropped whole."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._size = 0
        self._dropping = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes in, give the lines they complete, without their line ends."""
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._keep(end)
            if not self._dropping:
                yield b"".join(self._parts)
            self._parts, self._size, self._dropping = [], 0, False
        self._keep(rest)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._longest:
            self._parts, self._dropping = [], True
        elif part:
            self._parts.append(part)


class WorkerProcess(QObject):
    """Runs one plan at a time, of timing, of a pair or of calibration, in a child process.

    `message` carries each `mmviz.bench.messages.Message` that belongs to the plan; anything else
    the child prints is ignored. `ended` follows exactly once a run, never from inside `start` or
    `cancel`: "" when the run finished or was cancelled, else one sentence why it broke or did not
    begin. A new run may be started as soon as `ended` is emitted.

    `command`, `environment` and `silence_s` (seconds without a message after which the child is
    taken to be hung) are for tests.
    """

    message = pyqtSignal(object)
    ended = pyqtSignal(str)

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
        self._process: QProcess | None = None
        self._pid = 0
        self._watch = QTimer(self)
        self._watch.setSingleShot(True)
        self._watch.timeout.connect(self._silent)

    @property
    def running(self) -> bool:
        """True from `start` until just before `ended`."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """The child's process id, 0 while there is none."""
        return self._pid if self._process is not None else 0

    def start(self, plan: Plan) -> None:
        """Start the child on `plan`; raises RuntimeError while a run is going on."""
        if self._process is not None:
            raise RuntimeError("a timing run is already going on")
        self._plan = plan
        self._lines = LineReader()
        self._stderr = b""
        self._reason: str | None = None  # why we ended it ourselves, "" for the user's wish
        self._finished = False
        self._limit_s = silence_limit(plan) if self._silence_s is None else self._silence_s
        self._pid = 0
        self._process = process = QProcess(self)
        try:
            if isinstance(plan, BenchPlan):
                check_memory(plan)
            elif isinstance(plan, PairPlan):
                check_pair(plan)
        except InputError as error:
            self._end_soon(str(error))
            return
        process.setProcessEnvironment(_environment(self._environment or worker_environment()))
        _own_session(process)
        process.readyReadStandardOutput.connect(self._read_output)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._exited)
        process.errorOccurred.connect(self._failed)
        program, *arguments = self._command or worker_command()
        self._wait(self._limit_s)
        process.start(program, arguments)
        self._pid = process.processId()
        if process.state() is not QProcess.ProcessState.NotRunning:
            process.write(encode_plan(plan))
            process.closeWriteChannel()

    def cancel(self) -> None:
        """Kill the child and all it started; `ended` follows when it is gone. Never waits."""
        self._kill("")

    def close(self) -> None:
        """Kill the child and wait until it is gone, for a window that closes; no `ended`."""
        process, self._process = self._process, None
        self._watch.stop()
        if process is None:
            return
        process.blockSignals(True)
        _kill_family(self._pid)
        process.kill()
        process.waitForFinished(_CLOSE_MS)
        process.deleteLater()

    def _wait(self, limit_s: float) -> None:
        self._watch.start(min(round(1e3 * limit_s), _LONGEST_MS))

    def _kill(self, reason: str) -> None:
        if self._process is None or self._reason is not None:
            return
        self._reason = reason
        self._watch.stop()
        _kill_family(self._pid)
        self._process.kill()

    def _silent(self) -> None:
        wait = seconds_text(self._limit_s)
        self._kill(f"the timing process hung: it said nothing for {wait} and was stopped")

    def _read_output(self) -> None:
        if self._process is None:
            return
        for line in self._lines.feed(self._process.readAllStandardOutput().data()):
            self._take(line)

    def _take(self, line: bytes) -> None:
        if self._process is None or self._reason is not None:
            return  # closed or cancelled by whoever heard the message before this one
        try:
            message = decode(line)
        except ValueError:
            return  # not ours: a library may print what it likes
        if not belongs(message, self._plan):
            return
        self._finished = isinstance(message, Finished)
        self._wait(_LEAVE_S if self._finished else self._limit_s)
        self.message.emit(message)

    def _read_errors(self) -> None:
        if self._process is not None:
            new = self._process.readAllStandardError().data()
            self._stderr = (self._stderr + new)[-_STDERR_TAIL:]

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            why = self._process.errorString()
            self._end_soon(f"the timing process could not be started: {why}")

    def _exited(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_output()
        self._read_errors()
        crashed = status is QProcess.ExitStatus.CrashExit
        if crashed and os.name == "posix":
            code = -code  # Qt gives the signal's number; the sentence wants Popen's negative
        self._end(
            "" if self._finished else describe_exit(code, self._stderr.decode("utf-8", "replace"))
        )

    def _end_soon(self, sentence: str) -> None:
        """End from the event loop, so that nobody hears of it while still inside `start`."""
        timer = QTimer(self._process)
        timer.setSingleShot(True)
        timer.timeout.connect(functools.partial(self._end, sentence))
        timer.start(0)

    def _end(self, sentence: str) -> None:
        process, self._process = self._process, None
        self._watch.stop()
        if process is None:
            return
        _kill_group(self._pid)  # whatever the child left behind
        process.blockSignals(True)
        process.deleteLater()
        ours = self._reason is not None and not self._finished
        self.ended.emit(self._reason if ours else sentence)


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


def _kill_family(pid: int) -> None:
    """Kill all that a living child started: those found by their parent, then its group."""
    if not pid:
        return
    with contextlib.suppress(psutil.Error):
        for descendant in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                descendant.kill()
    _kill_group(pid)


def _kill_group(pid: int) -> None:
    """Kill the group that `pid` leads; a group outlives its leader while it has members."""
    if pid and os.name == "posix" and pid != os.getpgrp():
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
