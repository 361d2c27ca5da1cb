"""The desk: owns the one timing child, lends it to whoever measures, and says who has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QObject, pyqtSignal

from mmviz.bench.measured import Measured
from mmviz.bench.messages import Compared, Message
from mmviz.bench.plan import Plan
from mmviz.bench.results import Collector, Results
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.shell.worker_process import WorkerProcess

TAKEN = N_("{who}, and two measurements would disturb each other: stop it first")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a loan ended. reason: why it broke, NOTHING where it was done or cancelled; results: of
    a timing run, however it ended; found: what a calibration or a comparison found, or a recording;
    done: share of it, 0 … 1.
    """

    reason: Text
    cancelled: bool
    results: Results | None
    found: Measured | Compared | Recording | None
    done: float


@dataclass(frozen=True, slots=True)
class _Loan:
    asker: object
    who: Text
    hear: Callable[[Message], None]
    ended: Callable[[Outcome], None]


class Desk(QObject):
    """One child for all. freed: somebody has given it back, and has taken in what it found."""

    freed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = WorkerProcess(self)
        self._loan: _Loan | None = None
        self.worker.message.connect(self._heard)
        self.worker.ended.connect(self._over)

    @property
    def busy(self) -> Text:
        """Who has the child, in a sentence; NOTHING: nobody."""
        return NOTHING if self._loan is None else self._loan.who

    @property
    def collector(self) -> Collector | None:
        """The samples of the timing run that is on, or of the last loan; None: it was no run."""
        supervisor = self.worker.supervisor
        return None if supervisor is None else supervisor.collector

    def lent_to(self, asker: object) -> bool:
        """Whether it is this one who has the child."""
        return self._loan is not None and self._loan.asker is asker

    def check(self) -> None:
        """Raise InputError, that says who has the child, while somebody has."""
        if self._loan is not None:
            raise InputError(TAKEN, who=self.busy)

    def ask(
        self,
        plan: Plan,
        asker: object,
        who: Text,
        hear: Callable[[Message], None],
        ended: Callable[[Outcome], None],
        before: Collector | None = None,
    ) -> None:
        """Have `plan` carried out: `hear` each message, then `ended` once, never from inside here.

        before: what was timed of it already. who: "this is going on", for those who ask meanwhile.
        Raises InputError where the child is lent already or memory does not suffice; then nothing
        has begun.
        """
        self.check()
        self._loan = _Loan(asker, who, hear, ended)
        try:
            self.worker.start(plan, before)
        except BaseException:
            self.close()
            raise

    def cancel(self, asker: object) -> None:
        """Whoever has the child gives it back; `ended` follows. Others change nothing."""
        if self.lent_to(asker):
            self.worker.cancel()

    @property
    def paused(self) -> bool:
        """Whether the loan there is waits to be taken up again."""
        supervisor = self.worker.supervisor
        return self._loan is not None and supervisor is not None and supervisor.paused

    def pause(self, asker: object) -> None:
        """Whoever has the child lets it rest; others change nothing."""
        if self.lent_to(asker):
            self.worker.pause()

    def go_on(self, asker: object) -> None:
        """After a pause."""
        if self.lent_to(asker):
            self.worker.go_on()

    def pace(self, asker: object, pace: float | None) -> None:
        """Whoever has the child for a lesson lets it go on so fast; others change nothing."""
        if self.lent_to(asker):
            self.worker.pace(pace)

    def close(self) -> None:
        """Stop the child; nothing of it is left, and nobody hears of it."""
        self.worker.close()
        self._loan = None

    def _heard(self, message: Message) -> None:
        if self._loan is not None:
            self._loan.hear(message)

    def _over(self, reason: Text) -> None:
        loan, supervisor, collector = self._loan, self.worker.supervisor, self.collector
        if loan is None or supervisor is None:
            return
        self._loan = None
        outcome = Outcome(
            reason,
            supervisor.cancelled,
            None if collector is None else collector.results(),
            supervisor.found,
            supervisor.done,
        )
        try:
            loan.ended(outcome)
        finally:  # whoever waits has their turn, whatever becomes of this
            self.freed.emit()
