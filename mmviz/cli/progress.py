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
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

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
            sys.stderr.write(f"\r\x1b[K{bar} {beside:.{_WIDTH}}")
            sys.stderr.flush()
