"""What is measured of a pass beside its samples, once these are taken: never between them.

Where it goes, what it takes when caches are cold, and with its input and output copied; in what
precision a product ran. What fails here was timed and checked all the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from time import perf_counter

from mmviz.backends.base import Backend, Part, Ready
from mmviz.bench import fingerprint
from mmviz.bench.blocks import median_of_few
from mmviz.bench.messages import Aside, Fingerprint, Message, Parted
from mmviz.bench.plan import BenchPlan
from mmviz.bench.stopwatch import clocked

PARTS_S = 0.2  # the longest a pass is taken apart again and again,
ASIDE_S = 0.2  # or run another way, flushing included
MOST = 9  # times
LEAST = 3  # times, for which a short plan gives more
_SHARE, _LEAST_SHARE = 0.1, 0.25  # of the plan's seconds

Send = Callable[[Message], None]
Limit = tuple[float, float]
"""Seconds after which it is enough, and after which fewer than LEAST are, too."""


def beside(plan: BenchPlan, batch: int, name: str, ready: Ready, pass_s: float, send: Send) -> None:
    """Say where a pass of `name` goes, and how long it takes cold and with copies.

    A pass of `pass_s` seconds that is long for its plan is only taken apart.
    """
    limit_s = min(ASIDE_S, _SHARE * plan.seconds), min(ASIDE_S, _LEAST_SHARE * plan.seconds)
    with contextlib.suppress(Exception):
        if parts := _median_parts(ready, min(PARTS_S, _LEAST_SHARE * plan.seconds)):
            send(Parted(name, batch, parts))
    if pass_s > plan.seconds / 2:
        return
    with contextlib.suppress(Exception):
        if seconds := copied(ready, limit_s):
            send(Aside(name, batch, "copies", seconds))
    with contextlib.suppress(Exception):
        send(Aside(name, batch, "cold", cold(ready, limit_s)))


def told_precision(
    plan: BenchPlan, batch: int, name: str, backend: Backend, flop_s: float, send: Send
) -> None:
    """Say what a product's errors tell of the precision it ran in, at so many FLOP/s."""
    with contextlib.suppress(Exception):
        send(Fingerprint(name, batch, fingerprint.take(backend, plan.dtype, flop_s)))


def cold(ready: Ready, limit_s: Limit) -> list[float]:
    """Seconds of single passes, each after its caches were flushed: at least one."""
    return _again(lambda: _cold(ready), limit_s)


def copied(ready: Ready, limit_s: Limit) -> list[float]:
    """Seconds of single passes with copies; [] where nothing is copied.

    The first one makes room for them, and does not count where there is time for another.
    """
    first = ready.copied()
    if first is None or first >= limit_s[1]:
        return [] if first is None else [first]
    return _again(lambda: ready.copied() or 0.0, limit_s)


def _cold(ready: Ready) -> float:
    ready.flush()
    return clocked(ready)[1]


def _again(once: Callable[[], float], limit_s: Limit) -> list[float]:
    found: list[float] = []
    began = perf_counter()
    while len(found) < MOST:
        found.append(once())
        if perf_counter() - began >= limit_s[len(found) < LEAST]:
            break
    return found


def _median_parts(ready: Ready, most_s: float) -> tuple[Part, ...]:
    """A pass taken apart a few times: of each part the median."""
    taken: list[tuple[Part, ...]] = []
    began = perf_counter()
    while len(taken) < MOST and (not taken or perf_counter() - began < most_s):
        taken.append(ready.parts())
        if not taken[-1]:
            return ()
    return tuple(
        Part(same[0].what, same[0].layer, *median_of_few([part.seconds for part in same]))
        for same in zip(*taken, strict=True)
    )
