"""The batch size swept for learning: one course after the other in the timing child, each kept on
disk as soon as it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject

from mmviz.bench.messages import Message
from mmviz.bench.plan import GivenData, MadeData, TrainPlan
from mmviz.bench.taught import Taught
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.shapes.network import Network
from mmviz.errors import InputError
from mmviz.files import rate_log
from mmviz.files.rate_log import RateLog
from mmviz.state.derived import Derived
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.swept import BATCHES, SECONDS, Swept, sweep_plans
from mmviz.state.learn.swept_kept import as_kept, as_swept, head_of
from mmviz.state.learn.teaching import teachers_of
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.learn.rates import RatesPanel
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.look.beside import Beside
from mmviz.ui.shell.desk import Desk, Outcome
from mmviz.ui.shell.main_window import MainWindow

WHO = N_("the batch size is being swept")
SHOWN_S = 0.25  # between two pictures while losses come in


class RatesControl(QObject):
    """derived: what is shown now. `learn` takes in what became of the facts; `survey` looks which
    backends there are and then does what it was given; `settle` stops what moves before it begins.
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
        self.batches, self.seconds = BATCHES, SECONDS
        self._notice, self._desk, self._derived = window.notice, desk, derived
        self._learn, self._survey, self._settle = learn, survey, settle
        self._swept: Swept | None = None
        self._log: RateLog | None = None
        self._path: Path | None = None  # of the sweep that waits, or is on
        self._shown = 0.0
        self._beside = Beside(self)
        window.closing.connect(self.close)
        self.teaching = window.findChildren(TeachingPanel)
        self._panels = window.findChildren(RatesPanel)
        for panel in self._panels:
            panel.asked.connect(self.toggle)
            panel.anew_asked.connect(self.begin)

    @property
    def running(self) -> bool:
        """Whether a sweep is on."""
        return self._desk.lent_to(self)

    def look(self) -> None:
        """Show the sweep that was kept last, which can go on where it is not whole. The drawings of
        a folder are not at hand, so one of those waits for the command that reads them.
        """

        def found(kept: _Kept) -> None:
            if kept is None or self._swept is not None or kept[1].folder:
                return
            self._path = kept[0]
            self._show(as_swept(kept[1], kept[2], made()))

        self._beside.ask(lambda _: rate_log.last(), found, self._notice.say_why)

    def close(self) -> None:
        """The window closes."""
        self._beside.close()
        self._let_go()

    def toggle(self) -> None:
        """Begin, let what is on rest, or go on with it."""
        if self.running:
            self._desk.cancel(self)
        elif self._swept is not None and self._swept.resumable:
            self._carefully(self._taken_up)
        else:
            self.begin()

    def begin(self) -> None:
        """Begin another one."""
        if not any(panel.backends for panel in self._panels) and not self._derived().facts.backends:
            self._survey(self.begin)
        else:
            self._carefully(self._begun)

    def _carefully(self, work: Callable[[], None]) -> None:
        before = self._swept, self._path
        try:
            self._desk.check()
            work()
        except InputError as error:
            self._let_go()
            self._swept, self._path = before
            self._notice.say_why(error)
            return
        self._notice.say(NOTHING)
        self._settle()

    def _begun(self) -> None:
        choices = [panel.recipe.choice() for panel in self.teaching] or [Choice()]
        plan = base_plan(self._derived(), choices[0])
        named = next((panel.backends for panel in self._panels if panel.backends), ())
        teachers = [id for id, _ in teachers_of(self._derived().facts.backends)]
        plans = sweep_plans(plan, self.batches, self.seconds, named or teachers)
        swept = Swept(plans, folder=choices[0].folder)
        self._path = rate_log.fresh(time.time())
        self._log = RateLog(self._path, head_of(swept))
        self._swept = swept
        self._next()

    def _taken_up(self) -> None:
        """Go on; with what another mmviz may have added meanwhile."""
        swept = self._swept
        assert swept is not None
        if self._path is not None:
            head = head_of(swept)
            self._log = RateLog(self._path, head)
            swept = as_swept(head, rate_log.going_on(self._path, head), swept.plans[0].data)
        self._swept = swept.waiting()
        if self._swept.next is None:
            self._over(self._swept)
        else:
            self._next()

    def _next(self) -> None:
        """The next course begins; raises InputError where it cannot."""
        swept = self._swept
        assert swept is not None
        assert swept.next is not None
        self._desk.ask(swept.next, self, Text(WHO), self._hear, self._ended)
        self._show(swept.begun(time.time()))

    def _hear(self, message: Message) -> None:
        assert self._swept is not None
        self._swept = self._swept.heard(message)
        if isinstance(message, Taught) and time.monotonic() - self._shown > SHOWN_S:
            self._show(self._swept)

    def _ended(self, outcome: Outcome) -> None:
        assert self._swept is not None
        if outcome.cancelled:  # the course that was on has no end, and no figures
            self._over(self._swept)
            return
        self._swept = self._swept.over(outcome.reason)
        self._keep()
        if self._swept.next is None:
            self._over(self._swept)
            return
        try:
            self._next()
        except InputError as error:
            self._over(self._swept)
            self._notice.say_why(error)

    def _over(self, swept: Swept) -> None:
        self._let_go()
        self._show(swept.waiting())

    def _keep(self) -> None:
        """What cannot be kept is said once, and stops nothing."""
        if self._log is None or self._swept is None:
            return
        try:
            self._log.add(as_kept(self._swept.courses[-1]))
        except InputError as error:
            self._let_go()
            self._path = None
            self._notice.say_why(error)

    def _let_go(self) -> None:
        """Others may add to the file."""
        log, self._log = self._log, None
        if log is not None:
            log.close()

    def _show(self, swept: Swept) -> None:
        self._swept, self._shown = swept, time.monotonic()
        self._learn(lambda facts: replace(facts, swept=swept))


_Kept = tuple[Path, rate_log.RateHead, tuple[rate_log.KeptCourse, ...]] | None


def base_plan(derived: Derived, choice: Choice) -> TrainPlan:
    """What is swept: the network shown, by the recipe chosen in Teaching.

    Raises InputError where it cannot be taught so. Drawings of a folder are those of its last
    lesson.
    """
    network = teachable(derived.session.network)
    data = _data(derived, choice.folder, network)
    return plan_of(network, derived.session.dtype, choice, data)


def _data(derived: Derived, folder: str, network: Network) -> MadeData | GivenData:
    if not folder:
        return made()
    lesson = derived.facts.lesson_of(network)
    if lesson is None or isinstance(lesson.plan.data, MadeData):
        raise InputError(N_("teach the network once from this folder: it is read then"))
    return lesson.plan.data
