"""The procedure of a timing run, without the process around it.

For each batch: prepare and warm every backend, then time windows of about 50 ms in random order
over the backends until each had its seconds, then compare with float64. Passes shorter than a
millisecond are timed in blocks of at least that; a sample is then the block's time over its passes.
The first call after another backend ran is thrown away: caches and threads are still the other's.
Python's cyclic garbage collector is off meanwhile, as in timeit: it would visit every list of a
large batch again and again, and nothing here leaves cycles.
"""

from __future__ import annotations

import contextlib
import math
import os
import random
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mmviz.backends import registry
from mmviz.backends.base import Backend, Part, Prepared
from mmviz.bench import fingerprint
from mmviz.bench.blocks import median_of_few
from mmviz.bench.computing import computing
from mmviz.bench.load import Load
from mmviz.bench.machine import read_machine
from mmviz.bench.memory import CHECKED_FLOP
from mmviz.bench.messages import (
    Checked,
    Estimate,
    Failed,
    Fingerprint,
    Finished,
    Message,
    Parted,
    Phase,
    Progress,
    Samples,
    Sensing,
    Started,
)
from mmviz.bench.meter import Meter, Reading
from mmviz.bench.plan import BenchPlan
from mmviz.bench.precision import gradient_floor, output_deviation
from mmviz.bench.rescue import NOT_COMPARED
from mmviz.bench.sensors import Gauge, Sensors
from mmviz.bench.stats import summarize
from mmviz.bench.told import told
from mmviz.core.learning.training import (
    affordable_layers,
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import Values, make_values
from mmviz.errors import MmvizError, Unavailable
from mmviz.text import N_, Text, own

WINDOW_S = 0.05
SETTLED = 0.02  # interquartile range over median, at which more samples tell nothing more
SETTLED_SAMPLES = 20  # and at least as many as are needed to say so,
SETTLED_S = 0.5  # and as many seconds
PARTS_S = 0.2  # the longest a pass is taken apart again and again
_MOST_PARTED = 9
BLOCK_S = 0.001
WARM_S = 0.1
TRIAL_S = 0.5  # the first pass is cold: it may take so long, however short the plan
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
    """What the backends that can run say of their versions and their GPU."""
    facts: dict[str, str] = {}
    for backend in backends.values():
        try:
            backend.check()
            facts.update(backend.facts())
        except Exception:  # preparing it will fail as well, and is reported there
            continue
    return facts


class _Entry:
    """One backend at this batch: what is prepared, how long a pass is, what was timed so far."""

    def __init__(self, name: str, prepared: Prepared, on_gpu: bool, gauge: Gauge) -> None:
        self.name, self.on_gpu, self.gauge = name, on_gpu, gauge
        self.prepared = prepared
        self.pass_s = 0.0
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
        plan, target = self.plan, None
        try:
            values = make_values(plan.network, self.batch, plan.seed)
            if plan.training:
                target = make_target(plan.network, self.batch, plan.seed)
        except MemoryError as error:
            for name in backends:
                self.send(Failed(name, self.batch, reason(error)))
            return
        try:
            for name, backend in backends.items():
                self._start(name, backend, values, target)
            self._time()
            self._sense()
            self._check(values, target)
            self._take_apart(backends)
        finally:
            for entry in self.entries:
                entry.prepared.close()

    def _start(
        self,
        name: str,
        backend: Backend,
        values: Values,
        target: NDArray[np.float32] | None,
    ) -> None:
        """Prepare one backend and warm it up; it joins `entries` if both went well."""
        self.send(Phase(name, self.batch, "preparing"))
        made: list[_Entry] = []

        def prepare() -> None:
            network, dtype = self.plan.network, self.plan.dtype
            if dtype not in backend.dtypes:
                raise Unavailable(without(backend, dtype))
            gauge = Gauge(self.sensors, backend.facts())
            prepared = backend.prepare(network, values, dtype, target)
            made.append(_Entry(name, prepared, backend.is_gpu, gauge))

        if not self._attempt(name, prepare):
            return
        for message in told(name, self.batch, backend, made[0].prepared):
            self.send(message)
        self.send(Phase(name, self.batch, "warming"))
        if self._attempt(name, partial(self._warm, made[0])):
            made[0].gauge.ready(made[0].prepared)
            self.entries.append(made[0])
        else:
            made[0].prepared.close()

    def _warm(self, entry: _Entry) -> None:
        """The first passes, not published: they load code, touch buffers, tell a pass's length."""
        before = self.meter.read()
        fraction, spent = clocked(entry.prepared, max(self.plan.seconds, TRIAL_S))
        if fraction < 1:
            entry.estimated = True
            load = self._load(entry, before)
            self.send(Estimate(entry.name, self.batch, spent / fraction, fraction, load))
            return
        entry.pass_s = spent
        while spent < min(WARM_S, self.plan.seconds):
            entry.pass_s = max(clocked(entry.prepared)[1], 1e-9)
            spent += entry.pass_s

    def _time(self) -> None:
        """Windows in random order until every backend had its seconds."""
        last: _Entry | None = None
        while running := [entry for entry in self.entries if self._wants_more(entry)]:
            self.order.shuffle(running)
            for entry in running:
                if entry is not last:  # whoever has the turn is known should the process die
                    self.send(Phase(entry.name, self.batch, "timing"))
                if not self._attempt(entry.name, partial(self._window, entry, entry is not last)):
                    entry.prepared.close()
                    self.entries.remove(entry)
                last = entry
                self._progress()

    def _wants_more(self, entry: _Entry) -> bool:
        """At least one sample, then as many as come nearest to the plan's seconds."""
        if entry.estimated or entry.settled:
            return False
        return entry.spent_s == 0 or entry.spent_s + entry.pass_s / 2 < self.plan.seconds

    def _window(self, entry: _Entry, switched: bool) -> None:
        prepared, pass_s = entry.prepared, entry.pass_s
        before = self.meter.read()
        if switched and pass_s < WINDOW_S:  # a longer pass outlasts what the other left behind
            prepared.run()
        passes = max(1, math.ceil(BLOCK_S / pass_s))
        block_s = passes * pass_s
        blocks = max(_LEAST_SAMPLES, round(WINDOW_S / block_s))
        blocks = max(1, min(blocks, round((self.plan.seconds - entry.spent_s) / block_s)))
        seconds, on_gpu = [], []
        entry.gauge.begin()
        for _ in range(blocks):
            seconds.append(block_time(prepared, passes))
            if prepared.gpu_s is not None:
                on_gpu.append(prepared.gpu_s)
        entry.gauge.end(blocks * passes)
        load = self._load(entry, before)
        samples = Samples(entry.name, self.batch, seconds, passes, load, on_gpu)
        entry.seconds += seconds
        entry.spent_s += samples.spent_s
        entry.pass_s = max(sorted(seconds)[len(seconds) // 2], 1e-9)
        self.send(samples)

    def _sense(self) -> None:
        """What the sensors told of each; a card's energy takes some passes more."""
        for entry in self.entries:
            sensed = entry.gauge.finished(entry.prepared.run, entry.pass_s, self.plan.seconds)
            self.send(Sensing(entry.name, self.batch, sensed))

    def _load(self, entry: _Entry, before: Reading) -> Load:
        load = self.meter.since(before)
        return load.of_gpu() if entry.on_gpu else load

    def _progress(self) -> None:
        start, share = self.share
        everyone = len(self.plan.backends)
        open_ = sum(
            1 - min(1.0, entry.spent_s / self.plan.seconds)
            for entry in self.entries
            if not entry.estimated
        )
        self.send(Progress(start + share * (1 - open_ / everyone)))

    def _take_apart(self, backends: Mapping[str, Backend]) -> None:
        """Where a pass of each backend goes, and at the first batch in what precision it ran."""
        for entry in self.entries:
            if entry.estimated or entry.pass_s > self.plan.seconds:
                continue
            # what fails here was timed and checked all the same
            with contextlib.suppress(Exception):
                if parts := _median_parts(entry.prepared, PARTS_S):
                    self.send(Parted(entry.name, self.batch, parts))
            if self.batch == self.plan.batches[0]:
                flop = sum(gemm.flop for gemm in self.plan.network.lower(self.batch))
                with contextlib.suppress(Exception):
                    backend, dtype = backends[entry.name], self.plan.dtype
                    e = fingerprint.take(backend, dtype, flop / entry.pass_s)
                    self.send(Fingerprint(entry.name, self.batch, e))

    def _check(self, values: Values, target: NDArray[np.float32] | None) -> None:
        """Compare what each backend computed with float64: output, in training gradients too."""
        whole = [entry for entry in self.entries if not entry.estimated]
        errors: dict[str, float] = {}
        if not whole:
            return
        for entry in whole:
            self.send(Phase(entry.name, self.batch, "checking"))

        def compare() -> None:
            exact = reference_output(self.plan.network, values)
            for entry in whole:
                output = entry.prepared.output()
                errors[entry.name] = output_deviation(self.plan.network, output, exact)
            if target is not None:
                floor = gradient_floor(exact, target, self.batch)
                self._check_gradients(whole, values, target, floor, errors)

        try:
            compare()
        except Exception as error:
            for entry in whole:
                text = Text(NOT_COMPARED, reason=reason(error))
                self.send(Failed(entry.name, self.batch, text))
            return
        for entry in whole:
            self._say_error(entry.name, errors[entry.name])

    def _check_gradients(
        self,
        whole: list[_Entry],
        values: Values,
        target: NDArray[np.float32],
        floor: float,
        errors: dict[str, float],
    ) -> None:
        network = self.plan.network
        layers = affordable_layers(network, self.batch, CHECKED_FLOP)
        if layers == 0:
            return
        for layer, dW, db in reference_gradients(network, values, target, layers):
            for entry in whole:
                weights, biases = entry.prepared.gradient(layer)
                found = max(deviation(weights, dW, floor), deviation(biases, db, floor))
                errors[entry.name] = max(errors[entry.name], found)

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


def _median_parts(prepared: Prepared, most_s: float) -> tuple[Part, ...]:
    """A pass taken apart a few times: of each part the median."""
    taken: list[tuple[Part, ...]] = []
    began = perf_counter()
    while len(taken) < _MOST_PARTED and (not taken or perf_counter() - began < most_s):
        taken.append(prepared.parts())
        if not taken[-1]:
            return ()
    return tuple(
        Part(same[0].what, same[0].layer, *median_of_few([part.seconds for part in same]))
        for same in zip(*taken, strict=True)
    )


def without(backend: Backend, dtype: str) -> Text:
    """That a backend has no such number format."""
    return Text(N_("{who} does not compute in {dtype}"), who=backend.title, dtype=dtype)


def reason(error: Exception) -> Text:
    """Why something broke, in one line for the user."""
    if isinstance(error, MemoryError):
        return Text(N_("out of memory"))
    if isinstance(error, MmvizError):
        return error.cause
    text = " ".join(str(error).split())
    return own(f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__)


def clocked(prepared: Prepared, budget_s: float = math.inf) -> tuple[float, float]:
    """Run one pass; the share of it that was done, and the seconds that took."""
    paused, began = prepared.paused_s, perf_counter()
    fraction = prepared.run(budget_s)
    return fraction, perf_counter() - began - (prepared.paused_s - paused)


def block_time(prepared: Prepared, passes: int) -> float:
    """Seconds a pass, over `passes` of them in a row."""
    run = prepared.run
    paused, began = prepared.paused_s, perf_counter()
    for _ in range(passes):
        run()
    return (perf_counter() - began - (prepared.paused_s - paused)) / passes
