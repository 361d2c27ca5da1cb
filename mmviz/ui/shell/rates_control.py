"""The batch size swept for learning: one course after the other in the timing child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic, time

from PyQt6.QtCore import QObject

from mmviz.bench.messages import Message
from mmviz.bench.plan import GivenData, MadeData, TrainPlan
from mmviz.bench.taught import Taught
from mmviz.core.learning.digits.fitting import teachable
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.swept import BATCHES, SECONDS, Swept, sweep_plans
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.learn.rates import RatesPanel
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.shell.desk import Desk, Outcome
from mmviz.ui.shell.main_window import MainWindow

WHO = N_("the batch size is being swept")
SHOWN_S = 0.25  # between two pictures while losses come in


class RatesControl(QObject):
    """derived: what is shown now. `learn` takes in what became of the facts; `settle` stops what
    moves before it begins.
    """

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        derived: Callable[[], Derived],
        learn: Callable[[Callable[[Facts], Facts]], None],
        settle: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self.batches, self.seconds = BATCHES, SECONDS
        self._notice, self._desk, self._derived = window.notice, desk, derived
        self._learn, self._settle = learn, settle
        self._swept: Swept | None = None
        self._shown = 0.0
        self.teaching = window.findChildren(TeachingPanel)
        for panel in window.findChildren(RatesPanel):
            panel.asked.connect(self.toggle)

    @property
    def running(self) -> bool:
        """Whether a sweep is on."""
        return self._desk.lent_to(self)

    def toggle(self) -> None:
        """Begin, or stop what is on."""
        if self.running:
            self._desk.cancel(self)
            return
        try:
            self._desk.check()
            self._swept = Swept(sweep_plans(self._plan(), self.batches, self.seconds))
            self._next()
        except InputError as error:
            self._notice.say_why(error)
            return
        self._notice.say(NOTHING)
        self._settle()

    def _plan(self) -> TrainPlan:
        chosen = [panel.recipe.choice() for panel in self.teaching]
        return base_plan(self._derived(), chosen[0] if chosen else Choice())

    def _next(self) -> None:
        """The next course begins; raises InputError where it cannot."""
        swept = self._swept
        assert swept is not None
        assert swept.next is not None
        self._desk.ask(swept.next, self, Text(WHO), self._hear, self._ended)
        self._show(swept.begun(time()))

    def _hear(self, message: Message) -> None:
        assert self._swept is not None
        self._swept = self._swept.heard(message)
        if isinstance(message, Taught) and monotonic() - self._shown > SHOWN_S:
            self._show(self._swept)

    def _ended(self, outcome: Outcome) -> None:
        assert self._swept is not None
        if outcome.cancelled:  # the course that was on has no end, and no figures
            self._show(replace(self._swept, doing=False))
            return
        swept = self._swept.over(outcome.reason)
        if swept.next is None:
            self._show(replace(swept, doing=False))
            return
        self._swept = swept
        try:
            self._next()
        except InputError as error:
            self._show(replace(swept, doing=False))
            self._notice.say_why(error)

    def _show(self, swept: Swept) -> None:
        self._swept, self._shown = swept, monotonic()
        self._learn(lambda facts: replace(facts, swept=swept))


def base_plan(derived: Derived, choice: Choice) -> TrainPlan:
    """What is swept: the network shown, by the recipe chosen in Teaching.

    Raises InputError where it cannot be taught so. Drawings of a folder are those of its last
    lesson.
    """
    network = teachable(derived.session.network)
    data: MadeData | GivenData = made()
    if choice.folder:
        lesson = derived.facts.lesson_of(network)
        if lesson is None or isinstance(lesson.plan.data, MadeData):
            raise InputError(N_("teach the network once from this folder: it is read then"))
        data = lesson.plan.data
    return plan_of(network, derived.session.dtype, choice, data)
