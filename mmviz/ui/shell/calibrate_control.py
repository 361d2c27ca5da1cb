"""Calibrating this machine from the window: a child process measures, the window goes on."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PyQt6.QtCore import QObject

from mmviz.bench.measured import Measured
from mmviz.bench.messages import Message, Progress
from mmviz.bench.plan import CALIBRATION_S, CalibrationPlan
from mmviz.errors import InputError
from mmviz.files.this_machine import doubts, keep, usable_cores
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.shell.desk import Desk, Outcome
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.shell.question import agreed

WHO = N_("this machine is being calibrated")


class CalibrateControl(QObject):
    """`settle` stops what moves before it begins, `done` is called when this machine has other
    figures."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        settle: Callable[[], None],
        done: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self.window = window
        self.panel = window.facts.calibrate
        self.seconds = CALIBRATION_S
        self._desk, self._settle, self._done = desk, settle, done
        self.panel.pressed.connect(self.toggle)

    @property
    def running(self) -> bool:
        """Whether a calibration is on."""
        return self._desk.lent_to(self)

    def begin(self) -> None:
        """Begin, where none is on."""
        if not self.running:
            self.toggle()

    def toggle(self) -> None:
        """Begin, or cancel the one that is on; refuse, with a sentence, beside another."""
        if self.running:
            self._desk.cancel(self)
            return
        plan = CalibrationPlan(cores=usable_cores(), asked_at=monotonic(), seconds=self.seconds)
        try:
            self._desk.ask(plan, self, Text(WHO), self._hear, self._ended)
        except InputError as error:
            self.window.notice.say_why(error)
            return
        self.window.notice.say(NOTHING)
        self._settle()  # a window that paints would take part of the time
        self.panel.begin()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Progress):
            self.panel.show_progress(message.done, message.doing)

    def _ended(self, outcome: Outcome) -> None:
        reason = outcome.reason
        if isinstance(outcome.found, Measured) and not outcome.cancelled and not reason:
            reason = self._keep(outcome.found)
        self.panel.finish()
        if reason:
            self.window.notice.say(reason, error=True)

    def _keep(self, measured: Measured) -> Text:
        """Store it and show what follows; why not, or what disturbed it. Asked is before a doubtful
        result replaces a better one."""
        if why := doubts(measured):
            question = Text(N_("{why:capital}. Replace it?"), why=why)
            if not agreed(self.window, question, N_("Replace"), N_("Keep the old one")):
                return joined((why, Text(N_("it stays"))), "semicolons")
        try:
            keep(measured)
        except InputError as error:
            return error.cause
        self._done()
        return joined(measured.disturbances(), "semicolons")
