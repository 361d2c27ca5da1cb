"""Pricing a sweep a piece at a time, so that the window never stands still."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from mmviz.core.time.sweep import Points, Sweep, joined, pieces, sweep
from mmviz.state.sweep.view import Question
from mmviz.ui.look.mishap import passed_on

PIECE = 1_000  # different products priced in one go: 20 ms on the slowest kind of device
KEPT = 12  # sweeps that are remembered


class Sweeper(QObject):
    """One question at a time; a new one takes the place of one that is not answered."""

    priced = pyqtSignal(object)  # a Sweep
    failed = pyqtSignal(object)  # a Text, why there is none

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Question, Sweep] = OrderedDict()
        self._question: Question | None = None
        self._left: Iterator[Points] = iter(())
        self._done: list[Sweep] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def working(self) -> bool:
        """Whether a sweep is under way."""
        return self._timer.isActive()

    def ask(self, question: Question) -> None:
        """Price its points and announce them; at once where the same was asked before."""
        if question in self._kept:
            self.stop()
            self._kept.move_to_end(question)
            self.priced.emit(self._kept[question])
            return
        if question == self._question and self.working:
            return
        layers = len(question.points.network.layers)
        products = 3 * layers - 1 if question.points.training else layers
        self._question, self._done = question, []
        self._left = pieces(question.points, max(1, PIECE // products))
        self._timer.start(0)

    def stop(self) -> None:
        """Let go of a sweep that is not done."""
        self._timer.stop()
        self._question = None

    def _go_on(self) -> None:
        """One piece more."""
        asked = self._question
        if asked is None:
            return
        try:
            part = next(self._left, None)
            if part is not None:
                self._done.append(sweep(part, asked.setup))
                self._timer.start(0)
                return
            found = joined(asked.points, self._done)
        except Exception as error:
            self.stop()
            self.failed.emit(passed_on(error))
            return
        self._kept[asked] = found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._question, self._done = None, []
        self.priced.emit(found)
