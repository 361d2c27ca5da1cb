"""Finding out who can compute here: in the child, since loading a driver may take long, or crash.

The child names each backend before it looks for it, so one that ends the process is known: it is
entered as not available, and a new child looks for the others.
"""

from __future__ import annotations

from collections.abc import Callable

from mmviz.backends import registry
from mmviz.backends.registry import Entry
from mmviz.bench.messages import Finished, Looked, Looking, Message
from mmviz.bench.plan import ProbePlan
from mmviz.text import Text


def look(plan: ProbePlan, send: Callable[[Message], None]) -> None:
    """Carry out `plan`: look for each backend, and say what was found."""
    for name in plan.backends:
        send(Looking(name))
        send(Looked(registry.entry(name)))
    send(Finished())


class Survey:
    """Folds what children say into one entry for each backend of the plan."""

    def __init__(self, plan: ProbePlan) -> None:
        self.plan = plan
        self._found: dict[str, Entry] = {}
        self._last = ""

    def hear(self, message: Message) -> None:
        """Take one message in."""
        if isinstance(message, Looking):
            self._last = message.backend
        elif isinstance(message, Looked):
            self._found[message.entry.id] = message.entry

    def broke(self, why: Text) -> None:
        """The child ended by itself: whoever was looked for is to blame, else the first to come."""
        name = self._last if self._last in self._missing() else next(iter(self._missing()), "")
        if name:
            backend = registry.find(name)
            self._found[name] = Entry(name, backend.title, backend.dtypes, False, why)

    @property
    def rest(self) -> ProbePlan | None:
        """What is still to be looked for."""
        missing = self._missing()
        return ProbePlan(backends=missing) if missing else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was found so far, in the plan's order."""
        return tuple(self._found[name] for name in self.plan.backends if name in self._found)

    def _missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.plan.backends if name not in self._found)
