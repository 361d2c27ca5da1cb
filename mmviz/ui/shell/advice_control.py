"""Shape advice from the window: one edit applies it, a child process measures it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from mmviz import units
from mmviz.bench.messages import Compared, Message, Progress
from mmviz.bench.pair import measured_gain
from mmviz.bench.plan import PairPlan
from mmviz.core.advice.neighbours import Change
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.peak.advice import (
    MEASURE_S,
    follow,
    measurable,
    measured_text,
    pair_plan,
    this_gpu,
)
from mmviz.state.peak.measured import timed_part
from mmviz.state.session import Session
from mmviz.ui.clock.worker_process import WorkerProcess
from mmviz.ui.shell.calibrate_control import BUSY
from mmviz.ui.shell.main_window import MainWindow

Key = tuple[object, ...]


class AdviceControl(QObject):
    """`edit` does an action to the session; `busy` says whether something else is measured.

    What was measured is kept for each session it was measured of, and shown when that comes back.
    """

    def __init__(
        self,
        window: MainWindow,
        edit: Callable[..., None],
        busy: Callable[[], bool],
        settle: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self.window = window
        self.panel = window.advice
        self.seconds = MEASURE_S
        self.worker = WorkerProcess(self)
        self.gpu: str | None = None  # what the GPU here is called, once `survey` looked
        self._busy, self._settle = busy, settle
        self._snapshot: Derived | None = None
        self._found: dict[Key, dict[Change, str]] = {}
        self._plan: PairPlan | None = None
        self._of: Key = ()
        self._change: Change | None = None
        self._result = ""
        self.worker.message.connect(self._hear)
        self.worker.ended.connect(self._ended)
        self.panel.chosen.connect(lambda change: edit("", follow, change))
        self.panel.measure_asked.connect(self.toggle)

    def follow(self, derived: Derived) -> None:
        """The session as it is now."""
        self._snapshot = derived
        self._show()

    def survey(self) -> None:
        """Look which GPU is here; loads CuPy where it is installed."""
        self.gpu = this_gpu()
        self._show()

    def toggle(self, change: Change) -> None:
        """Measure this change, or cancel measuring it."""
        if self.worker.running:
            if change == self._change:
                self.worker.cancel()
            else:
                self.window.notice.say(BUSY)
            return
        if self._busy():
            self.window.notice.say(BUSY)
            return
        try:
            plan = self._planned(change)
        except InputError as error:
            self.window.notice.say(str(error))
            return
        self.window.notice.say("")
        self._plan, self._change, self._result = plan, change, ""
        self._of = _key(self._now().session)
        self._settle()  # a window that paints would take part of the time
        self._say("measuring")
        self.worker.start(plan)

    def close(self) -> None:
        """Stop the child; nothing of it is left."""
        self.panel.stop()
        self.worker.close()

    def _planned(self, change: Change) -> PairPlan:
        derived = self._now()
        backend = self._backend()
        if not backend:
            raise InputError(f"{derived.device.name} is not in this computer")
        return pair_plan(derived.session, change, backend, self.seconds)

    def _now(self) -> Derived:
        assert self._snapshot is not None
        return self._snapshot

    def _backend(self) -> str:
        derived = self._now()
        return measurable(derived.device, derived.session.dtype, self.gpu)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Progress):
            self._say(f"measuring, {units.percent(round(message.done, 2))}")
        elif isinstance(message, Compared) and self._plan is not None:
            gain = measured_gain(self._plan, message)
            self._result = "" if gain is None else measured_text(gain)
            if message.failure:
                self.window.notice.say(message.failure)

    def _ended(self, reason: str) -> None:
        change, self._change = self._change, None
        of = self._found.setdefault(self._of, {})
        if change is not None:
            of[change] = self._result
        if reason:
            self.window.notice.say(reason)
        self._show()

    def _say(self, text: str) -> None:
        """Beside the card that is measured."""
        if self._change is not None:
            self._found.setdefault(self._of, {})[self._change] = text
        self._show()

    def _show(self) -> None:
        if self._snapshot is None:
            return
        of = _key(self._snapshot.session)
        running = self._change if of == self._of else None
        self.panel.show_measured(self._found.get(of, {}), bool(self._backend()), running)


def _key(session: Session) -> Key:
    return session.device, *timed_part(session)
