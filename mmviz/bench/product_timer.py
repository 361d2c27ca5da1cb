"""Times products and copies in short visits, for a calibration: blocks of calls, and what they met.

Weights are cold, as in a network: B lies in several places and each call takes the next, since
other layers pass before a layer's own weights are used again.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic, perf_counter

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.undisturbed import WAITED, Block

BLOCK_S = 0.0005
BLOCKS = 4  # undisturbed ones, at most, in one visit
VISIT_S = 0.008  # no block begins later
WARM_S = 0.004  # a call as long as this warms itself
VALUES = 1_000_000  # random numbers that are drawn; larger matrices hold them more than once
PIECE = 8_000_000  # bytes of a copy at once
REFERENCE = (64, 64, 16)  # small enough for a core's own cache, and for one thread
_CALLS, _SERIES = 10, 3  # of the reference

Shape = tuple[int, int, int]
Waits = Callable[[], float | None]
"""Seconds that the threads of this process waited for a core so far; None: untold."""


class Countdown:
    """What is left of the time until `until`, in seconds of `now`."""

    def __init__(self, until: float, now: Callable[[], float] = monotonic) -> None:
        self._until, self._now = until, now

    def left(self) -> float:
        """Seconds, 0 when the time is up."""
        return max(0.0, self._until - self._now())


class ProductTimer:
    """Times products of random normal numbers, `out` made beforehand."""

    def __init__(self, seed: int, waits: Waits = lambda: None) -> None:
        self._drawn = np.random.default_rng(seed).standard_normal(VALUES)
        self._waits = waits
        self._values: dict[str, NDArray[np.floating]] = {}
        self._outs: dict[str, NDArray[np.floating]] = {}
        self._turns: dict[tuple[Shape, str, int], Iterator[int]] = {}
        self._guessed: dict[str, float] = {}

    def time(
        self, shape: Shape, dtype: str, known_s: float, clock: Countdown, layers: int = 1
    ) -> tuple[Block, ...]:
        """Blocks of a product, () where the time was up before the first.

        known_s: about how long a call is, 0 where nobody knows. layers: B is taken from so many
        places in turn, beginning where the last visit ended.
        """
        m, n, k = shape
        a, places = self._matrices(m, n, k, dtype, layers)
        out = self._out(m * n, dtype).reshape(m, n)
        turns = self._turns.setdefault((shape, dtype, layers), itertools.cycle(range(layers)))

        def multiply() -> None:
            np.matmul(a, places[next(turns)], out=out)

        return timed(multiply, known_s, clock, self._waits)

    def reference(self) -> float:
        """Seconds of one and the same small product: what changes with the clock alone."""
        m, n, k = REFERENCE
        a, (b,) = self._matrices(m, n, k, "float32", 1)
        out = self._out(m * n, "float32").reshape(m, n)

        def series() -> None:
            for _ in range(_CALLS):
                np.matmul(a, b, out=out)

        return min(_call(series) for _ in range(_SERIES)) / _CALLS

    def guess(self, dtype: str, side: int) -> float:
        """FLOP/s of one small square, to tell how long a large product may take at most."""
        if dtype not in self._guessed:
            a, (b,) = self._matrices(side, side, side, dtype, 1)
            took = min(_call(lambda: np.matmul(a, b)) for _ in range(3))
            self._guessed[dtype] = 2 * side**3 / max(took, 1e-9)
        return self._guessed[dtype]

    def _out(self, size: int, dtype: str) -> NDArray[np.floating]:
        """Written once already: a first write would wait for its pages."""
        if dtype not in self._outs or self._outs[dtype].size < size:
            self._outs[dtype] = np.ones(size, dtype)
        return self._outs[dtype][:size]

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


class CopyTimer:
    """Times copies of `size` bytes by any number of threads at once, each its own part; this one
    takes the first.

    It is copied piece by piece, so that a block is short: by the time a piece comes again, all the
    others have passed the caches.
    """

    def __init__(self, size: int, threads: int, waits: Waits) -> None:
        self.size = size
        self._waits = waits
        pieces = max(1, size // PIECE)
        self._source = np.ones((pieces, size // 8 // pieces))
        self._target = np.ones_like(self._source)
        self._turns = itertools.cycle(range(pieces))
        self._pool = ThreadPoolExecutor(max(1, threads - 1))

    def time(self, threads: int, known_s: float, clock: Countdown) -> tuple[Block, ...]:
        """Blocks of a whole copy, () where the time was up before the first piece."""
        pieces = len(self._source)

        def copy() -> None:
            turn = next(self._turns)
            source, target = self._source[turn], self._target[turn]
            if threads == 1:
                np.copyto(target, source)
            else:
                to, part = np.array_split(target, threads), np.array_split(source, threads)
                others = self._pool.map(np.copyto, to[1:], part[1:])
                np.copyto(to[0], part[0])
                list(others)

        blocks = timed(copy, known_s / pieces, clock, self._waits)
        return tuple(replace(block, seconds=block.seconds * pieces) for block in blocks)

    def close(self) -> None:
        """Its threads end."""
        self._pool.shutdown()


def timed(
    work: Callable[[], object], known_s: float, clock: Countdown, waits: Waits = lambda: None
) -> tuple[Block, ...]:
    """One visit: blocks of `work` until BLOCKS of them were undisturbed, none begun after VISIT_S;
    () where the time was up.

    A call shorter than WARM_S is thrown away first. known_s: about how long a call is; 0: the call
    after the first tells.
    """
    if known_s < WARM_S:
        work()
    known = known_s or max(_call(work), 1e-9)
    calls = max(1, math.ceil(BLOCK_S / known))
    found: list[Block] = []
    left = BLOCKS
    began, before = perf_counter(), waits()
    while clock.left() > 0 and left:
        start = perf_counter()
        if found and start - began > VISIT_S:
            break
        for _ in range(calls):
            work()
        took = perf_counter() - start
        after = waits()
        waited = None if before is None or after is None else (after - before) / max(took, 1e-9)
        found.append(Block(took / calls, waited))
        left -= waited is None or waited <= WAITED
        before = after
    return tuple(found)


def copy_size(cache: int | None, available: int, most: int) -> int:
    """Bytes of the array to copy: four caches, at most `most` and a tenth of memory."""
    wanted = max(64_000_000, 4 * (cache or 0))
    return max(1_000_000, min(wanted, most, available // 10) // 8 * 8)


def _call(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
