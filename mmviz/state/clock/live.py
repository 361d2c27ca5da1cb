"""The timing run that is on: its messages folded, as they come."""

from __future__ import annotations

from mmviz.bench.messages import Anew, Estimate, Finished, Message, Phase, Progress, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import rest, share_done
from mmviz.bench.results import Collector
from mmviz.state.clock.pace import Pace
from mmviz.state.clock.progress import ProgressView, running
from mmviz.state.clock.rows import flop_of
from mmviz.text import N_, Text
from mmviz.words.timing import backend_name

_DOING = {
    "preparing": N_("preparing {name}"),
    "warming": N_("warming {name}"),
    "checking": N_("checking {name}"),
    # backends are timed in turns of a few hundredths of a second, the rest one by one
    "timing": N_("timing"),
}

_STARTING = Text(N_("starting"))
_ANEW = Text(N_("what was begun is timed anew"))


class Live:
    """flop: FLOP of one pass by batch. collector: all samples so far. batch: the one that is timed.
    done: share of the run, 0 … 1. doing: what it does now.

    `kept`: where whoever looks after the run keeps its samples, those of a run that is taken up
    again included; None: they are kept here. now: seconds of a clock that only rises.
    """

    def __init__(
        self,
        plan: BenchPlan,
        budget_s: float | None = None,
        kept: Collector | None = None,
        now: float = 0.0,
    ) -> None:
        self.plan = plan
        self.flop = {batch: flop_of(plan.network, batch, plan.training) for batch in plan.batches}
        self.budget_s = budget_s
        self._own = kept is None
        self.collector = Collector(plan) if kept is None else kept
        left = (part.batches[0] for part in rest(plan, self.collector))
        self.batch = next(left, plan.batches[0])  # of a run that is taken up again not the first
        self.done = share_done(plan, self.collector)
        self.doing = _STARTING
        self.paused = False
        self._pace = Pace(now, self.done)

    def progress(self, now: float) -> ProgressView:
        """How far it is."""
        left_s = self._pace.left_s(now)
        return running(self.plan, self.batch, self.doing, self.done, left_s, self.paused)

    def pause(self, now: float) -> None:
        """Nothing is timed until `go_on`."""
        self.paused = True
        self._pace.pause(now)

    def go_on(self, now: float) -> None:
        """A new child times what is left."""
        self.paused, self.doing = False, _STARTING
        self._pace.go_on(now)

    def hear(self, message: Message, now: float = 0.0) -> None:
        """Take one message in."""
        if self._own:
            self.collector.add(message)
        match message:
            case Phase(backend, batch, phase):
                self.doing = Text(_DOING[phase], name=backend_name(backend))
                self.batch = batch
            case Samples(_, batch) | Estimate(_, batch):
                self.batch = batch
            case Progress(done):
                self.done = min(1.0, max(0.0, done))
                self._pace.hear(self.done, now)
            case Anew():
                self.done = share_done(self.plan, self.collector)
                self.doing = _ANEW
            case Finished():
                self.done = 1.0
            case _:
                pass
