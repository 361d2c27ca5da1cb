"""Shape advice from the window: one edit applies it, a child process measures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject

from mmviz.bench.messages import Compared, Message, Progress
from mmviz.bench.pair import measured_gain
from mmviz.bench.plan import PairPlan
from mmviz.core.advice.neighbours import Change
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.facts import Facts, Measuring
from mmviz.state.peak.advice import MEASURE_S, follow, measurable, measured_text, pair_plan
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.shell.desk import Desk, Outcome
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.device import name as device_name

WHO = N_("a change of shape is being measured")


class AdviceControl(QObject):
    """`edit` does an action to the session, `settle` stops what moves before measuring begins,
    `learn` takes in what became of the facts.

    What was measured is kept for the pass it was measured of, and shown when that comes back.
    """

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        edit: Callable[..., None],
        settle: Callable[[], None],
        learn: Callable[[Callable[[Facts], Facts]], None],
    ) -> None:
        super().__init__(window)
        self.window = window
        self.panel = window.advice
        self.seconds = MEASURE_S
        self._desk, self._settle, self._learn = desk, settle, learn
        self._derived: Derived | None = None
        self._plan: PairPlan | None = None
        self._of: Measuring | None = None
        self._before = NOTHING  # what an earlier measurement of the same said
        self.panel.chosen.connect(lambda change: edit("", follow, change))
        self.panel.measure_asked.connect(self.toggle)

    @property
    def running(self) -> bool:
        """Whether a change is being measured."""
        return self._desk.lent_to(self)

    def follow(self, derived: Derived) -> None:
        """The session as it is now."""
        self._derived = derived

    def toggle(self, change: Change) -> None:
        """Measure this change, or cancel measuring it."""
        derived = self._now()
        of = Measuring(derived.setup.timed, derived.session.device, change)
        if self.running and of == self._of:
            self._desk.cancel(self)
            return
        try:
            self._desk.check()
            plan = self._planned(change)
            self._desk.ask(plan, self, Text(WHO), self._hear, self._ended)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self.window.notice.say(NOTHING)
        self._plan, self._of, self._before = plan, of, derived.facts.gains.get(of, NOTHING)
        self._settle()  # a window that paints would take part of the time
        self._learn(lambda facts: replace(facts.with_gain(of, Text(N_("measuring"))), measuring=of))

    def close(self) -> None:
        """Nothing is asked any more: the window closes."""
        self.panel.stop()

    def _planned(self, change: Change) -> PairPlan:
        derived = self._now()
        backend = self._backend()
        if not backend:
            raise InputError(
                N_("{device} is not in this computer"), device=device_name(derived.device)
            )
        return pair_plan(derived.setup, change, backend, self.seconds)

    def _now(self) -> Derived:
        assert self._derived is not None
        return self._derived

    def _backend(self) -> str:
        derived = self._now()
        return measurable(derived.device, derived.session.dtype, derived.facts.gpu)

    def _hear(self, message: Message) -> None:
        of = self._of
        if isinstance(message, Progress) and of is not None:
            said = Text(N_("measuring, {done:percent}"), done=round(message.done, 2))
            self._learn(lambda facts: facts.with_gain(of, said))

    def _ended(self, outcome: Outcome) -> None:
        of, plan = self._of, self._plan
        if of is not None and plan is not None:
            found, said = outcome.found, self._before  # cancelled, it takes nothing with it
            if isinstance(found, Compared) and (gain := measured_gain(plan, found)) is not None:
                said = measured_text(gain)
            self._learn(lambda facts: replace(facts.with_gain(of, said), measuring=None))
        if outcome.reason:
            self.window.notice.say(outcome.reason, error=True)
