"""How passes are clocked: one alone, or so many in a row that the clock's own cost is nothing."""

from __future__ import annotations

import math
from time import perf_counter

from mmviz.backends.base import Ready

WINDOW_S = 0.05
BLOCK_S = 0.001  # a block of passes lasts at least so long
WARM_S = 0.1
TRIAL_S = 0.5  # the first pass is cold: it may take so long, however short the plan
IDLE_S = 0.02  # after which the first call is another one: caches, threads and clocks went to sleep
_LEAST_S = 1e-9


def clocked(ready: Ready, budget_s: float = math.inf) -> tuple[float, float]:
    """Run one pass; the share of it that was done, and the seconds that took."""
    paused, began = ready.paused_s, perf_counter()
    fraction = ready.run(budget_s)
    return fraction, perf_counter() - began - (ready.paused_s - paused)


def block_time(ready: Ready, passes: int) -> float:
    """Seconds a pass, over `passes` of them in a row."""
    run = ready.run
    paused, began = ready.paused_s, perf_counter()
    for _ in range(passes):
        run()
    return (perf_counter() - began - (ready.paused_s - paused)) / passes


def passes_of(pass_s: float) -> int:
    """How many passes of so many seconds make a block."""
    # a clock that ticks in milliseconds is off by a rounding
    return max(1, math.ceil(BLOCK_S / max(pass_s, _LEAST_S) - 1e-3))


def warmed(ready: Ready, pass_s: float, seconds: float) -> float:
    """Seconds a pass, once it is warm: after a first one of `pass_s`, for WARM_S or `seconds`.

    A pass alone is longer than one in a row, by what the clock costs and by what sleeps between, so
    the number of passes in a block is raised until a block is as long as it has to be.
    """
    spent = took = pass_s
    passes = 1
    while spent < min(WARM_S, seconds) or passes < passes_of(took):
        passes = max(passes, min(passes_of(took), 10 * passes))
        took = max(block_time(ready, passes), _LEAST_S)
        spent += passes * took
    return max(took, _LEAST_S)
