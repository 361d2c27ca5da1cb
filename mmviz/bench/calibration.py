"""Measuring this machine: what NumPy's products take, in a few seconds, whatever the machine.

A round is a list of jobs, most important first: one call, the sustained peak of each number format
on 1, 2, 4 … threads, memory, then products of many shapes for the constants of
`core.time.cpu_time`, and among them shapes that the fit never sees. Each job gets an equal part of
the time that is left and looks at the clock between blocks; a product that would not fit into its
part is left out. So a slow or busy machine has fewer and smaller shapes, not a longer calibration.

A block lasts at least BLOCK_S, the first call of every job is thrown away, and a round's result is
a median. Weights are cold, as in a network: B lies in LAYERS places and each call takes the next,
since other layers pass before a layer's own weights are used again. Of the rounds of one job the
fastest counts: who shares the machine disturbs for seconds, in which every median is wrong. So
there are LEAST_ROUNDS, and whatever the two fastest do not agree on is timed again, until all is
agreed upon or the time is up.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from time import monotonic, perf_counter

import numpy as np
import psutil
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from mmviz.bench.caches import last_level_cache
from mmviz.bench.machine import Machine, read_machine
from mmviz.bench.measured import Copy, Measured, ProductRow, fit_rows
from mmviz.bench.messages import Calibrated, Finished, Message, Progress, Started
from mmviz.bench.plan import CalibrationPlan
from mmviz.text import N_, P_, Text

BLOCK_S = 0.001
BLOCKS = 7
JOB_S = 0.1  # no job takes longer, however much time is left
RESERVE = 0.1  # share of the plan's seconds for the fit, the last message and the way home
COPY_BYTES = 192_000_000  # at most
ROUNDS = 50  # at most
LEAST_ROUNDS = 3  # two in one disturbance agree, too
AGREED = 1.05  # the second fastest round takes at most so many times what the fastest takes
VALUES = 1_000_000  # random numbers that are drawn; larger matrices hold them more than once
LAYERS = 8  # a network's other layers, whose weights pass before a layer's own come again
DTYPES = ("float32", "float64")

PEAK_SIDES = (1536, 1024, 512, 256, 128)  # the largest that fits into its part of the time
SHOWN = (
    (512, 512, 512), (64, 64, 64), (128, 1000, 784), (1, 1024, 1024), (2048, 2048, 16),
    (64, 64, 4096), (256, 256, 256), (32, 1024, 1024), (1024, 8, 1024), (1, 64, 64),
    (16, 16, 16), (1024, 64, 64), (64, 1024, 64), (1024, 1024, 64), (2048, 1, 2048),
    (500, 30, 70), (8, 1024, 1024), (1024, 1024, 1024), (100, 10, 300), (1, 300, 256),
    (32, 32, 32), (128, 128, 128), (128, 4096, 512), (1024, 1024, 4), (1, 4096, 2048),
    (1, 4096, 4096), (16, 4096, 4096), (64, 4096, 4096),
)  # fmt: skip
KEPT = (
    (384, 384, 384), (1000, 128, 784), (1, 784, 512), (4096, 64, 64), (16, 2048, 1024),
    (192, 192, 192), (1000, 10, 784), (17, 130, 1500), (1, 2000, 1500), (256, 1000, 512),
    (300, 1, 4000), (768, 768, 768), (1, 4096, 9216), (8, 4096, 4096),
)  # fmt: skip

Send = Callable[[Message], None]
Shape = tuple[int, int, int]
Key = tuple[str, int, Shape]  # what is timed, on how many threads, of what shape


class Countdown:
    """What is left of the time until `until`, in seconds of `now`."""

    def __init__(self, until: float, now: Callable[[], float] = monotonic) -> None:
        self._until, self._now = until, now

    def left(self) -> float:
        """Seconds, 0 when the time is up."""
        return max(0.0, self._until - self._now())


def calibrate(plan: CalibrationPlan, send: Send) -> None:
    """Carry out `plan`; say everything through `send`: Started, Progress …, Calibrated, Finished.

    Without a single timed product there is no Calibrated: whoever asked has to say so.
    """
    machine = read_machine()
    send(Started(machine))
    began = min(monotonic(), plan.asked_at)  # a clock that is not shared gives no time away
    if monotonic() - began > plan.seconds:
        began = monotonic()
    calibration = _Rounds(plan, machine, Countdown(began + plan.seconds * (1 - RESERVE)), send)
    calibration.run()
    if calibration.rows and calibration.call_s:
        send(Calibrated(calibration.measured(monotonic() - began)))
    send(Finished())


class _Rounds:
    """What was measured so far, and the jobs that add to it."""

    def __init__(
        self, plan: CalibrationPlan, machine: Machine, clock: Countdown, send: Send
    ) -> None:
        self.machine, self.clock, self.send = machine, clock, send
        self.cores = plan.cores
        self.threads = machine.blas.threads if machine.blas and machine.blas.threads else plan.cores
        self.counts = thread_counts(self.threads) if machine.blas else (self.threads,)
        self.products = ProductTimer(plan.seed)
        self.call_s = 0.0
        self.taken: dict[Key, list[float]] = {}  # the medians of all rounds
        self.rows: dict[Key, ProductRow] = {}
        self.copies: dict[int, Copy] = {}
        self.cache = last_level_cache()
        self.free = psutil.virtual_memory().available

    def run(self) -> None:
        """Rounds until they agree or the time is up."""
        jobs = list(self.jobs())
        began = self.clock.left()
        for _ in range(ROUNDS):
            before = self.timed
            for number, (words, job) in enumerate(jobs):
                left = self.clock.left()
                if left <= 0:
                    return
                self.send(Progress(1 - left / began, words))
                job(min(JOB_S, left / (len(jobs) - number)))
            if self.timed == before:
                return

    @property
    def timed(self) -> int:
        """How many medians there are so far."""
        return sum(map(len, self.taken.values()))

    def agreed(self, key: Key) -> bool:
        """Whether enough rounds took the same, so that there is no need for another."""
        taken = sorted(self.taken.get(key, ()))
        return len(taken) >= LEAST_ROUNDS and taken[1] <= AGREED * taken[0]

    def _keep(self, key: Key, seconds: float) -> None:
        self.taken.setdefault(key, []).append(seconds)

    def jobs(self) -> Iterator[tuple[Text, Callable[[float], None]]]:
        """What to do in order, each with words for it; a job takes the seconds it may last."""
        yield Text(N_("a single call")), self._time_call
        for threads in self.counts:
            for dtype in DTYPES:
                peak = P_(
                    "peak in {dtype} on {n:group} thread", "peak in {dtype} on {n:group} threads"
                )
                words = Text(peak, dtype=dtype, n=threads)
                yield words, partial(self._time_peak, threads, dtype)
        for threads in sorted({1, self.threads}):
            yield Text(N_("memory")), partial(self._copy, threads)
        for shape, kept in interleaved(SHOWN, KEPT):
            for dtype in DTYPES:
                words = Text(N_("{shape:shape} in {dtype}"), shape=shape, dtype=dtype)
                yield words, partial(self._time, shape, dtype, kept)

    def measured(self, took_s: float) -> Measured:
        """Everything, with the constants fitted to it."""
        rows = tuple(self.rows.values())
        blas = self.machine.blas
        core = blas.architecture if blas is not None and blas.library == "openblas" else ""
        return Measured(
            machine=self.machine,
            cores=self.cores,
            threads=self.threads,
            call_s=self.call_s,
            cache=self.cache,
            copies=tuple(self.copies.values()),
            rows=rows,
            fitted=fit_rows(rows, self.call_s, self.threads, DTYPES, core),
            took_s=took_s,
        )

    def _time_call(self, seconds: float) -> None:
        key: Key = ("call", 1, (1, 1, 1))
        found = (
            None if self.agreed(key) else self.products.time(key[2], DTYPES[0], seconds, self.clock)
        )
        if found is not None:
            self._keep(key, found[0])
            self.call_s = min(self.taken[key])

    def _time_peak(self, threads: int, dtype: str, seconds: float) -> None:
        """The largest square that fits; figures hang on it, so it may take twice the time."""
        with self._limited(threads):
            for side in PEAK_SIDES:
                shape = (side, side, side)
                if self._fits(shape, dtype, threads, seconds):
                    self._add(shape, dtype, threads, False, 2 * seconds)
                    return

    def _time(self, shape: Shape, dtype: str, kept: bool, seconds: float) -> None:
        if self._fits(shape, dtype, self.threads, seconds):
            self._add(shape, dtype, self.threads, kept, seconds)

    def _add(self, shape: Shape, dtype: str, threads: int, kept: bool, seconds: float) -> None:
        key = (dtype, threads, shape)
        if self.agreed(key):
            return
        peak = len(set(shape)) == 1 and shape[0] in PEAK_SIDES
        layers = 1 if peak else self._layers(shape, dtype)
        found = self.products.time(shape, dtype, seconds, self.clock, layers)
        if found is None:
            return
        now, blocks = found
        self._keep(key, now)
        old = self.rows.get(key)
        new = ProductRow(dtype, threads, *shape, now, now, blocks, kept)
        self.rows[key] = new if old is None else old.again(now, blocks)

    def _fits(self, shape: Shape, dtype: str, threads: int, seconds: float) -> bool:
        """Whether three calls fit into `seconds`, by its last time or else by the best rate so far.

        The smallest are always tried.
        """
        work = math.prod(shape)
        if work <= PEAK_SIDES[-1] ** 3:
            return True
        if (row := self.rows.get((dtype, threads, shape))) is not None:
            return 3 * row.seconds <= seconds
        rates = [r.rate for r in self.rows.values() if r.dtype == dtype and r.threads <= threads]
        rate = max(rates, default=0.0) or self.products.guess(dtype)
        return 3 * 2 * work / rate <= seconds

    def _layers(self, shape: Shape, dtype: str) -> int:
        """How many times B may lie in memory, so that it is cold."""
        size = shape[1] * shape[2] * np.dtype(dtype).itemsize
        return max(1, min(LAYERS, min(COPY_BYTES, self.free // 10) // size))

    def _copy(self, threads: int, seconds: float) -> None:
        size = copy_size(self.cache, self.free)
        key: Key = ("copy", threads, (size, 1, 1))
        found = None if self.agreed(key) else copy_seconds(size, threads, seconds, self.clock)
        if found is not None:
            self._keep(key, found)
            self.copies[threads] = Copy(threads, size, min(self.taken[key]))

    def _limited(self, threads: int) -> AbstractContextManager[object]:
        limits: AbstractContextManager[object] = threadpool_limits(threads, user_api="blas")
        return limits


class ProductTimer:
    """Times products of random normal numbers, `out` made beforehand."""

    def __init__(self, seed: int) -> None:
        self._drawn = np.random.default_rng(seed).standard_normal(VALUES)
        self._values: dict[str, NDArray[np.floating]] = {}
        self._guessed: dict[str, float] = {}

    def time(
        self, shape: Shape, dtype: str, seconds: float, clock: Countdown, layers: int = 1
    ) -> tuple[float, int] | None:
        """Median seconds of a product and the number of blocks; None: the time was up.

        layers: B is taken from so many places in turn.
        """
        m, n, k = shape
        a, places = self._matrices(m, n, k, dtype, layers)
        out = np.empty((m, n), dtype)
        turn = itertools.cycle(places)

        def multiply() -> None:
            np.matmul(a, next(turn), out=out)

        return timed(multiply, seconds, clock)

    def guess(self, dtype: str) -> float:
        """FLOP/s of one small product, to tell how long a large one may take at most."""
        if dtype not in self._guessed:
            side = PEAK_SIDES[-1]
            a, (b,) = self._matrices(side, side, side, dtype, 1)
            took = min(_call(lambda: np.matmul(a, b)) for _ in range(3))
            self._guessed[dtype] = 2 * side**3 / max(took, 1e-9)
        return self._guessed[dtype]

    def _matrices(
        self, m: int, n: int, k: int, dtype: str, layers: int
    ) -> tuple[NDArray[np.floating], list[NDArray[np.floating]]]:
        """A, and B as often as there are layers, one behind the other.

        All are cut out of the same numbers, since drawing them takes its time.
        """
        size = k * (m + layers * n)
        if dtype not in self._values or self._values[dtype].size < size:
            drawn = self._drawn.astype(np.dtype(dtype))
            self._values[dtype] = np.resize(drawn, max(size, VALUES))
        values = self._values[dtype]
        starts = range(m * k, size, k * n)
        return values[: m * k].reshape(m, k), [values[s : s + k * n].reshape(k, n) for s in starts]


def timed(work: Callable[[], object], seconds: float, clock: Countdown) -> tuple[float, int] | None:
    """Median seconds of `work` over at most BLOCKS blocks, and how many there were.

    The first call is thrown away, the second tells how many make a block. None where not even one
    block ended before the time was up.
    """
    began = perf_counter()
    work()
    calls = max(1, math.ceil(BLOCK_S / max(_call(work), 1e-9)))
    took: list[float] = []
    while clock.left() > 0 and len(took) < BLOCKS:
        if len(took) >= 3 and perf_counter() - began > seconds:
            break
        start = perf_counter()
        for _ in range(calls):
            work()
        took.append((perf_counter() - start) / calls)
    return (float(np.median(took)), len(took)) if took else None


def thread_counts(threads: int) -> tuple[int, ...]:
    """1, 2, 4 … and all of them."""
    powers = (2**i for i in range(threads.bit_length()))
    return tuple(sorted({*(count for count in powers if count <= threads), threads}))


def interleaved(shown: tuple[Shape, ...], kept: tuple[Shape, ...]) -> Iterator[tuple[Shape, bool]]:
    """Every shape and whether it is kept from the fit, in turns of as many as the ratio says.

    However soon the time is up, both kinds were measured.
    """
    turn = len(shown) // len(kept)
    for i, shape in enumerate(kept):
        for other in shown[i * turn : (i + 1) * turn]:
            yield other, False
        yield shape, True
    for other in shown[len(kept) * turn :]:
        yield other, False


def copy_size(cache: int | None, available: int) -> int:
    """Bytes of the array to copy: four caches, at most COPY_BYTES and a tenth of memory."""
    wanted = max(64_000_000, 4 * (cache or 0))
    return max(1_000_000, min(wanted, COPY_BYTES, available // 10) // 8 * 8)


def copy_seconds(size: int, threads: int, seconds: float, clock: Countdown) -> float | None:
    """Median seconds of copying `size` bytes, each thread its own part; None: time was up."""
    source = np.ones(size // 8)
    target = np.empty_like(source)
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads), strict=True))

    def copy() -> None:
        if threads == 1:
            np.copyto(target, source)
            return
        workers = [threading.Thread(target=np.copyto, args=(to, part)) for part, to in parts]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    found = timed(copy, seconds, clock)
    return None if found is None else found[0]


def _call(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
