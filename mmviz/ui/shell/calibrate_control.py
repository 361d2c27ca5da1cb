"""Calibrating this machine from the window: a child process measures, the window goes on."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PyQt6.QtCore import QObject

from mmviz.bench.measured import Measured
from mmviz.bench.messages import Calibrated, Message, Progress
from mmviz.bench.plan import CALIBRATION_S, CalibrationPlan
from mmviz.bench.runner import NO_RESULT
from mmviz.errors import InputError
from mmviz.files.this_machine import keep, usable_cores
from mmviz.ui.clock.worker_process import WorkerProcess
from mmviz.ui.shell.main_window import MainWindow

BUSY = "a timing run is going on, and two measurements would disturb each other: stop it first"


class CalibrateControl(QObject):
    """One calibration at a time. `busy` says whether something else is measured, `settle` stops
    what moves before it begins, `done` is called when this machine has other figures."""

    def __init__(
        self,
        window: MainWindow,
        busy: Callable[[], bool],
        settle: Callable[[], None],
        done: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self.window = window
        self.panel = window.facts.calibrate
        self.seconds = CALIBRATION_S
        self.worker = WorkerProcess(self)
        self._busy, self._settle, self._done = busy, settle, done
        self._measured: Measured | None = None
        self._cancelled = False
        self.worker.message.connect(self._hear)
        self.worker.ended.connect(self._ended)
        self.panel.pressed.connect(self.toggle)

    def toggle(self) -> None:
        """Begin, or cancel the one that is on; refuse, with a sentence, beside a timing run."""
        if self.worker.running:
            self._cancelled = True
            self.worker.cancel()
            return
        if self._busy():
            self.window.notice.say(BUSY)
            return
        self.window.notice.say("")
        self._measured, self._cancelled = None, False
        self._settle()  # a window that paints would take part of the time
        self.panel.begin()
        cores, asked = usable_cores(), monotonic()
        self.worker.start(CalibrationPlan(cores=cores, asked_at=asked, seconds=self.seconds))

    def close(self) -> None:
        """Stop the child; nothing of it is left."""
        self.worker.close()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Progress):
            self.panel.show_progress(message.done, message.doing)
        elif isinstance(message, Calibrated):
            self._measured = message.measured

    def _ended(self, reason: str) -> None:
        measured, self._measured = self._measured, None
        if not reason and not self._cancelled:
            reason = self._keep(measured)
        self.panel.finish()
        if reason:
            self.window.notice.say(reason)

    def _keep(self, measured: Measured | None) -> str:
        """Store it and show what follows; why not, or ""."""
        if measured is None:
            return NO_RESULT
        try:
            keep(measured)
        except InputError as error:
            return str(error)
        self._done()
        return "; ".join(measured.disturbances())
