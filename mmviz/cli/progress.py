"""One line of progress on standard error."""

from __future__ import annotations

import sys

from mmviz import units
from mmviz.bench.messages import Message, Progress
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH, Words

_BAR = 20  # characters
_WIDTH = 46  # of the words beside the bar


class TerminalProgress:
    """One line of progress on standard error; it wipes itself out at the end."""

    def __init__(self, shown: bool, words: Words = ENGLISH) -> None:
        self._shown, self._words = shown, words

    def __enter__(self) -> TerminalProgress:
        self.draw(0.0, Text(N_("starting")))
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def take(self, message: Message) -> None:
        """Redraw where the message is about progress."""
        if isinstance(message, Progress):
            self.draw(message.done, message.doing)

    def draw(self, share: float, doing: str | Text) -> None:
        """What is done, 0 … 1, and what is being done now."""
        if self._shown:
            filled = round(_BAR * share)
            bar = "█" * filled + "·" * (_BAR - filled)
            beside = f"{units.percent(round(share, 2)):>7}  {self._words(doing)}"
            self._write(f"{bar} {beside:.{_WIDTH}}")

    def _write(self, line: str) -> None:
        """In place of the line before; a terminal that is closed meanwhile stops nothing."""
        if not self._shown:
            return
        try:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
        except OSError:
            self._shown = False
