"""Timing the rungs of a layer from the window: one child, one run, shown while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from PyQt6.QtCore import QObject

from mmviz.bench.messages import Checked, Estimate, Failed, Message, Samples
from mmviz.bench.results import Collector
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.facts import Facts, Timed
from mmviz.state.learn.rungs import plan_of
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.learn.ladder import LadderPanel
from mmviz.ui.learn.loops import LoopsPanel
from mmviz.ui.shell.desk import Desk, Outcome
from mmviz.ui.shell.main_window import MainWindow

WHO = N_("the rungs of a layer are being timed")
_OFTEN_S = 0.25  # how often what was sampled is shown


class LadderControl(QObject):
    """`learn` takes in what becomes of the facts; `survey` looks which backends there are and then
    does what it was given; `settle` stops what moves before it begins.
    """

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        derived: Callable[[], Derived],
        learn: Callable[[Callable[[Facts], Facts]], None],
        survey: Callable[[Callable[[], None]], None],
        settle: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self.window = window
        self._desk, self._derived, self._learn = desk, derived, learn
        self._survey, self._settle = survey, settle
        self._of: Pass | None = None
        self._shown_at = 0.0
        for side_by_side in window.findChildren(LoopsPanel):
            side_by_side.timing_asked.connect(self.toggle)
        for ladder in window.findChildren(LadderPanel):
            ladder.timing_asked.connect(self.toggle)

    @property
    def running(self) -> bool:
        """Whether they are being timed."""
        return self._desk.lent_to(self)

    def toggle(self) -> None:
        """Begin, or stop; refuse, with a sentence, beside another."""
        if self.running:
            self._desk.cancel(self)
            return
        try:
            self._desk.check()
            if not self._derived().facts.backends:
                self._survey(self.toggle)
                return
            of, plan = plan_of(self._derived())
            self._desk.ask(plan, self, Text(WHO), self._hear, self._ended)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self._of = of
        self._settle()
        self.window.notice.say(NOTHING)
        self._learn(lambda facts: replace(facts, climbing=True))

    def _hear(self, message: Message) -> None:
        collector = self._desk.collector
        if collector is None or not isinstance(message, Samples | Estimate | Checked | Failed):
            return
        if isinstance(message, Samples) and monotonic() - self._shown_at < _OFTEN_S:
            return
        self._shown_at = monotonic()
        self._show(collector)

    def _show(self, collector: Collector) -> None:
        if self._of is not None:
            found = Timed(self._of, collector.results(), NOTHING, done=0.0)
            self._learn(lambda facts: replace(facts, rungs=found))

    def _ended(self, outcome: Outcome) -> None:
        results, of = outcome.results, self._of
        if results is None or of is None:
            self._learn(lambda facts: replace(facts, climbing=False))
        else:
            found = Timed(of, results, outcome.reason, done=outcome.done)
            if found.empty:
                self._learn(lambda facts: replace(facts, climbing=False))
            else:
                self._learn(lambda facts: replace(facts, climbing=False, rungs=found))
        if outcome.reason:
            self.window.notice.say(outcome.reason, error=True)
