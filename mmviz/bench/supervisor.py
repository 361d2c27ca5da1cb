"""Looks after the timing child without a process, a thread or a clock: events in, doings out.

Whoever owns a process hands in what happens to it (`received`, `complained`, `exited`, `tick`) and
does what `next` asks for until it asks for nothing:

    supervisor = Supervisor(plan)
    while (doing := supervisor.next(now)) is not None:
        match doing: Start(plan) | Say(message) | Kill() | Ended(reason)

A child that crashes, hangs or talks nonsense is killed; in a timing run the backend that had the
turn is given up (`rescue`) and a new child times the rest, a few times at most. A timing run can be
paused: its child is ended, and going on a new one times the rest, as it does of a run that was kept
unfinished.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from mmviz.backends import registry
from mmviz.bench.deaths import describe_exit, silence_limit
from mmviz.bench.lines import LineReader
from mmviz.bench.measured import Measured
from mmviz.bench.messages import (
    Calibrated,
    Compared,
    Finished,
    Looked,
    Looking,
    Message,
    Placed,
    Progress,
    Sensing,
    Started,
    decode,
)
from mmviz.bench.plan import (
    BenchPlan,
    CalibrationPlan,
    Learnt,
    PairPlan,
    Plan,
    ProbePlan,
    TrainPlan,
)
from mmviz.bench.probe import Survey
from mmviz.bench.rescue import RESTARTS, Watch, anew, blamed, given_up, rest, share_done
from mmviz.bench.results import Collector
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.text import N_, NOTHING, Text, joined

AWAY_S = 2.0  # who looks after the child looks more often, unless it is stopped (Ctrl+Z) itself
LEAVE_S = 5.0  # how long the child may take to exit after its last message
_STDERR_TAIL = 16_384  # bytes: behind what a library says stands where Python was

NO_RESULT = N_(
    "the calibration measured nothing: the time was up, or other programs had the cores all the "
    "time: calibrate again when nothing else runs"
)


@dataclass(frozen=True, slots=True)
class Start:
    """Start a child on `plan`."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Say:
    """The child said something that belongs to the plan, or something is said in its place."""

    message: Message


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill the child and all it started; `exited` has to follow as ever."""


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over and no child lives: why it broke, NOTHING where it was done or cancelled.

    A timing run in which a backend was given up ends with a reason too, and with results.
    """

    reason: Text = NOTHING


Doing = Start | Say | Kill | Ended


class Supervisor:
    """One plan, as many children as it takes. Times are seconds of any one clock.

    `silence_s`: how long a child may say nothing, by default what its plan needs at most. `before`:
    what was timed of this plan already, so that only the rest is; it is added to.
    """

    def __init__(
        self, plan: Plan, silence_s: float | None = None, before: Collector | None = None
    ) -> None:
        self.plan = plan
        self.collector = before
        if before is None and isinstance(plan, BenchPlan):
            self.collector = Collector(plan)
        self.survey = Survey(plan) if isinstance(plan, ProbePlan) else None
        self.found: Measured | Compared | None = None
        self.cancelled = False
        self.paused = False
        self.startable = True  # no child was refused to us so far
        self._silence_s = silence_s
        self._doings: deque[Doing] = deque()
        self._child: _Child | None = None
        self._restarts = RESTARTS
        self._watch = Watch(0.0, 0.0)
        self._broken: list[Text] = []
        if before is None:
            self._share(plan)
        else:
            self._rest()

    # --- what is to be done ----------------------------------------------------------------------

    def next(self, now: float) -> Doing | None:
        """The next thing to do; None: wait for an event, at most until `deadline`."""
        if not self._doings or (self.paused and isinstance(self._doings[0], Start)):
            return None
        doing = self._doings.popleft()
        if isinstance(doing, Start):
            limit = silence_limit(doing.plan) if self._silence_s is None else self._silence_s
            self._child = _Child(doing.plan, limit, now)
        return doing

    @property
    def deadline(self) -> float:
        """When `tick` has to be called at the latest; infinite where nothing is waited for."""
        return math.inf if self._child is None else self._child.deadline

    @property
    def done(self) -> float:
        """Share of the whole run that is done, 0 … 1."""
        finished = self.collector is not None and self.collector.finished
        return 1.0 if finished else self._watch.done

    @property
    def has_samples(self) -> bool:
        """Whether a timing run has something to show."""
        return self.collector is not None and self.collector.has_samples

    # --- what happens ----------------------------------------------------------------------------

    def received(self, data: bytes, now: float) -> None:
        """The child wrote `data` to its standard output."""
        if self._child is not None:
            for line in self._child.lines.feed(data):
                self._take(self._child, line, now)

    def complained(self, data: bytes) -> None:
        """The child wrote `data` to its standard error."""
        if self._child is not None:
            self._child.stderr = (self._child.stderr + data)[-_STDERR_TAIL:]

    def tick(self, now: float) -> None:
        """Time has passed; whatever was written until `now` has to be handed in before."""
        child = self._child
        if child is None or now < child.deadline:
            return
        if not child.finished:
            child.broken = Text(
                N_("the timing process hung: it said nothing for {limit:seconds}"),
                limit=child.limit_s,
            )
        self._kill(child)

    def away(self, seconds: float) -> None:
        """Nobody could hear the child for so long: this process itself was stopped or busy."""
        if self._child is not None:
            self._child.deadline += seconds

    def exited(self, code: int) -> None:
        """The child is gone, all it wrote was handed in; `code` negative: the signal's number."""
        child, self._child = self._child, None
        if child is None:
            return
        if self.cancelled:
            self._doings.append(Ended())
            return
        if child.stopped:
            self._rest()
            return
        broken = child.broken
        if broken is None and not child.finished:
            broken = describe_exit(code, child.stderr.decode("utf-8", "replace"))
        if broken is None:
            self._go_on()
        elif self.survey is not None:
            self.survey.broke(broken)
            left = self.survey.rest
            self._share(*(() if left is None else (left,)))
        elif self.collector is None:
            self._doings.append(Ended(broken))
        else:
            self._rescue(self.collector, broken)

    def unstartable(self, why: str) -> None:
        """The child that was asked for could not be started."""
        self._child, self.startable = None, False
        self._doings.clear()
        text = Text(N_("the timing process could not be started: {why}"), why=why)
        if self.collector is not None and self.has_samples:  # what is missing is said beside them
            self._tell(given_up(self.collector.plan, self.collector, text))
        self._doings.append(Ended(NOTHING if self.cancelled else text))

    def unsaid(self) -> list[Message]:
        """What the child said and nobody asked for yet; it is not said again."""
        found = [doing.message for doing in self._doings if isinstance(doing, Say)]
        self._doings = deque(doing for doing in self._doings if not isinstance(doing, Say))
        return found

    def cancel(self) -> None:
        """The user has enough: nothing more is said; `Ended` follows once the child is gone."""
        if self.cancelled or self._over:
            return
        self.cancelled = True
        kept = [doing for doing in self._doings if isinstance(doing, Kill)]
        self._doings = deque(kept)
        if self._child is None:
            self._doings.append(Ended())
        elif not self._child.dying:
            self._kill(self._child)

    def pause(self) -> None:
        """End the child of a timing run; `go_on` times what it left. Others go on as they do."""
        if self.collector is None or self.cancelled or self.paused or self._over:
            return
        self.paused = True
        if self._child is not None and not self._child.dying:
            self._child.stopped = True
            self._kill(self._child)

    def go_on(self) -> None:
        """After a pause: a new child starts, once the one that was ended is gone."""
        self.paused = False

    # --- how ------------------------------------------------------------------------------------

    @property
    def _over(self) -> bool:
        return any(isinstance(doing, Ended) for doing in self._doings)

    def _rest(self) -> None:
        """Time what has neither a result nor a failure."""
        assert self.collector is not None
        self._tell(anew(self.collector.plan, self.collector))
        self._watch = Watch(share_done(self.collector.plan, self.collector), 0.0)
        left = tuple(rest(self.collector.plan, self.collector))
        if not left and not self.collector.finished:
            self._say(Finished())
        self._share(*left)

    def _take(self, child: _Child, line: bytes, now: float) -> None:
        if child.dying:
            return
        try:
            message = decode(line)
        except ValueError:
            message = None
        if message is None or not belongs(message, child.plan):
            said = repr((line + b"\n")[:60])
            text = N_("the timing process said what is no message: {said}")
            child.broken = Text(text, said=said)
            self._kill(child)
            return
        child.finished = isinstance(message, Finished)
        child.deadline = now + (LEAVE_S if child.finished else child.limit_s)
        if not child.finished:
            self._say(self._watch.hear(message))
        elif not self._parts:
            self._say(message)

    def _kill(self, child: _Child) -> None:
        child.dying, child.deadline = True, math.inf
        self._doings.append(Kill())

    def _say(self, message: Message) -> None:
        if self.collector is not None:
            self.collector.add(message)
        elif self.survey is not None:
            self.survey.hear(message)
        elif isinstance(message, Calibrated):
            self.found = message.measured
        elif isinstance(message, Compared):
            self.found = message
        self._doings.append(Say(message))

    def _share(self, *parts: Plan) -> None:
        """Share what is left of the run among the `parts`, and begin with the first."""
        self._parts: deque[Plan] = deque(parts)
        self._part = (1 - self._watch.done) / max(len(parts), 1)
        self._go_on()

    def _go_on(self) -> None:
        if self._parts:
            self._watch = Watch(self._watch.done, self._part)
            self._doings.append(Start(self._parts.popleft()))
        else:
            self._doings.append(Ended(self._why()))

    def _why(self) -> Text:
        if isinstance(self.found, Compared):
            return self.found.failure
        if isinstance(self.plan, CalibrationPlan) and self.found is None:
            return Text(NO_RESULT)
        return joined(tuple(dict.fromkeys(self._broken)), "semicolons")

    def _rescue(self, collector: Collector, broken: Text) -> None:
        guilty = blamed(collector.plan, collector, self._watch.last, broken)
        self._broken += (
            Text(N_("{who}: {reason}"), who=registry.find(failed.backend).name, reason=broken)
            for failed in guilty
        )
        self._tell(guilty)
        if not self._restarts:
            self._tell(lost := given_up(collector.plan, collector, broken))
            self._broken += [broken] * bool(lost)
        self._restarts -= 1
        self._share(*rest(collector.plan, collector))

    def _tell(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._say(message)


class _Child:
    """What is known of the child that lives."""

    def __init__(self, plan: Plan, limit_s: float, now: float) -> None:
        self.plan, self.limit_s, self.deadline = plan, limit_s, now + limit_s
        self.lines = LineReader()
        self.stderr = b""
        self.broken: Text | None = None  # why it is killed
        self.dying = False
        self.stopped = False  # it is killed for a pause
        self.finished = False


def belongs(message: Message, plan: Plan) -> bool:
    """Whether a message speaks of what the plan asked for: its backends and batches, if any."""
    if isinstance(message, Started | Progress | Finished):
        return True
    if isinstance(message, Looking | Looked):
        name = message.backend if isinstance(message, Looking) else message.entry.id
        return isinstance(plan, ProbePlan) and name in plan.backends
    if isinstance(plan, ProbePlan):
        return False
    if isinstance(plan, CalibrationPlan) or isinstance(message, Calibrated):
        return isinstance(plan, CalibrationPlan) and isinstance(message, Calibrated)
    if isinstance(plan, TrainPlan):
        if isinstance(message, Sensing | Placed):
            return (message.backend, message.batch) == (plan.backend, plan.recipe.batch)
        return isinstance(message, Taught | Judged | Learnt | Untaught)
    if isinstance(message, Taught | Judged | Learnt | Untaught):
        return False
    if isinstance(plan, PairPlan) or isinstance(message, Compared):
        return isinstance(plan, PairPlan) and isinstance(message, Compared)
    return message.backend in plan.backends and message.batch in plan.batches
