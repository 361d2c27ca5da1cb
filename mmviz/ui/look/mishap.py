"""An error nobody foresaw: who hears of every error hears of it, and it becomes one sentence."""

from __future__ import annotations

import sys

from mmviz.errors import MmvizError
from mmviz.text import N_, Text

LONGEST = 200  # characters of a foreign message


def cause_of(error: Exception) -> Text:
    """What to say of it. One that is not raised on purpose goes to `sys.excepthook`, too."""
    if isinstance(error, MmvizError):
        return error.cause
    sys.excepthook(type(error), error, error.__traceback__)
    return foreign(error)


def foreign(error: BaseException) -> Text:
    """Of an error of the program itself: its kind and the first line of its message."""
    lines = str(error).strip().splitlines()
    said = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return Text(N_("an error in mmviz itself: {error}"), error=said[:LONGEST])
