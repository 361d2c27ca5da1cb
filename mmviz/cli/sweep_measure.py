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
        _kept(plan, words, log) as keep,
        sweep_live(sys.stderr.isatty(), plan, words, before) as live,
    ):

        def hear(message: Message, number: int) -> None:
            keep(message, number)
            live.take(message, number)

        return measure(plan, hear, stop, before)


@contextlib.contextmanager
def _kept(plan: SweepPlan, words: Words, log: Path | None) -> Iterator[Hear]:
    """Who keeps what is heard."""
    if log is not None:
        file = SweepLog(log, plan)
        try:
            yield _Logging(file, plan, words).hear
        finally:
            file.close()
    elif plan.widths == (None,):
        (one,) = plan.plans
        keeping = Keeping(one, words)
        try:
            yield lambda message, _: keeping.take(message)
        finally:
            keeping.end()
    else:
        yield lambda *_: None


class _Logging:
    """Says in the log where another width begins. What cannot be kept is said once."""

    def __init__(self, log: SweepLog, plan: SweepPlan, words: Words) -> None:
        self._log, self._plan, self._words = log, plan, words
        self._number = -1
        self._broken = False

    def hear(self, message: Message, number: int) -> None:
        """Keep what the run of that number says."""
        if self._broken:
            return
        try:
            if number != self._number:
                self._number = number
                self._log.begin(self._plan.widths[number])
            self._log.add(message)
        except InputError as error:
            self._broken = True
            complain(self._words, Text(NOT_KEPT, why=error.cause))
