"""What keys are called, wherever a command names its own."""

from __future__ import annotations

from PyQt6.QtCore import QKeyCombination, Qt
from PyQt6.QtGui import QAction, QKeySequence

from mmviz.text import N_, Text, own
from mmviz.ui.shell.keys import COMMANDS

_KEYS: dict[Qt.Key, Text] = {
    Qt.Key.Key_Space: Text(N_("Space")),
    Qt.Key.Key_Left: own("←"),
    Qt.Key.Key_Right: own("→"),
    Qt.Key.Key_Up: own("↑"),
    Qt.Key.Key_Down: own("↓"),
}
_SHIFT = own(
    QKeySequence(QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_A))
    .toString(QKeySequence.SequenceFormat.NativeText)
    .removesuffix("A")
)


def shortcut(keys: QKeySequence) -> Text:
    """'Ctrl+Shift+Z', as this system writes it."""
    return own(keys.toString(QKeySequence.SequenceFormat.NativeText))


def plain_key(key: Qt.Key, shift: bool) -> Text:
    """'Shift+←': one of the keys without a shortcut's ways."""
    return Text("{shift}{key}", shift=_SHIFT if shift else "", key=_KEYS[key])


PLAIN: dict[str, Text] = {command: plain_key(*keys) for keys, command in COMMANDS.items()}
"""The plain key of a command, by the command's name."""


def keys_of(action: QAction) -> tuple[Text, ...]:
    """All keys that trigger a command of the window, the best known first."""
    own_keys = tuple(map(shortcut, action.shortcuts()))
    plain = PLAIN.get(action.objectName())
    return own_keys if plain is None else (plain, *own_keys)
