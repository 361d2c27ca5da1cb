"""What the panel Since last run asks for: an earlier run is read, or another one compared with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace

from PyQt6.QtCore import QObject

from mmviz.core.time.setup import Pass
from mmviz.errors import MmvizError, reason_of
from mmviz.files import journal
from mmviz.files.journal import KeptRun, Record
from mmviz.state.facts import Facts, Timed
from mmviz.text import Text, own
from mmviz.ui.clock.since import SincePanel
from mmviz.ui.look.beside import Beside


class SinceControl(QObject):
    """`learn` takes in what becomes of the facts; `look_at` is handed the index of a layer."""

    def __init__(
        self,
        panels: Sequence[SincePanel],
        parent: QObject,
        learn: Callable[[Callable[[Facts], Facts]], None],
        look_at: Callable[[int], None],
    ) -> None:
        super().__init__(parent)
        self._learn = learn
        self._beside = Beside(self)
        for panel in panels:
            panel.read_asked.connect(self.read)
            panel.compare_asked.connect(self.compare_with)
            panel.layer_entered.connect(look_at)

    def read(self, kept: KeptRun) -> None:
        """Read it beside the window; a reason stands in its place where it cannot be."""
        when = kept.head.when

        def failed(error: Exception) -> None:
            self._found(when, cause_of(error))

        work = functools.partial(journal.read, kept.path)
        self._beside.ask(work, lambda record: self._found(when, timed(record)), failed)

    def compare_with(self, when: float | None) -> None:
        """Compare with the run that began then; None: with the last before the one shown."""
        self._learn(lambda facts: replace(facts, compare_to=when))

    def close(self) -> None:
        """Nothing is read any more."""
        self._beside.close()

    def _found(self, when: float, found: Timed | Text) -> None:
        self._learn(lambda facts: facts.with_earlier(when, found))


def timed(record: Record) -> Timed:
    """A kept run as what was timed."""
    plan, over = record.head.plan, record.over
    of = Pass(plan.network, plan.batches[0], plan.dtype, plan.training)
    return Timed(of, record.results, over.ended, over.done, kept=True, when=record.head.when)


def cause_of(error: Exception) -> Text:
    """Why it could not be read."""
    return error.cause if isinstance(error, MmvizError) else own(reason_of(error))
