"""One line of progress on standard error."""

from __future__ import annotations

import sys

from mmviz import units
from mmviz.bench.messages import Message, Progress

_BAR = 20  # characters
_WIDTH = 46  # of the words beside the bar


class ProgressLine:
    """One line of progress on standard error; it wipes itself out at the end."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown

    def __enter__(self) -> ProgressLine:
        self.take(Progress(0.0, "starting"))
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def take(self, message: Message) -> None:
        """Redraw where the message is about progress."""
        if self._shown and isinstance(message, Progress):
            filled = round(_BAR * message.done)
            bar = "█" * filled + "·" * (_BAR - filled)
            words = f"{units.percent(round(message.done, 2)):>7}  {message.doing}"
            sys.stderr.write(f"\r\x1b[K{bar} {words:.{_WIDTH}}")
            sys.stderr.flush()
