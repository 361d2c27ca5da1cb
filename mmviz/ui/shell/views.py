"""Which panel shows which view, and when: its own, where it is another one, once it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtWidgets import QDialog, QWidget

from mmviz.state.snapshot import Later, Snapshot, changed
from mmviz.text import N_, Text, own
from mmviz.ui.shell.apart import Apart
from mmviz.ui.shell.dock import Dock
from mmviz.ui.shell.panels import Shows


class Views:
    """Hands out views. late: the docks of panels whose views are made only when they are seen.

    A panel that could not show its view is handed the next one in any case.
    """

    def __init__(self, panels: Mapping[str, Shows], late: Mapping[str, Dock], apart: Apart) -> None:
        self._panels, self._late, self._apart = panels, late, apart
        self._unseen: dict[str, Later[Any]] = {}  # that panels nobody sees have missed
        for dock in set(late.values()):
            dock.came_up.connect(lambda dock=dock: self._catch_up(dock))

    def follow(self, before: Snapshot, after: Snapshot) -> None:
        """Hand each panel its own view, where it is another one."""
        for id in dict.fromkeys((*changed(before, after), *self._broken(after))):
            dock = self._late.get(id)
            if dock is not None and not dock.seen:
                self._unseen[id] = after[id]
                self._apart.forget(("view", id))
            else:
                self._unseen.pop(id, None)
                self._hand(id, after[id])

    def _broken(self, after: Snapshot) -> list[str]:
        return [id for id in after if ("view", id) in self._apart.failed]

    def _catch_up(self, dock: Dock) -> None:
        """Panels of a dock that comes into sight show what they missed."""
        for id in [id for id in self._unseen if self._late[id] is dock]:
            self._hand(id, self._unseen.pop(id))

    def _hand(self, id: str, view: Later[Any]) -> None:
        panel = self._panels[id]
        self._apart.do(("view", id), lambda: name_of(panel), lambda: panel.show_view(view.get()))


def name_of(part: object) -> Text:
    """What a person calls the place of a panel, or of a part of one: by its dock, or its title."""
    at = part if isinstance(part, QWidget) else None
    while at is not None:
        if isinstance(at, Dock):  # which may be a window itself
            return Text(at.title)
        if isinstance(at, QDialog):
            return own(at.windowTitle())
        if at.objectName() in _PLACES:
            return Text(_PLACES[at.objectName()])
        at = at.parentWidget()
    return Text(N_("the window"))


_PLACES = {"centre": N_("the picture"), "topbar": N_("the bar at the top")}
