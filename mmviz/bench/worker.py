"""The timing child, which `mmviz.bench.boot` starts: reads a plan, writes messages, and goes.

One JSON line on standard input is the plan; standard output carries JSON lines and nothing else:
before anything else is loaded it moves to a file descriptor of its own, and whatever a library
prints goes to standard error. The child ends as soon as its parent is gone.
"""

from __future__ import annotations

import os
import signal
import sys

from mmviz.bench.leash import GONE, hold


def main(parent: int | None = None) -> None:
    """Carry out the plan on standard input; exit code 0 after Finished.

    parent: the process with which this one ends, by default the one that started it.
    """
    hold(os.getppid() if parent is None else parent)
    messages = _take_stdout()
    # Ctrl-C reaches the whole process group: the parent decides, and kills this child
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from mmviz.bench.calibration import calibrate
    from mmviz.bench.child import decode_plan
    from mmviz.bench.messages import Message, encode
    from mmviz.bench.pacing import Pace, listen
    from mmviz.bench.pair import time_pair
    from mmviz.bench.plan import CalibrationPlan, PairPlan, ProbePlan, RecordPlan, TrainPlan
    from mmviz.bench.probe import look
    from mmviz.bench.recording import record_plan
    from mmviz.bench.teaching import teach_plan
    from mmviz.bench.timing import time_plan

    plan = decode_plan(sys.stdin.buffer.readline())

    def send(message: Message) -> None:
        try:
            _write(messages, encode(message))
        except OSError:
            os._exit(GONE)

    if isinstance(plan, CalibrationPlan):
        calibrate(plan, send)
    elif isinstance(plan, PairPlan):
        time_pair(plan, send)
    elif isinstance(plan, ProbePlan):
        look(plan, send)
    elif isinstance(plan, RecordPlan):
        record_plan(plan, send)
    elif isinstance(plan, TrainPlan):
        pace = Pace(plan.pace)
        listen(pace)
        teach_plan(plan, send, pace)
    else:
        time_plan(plan, send)


def _take_stdout() -> int:
    """A descriptor of our own for messages; descriptor 1 becomes standard error from here on."""
    sys.stdout.flush()
    messages = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(messages, os.O_BINARY)
    return messages


def _write(descriptor: int, data: bytes) -> None:
    """All of `data`, unbuffered: a pipe may take it in parts."""
    while data:
        data = data[os.write(descriptor, data) :]
