"""Undo and redo: sessions are values, so history is three of them in a row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.state.session import Session

DEPTH = 500


@dataclass(frozen=True, slots=True)
class History:
    """Sessions before, the one now, and the ones undone (nearest first).

    topic: what the last edit was about, so that a slider's many steps become one.
    """

    now: Session
    past: tuple[Session, ...] = ()
    future: tuple[Session, ...] = ()
    topic: str = ""

    def edit(self, session: Session, topic: str = "") -> History:
        """A new session now; one equal to the present changes nothing.

        Edits in a row about the same topic, not "", are undone together.
        """
        if session == self.now:
            return self
        if topic and topic == self.topic:
            return History(session, self.past, (), topic)
        return History(session, (*self.past, self.now)[-DEPTH:], (), topic)

    def look(self, session: Session) -> History:
        """A session that differs only in what is looked at: nothing to undo."""
        return replace(self, now=session)

    def settle(self) -> History:
        """The next edit starts a new step, whatever it is about."""
        return replace(self, topic="")

    def undo(self) -> History:
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redo(self) -> History:
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])
