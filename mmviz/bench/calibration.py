"""Measuring this machine: what NumPy's products take, in a few seconds, whatever the machine.

There is a list of jobs, most important first: one call, the sustained peak of each number format on
1, 2, 4 … threads, memory, then products of many shapes for the constants of `core.time.cpu_time`,
and among them shapes that the fit never sees. Each job gets an equal part of the time; a product
that would not fit into it is left out. So a slow or busy machine has fewer and smaller shapes, not
a longer calibration.

Who shares the machine disturbs for seconds, in which everything is slow. So no job is done at once:
each is visited for a few milliseconds, round after round in another order, until LEAST_VISITS agree
or the time is up. What was disturbed is left out, and said (`bench.undisturbed`).
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np
import psutil
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # ships no types

from mmviz.backends.caches import last_level_cache
from mmviz.bench.hindrances import stopped_by_quota
from mmviz.bench.machine import Machine, read_machine
from mmviz.bench.measured import Copy, Measured, ProductRow, fit_rows
from mmviz.bench.messages import Calibrated, Finished, Message, Progress, Started
from mmviz.bench.meter import Meter, Waits
from mmviz.bench.plan import CalibrationPlan
from mmviz.bench.product_timer import CopyTimer, Countdown, ProductTimer, Shape, copy_size
from mmviz.bench.undisturbed import Block, Visit, clean, undisturbed
from mmviz.text import N_, P_, Text

RESERVE = 0.1  # share of the plan's seconds for the fit, the last message and the way home
JOB_S = 0.1  # no job gets more, however much time there is
COPY_BYTES = 192_000_000  # at most
ROUNDS = 100  # at most
LEAST_VISITS = 5  # two in one disturbance agree, too
AGREED = 1.05  # the second fastest visit takes at most so many times what the fastest takes
PEAK_S = 0.005  # of one product: a longer one is disturbed more often than not on a busy machine
TELL_S = 0.05  # between two words of progress
LAYERS = 8  # a network's other layers, whose weights pass before a layer's own come again
DTYPES = ("float32", "float64")

PEAK_SIDES = (1536, 1024, 640, 512, 256, 128)  # the largest that takes no longer than PEAK_S
SHOWN = (
    (512, 512, 512), (64, 64, 64), (128, 1000, 784), (1, 1024, 1024), (2048, 2048, 16),
    (64, 64, 4096), (256, 256, 256), (32, 1024, 1024), (1024, 8, 1024), (1, 64, 64),
    (16, 16, 16), (1024, 64, 64), (64, 1024, 64), (2048, 1, 2048), (1024, 1024, 64),
    (500, 30, 70), (8, 1024, 1024), (512, 1, 1024), (100, 10, 300), (1, 300, 256),
    (32, 32, 32), (128, 128, 128), (1024, 1, 300), (1, 256, 2048), (4, 2048, 512),
    (1, 4096, 2048), (128, 1, 128), (1024, 1024, 4), (128, 4096, 512), (1024, 1024, 1024),
    (4096, 1, 1024), (1, 4096, 4096), (16, 4096, 4096), (64, 4096, 4096),
)  # fmt: skip
KEPT = (
    (384, 384, 384), (1000, 128, 784), (1, 784, 512), (4096, 64, 64), (16, 2048, 1024),
    (192, 192, 192), (1000, 10, 784), (17, 130, 1500), (1, 2000, 1500), (256, 1000, 512),
    (300, 1, 4000), (768, 768, 768), (1, 4096, 9216), (8, 4096, 4096),
)  # fmt: skip

Send = Callable[[Message], None]
Key = tuple[str, int, Shape]  # what is timed, on how many threads, of what shape
CALL: Key = ("call", 1, (1, 1, 1))


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to time, and words for it; a peak's key has the shape that fits, once it is known.

    sides: of the squares that a peak may be; () for everything else.
    """

    key: Key
    words: Text
    sides: tuple[int, ...] = ()


def calibrate(plan: CalibrationPlan, send: Send) -> None:
    """Carry out `plan`; say everything through `send`: Started, Progress …, Calibrated, Finished.

    Without a single timed product there is no Calibrated: whoever asked has to say so.
    """
    machine = read_machine()
    send(Started(machine))
    began = min(monotonic(), plan.asked_at)  # a clock that is not shared gives no time away
    if monotonic() - began > plan.seconds:
        began = monotonic()
    clock = Countdown(began + plan.seconds * (1 - RESERVE))
    rounds = _Rounds(plan, machine, clock, send)
    try:
        rounds.run()
        measured = rounds.measured(lambda: monotonic() - began)
    finally:
        rounds.close()
    if measured is not None:
        send(Calibrated(measured))
    send(Finished())


class _Rounds:
    """What was timed so far, and the jobs that add to it."""

    def __init__(
        self, plan: CalibrationPlan, machine: Machine, clock: Countdown, send: Send
    ) -> None:
        self.plan, self.machine, self.clock, self.send = plan, machine, clock, send
        self.threads = machine.blas.threads if machine.blas and machine.blas.threads else plan.cores
        self.counts = thread_counts(self.threads) if machine.blas else (self.threads,)
        self.waits = Waits()
        self.products = ProductTimer(plan.seed, self.waits.read)
        self.pools = ThreadpoolController()
        self.copies: CopyTimer | None = None
        self.visits: dict[Key, list[Visit]] = {}
        self.cache = last_level_cache()
        self.free = psutil.virtual_memory().available
        self.meter = Meter(asker=os.getppid())
        self.before = self.meter.read()
        self.share = 0.0  # seconds that each job may take in all
        self.told = -math.inf

    def close(self) -> None:
        """Nothing of it stays open."""
        self.waits.close()
        if self.copies is not None:
            self.copies.close()

    def run(self) -> None:
        """Rounds until every job's visits agree, or the time is up."""
        jobs = list(self.jobs())
        order = random.Random(self.plan.seed)
        whole = self.clock.left()
        self.share = min(JOB_S, whole / len(jobs))
        for _ in range(ROUNDS):
            visited = False
            for job in jobs:
                left = self.clock.left()
                if left <= 0:
                    return
                self._tell(1 - left / whole, job.words)
                visited |= self._visit(job)
            if not visited:
                return
            order.shuffle(jobs)

    def jobs(self) -> Iterator[_Job]:
        """What to time, most important first."""
        yield _Job(CALL, Text(N_("a single call")))
        for threads in self.counts:
            for dtype in DTYPES:
                peak = P_(
                    "peak in {dtype} on {n:group} thread", "peak in {dtype} on {n:group} threads"
                )
                words = Text(peak, dtype=dtype, n=threads)
                yield _Job((dtype, threads, (0, 0, 0)), words, PEAK_SIDES)
        size = copy_size(self.cache, self.free, COPY_BYTES)
        for threads in sorted({1, self.threads}):
            yield _Job(("copy", threads, (size, 1, 1)), Text(N_("memory")))
        for shape in interleaved(SHOWN, KEPT):
            for dtype in DTYPES:
                words = Text(N_("{shape:shape} in {dtype}"), shape=shape, dtype=dtype)
                yield _Job((dtype, self.threads, shape), words)

    def agreed(self, key: Key) -> bool:
        """Whether enough visits took the same, so that there is no need for another."""
        visits = self.visits.get(key, ())
        if len(visits) < LEAST_VISITS:
            return False
        undisturbed = set(clean(block for visit in visits for block in visit.blocks))
        best = sorted(
            min(found)
            for visit in visits
            if (found := {block.seconds for block in visit.blocks} & undisturbed)
        )
        return len(best) >= LEAST_VISITS and best[1] <= AGREED * best[0]

    def measured(self, took_s: Callable[[], float]) -> Measured | None:
        """Everything that nobody disturbed, with the constants fitted to it; None: nothing."""
        kept, dropped = undisturbed(self.visits)
        rows = tuple(
            ProductRow(
                dtype, threads, *shape, found.seconds, found.slower, found.blocks, shape in KEPT
            )
            for (dtype, threads, shape), found in sorted(kept.items(), key=lambda one: one[0][:2])
            if dtype in DTYPES
        )
        load = self.meter.since(self.before)
        call_s = kept[CALL].seconds if CALL in kept else self._best(CALL)
        if not rows or not call_s:
            return None
        blas = self.machine.blas
        core = blas.architecture if blas is not None and blas.library == "openblas" else ""
        return Measured(
            machine=self.machine,
            cores=self.plan.cores,
            threads=self.threads,
            call_s=call_s,
            cache=self.cache,
            copies=tuple(
                Copy(threads, shape[0], found.seconds)
                for (what, threads, shape), found in kept.items()
                if what == "copy"
            ),
            rows=rows,
            # between two stops everything is fast, which no pass of some length is
            fitted=()
            if stopped_by_quota(load, self.machine)
            else fit_rows(rows, call_s, self.threads, DTYPES, core),
            took_s=took_s(),
            dropped=dropped,
            load=load,
        )

    def _tell(self, done: float, words: Text) -> None:
        now = monotonic()
        if now - self.told >= TELL_S:
            self.told = now
            self.send(Progress(done, words))

    def _visit(self, job: _Job) -> bool:
        """Time it once more if it needs that and fits; whether it was."""
        with self.pools.limit(limits=job.key[1], user_api="blas"):
            key = self._fitting(job)
            if key is None or self.agreed(key):
                return False
            self.waits.refresh()
            reference = self.products.reference()
            blocks = self._blocks(key)
        self.waits.refresh()
        if not blocks:
            return False
        self.visits.setdefault(key, []).append(Visit(reference, blocks))
        return True

    def _blocks(self, key: Key) -> tuple[Block, ...]:
        what, threads, shape = key
        known = self._best(key)
        if what == "copy":
            if self.copies is None:
                self.copies = CopyTimer(shape[0], self.threads, self.waits.read)
            return self.copies.time(threads, known, self.clock)
        dtype = DTYPES[0] if what == "call" else what
        layers = 1 if what == "call" or peak_shape(shape) else self._layers(shape, dtype)
        return self.products.time(shape, dtype, known, self.clock, layers)

    def _best(self, key: Key) -> float:
        """Seconds of the fastest block so far, 0 before the first."""
        blocks = (block for visit in self.visits.get(key, ()) for block in visit.blocks)
        return min((block.seconds for block in blocks), default=0.0)

    def _fitting(self, job: _Job) -> Key | None:
        """The job's key, of a peak that of the largest square that fits; None: it is too long."""
        what, threads, _ = job.key
        if what not in DTYPES:
            return job.key
        shapes = [(side, side, side) for side in job.sides] or [job.key[2]]
        keys = [(what, threads, shape) for shape in shapes]
        begun = [key for key in keys if key in self.visits]
        most = PEAK_S if job.sides else self.share / LEAST_VISITS
        return next((key for key in begun or keys if self._fits(key, most)), None)

    def _fits(self, key: Key, most_s: float) -> bool:
        """Whether a call takes at most so long, by its best time or else by the best rate so far.

        The smallest are always tried.
        """
        dtype, threads, shape = key
        work = math.prod(shape)
        if work <= PEAK_SIDES[-1] ** 3:
            return True
        took = self._best(key)
        if not took:
            rates = [
                2 * math.prod(other) / self._best((kind, on, other))
                for kind, on, other in self.visits
                if kind == dtype and on <= threads
            ]
            took = 2 * work / (max(rates, default=0.0) or self.products.guess(dtype, 128))
        return took <= most_s

    def _layers(self, shape: Shape, dtype: str) -> int:
        """How many times B may lie in memory, so that it is cold."""
        size = shape[1] * shape[2] * np.dtype(dtype).itemsize
        return max(1, min(LAYERS, min(COPY_BYTES, self.free // 10) // size))


def peak_shape(shape: Shape) -> bool:
    """Whether it is one of the squares that show the peak: their B stays where it is."""
    return len(set(shape)) == 1 and shape[0] in PEAK_SIDES


def thread_counts(threads: int) -> tuple[int, ...]:
    """1, 2, 4 … and all of them."""
    powers = (2**i for i in range(threads.bit_length()))
    return tuple(sorted({*(count for count in powers if count <= threads), threads}))


def interleaved(shown: tuple[Shape, ...], kept: tuple[Shape, ...]) -> Iterator[Shape]:
    """All shapes, those kept from the fit among the others in turns of as many as the ratio says.

    However soon the time is up, both kinds were measured.
    """
    turn = len(shown) // len(kept)
    for i, shape in enumerate(kept):
        yield from shown[i * turn : (i + 1) * turn]
        yield shape
    yield from shown[len(kept) * turn :]
