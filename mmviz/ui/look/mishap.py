"""An error nobody foresaw: who hears of every error hears of it, and it becomes one sentence."""

from __future__ import annotations

import sys

from mmviz.errors import MmvizError, cause_of
from mmviz.text import Text


def passed_on(error: Exception) -> Text:
    """What to say of it. One that is not raised on purpose goes to `sys.excepthook`, too."""
    if not isinstance(error, MmvizError):
        sys.excepthook(type(error), error, error.__traceback__)
    return cause_of(error)
