"""Which plain keys give a command, and what keys are called wherever one names its own."""

from __future__ import annotations

from PyQt6.QtCore import QKeyCombination, Qt
from PyQt6.QtGui import QAction, QKeySequence

from mmviz.text import N_, Text, joined, own

COMMANDS = {
    (Qt.Key.Key_Space, False): "play",
    (Qt.Key.Key_Left, False): "step_back",
    (Qt.Key.Key_Right, False): "step_on",
    (Qt.Key.Key_Down, False): "tile_back",
    (Qt.Key.Key_Up, False): "tile_on",
    (Qt.Key.Key_Left, True): "wave_back",
    (Qt.Key.Key_Right, True): "wave_on",
}
"""Key, whether with Shift: the command it triggers."""

_NAMES = {
    "Ctrl": Text(N_("Ctrl")),
    "Shift": Text(N_("Shift")),
    "Alt": Text(N_("Alt")),
    "Space": Text(N_("Space")),
    "Left": own("←"),
    "Right": own("→"),
    "Up": own("↑"),
    "Down": own("↓"),
    "Del": Text(N_("Del")),
    "Ins": Text(N_("Ins")),
    "Esc": Text(N_("Esc")),
    "Return": Text(N_("Enter")),
    "Enter": Text(N_("Enter")),
}
"""Keys that a language has a name of its own for, as Qt writes them."""


def shortcut(keys: QKeySequence) -> Text:
    """'Ctrl+Shift+Z', as this system writes it."""
    parts = keys.toString(QKeySequence.SequenceFormat.NativeText).split("+")
    said = [_NAMES.get(part, own(part)) for part in parts]
    between = [own("+")] * len(said)
    return joined([x for pair in zip(said, between, strict=True) for x in pair][:-1], "run")


def plain_key(key: Qt.Key, shift: bool) -> Text:
    """'Shift+←': one of the keys without a shortcut's ways."""
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    return shortcut(QKeySequence(QKeyCombination(held, key)))


PLAIN: dict[str, Text] = {command: plain_key(*keys) for keys, command in COMMANDS.items()}
"""The plain key of a command, by the command's name."""


def keys_of(action: QAction) -> tuple[Text, ...]:
    """All keys that trigger a command of the window, the best known first."""
    own_keys = tuple(map(shortcut, action.shortcuts()))
    plain = PLAIN.get(action.objectName())
    return own_keys if plain is None else (plain, *own_keys)
