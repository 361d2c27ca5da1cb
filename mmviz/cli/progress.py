"""What is redrawn in its place on standard error while something runs; it wipes itself out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from mmviz import units
from mmviz.bench.messages import Message, Progress
from mmviz.cli.terminal import console
from mmviz.state.clock.pace import Pace
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH, Words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

BAR = 20  # characters
NARROW = 8  # of a bar on a short line; on a still shorter one what is done now is worth more
_APART = 2  # between two columns
EVERY_S = 0.25  # drawing takes milliseconds of a core that what is timed may want
_ENDING = 0.995  # of the work: what is left is no timing any more


class Canvas:
    """Some lines of a terminal. A terminal that is closed meanwhile stops nothing."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown
        self._live: Live | None = None
        self._drawn = 0.0

    def __enter__(self) -> Canvas:
        if self.shown:
            from rich.live import Live

            out = console(sys.stderr, terminal=True)
            live = Live(
                console=out,
                auto_refresh=False,  # no thread: drawn when something is said
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._guarded(live.start)
            self._live = live
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._guarded(self._live.stop)

    @property
    def height(self) -> int:
        """Lines there are."""
        return 0 if self._live is None else self._live.console.height

    @property
    def width(self) -> int:
        """Characters of a line."""
        return 0 if self._live is None else self._live.console.width

    @property
    def due(self) -> bool:
        """Whether somebody looks, and has seen the last picture for long enough."""
        return self.shown and monotonic() - self._drawn >= EVERY_S

    def draw(self, what: RenderableType) -> None:
        """In place of what was drawn before."""
        live, self._drawn = self._live, monotonic()
        if self.shown and live is not None:
            self._guarded(lambda: live.update(what, refresh=True))

    def _guarded(self, work: Callable[[], object]) -> None:
        if not self.shown:
            return
        try:
            work()
        except OSError:
            self.shown = False


class TerminalProgress:
    """One line: a bar, the share that is done, what is done now, and how long it still takes."""

    def __init__(self, shown: bool, words: Words = ENGLISH) -> None:
        self._canvas, self._words = Canvas(shown), words
        self._pace = Pace(monotonic())

    def __enter__(self) -> TerminalProgress:
        self._canvas.__enter__()
        self.draw(0.0, Text(N_("starting")))
        return self

    def __exit__(self, *_: object) -> None:
        self._canvas.__exit__()

    def take(self, message: Message) -> None:
        """Redraw where the message is about progress."""
        if isinstance(message, Progress) and (self._canvas.due or message.done == 1):
            self.draw(message.done, message.doing)

    def draw(self, share: float, doing: str | Text) -> None:
        """What is done, 0 … 1, and what is being done now."""
        if self._canvas.shown:
            now = monotonic()
            self._pace.hear(share, now)
            left = self._pace.left_s(now)
            self._canvas.draw(bar_line(share, doing, left, self._words, self._canvas.width))


def bar_line(
    share: float, doing: str | Text, left: float | None, words: Words, width: int
) -> RenderableType:
    """'━━━━━━━━   50.0 %  memory  5 s left'; where that is too wide, the bar gives way first."""
    from rich.cells import cell_len
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text as Cell

    known = left is not None and share < _ENDING
    told = words(Text(N_("{left:lasting} left"), left=left)) if known else ""
    cells = [units.percent(round(share, 2)), words(doing), told]
    room = width - sum(cell_len(cell) + _APART for cell in cells)
    long = next((length for length in (BAR, NARROW) if length <= room), 0)
    bars = [ProgressBar(1.0, share, long, complete_style="cyan", finished_style="cyan")]
    line = Table.grid(padding=(0, _APART, 0, 0))
    if long:
        line.add_column(no_wrap=True)
    line.add_column(justify="right", no_wrap=True)
    line.add_column(no_wrap=True, overflow="ellipsis")
    line.add_column(no_wrap=True)
    line.add_row(*(bars if long else []), *map(Cell, cells))
    return line
