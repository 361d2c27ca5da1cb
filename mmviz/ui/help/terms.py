"""Terms of the glossary where they stand: found in what is painted, or bound to a widget by name.

    explain(self.order, "order")

binds a widget whose own text does not say the term, or only in one of its values. What stands on
screen in words needs no call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from mmviz.ui.help.painted import words_painted
from mmviz.ui.look.tell import tell
from mmviz.words.glossary import find
from mmviz.words.glossary.matching import seen
from mmviz.words.speech import Words

_BOUND = "terms"  # property of a widget: ids of the terms it stands for
_NEAR = 2  # pixels around a word that still are the word

W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True, slots=True)
class Place:
    """A term on screen: in `widget`, at `rect` of it."""

    widget: QWidget
    rect: QRect
    id: str


def explain(widget: W, *ids: str) -> W:
    """Bind a widget to terms of the glossary, the most telling first; `widget`.

    Raises KeyError for an id that is none.
    """
    terms = [find(id) for id in ids]
    widget.setProperty(_BOUND, tuple(ids))
    if not widget.accessibleDescription():
        tell(widget, description=terms[0].line)
    return widget


def bound(widget: QWidget, *, below: bool = True) -> tuple[str, ...]:
    """Ids of the terms a widget was bound to; `below` such a one its parts stand for it, too."""
    here: QWidget | None = widget
    while here is not None and not here.isWindow():
        if ids := here.property(_BOUND):
            return tuple(ids)
        here = here.parentWidget() if below else None
    return ()


def within(widget: QWidget | None, owner: QWidget) -> bool:
    """Whether a widget is in `owner` or in a window of its."""
    while widget is not None and widget is not owner:
        widget = widget.parentWidget()
    return widget is owner


def places(widget: QWidget, words: Words) -> Iterator[Place]:
    """The terms in what a widget paints itself; what a person types is no term."""
    if isinstance(widget, QLineEdit) or isinstance(widget.parentWidget(), QLineEdit):
        return
    for line in words_painted(widget):
        for one in seen(line.text, words):
            rect = line.part(one.start, one.stop).toAlignedRect()
            yield Place(widget, rect, one.id)


def terms_at(widget: QWidget, position: QPoint, words: Words) -> list[Place]:
    """What is to be explained at a position of a widget: the word there, else what it is bound to.

    The words of a button, a choice or a label of one line stand for all of it.
    """
    found = list(places(widget, words))
    for place in found:
        if place.rect.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(position):
            return [place]
    if own := bound(widget):
        return [Place(widget, widget.rect(), id) for id in own]
    return found if _says_one_thing(widget, found) else []


def _says_one_thing(widget: QWidget, found: list[Place]) -> bool:
    if isinstance(widget, QLabel):
        return len({place.rect.bottom() for place in found}) == 1
    return isinstance(widget, QAbstractButton | QComboBox)
