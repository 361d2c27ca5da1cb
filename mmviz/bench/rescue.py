"""What to do when the timing child is gone: who is to blame, what is still to be timed. No process.

The child says which backend it turns to (`Phase`), so the last one it named broke it. That one is
given up at this batch; the others go on in a new child, and later batches try every backend again.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mmviz.bench.messages import Anew, Failed, Message, Phase, Progress
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.text import N_, Text

RESTARTS = 3
"""New children a run may get: enough for a backend that breaks each batch, few if nothing works."""

NOT_COMPARED = N_("not compared with float64: {reason}")


class Watch:
    """Listens to one child: who had the turn last, and how far all of the run is.

    Its work is the `share` (0 … 1) of the whole run that follows what was `done` before it.
    """

    def __init__(self, done: float, share: float) -> None:
        self.last: Phase | None = None
        self.done = done
        self._before, self._share = done, share

    def hear(self, message: Message) -> Message:
        """The message as the whole run has it: progress is that of all children together."""
        if isinstance(message, Phase):
            self.last = message
        if isinstance(message, Progress):
            self.done = self._before + self._share * message.done
            return Progress(self.done, message.doing)
        return message


def blamed(plan: BenchPlan, collector: Collector, last: Phase | None, broken: Text) -> list[Failed]:
    """What a child that ended with `broken` leaves behind as failures.

    The backend that had the turn; while results were checked, all of the batch, since they are
    checked together; nobody before the first turn.
    """
    if last is None:
        return []
    if last.phase != "checking":
        return [Failed(last.backend, last.batch, broken)]
    text = Text(NOT_COMPARED, reason=broken)
    return [Failed(name, last.batch, text) for name in _open(plan, collector, last.batch)]


def rest(plan: BenchPlan, collector: Collector) -> Iterator[BenchPlan]:
    """Plans for what has neither a result nor a failure, batch by batch."""
    for batch in plan.batches:
        if names := tuple(_open(plan, collector, batch)):
            yield msgspec.structs.replace(plan, batches=(batch,), backends=names)


def anew(plan: BenchPlan, collector: Collector) -> list[Anew]:
    """What was begun and not brought to its end: after a pause, it does not count."""
    return [
        Anew(name, part.batches[0])
        for part in rest(plan, collector)
        for name in part.backends
        if collector.samples(name, part.batches[0])
    ]


def share_done(plan: BenchPlan, collector: Collector) -> float:
    """Share of the plan, 0 … 1, that `rest` leaves out."""
    left = sum(len(part.backends) for part in rest(plan, collector))
    return 1 - left / (len(plan.batches) * len(plan.backends))


def given_up(plan: BenchPlan, collector: Collector, broken: Text) -> list[Failed]:
    """A failure for whatever `rest` would still time."""
    return [
        Failed(name, part.batches[0], broken)
        for part in rest(plan, collector)
        for name in part.backends
    ]


def _open(plan: BenchPlan, collector: Collector, batch: int) -> Iterator[str]:
    for name in plan.backends:
        run = collector.run(name, batch)
        if run.max_error is None and run.failure is None and not run.estimated:
            yield name
