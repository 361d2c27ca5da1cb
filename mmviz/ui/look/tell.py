"""Texts that stand on a widget for good: kept beside it, so that another language says them anew.

A widget remembers what it was told; `retell` says all of it again below a widget. What changes
with the session is said by its panel, which keeps its view and has `words` of its own.
"""

from __future__ import annotations

from typing import TypeVar

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QAbstractButton

from mmviz.text import NOTHING, Text
from mmviz.ui.look.plain import as_label, as_tip
from mmviz.words.speech import ENGLISH, Words

_SETTERS = {
    "text": "setText",
    "tip": "setToolTip",
    "status": "setStatusTip",
    "name": "setAccessibleName",
    "description": "setAccessibleDescription",
    "title": "setWindowTitle",
    "head": "setTitle",
    "hint": "setPlaceholderText",
    "suffix": "setSuffix",
    "prefix": "setPrefix",
    "special": "setSpecialValueText",
}
_TOLD = "told"

Q = TypeVar("Q", bound=QObject)


def tell(thing: Q, words: Words = ENGLISH, **texts: Text | str) -> Q:
    """Set text, tip, name … of a widget or an action (see _SETTERS), and remember them; `thing`.

    A str is a marked msgid without values.
    """
    told: dict[str, Text] = dict(thing.property(_TOLD) or {})
    told.update(
        {what: text if isinstance(text, Text) else Text(text) for what, text in texts.items()}
    )
    thing.setProperty(_TOLD, told)
    for what in texts:
        _set(thing, what, words(told[what]))
    return thing


def told_text(thing: QObject, what: str) -> Text:
    """What it was told, NOTHING where it was told nothing."""
    told: dict[str, Text] = thing.property(_TOLD) or {}
    return told.get(what, NOTHING)


def retell(root: QObject, words: Words) -> None:
    """Say in `words` all that `root` and what is below it were told."""
    for thing in (root, *root.findChildren(QObject)):
        tell_again(thing, words)


def tell_again(thing: QObject, words: Words) -> None:
    """Say in `words` all that this one was told."""
    for what, text in (thing.property(_TOLD) or {}).items():
        _set(thing, what, words(text))


def _set(thing: QObject, what: str, text: str) -> None:
    if what == "tip":
        text = as_tip(text)
    elif (what == "text" and isinstance(thing, QAction | QAbstractButton)) or what == "head":
        text = as_label(text)
    getattr(thing, _SETTERS[what])(text)


class Told:
    """A panel that speaks: `words` says its texts, `say` shows them once more after a change."""

    words: Words = ENGLISH

    def set_words(self, words: Words) -> None:
        """Take another language on."""
        self.words = words
        if isinstance(self, QObject):
            retell(self, words)
        self.say()

    def say(self) -> None:
        """Show anew what depends on the view; a panel with such texts has its own."""
