"""Multiplies in tiles on a crew of threads, with or without stamps, or as the library does it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from time import perf_counter_ns
from typing import Literal

import numpy as np

from mmviz.backends.cpu_tiles.cores import Waiting, current_core
from mmviz.backends.cpu_tiles.crew import Crew, Work
from mmviz.backends.cpu_tiles.cuts import Array, Cut, fitting_tile
from mmviz.backends.multiplier import Multiplier
from mmviz.backends.recorder import Look, Stamps
from mmviz.backends.threads import BlasThreads
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import sampled_rows
from mmviz.core.shapes.gemm import Gemm

Way = Literal["bare", "stamped", "plain"]
Order = Literal["pulling", "static"]

PULLING: Order = "pulling"  # each thread takes the next tile whenever it is free
STATIC: Order = "static"  # thread t of T takes the tiles t, t + T, t + 2·T …

_NS = 1e-9


class TiledMultiplier(Multiplier):
    """`gemms`: the products of a pass, in their order; `tile` None: fitting for each.

    way: how the products of a pass are computed. Tiled, BLAS has one thread for each of the crew's;
    plain, it has as many as there are in the crew. seconds, stamps: of each product of the last
    pass, the first time it was computed; stamps in the way of that name only. look: sees at most
    `rows` rows of each product, see `backends.recorder.Look`.
    """

    def __init__(
        self, gemms: Sequence[Gemm], crew: Crew, tile: Tile | None, order: Order, macs: int
    ) -> None:
        super().__init__(np, _nothing, macs)
        self.way: Way = "bare"
        self.look: Look | None = None
        self.rows = 0
        self.seconds: list[float] = []
        self.stamps: list[Stamps] = []
        self.cuts = [Cut(tile or fitting_tile(g.m, g.n, len(crew))) for g in gemms]
        self.crew = crew
        self._gemms, self._order = gemms, order
        self._calls = [place for place, gemm in enumerate(gemms) for _ in range(gemm.count)]
        self._called = 0
        self._pools = BlasThreads()
        self._core = current_core()
        self._waiting = Waiting(crew.ids)

    def start(self, budget_s: float) -> None:
        super().start(budget_s)
        self._called = 0
        self.seconds, self.stamps = [], []

    def threads(self) -> AbstractContextManager[object]:
        """A context in which BLAS has as many threads as this way needs."""
        count = len(self.crew) if self.way == "plain" else 1
        return self._pools.held_to(count)

    def multiply(self, a: Array, b: Array, out: Array) -> None:
        """See `Multiplier.multiply`; a stack matrix by matrix."""
        place = self._calls[self._called]
        first = not self._called or self._calls[self._called - 1] != place
        self._called += 1
        a, b, c = (x if x.ndim > 2 else x[None] for x in (a, b, out))
        for number in range(len(a)):
            self._one(place, first and not number, a[number], b[number], c[number])
        self._tick(a.size * b.shape[-1])

    def close(self) -> None:
        """The crew goes, too."""
        self.crew.close()
        self._waiting.close()

    def _one(self, place: int, counts: bool, a: Array, b: Array, c: Array) -> None:
        """One matrix product; `counts`: it is the one whose seconds and stamps are kept."""
        gemm = self._gemms[place]
        if self.way == "plain":
            began = perf_counter_ns()
            np.matmul(a, b, out=c)
            ended = perf_counter_ns()
        else:
            cut = self.cuts[place]
            # the factors of a list and the weights are the same every time, a gradient is not
            cut.lay(a, b, c, lasting=gemm.stack == 1 and gemm.role != "wgrad")
            if counts and self.way == "stamped":
                self.stamps.append(self._stamped(cut))
                began, ended = self.stamps[-1].began_ns, self.stamps[-1].ended_ns
            else:
                began = perf_counter_ns()
                self.crew.run(_bare(cut.tiles, self._numbers()))
                ended = perf_counter_ns()
        if counts:
            self.seconds.append((ended - began) * _NS)
            if self.look is not None:
                which = sampled_rows(replace(gemm, count=1, stack=1), self.rows)
                self.look(place, a[which], b, c[which])

    def _stamped(self, cut: Cut) -> Stamps:
        rows: list[list[tuple[int, int, int, int]]] = [[] for _ in range(len(self.crew))]
        work = _stamping(cut.tiles, self._numbers(), rows, self._core)
        before = self._waiting.read()
        began = perf_counter_ns()
        self.crew.run(work)
        ended = perf_counter_ns()
        after = self._waiting.read()
        wall = ended - began
        waited = zip(before, after, strict=False)
        table = np.array([row for mine in rows for row in mine], np.int64)
        number, start, end, core = table.T
        unit = np.repeat(np.arange(len(rows), dtype=np.int32), [len(mine) for mine in rows])
        across = cut.columns
        return Stamps(
            m=(number // across).astype(np.int32),
            n=(number % across).astype(np.int32),
            unit=unit,
            core=core.astype(np.int32),
            start_ns=start,
            end_ns=end,
            began_ns=began,
            ended_ns=ended,
            block=number,
            packing_s=cut.packing_ns * _NS,
            waited=tuple(min(1.0, max(0.0, (y - x) / wall)) for x, y in waited),
        )

    def _numbers(self) -> Callable[[int], Callable[[], int]]:
        """Of each thread what gives it the number of its next tile, without an end."""
        if self._order == PULLING:
            shared = itertools.count().__next__
            return lambda _: shared
        step = len(self.crew)
        return lambda thread: itertools.count(thread, step).__next__


def _bare(
    tiles: list[tuple[Array, Array, Array]], numbers: Callable[[int], Callable[[], int]]
) -> Work:
    count, matmul = len(tiles), np.matmul

    def work(thread: int) -> None:
        following = numbers(thread)
        while (number := following()) < count:
            a, b, c = tiles[number]
            matmul(a, b, c)

    return work


def _stamping(
    tiles: list[tuple[Array, Array, Array]],
    numbers: Callable[[int], Callable[[], int]],
    rows: list[list[tuple[int, int, int, int]]],
    core: Callable[[], int],
) -> Work:
    """As `_bare`; into `rows` of each thread: tile, start, end, core."""
    count, matmul, clock = len(tiles), np.matmul, perf_counter_ns

    def work(thread: int) -> None:
        following, note = numbers(thread), rows[thread].append
        while (number := following()) < count:
            a, b, c = tiles[number]
            start = clock()
            matmul(a, b, c)
            note((number, start, clock(), core()))

    return work


def _nothing() -> None:
    """A product is computed when it returns."""
