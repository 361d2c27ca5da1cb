"""What goes to standard error: one line that begins with the program's name."""

from __future__ import annotations

import sys

from mmviz.text import N_, Text
from mmviz.words.speech import Words

STOPPED, EXIT_STOPPED = N_("stopped"), 130


def complain(words: Words, text: Text | str) -> None:
    """Say it on one line, without what a terminal would take for a command."""
    line = " ".join(words(text).split())
    print("mmviz:", "".join(c if c.isprintable() else "?" for c in line), file=sys.stderr)


def stopped(words: Words, why: Text | str = STOPPED) -> int:
    """Say that Ctrl+C ended it; the exit code."""
    complain(words, why)
    return EXIT_STOPPED
