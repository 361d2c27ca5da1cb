"""The commands of a race: name, what it says, its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QKeySequence

from mmviz.text import N_
from mmviz.ui.look.tell import tell

if TYPE_CHECKING:
    from mmviz.ui.race.window import RaceWindow

EXPORT = N_("This race as PNG, SVG or PDF (Ctrl+E)")


def make_commands(window: RaceWindow) -> dict[str, QAction]:
    """Those of the window, by name; each does its work."""
    commands = {}
    for name, text, keys, slot in (
        ("export", N_("Export …"), "Ctrl+E", window.export_asked.emit),
        ("copy", N_("Copy as picture"), "Ctrl+Shift+C", window.copy_asked.emit),
        ("full_screen", N_("Full screen"), "F11", window.fill_screen),
        ("close", N_("Close"), "Ctrl+W", window.close),
    ):
        action = tell(QAction(window), text=text)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _, slot=slot: slot())
        window.addAction(action)
        commands[name] = action
    tell(commands["export"], tip=EXPORT)
    return commands
