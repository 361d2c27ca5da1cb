"""A timing run, or those of a sweep, while they run: a bar with the time left, and a line for each
backend and batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from mmviz.bench.messages import Message, Progress
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import share_done
from mmviz.bench.results import Collector
from mmviz.bench.sweep_runs import SweepPlan
from mmviz.cli.board import Board
from mmviz.cli.progress import Canvas, bar_line
from mmviz.state.clock.pace import Pace
from mmviz.text import N_, NOTHING, Text
from mmviz.words.speech import ENGLISH, Words

_AROUND = 4  # lines of a terminal beside those of the board


class Live:
    """Some timing runs, one after the other, drawn on a terminal where it is `shown`.

    plans: in their order, each with what it is called beside the others. before: what was timed of
    each already, to which somebody else adds what is timed now; None: nothing.
    """

    def __init__(
        self,
        shown: bool,
        plans: tuple[tuple[BenchPlan, Text], ...],
        before: tuple[Collector | None, ...],
        words: Words = ENGLISH,
    ) -> None:
        self._canvas, self._words = Canvas(shown), words
        self._plans, self._before = plans, before
        self._number = 0
        self._board = Board(plans[0][0], before[0])
        self._shares = [
            0.0 if known is None else share_done(plan, known)
            for (plan, _), known in zip(plans, before, strict=True)
        ]
        self._pace = Pace(monotonic(), self._done)

    def __enter__(self) -> Live:
        self._canvas.__enter__()
        self._draw()
        return self

    def __exit__(self, *_: object) -> None:
        self._canvas.__exit__()

    def take(self, message: Message, number: int = 0) -> None:
        """Redraw, where it is time to. number: of the run that said it."""
        if not self._canvas.shown:
            return
        if number != self._number:
            self._number = number
            self._board = Board(self._plans[number][0], self._before[number])
        self._board.hear(message)
        if isinstance(message, Progress):
            self._shares[number] = message.done
            self._pace.hear(self._done, monotonic())
        if self._canvas.due:
            self._draw()

    @property
    def _done(self) -> float:
        """Share of all runs together."""
        return sum(self._shares) / len(self._shares)

    def _draw(self) -> None:
        if not self._canvas.shown:
            return
        from rich.console import Group
        from rich.text import Text as Lines

        _, doing = self._plans[self._number]
        if self._board.now is None and not doing:
            doing = Text(N_("starting"))
        left = self._pace.left_s(monotonic())
        head, *rows = self._board.lines(self._words, self._canvas.height - _AROUND)
        told = Lines("\n".join((head, *rows)), no_wrap=True, overflow="ellipsis")
        told.stylize("bold", 0, len(head))
        self._canvas.draw(
            Group(bar_line(self._done, doing, left, self._words, self._canvas.width), told)
        )


def bench_live(shown: bool, plan: BenchPlan, words: Words, before: Collector | None) -> Live:
    """Of one run."""
    return Live(shown, ((plan, NOTHING),), (before,), words)


def sweep_live(
    shown: bool, plan: SweepPlan, words: Words, before: Mapping[int | None, Collector]
) -> Live:
    """Of the runs of a sweep, one a width."""
    count = len(plan.widths)
    plans = tuple(
        (one, NOTHING if width is None else _at(plan, width, number, count))
        for number, (one, width) in enumerate(zip(plan.plans, plan.widths, strict=True), start=1)
    )
    return Live(shown, plans, tuple(map(before.get, plan.widths)), words)


def _at(plan: SweepPlan, width: int, number: int, count: int) -> Text:
    """'fc6 512 wide, 2 of 4'."""
    said = N_("{layer} {width:group} wide, {number:group} of {count:group}")
    layer = plan.network.layers[plan.layer].name
    return Text(said, layer=layer, width=width, number=number, count=count)
