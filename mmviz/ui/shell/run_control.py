"""Run and Stop: times the session's network in a child process and keeps what was measured."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QCheckBox, QWidget

from mmviz import units
from mmviz.backends import registry
from mmviz.bench.memory import check_memory
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.peak.measured import timed_part
from mmviz.state.session import UNTIMED, Session
from mmviz.ui.clock.live_chart import EMPTY
from mmviz.ui.clock.worker_process import WorkerProcess
from mmviz.ui.shell.main_window import MainWindow

CALIBRATING = (
    "something else is being measured, and two measurements would disturb each other: "
    "wait or cancel it first"
)


class RunControl(QObject):
    """One run at a time; its samples stay on screen, marked when the network has changed since."""

    def __init__(self, window: MainWindow, derived: Derived) -> None:
        super().__init__(window)
        self.window = window
        self.derived = derived
        self.timed: Derived | None = None  # what the samples on screen were measured of
        self.busy: Callable[[], bool] = lambda: False  # whether something else is measured
        self.worker = WorkerProcess(self)
        self.worker.message.connect(window.timing.add)
        self.worker.ended.connect(self._ended)
        self._surveyed = False
        window.commands["run"].triggered.connect(self.toggle)

    def follow(self, derived: Derived) -> None:
        """The session as it is now; samples of another one are marked as such."""
        self.derived = derived
        listed = isinstance(derived.session.network, Products)
        self.window.timing.invite(UNTIMED if listed else EMPTY)
        if self.timed is None:
            return
        timed = self.timed.session
        stale = timed_part(timed) != timed_part(derived.session)
        self.window.timing.mark_stale(_words(timed) if stale else "")

    def survey(self) -> None:
        """Offer the backends there are; once, since looking loads CuPy where it is installed."""
        if not self._surveyed:
            self._surveyed = True
            self.window.timing.set_backends(registry.survey())
            controls = self.window.timing.controls
            put_before(controls.spin, list(controls.boxes.values()))

    def toggle(self) -> None:
        """Start a run, or stop the one that is on."""
        self.survey()
        if self.worker.running:
            self.worker.cancel()
            return
        if self.busy():
            self.window.notice.say(CALIBRATING)
            return
        try:
            plan = self._plan()
            check_memory(plan)
        except InputError as error:
            self.window.notice.say(str(error))
            return
        self.window.notice.say("")
        self.timed = self.derived
        session = self.derived.session
        self.window.timing.begin(plan, {session.batch: self.derived.flop}, session.budget_s)
        self.window.timing.mark_stale("")
        self.window.top.show_running(True)
        self.window.docks.all["timing"].raise_()  # it may lie behind another tab
        self.worker.start(plan)

    def results(self) -> Results | None:
        """All samples of the last run, None before the first."""
        return self.window.timing.results()

    def close(self) -> None:
        """Stop the child; nothing of it is left."""
        self.worker.close()

    def _plan(self) -> BenchPlan:
        session = self.derived.session
        if isinstance(session.network, Products):
            raise InputError(UNTIMED)
        chosen = self.window.timing.selected_backends()
        if not chosen:
            raise InputError("choose at least one backend to time")
        able = tuple(name for name in chosen if session.dtype in registry.find(name).dtypes)
        if not able:
            raise InputError(f"none of {', '.join(chosen)} computes in {session.dtype}")
        return BenchPlan(
            network=session.network,
            batches=(session.batch,),
            backends=able,
            dtype=session.dtype,
            training=session.training,
            seconds=self.window.timing.seconds,
        )

    def _ended(self, reason: str) -> None:
        self.window.top.show_running(False)
        self.window.timing.finish(reason)
        if reason:
            self.window.notice.say(reason)


def put_before(place: QWidget, late: list[QCheckBox]) -> None:
    """Let Tab meet widgets that were made late before `place`, where they stand."""
    before = place.previousInFocusChain()
    while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
        before = before.previousInFocusChain()
    for widget in late:
        QWidget.setTabOrder(before, widget)
        before = widget


def _words(session: Session) -> str:
    mode = "training" if session.training else "inference"
    return f"{session.network.name}, batch {units.group(session.batch)}, {session.dtype}, {mode}"
