"""Starting the timing child and reading what it says: the way of the command line.

The window does the same through Qt; what both need stands here as functions without a process.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import IO

import msgspec

from mmviz.bench.machine import OWN_VARIABLES
from mmviz.bench.memory import check_memory
from mmviz.bench.messages import Failed, Message, decode
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results
from mmviz.core.gemm import lower
from mmviz.errors import BenchError
from mmviz.units import seconds as seconds_text

_TAIL_LINES = 20
_POLL_S = 0.1
_LEAVE_S = 5.0  # how long the child may take to exit after its last message
_SLOWEST_FLOP = 5e9  # FLOP/s any machine's BLAS surpasses: bounds a product nothing can interrupt
_SLOWEST_VALUES = 5e6  # random numbers a second, likewise


def worker_command() -> list[str]:
    """Program and arguments of the timing child, by this very Python."""
    return [sys.executable, "-m", "mmviz.bench.worker"]


def worker_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the timing child: this process's own (or `base`), and what steers BLAS.

    It must be set before NumPy is loaded; what the user set already stays.
    """
    environment = {**OWN_VARIABLES, **(os.environ if base is None else base)}
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONFAULTHANDLER"] = "1"  # a crash in a library leaves a word on stderr
    # the child must find the very package that started it, installed or not
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path = [package, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path))
    return environment


def encode_plan(plan: BenchPlan) -> bytes:
    """The line the child reads, newline included."""
    return msgspec.json.encode(plan) + b"\n"


def decode_plan(line: bytes) -> BenchPlan:
    """The plan of one line; raises msgspec.DecodeError (a ValueError) for anything else."""
    return msgspec.json.decode(line, type=BenchPlan)


def silence_limit(plan: BenchPlan) -> float:
    """Seconds without a message after which the child must be hung.

    Long enough for what it does in one go on a slow machine: making the values, one warm-up pass,
    the largest product, the reference in float64.
    """
    batch = max(plan.batches)
    products = [gemm.flop for gemm in lower(plan.network, batch, plan.training)]
    values = plan.network.parameters + batch * plan.network.inputs
    uninterrupted = 2 * max(products) + sum(gemm.flop for gemm in lower(plan.network, 256))
    return 60 + 2 * plan.seconds + uninterrupted / _SLOWEST_FLOP + values / _SLOWEST_VALUES


def describe_exit(code: int, stderr: str = "") -> str:
    """Why the child is gone, in one sentence, from its exit code and what it wrote to stderr.

    A negative `code` is the signal that ended it, as subprocess has it.
    """
    if code == -signal.SIGTERM or code == -getattr(signal, "SIGKILL", 9):
        memory = " (out of memory?)" if code != -signal.SIGTERM else ""
        return f"the timing process died: killed by signal {-code}{memory}"
    if code < 0 or code >= 0xC0000000:  # Windows writes a crash as a status above that
        name = _signal_name(-code) if code < 0 else f"status 0x{code:08X}"
        return f"the timing process died: it crashed with {name}"
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    if code == 0:
        return "the timing process ended before it was done"
    last = f": {lines[-1][:300]}" if lines else ""
    if last.startswith(": MemoryError"):
        return "the timing process died: out of memory"
    return f"the timing process stopped with exit code {code}{last}"


def _signal_name(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def run(
    plan: BenchPlan,
    on_message: Callable[[Message], None],
    *,
    stop: threading.Event | None = None,
    silence_s: float | None = None,
) -> Results:
    """Time `plan` in a child process and return all samples, those of a broken run included.

    Every message goes to `on_message` as it comes. A child that crashes, hangs (nothing said for
    `silence_s` seconds, by default `silence_limit`) or talks nonsense is killed; its backend and
    those still to come are marked Failed in plain words. Setting `stop` ends the run early, without
    a failure. Whatever happens, no process is left behind. Raises BenchError where a broken run has
    not one sample, and InputError, before anything starts, where memory does not suffice.
    """
    check_memory(plan)
    collector = Collector(plan)
    limit = silence_limit(plan) if silence_s is None else silence_s
    with _Child(plan) as child:
        broken = _listen(child, collector, on_message, stop, limit)
    if broken is None:
        return collector.results()
    for message in _unfinished(collector, broken):
        collector.add(message)
        on_message(message)
    results = collector.results()
    if not any(run.samples_s for run in results.runs):
        raise BenchError(broken)
    return results


def _listen(
    child: _Child,
    collector: Collector,
    on_message: Callable[[Message], None],
    stop: threading.Event | None,
    limit: float,
) -> str | None:
    """Take messages in until the child is done; why it broke, or None."""
    heard = monotonic()
    while stop is None or not stop.is_set():
        try:
            line = child.lines.get(timeout=_POLL_S)
        except queue.Empty:
            if monotonic() - heard > limit:
                return f"the timing process hung: it said nothing for {seconds_text(limit)}"
            continue
        if line is None:
            return None if collector.finished else child.epitaph()
        heard = monotonic()
        try:
            message = decode(line)
            collector.add(message)
        except (ValueError, KeyError):
            return f"the timing process said what is no message: {line[:60]!r}"
        on_message(message)
    return None


def _unfinished(collector: Collector, broken: str) -> list[Failed]:
    """What is to be said of each backend and batch that a break left without a complete result."""
    failures = []
    for run in collector.results().runs:
        if run.max_error is None and run.failure is None and not run.estimated:
            failures.append(Failed(run.backend, run.batch, broken))
    return failures


class _Child:
    """The timing child, two threads that read its pipes, and its certain end."""

    def __init__(self, plan: BenchPlan) -> None:
        self.lines: queue.Queue[bytes | None] = queue.Queue()
        self._errors: deque[str] = deque(maxlen=_TAIL_LINES)
        self._plan = plan

    def __enter__(self) -> _Child:
        try:
            self._process = subprocess.Popen(
                worker_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=worker_environment(),
            )
        except OSError as error:
            raise BenchError(f"the timing process could not be started: {error}") from None
        targets = (self._read_lines, self._read_errors, self._write_plan)
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(_LEAVE_S)
        _pipe(self._process.stdout).close()
        _pipe(self._process.stderr).close()

    def epitaph(self) -> str:
        """Why the child ended, once its output has."""
        try:
            code = self._process.wait(_LEAVE_S)
        except subprocess.TimeoutExpired:
            return "the timing process closed its output and did not end"
        self._threads[1].join(_LEAVE_S)
        return describe_exit(code, "\n".join(self._errors))

    def _write_plan(self) -> None:
        """In a thread, since a plan longer than the pipe waits for the child to read it."""
        with contextlib.suppress(OSError), _pipe(self._process.stdin) as stdin:
            stdin.write(encode_plan(self._plan))  # if the child died, its end tells why

    def _read_lines(self) -> None:
        for line in _pipe(self._process.stdout):
            self.lines.put(line)
        self.lines.put(None)

    def _read_errors(self) -> None:
        for line in _pipe(self._process.stderr):
            self._errors.append(line.decode("utf-8", "replace").rstrip())


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # never: all three are asked for
        raise RuntimeError("the child has no pipe")
    return pipe
