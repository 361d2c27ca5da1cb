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
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import IO

import msgspec

from mmviz.bench.machine import OWN_VARIABLES
from mmviz.bench.measured import Measured
from mmviz.bench.memory import check_memory, check_pair
from mmviz.bench.messages import Calibrated, Compared, Finished, Message, Progress, Started, decode
from mmviz.bench.plan import BenchPlan, CalibrationPlan, PairPlan, Plan
from mmviz.bench.rescue import RESTARTS, Watch, blamed, given_up, rest
from mmviz.bench.results import Collector, Results
from mmviz.errors import BenchError
from mmviz.units import seconds as seconds_text

_TAIL_LINES = 20
_POLL_S = 0.1
_LEAVE_S = 5.0  # how long the child may take to exit after its last message
_SLOWEST_FLOP = 5e9  # FLOP/s any machine's BLAS surpasses: bounds a product nothing can interrupt
_SLOWEST_VALUES = 5e6  # random numbers a second, likewise
_plan_decoder: msgspec.json.Decoder[Plan] = msgspec.json.Decoder(Plan)


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


def encode_plan(plan: Plan) -> bytes:
    """The line the child reads, newline included."""
    return msgspec.json.encode(plan) + b"\n"


def decode_plan(line: bytes) -> Plan:
    """The plan of one line; raises msgspec.DecodeError (a ValueError) for anything else."""
    plan: Plan = _plan_decoder.decode(line)
    return plan


def silence_limit(plan: Plan) -> float:
    """Seconds without a message after which the child must be hung.

    Long enough for what it does in one go on a slow machine: making the values, one warm-up pass,
    the largest product, the reference in float64.
    """
    if isinstance(plan, CalibrationPlan):
        return 20 + plan.seconds
    if isinstance(plan, PairPlan):
        return sum(silence_limit(one) for one in plan.alone)
    batch = max(plan.batches)
    products = [gemm.flop for gemm in plan.network.lower(batch, plan.training)]
    values = plan.network.parameters + batch * plan.network.inputs
    uninterrupted = 2 * max(products) + sum(gemm.flop for gemm in plan.network.lower(256))
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
    `silence_s` seconds, by default `silence_limit`) or talks nonsense is killed; the backend that
    had the turn is marked Failed in plain words, and a new child times what is still to be timed, a
    few times at most (`rescue.RESTARTS`). Setting `stop` ends the run early, without a failure.
    Whatever happens, no process is left behind. Raises BenchError where no child can be started,
    and InputError, before anything starts, where memory does not suffice.
    """
    check_memory(plan)
    collector = Collector(plan)

    def tell(message: Message) -> None:
        collector.add(message)
        on_message(message)

    parts, watch = [plan], Watch(0.0, 1.0)
    for left in range(RESTARTS, -1, -1):
        broken, watch = _time_parts(parts, tell, watch.done, stop, silence_s)
        if broken is None:
            break
        for failed in blamed(plan, collector, watch.last, broken):
            tell(failed)
        if left == 0:
            for failed in given_up(plan, collector, broken):
                tell(failed)
        parts = list(rest(plan, collector))
    return collector.results()


NO_RESULT = "the calibration measured nothing: the time was up before the first product ended"


def calibrate(
    plan: CalibrationPlan,
    on_message: Callable[[Message], None],
    *,
    stop: threading.Event | None = None,
    silence_s: float | None = None,
) -> Measured | None:
    """Measure this machine in a child process; None where `stop` was set before it was done.

    Raises BenchError, in one sentence, where the child cannot be started, breaks, hangs or finds
    nothing. No process is left behind.
    """
    found: list[Measured] = []

    def tell(message: Message) -> None:
        if isinstance(message, Calibrated):
            found.append(message.measured)
        on_message(message)

    limit = silence_limit(plan) if silence_s is None else silence_s
    with _Child(plan) as child:
        broken = _listen(child, plan, tell, stop, limit)
    if broken is not None:
        raise BenchError(broken)
    if stop is not None and stop.is_set():
        return None
    if not found:
        raise BenchError(NO_RESULT)
    return found[0]


def compare(
    plan: PairPlan,
    on_message: Callable[[Message], None],
    *,
    stop: threading.Event | None = None,
    silence_s: float | None = None,
) -> Compared | None:
    """Time both shapes of `plan` in one child process; None where `stop` was set before the end.

    Raises InputError, before anything starts, where memory does not suffice, and BenchError, in one
    sentence, where the child cannot be started, breaks, hangs or cannot compute them. No process is
    left behind.
    """
    check_pair(plan)
    found: list[Compared] = []

    def tell(message: Message) -> None:
        if isinstance(message, Compared):
            found.append(message)
        on_message(message)

    limit = silence_limit(plan) if silence_s is None else silence_s
    with _Child(plan) as child:
        broken = _listen(child, plan, tell, stop, limit)
    if broken is None and found and found[0].failure:
        broken = found[0].failure
    if broken is not None:
        raise BenchError(broken)
    return found[0] if found else None


def _time_parts(
    parts: Sequence[BenchPlan],
    tell: Callable[[Message], None],
    done: float,
    stop: threading.Event | None,
    silence_s: float | None,
) -> tuple[str | None, Watch]:
    """Time plans one after another, each in a child; why one broke, if one did, and its watch.

    `done`: share of the whole run that is done before.
    """
    watch, share = Watch(done, 0.0), (1 - done) / max(len(parts), 1)
    for part in parts:
        if stop is not None and stop.is_set():
            break
        watch = Watch(watch.done, share)
        limit = silence_limit(part) if silence_s is None else silence_s
        with _Child(part) as child:
            broken = _listen(child, part, partial(_pass_on, watch, tell), stop, limit)
        if broken is not None:
            return broken, watch
    return None, watch


def _pass_on(watch: Watch, tell: Callable[[Message], None], message: Message) -> None:
    tell(watch.hear(message))


def _listen(
    child: _Child,
    plan: Plan,
    tell: Callable[[Message], None],
    stop: threading.Event | None,
    limit: float,
) -> str | None:
    """Pass messages on until the child is done; why it broke, or None."""
    heard, finished = monotonic(), False
    while stop is None or not stop.is_set():
        try:
            line = child.lines.get(timeout=_POLL_S)
        except queue.Empty:
            if monotonic() - heard > limit:
                return f"the timing process hung: it said nothing for {seconds_text(limit)}"
            continue
        if line is None:
            return None if finished else child.epitaph()
        heard = monotonic()
        try:
            message = decode(line)
        except ValueError:
            message = None
        if message is None or not belongs(message, plan):
            return f"the timing process said what is no message: {line[:60]!r}"
        finished = isinstance(message, Finished)
        tell(message)
    return None


def belongs(message: Message, plan: Plan) -> bool:
    """Whether a message speaks of what the plan asked for: its backends and batches, if any."""
    if isinstance(message, Started | Progress | Finished):
        return True
    if isinstance(plan, CalibrationPlan) or isinstance(message, Calibrated):
        return isinstance(plan, CalibrationPlan) and isinstance(message, Calibrated)
    if isinstance(plan, PairPlan) or isinstance(message, Compared):
        return isinstance(plan, PairPlan) and isinstance(message, Compared)
    return message.backend in plan.backends and message.batch in plan.batches


class _Child:
    """The timing child, two threads that read its pipes, and its certain end."""

    def __init__(self, plan: Plan) -> None:
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
