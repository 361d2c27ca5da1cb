"""How hands draw digits, as mmviz ships it: see `assets/digits/hands.toml`."""

from __future__ import annotations

from functools import cache

from mmviz.core.learning.digits.made import CLASSES, Hand
from mmviz.core.learning.digits.strokes import read_pen
from mmviz.files.assets import asset
from mmviz.files.toml import loads

TAUGHT = 6  # hands a network learns from; the rest are never shown to it


@cache
def texts() -> tuple[tuple[str, ...], ...]:
    """A drawing of each digit by each hand, as `read_pen` reads it."""
    path = asset("digits", "hands.toml")
    found = loads(path.read_bytes(), str(path))["hand"]
    return tuple(tuple(str(hand[str(digit)]) for digit in range(CLASSES)) for hand in found)


@cache
def hands() -> tuple[Hand, ...]:
    """All of them; the first TAUGHT are to learn from."""
    return tuple(tuple(map(read_pen, hand)) for hand in texts())
