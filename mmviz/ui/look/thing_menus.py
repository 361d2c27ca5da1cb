"""Menus about what is pointed at, and, by the menu key, about what the keyboard stands at."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF
from PyQt6.QtGui import QAction, QContextMenuEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QAbstractScrollArea, QApplication, QMenu, QWidget

from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.leaving import copy
from mmviz.ui.look.tell import tell
from mmviz.ui.look.things import HasThings, Thing
from mmviz.units import plain
from mmviz.words.speech import Words

KEYS = "Shift+F10"  # beside the key made for it, which the system turns into the same event
LONGEST = 40  # characters of a value that a menu has room for

More = Callable[["ThingMenus", QMenu, HasThings, Thing], None]
"""Adds to a menu what can be done with a thing, beside copying it."""


class ThingMenus(QObject):
    """Finds every part of a window that has things, as it is now, and offers what can be done."""

    def __init__(self, window: QWidget, words: Callable[[], Words], more: More) -> None:
        super().__init__(window)
        self.window, self._words, self._more = window, words, more
        found = (x for x in window.findChildren(QObject) if hasattr(x, "thing_at"))
        self.sources = [cast(HasThings, source) for source in found]
        self._of: dict[QObject, HasThings] = {}
        for source in self.sources:
            for part in {source.ground, _pointed(source)}:
                self._of[part] = source
                part.installEventFilter(self)
        by_key = QShortcut(QKeySequence(KEYS), window)
        by_key.activated.connect(self.open_at_hand)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if watched is None or not isinstance(event, QContextMenuEvent):
            return False
        source = self._of.get(watched)
        if source is None:
            return False
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_at_hand(source)
        else:
            thing = source.thing_at(QPointF(event.pos()))
            if thing is not None:
                self._open(source, thing, event.globalPos())
        return True

    def open_at_hand(self) -> None:
        """About what the keyboard stands at, in the part that has the focus."""
        source = self._of.get(QApplication.focusWidget() or self.window)
        if source is not None:
            self._open_at_hand(source)

    def menu_of(self, source: HasThings, thing: Thing) -> QMenu:
        """What can be done with a thing; whoever asks shows it, and puts it away."""
        menu = QMenu(self.window)
        menu.setObjectName("thing")
        head = self.add(menu, thing.name, None)
        head.setFont(fonts.words(fonts.SMALL, bold=True))  # a name keeps its letters
        head.setEnabled(False)
        self._copies(menu, thing)
        self._more(self, menu, source, thing)
        return menu

    def add(self, menu: QMenu, text: Text, slot: Callable[..., object] | None) -> QAction:
        """An entry, and what it does; after a tab in its text comes what stands at the right."""
        action = tell(QAction(menu), self._words(), text=text)
        if slot is not None:
            action.triggered.connect(lambda _=False: slot())
        menu.addAction(action)
        return action

    def add_menu(self, menu: QMenu, head: Text) -> QMenu:
        """A menu inside it."""
        inside = tell(QMenu(menu), self._words(), head=head)
        menu.addMenu(inside)
        return inside

    def _open_at_hand(self, source: HasThings) -> None:
        found = source.thing_at_hand()
        if found is not None:
            self._open(source, found[0], _pointed(source).mapToGlobal(found[1]))

    def _open(self, source: HasThings, thing: Thing, at: QPoint) -> None:
        menu = self.menu_of(source, thing)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _copies(self, menu: QMenu, thing: Thing) -> None:
        words = self._words()
        value = plain(words(thing.value)) if thing.value else ""
        if any(map(str.isalnum, value)):  # a dash says that there is none
            shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
            said = Text(N_("Copy value\t{value}"), value=shown)
            self.add(menu, said, lambda: copy(value))
        if thing.row:
            cells = [plain(words(part)) for part in thing.row]
            self.add(menu, Text(N_("Copy row")), lambda: copy("\t".join(cells)))
        for text, give in thing.also:
            self.add(menu, text, lambda give=give: copy(give()))


def _pointed(source: HasThings) -> QWidget:
    """The widget that hears the mouse."""
    ground = source.ground
    inside = ground.viewport() if isinstance(ground, QAbstractScrollArea) else None
    return inside or ground
