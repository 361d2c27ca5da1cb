"""A run from the command line is kept like one of the window: line by line while it is measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from mmviz.bench.messages import Message, Progress
from mmviz.bench.plan import BenchPlan
from mmviz.cli.complain import complain
from mmviz.errors import InputError
from mmviz.files.journal import Journal
from mmviz.text import N_, NOTHING, Text
from mmviz.words.speech import Words

NOT_KEPT = N_("samples are not kept: {why}")
_ALMOST = 0.999  # done, of a run that was cut off when all its samples were there


class Keeping:
    """Writes what it hears into the journal. What cannot be kept is said at the end, and stops
    nothing.

    `path`: of a kept run that is taken up again.
    """

    def __init__(self, plan: BenchPlan, words: Words, path: Path | None = None) -> None:
        self._journal = Journal(plan, time.time(), path)
        self._words = words
        self._done = 0.0
        self._problem: Text | None = None
        self.resumable = False
        """Whether it ended early, with all its samples kept."""

    def take(self, message: Message) -> None:
        """Keep what it says."""
        if isinstance(message, Progress):
            self._done = min(message.done, _ALMOST)
        self._try(lambda: self._journal.add(message))

    def end(self, *, whole: bool) -> None:
        """Nothing more comes; `whole`: nothing is left to be timed."""
        self.resumable = self._journal.keeps and not whole
        self._try(lambda: self._journal.end(NOTHING, 1.0 if whole else self._done))
        if self._problem is not None:
            complain(self._words, Text(NOT_KEPT, why=self._problem))

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except InputError as error:
            self._problem = self._problem or error.cause
