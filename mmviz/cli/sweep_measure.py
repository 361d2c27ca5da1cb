"""The measured points of `mmviz sweep`: live on a terminal, kept as they come, resumable."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from mmviz.bench.messages import Message
from mmviz.bench.sweep_runs import MeasuredPoint, SweepPlan, measure
from mmviz.cli.complain import complain
from mmviz.cli.keeping import NOT_KEPT, Keeping
from mmviz.cli.live import sweep_live
from mmviz.cli.stopping import Stop
from mmviz.errors import InputError
from mmviz.files import sweep_log
from mmviz.files.sweep_log import SweepLog
from mmviz.text import Text
from mmviz.words.speech import Words

Hear = Callable[[Message, int], None]


def measured(
    plan: SweepPlan, words: Words, stop: Stop, log: Path | None
) -> tuple[MeasuredPoint, ...]:
    """Time what is not in the `log` yet; without one a sweep over the batch is kept as a run is.

    Raises InputError where the log is of another sweep, or cannot be begun.
    """
    before = {} if log is None else sweep_log.read(log, plan)
    with (
        _kept(plan, words, stop, log) as keep,
        sweep_live(sys.stderr.isatty(), plan, words, before) as live,
    ):

        def hear(message: Message, number: int) -> None:
            keep(message, number)
            live.take(message, number)

        return measure(plan, hear, stop, before)


@contextlib.contextmanager
def _kept(plan: SweepPlan, words: Words, stop: Stop, log: Path | None) -> Iterator[Hear]:
    """Who keeps what is heard."""
    if log is not None:
        file = SweepLog(log, plan)
        logging = _Logging(file, plan)
        try:
            yield logging.hear
        finally:
            file.close()
            if logging.problem is not None:
                complain(words, Text(NOT_KEPT, why=logging.problem))
    elif plan.widths == (None,):
        (one,) = plan.plans
        keeping, whole = Keeping(one, words), False
        try:
            yield lambda message, _: keeping.take(message)
            whole = not stop.is_set()
        finally:
            keeping.end(whole=whole)
    else:
        yield lambda *_: None


class _Logging:
    """Says in the log where another width begins. problem: why nothing more can be kept."""

    def __init__(self, log: SweepLog, plan: SweepPlan) -> None:
        self._log, self._plan = log, plan
        self._number = -1
        self.problem: Text | None = None

    def hear(self, message: Message, number: int) -> None:
        """Keep what the run of that number says."""
        if self.problem is not None:
            return
        try:
            if number != self._number:
                self._number = number
                self._log.begin(self._plan.widths[number])
            self._log.add(message)
        except InputError as error:
            self.problem = error.cause
