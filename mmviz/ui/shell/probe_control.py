"""Finding out who can compute here, beside the window: no driver is loaded in this process."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from mmviz.backends import registry
from mmviz.backends.registry import Entry
from mmviz.bench import runner
from mmviz.files import devices
from mmviz.files.ordinary import Cancelled, Tick
from mmviz.text import N_, Text
from mmviz.ui.look.beside import Beside
from mmviz.ui.look.notice import Notice


class ProbeControl(QObject):
    """Looks once; who asks meanwhile is told when it is found. found: takes what there is."""

    def __init__(
        self, parent: QObject, notice: Notice, found: Callable[[tuple[Entry, ...]], None]
    ) -> None:
        super().__init__(parent)
        self._notice, self._found = notice, found
        self._beside = Beside(self)
        self._waiting: list[Callable[[], None]] = []

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Look, if nobody does; `then` waits for it, and is told so."""
        if then is not None:
            self._notice.say(Text(N_("finding out what can compute here …")))
            self._waiting = [then]
        if not self._beside.working:
            self._beside.ask(_look, self._heard, self._failed)

    def close(self) -> None:
        """Nobody waits any more; the child that looks is ended."""
        self._waiting = []
        self._beside.close()

    def _heard(self, entries: tuple[Entry, ...]) -> None:
        self._found(entries)
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _failed(self, error: Exception) -> None:
        self._waiting = []
        self._notice.say_why(error)


class _Dropped:
    """Whether nobody waits for an answer any more, as `threading.Event` says it."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick

    def is_set(self) -> bool:
        try:
            self._tick(0, 2)
        except Cancelled:
            return True
        return False


def _look(tick: Tick) -> tuple[Entry, ...]:
    entries = runner.probe(tuple(registry.MODULES), stop=_Dropped(tick))
    tick(1, 2)
    devices.read_own()  # what was parsed once is remembered: the menu of devices opens at once
    return entries
