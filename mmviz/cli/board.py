"""Each backend and batch of a run in a line, with what is known of it so far."""

from __future__ import annotations

from mmviz.bench.messages import Estimate, Failed, Message, Phase
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Run
from mmviz.cli.table import lines, said_table
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.speech import Words

_HEAD = tuple(
    map(Text, (N_("backend"), N_("batch"), "", N_("n"), N_("p50"), N_("IQR"), N_("p99"), ""))
)
_PHASES = {
    "preparing": N_("preparing"),
    "warming": N_("warming up"),
    "timing": N_("timing"),
    "checking": N_("checking"),
}
_FAILED, _DONE = Text(N_("failed")), Text(N_("done"))

Key = tuple[str, int]
Row = tuple[Text, ...]


class Board:
    """Hears what a run says.

    `before`: what was timed of the plan already, to which somebody else adds what is timed now.
    """

    def __init__(self, plan: BenchPlan, before: Collector | None = None) -> None:
        self._plan = plan
        self._own = before is None
        self._collector = Collector(plan) if before is None else before
        self._failed: set[Key] = set()
        self._estimated: set[Key] = set()
        self._phases: dict[Key, str] = {}
        self._rows: dict[Key, tuple[object, Row]] = {}
        self.now: Key | None = None
        """Whose turn it is."""

    def hear(self, message: Message) -> None:
        """Take in what it says of a backend and a batch."""
        if self._own:
            self._collector.add(message)
        if isinstance(message, Phase):
            self.now = message.backend, message.batch
            self._phases[self.now] = message.phase
        elif isinstance(message, Failed):
            self._failed.add((message.backend, message.batch))
        elif isinstance(message, Estimate):
            self._estimated.add((message.backend, message.batch))

    def lines(self, words: Words, most: int) -> list[str]:
        """A line of heads and at most so many more, what is timed now among the last of them."""
        keys = [(name, batch) for batch in self._plan.batches for name in self._plan.backends]
        last = len(keys)
        if self.now is not None:
            of_batch = [i for i, key in enumerate(keys) if key[1] == self.now[1]]
            last = max(of_batch[-1] + 1, min(most, len(keys)))
        rows = [self._row(key) for key in keys[max(0, last - max(most, 1)) : last]]
        return lines(said_table((_HEAD, *rows), words, left=(0, 2), keys=2))

    def _row(self, key: Key) -> Row:
        """A line, made anew where something was said of it."""
        state = self._state(key)
        known = len(self._collector.samples(*key)), state
        if key not in self._rows or self._rows[key][0] != known:
            self._rows[key] = known, _row(self._collector.run(*key), state)
        return self._rows[key][1]

    def _state(self, key: Key) -> Text:
        if key in self._failed:
            return _FAILED
        if key in self._estimated:
            return _DONE
        phase = self._phases.get(key)
        if phase is None:
            return _DONE if self._collector.samples(*key) else NOTHING
        return Text(_PHASES[phase]) if self.now and self.now[1] == key[1] else _DONE


def _row(run: Run, state: Text) -> Row:
    name, batch, stats = own(run.backend), Text("{batch:group}", batch=run.batch), run.stats
    if stats is None:
        return name, batch, state, *[NOTHING] * 5
    about = "≈ {p50:seconds}" if run.estimated else "{p50:seconds}"
    tail = NOTHING if stats.tail is None else Text("{p99:seconds}", p99=stats.tail)
    known = stats.p50 and not run.estimated
    return (
        name,
        batch,
        state,
        Text("{n:group}", n=stats.n),
        Text(about, p50=stats.p50),
        Text("{share:percent2}", share=stats.iqr / stats.p50) if known else NOTHING,
        tail,
        NOTHING,
    )
