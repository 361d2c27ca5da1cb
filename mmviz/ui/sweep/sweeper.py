"""Pricing a sweep beside the window, so that it never stands still."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from mmviz.core.memory.fit import sweep_within
from mmviz.core.time.sweep import Sweep, different_products, joined, pieces
from mmviz.errors import passed_on
from mmviz.files.ordinary import Tick
from mmviz.state.sweep.view import Question
from mmviz.ui.look.beside import Beside

PIECE = 20_000  # different products priced between two ticks
KEPT = 12  # sweeps that are remembered


class Sweeper(QObject):
    """One question at a time; a new one takes the place of one that is not answered."""

    priced = pyqtSignal(object)  # a Sweep
    failed = pyqtSignal(object)  # a Text, why there is none

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Question, Sweep] = OrderedDict()
        self._question: Question | None = None
        self._beside = Beside(self)

    @property
    def working(self) -> bool:
        """Whether a sweep is under way."""
        return self._beside.working

    def ask(self, question: Question) -> None:
        """Price its points and announce them; at once where the same was asked before."""
        if question in self._kept:
            self.stop()
            self._kept.move_to_end(question)
            self.priced.emit(self._kept[question])
        elif question != self._question:
            self._question = question
            self._beside.ask(partial(_priced, question), self._found, self._failed)

    def stop(self) -> None:
        """Let go of a sweep that is not done."""
        self._beside.drop()
        self._question = None

    def close(self) -> None:
        """Nothing is priced any more."""
        self._beside.close()

    def _found(self, found: Sweep) -> None:
        asked, self._question = self._question, None
        if asked is not None:
            self._kept[asked] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self.priced.emit(found)

    def _failed(self, error: Exception) -> None:
        self._question = None
        self.failed.emit(passed_on(error))


def _priced(question: Question, tick: Tick) -> Sweep:
    points = question.points
    size = max(1, PIECE // different_products(points))
    done: list[Sweep] = []
    for part in pieces(points, size):
        tick(len(done) * size, len(points))
        done.append(sweep_within(part, question.setup))
    return joined(points, done)
