"""Numbers and texts that came from another process: bounded, and restored, where they are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from mmviz.text import STEERING, Text

MOST_S = 1e9  # of a pass or a step that was measured
MOST_ESTIMATED_S = 1e30  # of one that is estimated
MOST_PASSES = 10**12  # behind a sample
MOST_TOLD = 100_000  # characters of a Text, bytes of a machine


def bounded(values: Iterable[float], most: float) -> None:
    """Raises ValueError unless all are numbers from 0 to `most`."""
    if not all(0 <= value <= most for value in values):
        raise ValueError(f"a number that is not from 0 to {most:g}")


def restored(text: Text) -> Text:
    """The text as it was before it crossed: JSON knows neither Texts among values nor tuples.

    Raises ValueError for one that cannot be said.
    """
    values = {name: _value(value) for name, value in text.values}
    try:
        made = Text((text.msgid, text.many) if text.many else text.msgid, **values)
        said = str(made)
        if len(said) > MOST_TOLD:
            raise ValueError("too long")
        if STEERING.search(said.replace("\n", "")):  # of a value they are made visible
            raise ValueError("signs that steer")
    except Exception as error:  # no value for a placeholder, an unknown format, a value msgid
        raise ValueError(f"{text.msgid!r:.60} cannot be said: {error}") from None
    return made


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return restored(msgspec.convert(value, Text))
    return tuple(map(_value, value)) if isinstance(value, list | tuple) else value
