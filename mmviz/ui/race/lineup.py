"""Which race is wanted: lined up at once where it is small, else beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QMainWindow

from mmviz.errors import passed_on
from mmviz.files.ordinary import Tick, no_tick
from mmviz.state.facts import Facts
from mmviz.state.peak.advice import FEW
from mmviz.state.race.opening import opening
from mmviz.state.race.race import Race, Raced, in_full, race_is_long, resolve_race
from mmviz.state.race.views import RaceView, race_view
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.look.beside import Beside
from mmviz.ui.look.working import Working

Wanted = tuple[Session, Race]
"""The session that races are made of, and the race."""
Found = tuple[Raced, RaceView]
Work = Callable[[Tick], Found]


class LineUp(QObject):
    """The newest wish counts: it is made of what is wanted, and what it replaces is not seen.

    lined_up: the session, what was found, and whether it is shown from its beginning. refused: why
    everything stays as it is; NOTHING: a wish is taken. word: says that something is lined up.
    """

    lined_up = pyqtSignal(object, object, bool)
    refused = pyqtSignal(object)

    def __init__(self, window: QMainWindow, now: Wanted, facts: Facts | None) -> None:
        super().__init__(window)
        self.now = now  # what is shown
        self.word = Working(window)
        self._facts = facts
        self._wanted: Wanted | None = None
        self._begin = False
        self._beside = Beside(self)
        self._beside.changed.connect(self.word.show_work)
        self._beside.ticked.connect(self.word.show_done)
        self.word.cancelled.connect(self._let_go)

    @property
    def working(self) -> bool:
        """Whether what is wanted is not shown yet."""
        return self._wanted is not None

    @property
    def latest(self) -> Wanted:
        """What is wanted."""
        return self._wanted or self.now

    def want(self, make: Callable[[], Wanted], *, begin: bool = False) -> None:
        """Line the race up that is made; one that cannot be is refused."""
        try:
            base, race = make()
            work = _work(base, race, self._facts)
            found = None if race_is_long(race) else work(no_tick)
        except Exception as error:
            self.refused.emit(passed_on(error))
            return
        self._wanted = base, race
        self._begin |= begin
        self.refused.emit(NOTHING)
        if found is None:
            self._beside.ask(work, self._take, self._failed)
        else:
            self._beside.drop()
            self._take(found)

    def close(self) -> None:
        """Nothing is lined up any more."""
        self._beside.close()

    def _take(self, found: Found) -> None:
        self.now, self._wanted = self.latest, None
        begin, self._begin = self._begin, False
        self.lined_up.emit(self.now[0], found, begin)

    def _let_go(self) -> None:
        self._beside.drop()
        self._wanted, self._begin = None, False
        self.refused.emit(NOTHING)

    def _failed(self, error: Exception) -> None:
        self._let_go()
        self.refused.emit(passed_on(error))


def first_race(
    session: Session, facts: Facts | None, make: Callable[[Session], Race] | None = None
) -> tuple[bool, Work]:
    """Whether the race a window opens on may take long to be lined up, and how it is.

    make: which, where somebody says.
    """
    base = in_full(session)
    if make is None and base.products > FEW:  # to find the race is long already
        return True, lambda tick: _lined_up(base, opening(base).race, facts, tick)
    race = make(base) if make else opening(base).race
    return race_is_long(race), _work(base, race, facts)


def _work(base: Session, race: Race, facts: Facts | None) -> Work:
    return partial(_lined_up, base, race, facts)


def _lined_up(base: Session, race: Race, facts: Facts | None, tick: Tick) -> Found:
    raced = resolve_race(race, facts, tick)
    for derived in (derived for side in raced.sides for derived in side.products):
        tick(1, 1)
        if derived.trace is not None:
            derived.trace.ready()
    return raced, race_view(raced, base)
