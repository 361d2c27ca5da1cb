"""What a drawing's network is compared with: drawings it never sees, means of those it does.

Made beside the window, once for a set. They are moved only while the network does not learn: that
would take from the time of its steps, which are measured.
"""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from mmviz.errors import cause_of
from mmviz.state.learn.knowing import Examples, Knowing, examples, resemblance, when_moved
from mmviz.text import NOTHING
from mmviz.ui.look.beside import Beside

REST_MS = 600  # after the last weights of a lesson that is over, or waits; then drawings are moved


class Comparing(QObject):
    """found: there is more to show. shares: after which step, of unseen drawings told right when
    they are moved by 0, 1, … pixels; count: of these. likeness: of filters to digits, by step. why:
    there is nothing to compare with, NOTHING where there is.
    """

    found = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shares: tuple[int, tuple[float, ...]] | None = None
        self.count = 0
        self.likeness: dict[int, float] = {}
        self.why = NOTHING
        self._knowing: Knowing | None = None
        self._made: tuple[object, int, Examples] | None = None
        self._beside = Beside(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(lambda: self._ask(moving=True))

    @property
    def examples(self) -> Examples | None:
        """Drawings, of what the network learns from; None before there are any."""
        knowing, made = self._knowing, self._made
        if knowing is None or made is None or made[:2] != (knowing.data, knowing.seed):
            return None
        return made[2]

    @property
    def resting(self) -> bool:
        """Whether drawings are moved soon."""
        return self._rest.isActive()

    def follow(self, knowing: Knowing | None, *, learns: bool = False) -> None:
        """It knows something else now. learns: it is being taught."""
        before, self._knowing = self._knowing, knowing
        if knowing is None:
            self._beside.drop()
            self._rest.stop()
            return
        if before is None or not _same_course(before, knowing):
            self.likeness.clear()
            self.shares = None
        self._compare()
        if learns:
            self._rest.stop()
        else:
            self._rest.start()
        if self.examples is None and not self._beside.working:
            self._ask(moving=False)

    def hurry(self) -> None:
        """Somebody waits for examples."""
        if not self._beside.working:
            self._ask(moving=False)

    def stop(self) -> None:
        """Nothing is compared any more."""
        self._rest.stop()
        self._beside.close()

    def _ask(self, *, moving: bool) -> None:
        knowing, there = self._knowing, self.examples
        if knowing is None:
            return

        def work(_: object) -> tuple[Examples, tuple[float, ...] | None]:
            made = examples(knowing) if there is None else there
            return made, when_moved(knowing, made) if moving and knowing.taught else None

        def answered(result: tuple[Examples, tuple[float, ...] | None]) -> None:
            made, shares = result
            self._made, self.why = (knowing.data, knowing.seed, made), NOTHING
            now = self._knowing
            if shares is not None and now is not None and _same_course(knowing, now):
                self.shares, self.count = (knowing.weights.step, shares), len(made.unseen)
            if self.examples is None:  # meanwhile it learns from others
                self._ask(moving=False)
            self._compare()
            self.found.emit()

        self._beside.ask(work, answered, self._failed)

    def _failed(self, error: Exception) -> None:
        self.why = cause_of(error)
        self.found.emit()

    def _compare(self) -> None:
        """After each step that is seen, since likeness grows and falls again."""
        knowing, there = self._knowing, self.examples
        if knowing is None or there is None or not knowing.taught:
            return
        now = resemblance(knowing, there)
        if now is not None:
            self.likeness[knowing.weights.step] = now


def _same_course(a: Knowing, b: Knowing) -> bool:
    """Whether b's weights are later ones of the same course."""
    same = a.network == b.network and a.data is b.data and a.seed == b.seed
    return same and a.taught == b.taught and a.weights.step <= b.weights.step
