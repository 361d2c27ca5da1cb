"""A timing run while it runs: each backend and batch in a line, below one bar."""

from __future__ import annotations

from time import monotonic

from mmviz.bench.messages import Estimate, Failed, Message, Phase, Progress
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import share_done
from mmviz.bench.results import Collector, Run
from mmviz.cli.progress import Canvas, bar_line
from mmviz.cli.table import lines, said_table
from mmviz.state.clock.pace import Pace
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.speech import ENGLISH, Words

_HEAD = (
    N_("backend"), N_("batch"), "", N_("n"), N_("p50"), N_("IQR"), N_("p99"), "",
)  # fmt: skip
_PHASES = {
    "preparing": N_("preparing"),
    "warming": N_("warming up"),
    "timing": N_("timing"),
    "checking": N_("checking"),
}

Row = tuple[Text, ...]


class BenchLive:
    """Hears what a run says, and draws it on a terminal.

    `before`: what was timed of the plan already, to which somebody else adds what is timed now.
    """

    def __init__(
        self,
        shown: bool,
        plan: BenchPlan,
        words: Words = ENGLISH,
        before: Collector | None = None,
    ) -> None:
        self._canvas, self._words, self._plan = Canvas(shown), words, plan
        self._own = before is None
        self._collector = Collector(plan) if before is None else before
        self._failed: set[tuple[str, int]] = set()
        self._estimated: set[tuple[str, int]] = set()
        self._phases: dict[tuple[str, int], str] = {}
        self._now: tuple[str, int] | None = None
        self._done = 0.0 if before is None else share_done(plan, before)
        self._rows: dict[tuple[str, int], tuple[object, Row]] = {}
        self._pace = Pace(monotonic(), self._done)

    def __enter__(self) -> BenchLive:
        self._canvas.__enter__()
        self._draw()
        return self

    def __exit__(self, *_: object) -> None:
        self._canvas.__exit__()

    def take(self, message: Message) -> None:
        """Redraw, where it is time to."""
        if not self._canvas.shown:
            return
        if self._own:
            self._collector.add(message)
        if isinstance(message, Phase):
            self._now = message.backend, message.batch
            self._phases[self._now] = message.phase
        elif isinstance(message, Failed):
            self._failed.add((message.backend, message.batch))
        elif isinstance(message, Estimate):
            self._estimated.add((message.backend, message.batch))
        elif isinstance(message, Progress):
            self._done = message.done
            self._pace.hear(message.done, monotonic())
        if self._canvas.due:
            self._draw()

    def _draw(self) -> None:
        if not self._canvas.shown:
            return
        from rich.console import Group
        from rich.text import Text as Lines

        doing = Text(N_("starting")) if self._now is None else NOTHING
        left = self._pace.left_s(monotonic())
        rows = self._visible(self._canvas.height - 3)
        table = lines(
            said_table([tuple(map(Text, _HEAD)), *rows], self._words, left=(0, 2), keys=2)
        )
        told = Lines("\n".join(table), no_wrap=True, overflow="ellipsis")
        told.stylize("bold", 0, len(table[0]))
        self._canvas.draw(Group(bar_line(self._done, doing, left, self._words), told))

    def _visible(self, most: int) -> list[Row]:
        """As many lines as there is room for, the one that is timed now among the last."""
        keys = [(name, batch) for batch in self._plan.batches for name in self._plan.backends]
        last = len(keys)
        if self._now is not None:
            of_batch = [i for i, key in enumerate(keys) if key[1] == self._now[1]]
            last = max(of_batch[-1] + 1, min(most, len(keys)))
        return [self._row(key) for key in keys[max(0, last - max(most, 1)) : last]]

    def _row(self, key: tuple[str, int]) -> Row:
        """A line, made anew where something was said of it."""
        state = self._state(key)
        known = (len(self._collector.samples(*key)), state)
        if key not in self._rows or self._rows[key][0] != known:
            self._rows[key] = known, _row(self._collector.run(*key), state)
        return self._rows[key][1]

    def _state(self, key: tuple[str, int]) -> Text:
        phase = self._phases.get(key)
        if key in self._failed:
            return Text(N_("failed"))
        if phase is None:
            known = self._collector.samples(*key) or key in self._estimated
            return Text(N_("done")) if known else NOTHING
        now = self._now is not None and self._now[1] == key[1] and key not in self._estimated
        return Text(_PHASES[phase]) if now else Text(N_("done"))


def _row(run: Run, state: Text) -> Row:
    name, batch, stats = own(run.backend), Text("{batch:group}", batch=run.batch), run.stats
    if stats is None:
        return name, batch, state, *[NOTHING] * 5
    about = "≈ {p50:seconds}" if run.estimated else "{p50:seconds}"
    tail = NOTHING if stats.tail is None else Text("{p99:seconds}", p99=stats.tail)
    spread = Text("{share:percent2}", share=stats.iqr / stats.p50) if stats.p50 else NOTHING
    return (
        name,
        batch,
        state,
        Text("{n:group}", n=stats.n),
        Text(about, p50=stats.p50),
        NOTHING if run.estimated else spread,
        tail,
        NOTHING,
    )
