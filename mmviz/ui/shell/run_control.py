"""Run, Pause and Stop: times the session's network in a child process and keeps what was measured,
and takes a run up again that ended early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QWidget

from mmviz.backends import registry
from mmviz.bench.messages import Message, Phase
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Results
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.files.holding import HELD, held
from mmviz.files.journal import Record
from mmviz.state.derived import Derived
from mmviz.state.facts import Facts, Sweeping, Timed
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.shell.desk import TAKEN, Desk, Outcome
from mmviz.ui.shell.errand import Errand
from mmviz.ui.shell.journal_control import JournalControl
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.views import name_of
from mmviz.words.winner import winner

WHO = N_("a timing run is going on")
NOTHING_TO_PAUSE = N_("no timing run is going on, and none that is shown ended early")


class RunControl(QObject):
    """One run at a time; what became of it goes into the facts.

    `learn` takes in what became of the facts by a run; `survey` looks which backends there are
    and then does what it was given; with `errand` a kept run is read.
    """

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        derived: Derived,
        learn: Callable[[Callable[[Facts], Facts]], None],
        survey: Callable[[Callable[[], None]], None],
        errand: Errand,
    ) -> None:
        super().__init__(window)
        self.window = window
        self.derived = derived
        self._desk, self._learn, self._survey = desk, learn, survey
        self._of: Pass | None = None  # what the samples on screen were measured of
        self._batch = 0  # the one of several that is timed
        self._several = False
        self.journal = JournalControl(window, learn, errand)
        window.commands["run"].triggered.connect(self.toggle)
        window.commands["pause"].triggered.connect(self.pause)
        window.timing.progress_row.pressed.connect(self.pause)

    @property
    def running(self) -> bool:
        """Whether a run is on."""
        return self._desk.lent_to(self)

    def follow(self, derived: Derived) -> None:
        """The session as it is now."""
        self.derived = derived

    def order_tab(self) -> None:
        """The boxes of the backends were made late: Tab meets them where they stand."""
        who = self.window.timing.controls.who
        put_before(who.more, who.stops)

    def toggle(self) -> None:
        """Start a run, or stop the one that is on."""
        self._toggle(())

    def sweep(self, batches: tuple[int, ...]) -> None:
        """Start a run over these batches, or stop the one that is on; a run of one batch, or of
        what is no more shown, is let alone.
        """
        if self.running and not (self._several and self._is_of_now()):
            self.window.notice.say_why(InputError(TAKEN, who=Text(WHO)))
        else:
            self._toggle(batches)

    def time(self, plan: BenchPlan, of: Pass) -> None:
        """Begin a run of another pass than the one that is shown; raises InputError."""
        self._start(plan, of)

    def _toggle(self, batches: tuple[int, ...]) -> None:
        """batches: () for the session's own."""
        if self.running:
            self._desk.cancel(self)
            return
        try:
            self._desk.check()
            if not self.derived.facts.backends:
                self._survey(lambda: self._toggle(batches))
                return
            self._start(self._plan(batches), self.derived.setup.timed)
        except InputError as error:
            self.window.notice.say_why(error)

    def pause(self) -> None:
        """Pause the run that is on, let it go on, or take up again the one shown, which ended
        early.
        """
        path = self.window.timing.unfinished
        if self.running:
            paused = not self._desk.paused
            (self._desk.pause if paused else self._desk.go_on)(self)
            self.window.timing.show_paused(paused)
        elif path is not None:
            self.journal.read_again(path, self._take_up)
        else:
            self.window.notice.say(Text(NOTHING_TO_PAUSE))

    def _take_up(self, path: Path, record: Record) -> None:
        """Time what that run has left."""
        plan = record.head.plan
        of = Pass(plan.network, plan.batches[0], plan.dtype, plan.training)
        try:
            self._desk.check()
            if held(path):
                raise InputError(HELD, path=path.name)
            self._start(plan, of, record.collector, path)
        except InputError as error:
            self.window.notice.say_why(error)

    def _start(
        self, plan: BenchPlan, of: Pass, before: Collector | None = None, path: Path | None = None
    ) -> None:
        """Begin; before: what was timed of it already, and is kept at `path`. Raises InputError
        where it cannot begin.
        """
        self._desk.check()
        self.journal.begin(plan, path)  # before the first word is said
        self._desk.ask(plan, self, Text(WHO), self._hear, self._ended, before)
        self.window.notice.say(NOTHING)
        self._of, self._batch, self._several = of, 0, len(plan.batches) > 1
        self.window.timing.begin(plan, self.derived.session.budget_s, self._desk.collector)
        self.window.top.show_running(True)
        if not self._several:  # whose points stand in the sweep
            self.window.docks.all["timing"].raise_()  # it may lie behind another tab

    def results(self) -> Results | None:
        """All samples of the last run, None before the first."""
        return self.window.timing.results()

    def _is_of_now(self) -> bool:
        """Whether what is timed is what is shown; of several batches each."""
        now, of = self.derived.setup.timed, self._of
        return of is not None and of == (replace(now, batch=of.batch) if self._several else now)

    def _plan(self, batches: tuple[int, ...]) -> BenchPlan:
        session = self.derived.session
        chosen = self.window.timing.selected_backends()
        if not chosen:
            raise InputError(N_("choose at least one backend to time"))
        able = tuple(name for name in chosen if session.dtype in registry.find(name).dtypes)
        if not able:
            raise InputError(
                N_("none of {backends} computes in {dtype}"),
                backends=", ".join(chosen),
                dtype=session.dtype,
            )
        return BenchPlan(
            network=session.network,
            batches=batches or (session.batch,),
            backends=able,
            dtype=session.dtype,
            training=session.training,
            seconds=self.window.timing.seconds,
        )

    def close(self) -> None:
        """The window closes: what was measured until now is kept."""
        supervisor = self._desk.worker.supervisor
        if self.running:
            self.journal.end(NOTHING, 0.0 if supervisor is None else supervisor.done)

    def _hear(self, message: Message) -> None:
        try:
            self.journal.hear(message)
        finally:  # whatever becomes of the one, the other goes on
            self.window.timing.hear(message)
            self._follow_batch(message)

    def _follow_batch(self, message: Message) -> None:
        """Of several batches one is over once the next begins; what it found is shown then."""
        collector, of = self._desk.collector, self._of
        if not isinstance(message, Phase) or collector is None or of is None:
            return
        if not self._several or message.batch == self._batch:
            return
        self._batch = message.batch
        now = Sweeping.at(message.batch, of, collector.results())
        self._learn(lambda facts: replace(facts, sweeping=now))

    def _ended(self, outcome: Outcome) -> None:
        window = self.window
        window.top.show_running(False)
        window.apart.do(("timing", "finish"), lambda: name_of(window.timing), window.timing.finish)
        path = self.journal.end(outcome.reason, outcome.done)
        kept = path is not None
        if self._of is not None and outcome.results is not None:
            of, over = self._of, (outcome.reason, outcome.done, kept)
            run = Timed(of, outcome.results, *over, path=path, began=self.journal.began)
            self._learn(lambda facts: replace(facts, sweeping=None).with_run(run))
            if run.empty and self.window.timing.results() is not outcome.results:
                window.notice.say(Text(N_("stopped before the first sample")))
            elif not window.timing.read and self._is_of_now() and (said := winner(outcome.results)):
                window.notice.say(said)
        if kept:
            self.journal.look()
        if outcome.reason:  # said last: of whatever came back with it, this is what was asked for
            window.notice.say(outcome.reason, error=True)


def put_before(place: QWidget, late: Sequence[QWidget]) -> None:
    """Let Tab meet widgets that were made late before `place`, where they stand."""
    before = place.previousInFocusChain()
    while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
        before = before.previousInFocusChain()
    for widget in late:
        QWidget.setTabOrder(before, widget)
        before = widget
