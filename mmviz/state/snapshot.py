"""Session and Facts -> Snapshot: one frozen view a panel, and which of them differ.

A panel's view is a pure function of a few values (`Part.needs`), not of everything. So what a
change does not touch is not derived again, and its panel hears nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mmviz.state.derived import Derived

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Part(Generic[V]):
    """How the view of the panel `id` is made: `view(*needs(derived))`."""

    id: str
    needs: Callable[[Derived], tuple[Any, ...]]
    view: Callable[..., V]

    def of(self, derived: Derived) -> V:
        """The view itself, for who shows nothing."""
        return self.view(*self.needs(derived))


class Later(Generic[V]):
    """The view of one part, made when it is first asked for: a panel nobody sees costs nothing."""

    __slots__ = ("_made", "_part", "needs")

    def __init__(self, part: Part[V], derived: Derived) -> None:
        self.needs = part.needs(derived)
        self._part = part
        self._made: list[V] = []

    def get(self) -> V:
        """The view."""
        if not self._made:
            self._made.append(self._part.view(*self.needs))
        return self._made[0]


Snapshot = Mapping[str, Later[Any]]
"""The views of all panels by id."""


def resolve(derived: Derived, parts: Iterable[Part[Any]], before: Snapshot) -> Snapshot:
    """The views of `parts`; one whose needs are what they were `before` is the very same."""
    return {part.id: _kept(Later(part, derived), before.get(part.id)) for part in parts}


def changed(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Ids of the panels whose view is another one."""
    for id, view in after.items():
        if before.get(id) is not view:
            yield id


def _kept(now: Later[V], before: Later[V] | None) -> Later[V]:
    return before if before is not None and before.needs == now.needs else now
