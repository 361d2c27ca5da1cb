"""What goes to standard error: one line that begins with the program's name."""

from __future__ import annotations

import contextlib
import sys

from mmviz.text import Text, visible
from mmviz.words.speech import Words


def complain(words: Words, text: Text | str) -> None:
    """Say it on one line, without what a terminal would take for a command.

    Where nobody hears it, since the terminal is closed or a disk is full, nothing happens.
    """
    line = visible(" ".join(words(text).split()))
    with contextlib.suppress(OSError):
        print("mmviz:", line, file=sys.stderr)
