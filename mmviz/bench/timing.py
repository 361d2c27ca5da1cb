"""The procedure of a timing run, without the process around it.

For each batch: prepare and warm every backend, then time windows of about 50 ms in random order
over the backends until each had its seconds, then compare with float64. Passes shorter than a
millisecond are timed in blocks of at least that; a sample is then the block's time over its passes.
The first call after another backend ran, or after a pause, is thrown away: caches and threads are
still the other's, or went to sleep. Samples end where they lie so close that more of them tell
nothing more. What is told aside of them (`bench.aside`) is measured afterwards.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter

from mmviz.backends import registry
from mmviz.backends.base import Backend, Ready
from mmviz.backends.narrow import where_else
from mmviz.bench.aside import beside, told_precision
from mmviz.bench.computing import computing
from mmviz.bench.job import Job, job_of
from mmviz.bench.load import Load
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import (
    Checked,
    Estimate,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Sensing,
    Started,
)
from mmviz.bench.meter import Meter, Reading
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import NOT_COMPARED
from mmviz.bench.results import SLOW_CLOCK
from mmviz.bench.sensors import Gauge, Sensors
from mmviz.bench.stats import summarize
from mmviz.bench.stopwatch import (
    IDLE_S,
    TRIAL_S,
    WINDOW_S,
    block_time,
    clocked,
    passes_of,
    warmed,
)
from mmviz.bench.told import told
from mmviz.errors import MmvizError, Unavailable
from mmviz.text import N_, Text, joined, own

SETTLED = 0.02  # interquartile range over median, at which more samples tell nothing more
SETTLED_SAMPLES = 20  # and at least as many as are needed to say so,
SETTLED_S = 0.5  # and as many seconds
_LEAST_SAMPLES = 3  # a window holds several, also of slow passes

Send = Callable[[Message], None]


def time_plan(plan: BenchPlan, send: Send) -> None:
    """Carry out `plan`; say everything through `send`, from Started to Finished.

    A backend that fails says Failed and is left out; an estimate takes the place of samples where
    not one pass fits into the plan's seconds.
    """
    backends = {name: registry.find(name) for name in plan.backends}
    send(Started(read_machine(_facts(backends))))
    order, meter = random.Random(plan.seed), Meter(asker=os.getppid())
    sensors, total = Sensors(), len(plan.batches)
    with computing():
        for number, batch in enumerate(plan.batches):
            share = number / total, 1 / total
            _Batch(plan, batch, send, order, meter, sensors, share).run(backends)
            send(Progress((number + 1) / total))
    sensors.close()
    send(Finished())


def _facts(backends: Mapping[str, Backend]) -> dict[str, str]:
    """What the backends that can run say of their versions, and the first of its GPU."""
    facts: dict[str, str] = {}
    for backend in backends.values():
        try:
            backend.check()
            found = backend.facts()
        except Exception:  # preparing it will fail as well, and is reported there
            continue
        named = _OF_GPU if "gpu" in facts else ()
        facts.update({name: said for name, said in found.items() if name not in named})
    return facts


_OF_GPU = ("gpu", "gpu_bus")


class _Entry:
    """One backend at this batch: what is prepared, how long a pass is, what was timed so far."""

    def __init__(self, name: str, ready: Ready, elsewhere: bool, gauge: Gauge) -> None:
        self.name, self.elsewhere, self.gauge = name, elsewhere, gauge
        self.ready = ready
        self.pass_s = 0.0
        self.last_at = -math.inf  # when its last pass ended
        self.dropped, self.dropped_s = 0, 0.0  # samples since the last that counts; all seconds
        self.spent_s = 0.0
        self.estimated = False
        self.seconds: list[float] = []

    @property
    def settled(self) -> bool:
        """Whether the samples lie so close that more of them are not needed."""
        if len(self.seconds) < SETTLED_SAMPLES or self.spent_s < SETTLED_S:
            return False
        found = summarize(self.seconds)
        return found is not None and found.iqr < SETTLED * found.p50


class _Batch:
    """One batch of the plan; `share`: where its progress begins, and how much of all it is."""

    def __init__(
        self,
        plan: BenchPlan,
        batch: int,
        send: Send,
        order: random.Random,
        meter: Meter,
        sensors: Sensors,
        share: tuple[float, float],
    ) -> None:
        self.plan, self.batch, self.send, self.order, self.share = plan, batch, send, order, share
        self.meter, self.sensors = meter, sensors
        self.entries: list[_Entry] = []

    def run(self, backends: Mapping[str, Backend]) -> None:
        try:
            job = job_of(self.plan, self.batch)
        except MemoryError as error:
            for name in backends:
                self.send(Failed(name, self.batch, reason(error)))
            return
        try:
            for name, backend in backends.items():
                self._start(name, backend, job)
            self._time()
            self._sense()
            self._check(job)
            self._look_aside(backends)
        finally:
            for entry in self.entries:
                entry.ready.close()

    def _start(self, name: str, backend: Backend, job: Job) -> None:
        """Prepare one backend and warm it up; it joins `entries` if both went well."""
        self.send(Phase(name, self.batch, "preparing"))
        made: list[_Entry] = []

        def prepare() -> None:
            dtype = self.plan.dtype
            if dtype not in backend.dtypes:
                raise Unavailable(without(backend, dtype))
            gauge = Gauge(self.sensors, backend.facts())
            elsewhere = backend.is_gpu or backend.place() is not None
            made.append(_Entry(name, job.prepare(name, backend, dtype), elsewhere, gauge))

        if not self._attempt(name, prepare):
            return
        for message in told(name, self.batch, backend, made[0].ready):
            self.send(message)
        self.send(Phase(name, self.batch, "warming"))
        if self._attempt(name, partial(self._warm, made[0])):
            made[0].gauge.ready(made[0].ready)
            self.entries.append(made[0])
        else:
            made[0].ready.close()

    def _warm(self, entry: _Entry) -> None:
        """The first passes, not published: they load code, touch buffers, tell a pass's length."""
        before = self.meter.read()
        fraction, spent = clocked(entry.ready, max(self.plan.seconds, TRIAL_S))
        if fraction < 1:
            entry.estimated = True
            load = self._load(entry, before)
            self.send(Estimate(entry.name, self.batch, spent / fraction, fraction, load))
            return
        entry.pass_s = warmed(entry.ready, spent, self.plan.seconds)

    def _time(self) -> None:
        """Windows in random order until every backend had its seconds."""
        last: _Entry | None = None
        while running := [entry for entry in self.entries if self._wants_more(entry)]:
            self.order.shuffle(running)
            for entry in running:
                if entry is not last:  # whoever has the turn is known should the process die
                    self.send(Phase(entry.name, self.batch, "timing"))
                if not self._attempt(entry.name, partial(self._window, entry, entry is not last)):
                    entry.ready.close()
                    self.entries.remove(entry)
                last = entry
                self._progress()

    def _wants_more(self, entry: _Entry) -> bool:
        """At least one sample, then as many as come nearest to the plan's seconds."""
        if entry.estimated or entry.settled:
            return False
        return entry.spent_s == 0 or entry.spent_s + entry.pass_s / 2 < self.plan.seconds

    def _window(self, entry: _Entry, switched: bool) -> None:
        ready, pass_s = entry.ready, entry.pass_s
        before = self.meter.read()
        idle = perf_counter() - entry.last_at > IDLE_S
        if (switched or idle) and pass_s < WINDOW_S:  # a longer pass outlasts what was left behind
            ready.run()
        passes = passes_of(pass_s)
        block_s = passes * pass_s
        blocks = max(_LEAST_SAMPLES, round(WINDOW_S / block_s))
        blocks = max(1, min(blocks, round((self.plan.seconds - entry.spent_s) / block_s)))
        seconds, on_gpu = [], []
        entry.gauge.begin()
        for _ in range(blocks):
            seconds.append(block_time(ready, passes))
            if ready.gpu_s is not None:
                on_gpu.append(ready.gpu_s)
        entry.last_at = perf_counter()
        entry.gauge.end(blocks * passes)
        load = self._load(entry, before)
        spent_s = sum(seconds) * passes
        if clocked_down(entry.gauge) and entry.dropped_s + spent_s <= self.plan.seconds:
            entry.dropped += len(seconds)
            entry.dropped_s += spent_s
            return
        dropped, entry.dropped = entry.dropped, 0
        entry.seconds += seconds
        entry.spent_s += spent_s
        entry.pass_s = max(sorted(seconds)[len(seconds) // 2], 1e-9)
        self.send(Samples(entry.name, self.batch, seconds, passes, load, on_gpu, dropped))

    def _sense(self) -> None:
        """What the sensors told of each; a card's energy takes some passes more."""
        for entry in self.entries:
            sensed = entry.gauge.finished(entry.ready.run, entry.pass_s, self.plan.seconds)
            self.send(Sensing(entry.name, self.batch, sensed))

    def _load(self, entry: _Entry, before: Reading) -> Load:
        load = self.meter.since(before)
        return load.of_gpu() if entry.elsewhere else load

    def _progress(self) -> None:
        start, share = self.share
        everyone = len(self.plan.backends)
        open_ = sum(
            1 - min(1.0, entry.spent_s / self.plan.seconds)
            for entry in self.entries
            if not entry.estimated
        )
        self.send(Progress(start + share * (1 - open_ / everyone)))

    def _look_aside(self, backends: Mapping[str, Backend]) -> None:
        """What else is to be told of each backend, at the first batch in what precision it ran."""
        plan, batch = self.plan, self.batch
        for entry in self.entries:
            if entry.estimated or entry.pass_s > plan.seconds:
                continue
            beside(plan, batch, entry.name, entry.ready, entry.pass_s, self.send)
            if batch == plan.batches[0]:
                flop = sum(gemm.total_flop for gemm in plan.network.lower(batch, plan.training))
                flop_s, backend = flop / entry.pass_s, backends[entry.name]
                told_precision(plan, batch, entry.name, backend, flop_s, self.send)

    def _check(self, job: Job) -> None:
        """Compare what each backend computed with float64."""
        whole = [entry.name for entry in self.entries if not entry.estimated]
        for name in whole:
            self.send(Phase(name, self.batch, "checking"))
        try:
            errors = job.errors(whole) if whole else {}
        except Exception:  # one of them may have broken it: each by itself
            for name in whole:
                self._check_alone(name, job)
            return
        for name, found in errors.items():
            self._say_error(name, found)

    def _check_alone(self, name: str, job: Job) -> None:
        try:
            self._say_error(name, job.errors([name])[name])
        except Exception as error:
            self.send(Failed(name, self.batch, Text(NOT_COMPARED, reason=reason(error))))

    def _say_error(self, name: str, error: float) -> None:
        if math.isfinite(error):
            self.send(Checked(name, self.batch, error))
        else:
            infinite = N_("the result is not finite: too large for {dtype}")
            text = Text(infinite, dtype=self.plan.dtype)
            self.send(Failed(name, self.batch, text))

    def _attempt(self, name: str, work: Callable[[], None]) -> bool:
        """Do `work`; whatever breaks in it ends this backend at this batch and no other."""
        try:
            work()
        except Exception as error:
            self.send(Failed(name, self.batch, reason(error)))
            return False
        return True


def clocked_down(gauge: Gauge) -> bool:
    """Whether the GPU ran so slowly that what it did says little of it.

    Its samples are dropped for as long as a plan lasts, and counted; a card that is still slow then
    is always so, or held back: what it does is shown, and its sensors tell.
    """
    clock, usual = gauge.card_clock_mhz, gauge.card_default_mhz
    return clock is not None and usual is not None and clock < SLOW_CLOCK * usual


def without(backend: Backend, dtype: str) -> Text:
    """That a backend has no such number format."""
    said = Text(N_("{who} does not compute in {dtype}"), who=backend.title, dtype=dtype)
    return joined((said, where_else(dtype)), "semicolons")


def reason(error: Exception) -> Text:
    """Why something broke, in one line for the user."""
    if isinstance(error, MmvizError):
        return error.cause
    if isinstance(error, MemoryError):
        return Text(N_("out of memory"))
    text = " ".join(str(error).split())
    return own(f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__)
