"""The terminal, through rich. What goes elsewhere is plain text: never wrapped, cut or coloured.

rich is loaded by who prints through it, not by `mmviz --help` or an import of mmviz.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

ANY_WIDTH = 1_000_000  # columns: what is no terminal has no edge


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody looks at it; a closed one is none."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def console(stream: TextIO, terminal: bool | None = None) -> Console:
    """Writes to `stream`, which is a `terminal` or not whatever FORCE_COLOR says; default: ask it.

    A terminal's width and colours are its own; COLUMNS, NO_COLOR and TERM=dumb are honoured there.
    No text is taken for markup, and no sign in it for the name of a picture.
    """
    from rich.console import Console

    terminal = is_terminal(stream) if terminal is None else terminal
    return Console(
        file=stream,
        force_terminal=terminal,
        force_jupyter=False,
        force_interactive=terminal,
        width=None if terminal else ANY_WIDTH,
        color_system="auto" if terminal else None,
        markup=False,
        emoji=False,
        highlight=False,
    )


def width(stream: TextIO, most: int) -> int:
    """Columns for sentences: `most`, or as many as a narrower terminal has."""
    return min(most, console(stream).width) if is_terminal(stream) else most
