"""Undo and redo: sessions are values, so history is three of them in a row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.core.shapes.workload import Workload
from mmviz.state.session import Session

DEPTH = 500
MAX_BYTES = 100_000_000  # that all sessions before hold beside the one now; the oldest go first
_FIGURE, _THING = 32, 400  # bytes of a number in a tuple; of a layer, a product, a session


@dataclass(frozen=True, slots=True)
class History:
    """Sessions before, the one now, and the ones undone (nearest first).

    topic: what the last edit was about, so that a slider's many steps become one. held: bytes that
    each session before does not share with the one after it.
    """

    now: Session
    past: tuple[Session, ...] = ()
    future: tuple[Session, ...] = ()
    topic: str = ""
    held: tuple[int, ...] = ()

    def edit(self, session: Session, topic: str = "") -> History:
        """A new session now; one equal to the present changes nothing.

        Edits in a row about the same topic, not "", are undone together.
        """
        if session == self.now:
            return self
        if topic and topic == self.topic:
            held = (*self.held[:-1], own_bytes(self.past[-1], session)) if self.past else ()
            return History(session, self.past, (), topic, held)._within()
        past, held = (*self.past, self.now), (*self.held, own_bytes(self.now, session))
        return History(session, past[-DEPTH:], (), topic, held[-DEPTH:])._within()

    def look(self, session: Session) -> History:
        """A session that differs only in what is looked at: nothing to undo."""
        return replace(self, now=session)

    def settle(self) -> History:
        """The next edit starts a new step, whatever it is about."""
        return replace(self, topic="")

    def undo(self) -> History:
        if not self.past:
            return self
        future = (self.now, *self.future)
        return History(self.past[-1], self.past[:-1], future, held=self.held[:-1])

    def redo(self) -> History:
        if not self.future:
            return self
        now = self.future[0]
        held = (*self.held, own_bytes(self.now, now))
        return History(now, (*self.past, self.now), self.future[1:], held=held)

    def _within(self) -> History:
        """Without the oldest sessions, where all of them would hold too much."""
        held, first = sum(self.held), 0
        while held > MAX_BYTES:
            held -= self.held[first]
            first += 1
        return replace(self, past=self.past[first:], held=self.held[first:]) if first else self


def own_bytes(session: Session, beside: Session) -> int:
    """About how many bytes a session takes that it does not share with another one."""
    if session.network is beside.network:
        return _THING
    others = {id(part) for part, _ in _parts(beside.network)}
    parts = _parts(session.network)
    return _THING + sum(size for part, size in parts if id(part) not in others)


def _parts(workload: Workload) -> list[tuple[object, int]]:
    """What a workload is made of that may be another's too, and the bytes of each."""
    network = workload.layered
    if network is None:
        gemms = workload.lower()
        return [(gemms, _THING * len(gemms))]
    parts: list[tuple[object, int]] = [(layer, _THING) for layer in network.layers]
    parts += [(layer.bias, _FIGURE * len(layer.bias)) for layer in network.layers if layer.bias]
    parts += [(block, len(block)) for matrix in network.matrices for block in matrix.blocks]
    return parts
