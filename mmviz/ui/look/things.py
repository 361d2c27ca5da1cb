"""What a panel shows at a place, so that a menu can be about it: a tile, a layer, a product …

A panel finds its things; it knows nothing of what can be done with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from PyQt6.QtCore import QPoint, QPointF
from PyQt6.QtWidgets import QListView, QWidget

from mmviz.text import NOTHING, Text

Kind = Literal["tile", "layer", "product", "point", "row"]


@dataclass(frozen=True, slots=True)
class Thing:
    """name: what it is called. value: the one figure at the place, NOTHING for none. row: all that
    is said of it, piece by piece.

    start: when it begins, 0 … 1 of its product, None where that is its own beginning. product: its
    index in the pass, of a tile None, which is the one looked at. layer: index of a layer. point:
    batch, layer and width of a point of a sweep, as it is entered. also: what more can be copied,
    and the text that is made of it then.
    """

    kind: Kind
    name: Text
    value: Text = NOTHING
    row: tuple[Text, ...] = ()
    product: int | None = None
    layer: int | None = None
    start: float | None = None
    point: tuple[int, int | None, int | None] | None = None
    also: tuple[tuple[Text, Callable[[], str]], ...] = field(default=(), compare=False)


class HasThings(Protocol):
    """A panel, or a part of one, with things on it. part: what of it can leave the window, by its
    id in `state.export.PARTS`; "" for nothing.
    """

    @property
    def part(self) -> str: ...

    @property
    def ground(self) -> QWidget:
        """The widget the mouse points at and that has the focus; a list or a table itself."""
        ...

    def thing_at(self, at: QPointF) -> Thing | None:
        """What is at this place of the ground, of its viewport where it has one."""
        ...

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """What the keyboard stands at, and where a menu about it goes; None for nothing."""
        ...


class ListThings:
    """Has the lines of `list` as things; `thing_of` makes one of a row, -1 for no line."""

    part = ""
    list: QListView

    def thing_of(self, row: int) -> Thing | None:
        raise NotImplementedError

    @property
    def ground(self) -> QWidget:
        return self.list

    def thing_at(self, at: QPointF) -> Thing | None:
        return self.thing_of(self.list.indexAt(at.toPoint()).row())

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The current line."""
        index = self.list.currentIndex()
        thing = self.thing_of(index.row())
        return None if thing is None else (thing, self.list.visualRect(index).center())
