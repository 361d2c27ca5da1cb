"""Two shapes against each other: one backend, one process, taking turns.

Windows of both alternate in random order until each had its seconds, as in `bench.timing`, so that
a clock that slows down or a neighbour that computes meets both. Results are not checked against
float64 here: a run does that.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

from mmviz.backends import registry
from mmviz.backends.base import Backend, Prepared
from mmviz.bench.computing import computing
from mmviz.bench.load import Load
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Compared, Finished, Progress, Started
from mmviz.bench.meter import Meter
from mmviz.bench.plan import PairPlan
from mmviz.bench.stats import summarize
from mmviz.bench.stopwatch import (
    TRIAL_S,
    WINDOW_S,
    block_time,
    clocked,
    passes_of,
    warmed,
)
from mmviz.bench.timing import Send, reason, without
from mmviz.core.learning.training import make_target
from mmviz.core.learning.values import make_values
from mmviz.core.verdict import Figure, Verdict, judge
from mmviz.errors import Unavailable
from mmviz.text import N_, Text


@dataclass(frozen=True, slots=True)
class MeasuredGain:
    """What the second shape of a pair gains over the first, both measured.

    gain: share of the time saved per example, of medians; seconds, passes: of both; load: what went
    on beside them; errors: of both medians, as `Stats.error`.
    """

    gain: float
    seconds: tuple[float, float]
    passes: tuple[int, int]
    load: Load | None = None
    errors: tuple[float | None, float | None] = (None, None)

    @property
    def verdict(self) -> Verdict:
        """Whether the second shape is faster, beyond what chance makes of the medians."""
        first, second = self.errors
        return judge(Figure(1.0, first), Figure(1.0 - self.gain, second))


def measured_gain(plan: PairPlan, found: Compared) -> MeasuredGain | None:
    """The gain by the medians of both; None where one has no sample."""
    first, second = (summarize(seconds) for seconds in found.seconds)
    if first is None or second is None:
        return None
    per = plan.batches[0] / plan.batches[1]
    gain = 1 - per * second.p50 / first.p50
    seconds, passes = (first.p50, second.p50), (first.n, second.n)
    return MeasuredGain(gain, seconds, passes, found.load, (first.error, second.error))


def time_pair(plan: PairPlan, send: Send) -> None:
    """Carry out `plan`; say everything through `send`, from Started to Finished."""
    backend = registry.find(plan.backend)
    send(Started(read_machine({})))
    ready: list[Prepared] = []
    try:
        with computing():
            ready.extend(_prepare(backend, plan, which) for which in (0, 1))
            meter = Meter(asker=os.getppid())
            before = meter.read()
            seconds = _take_turns(ready, plan, send)
            load = meter.since(before)
            send(Compared(seconds, load=load.of_gpu() if backend.is_gpu else load))
    except Exception as error:  # whatever breaks is said, in one line
        send(Compared(failure=reason(error)))
    finally:
        for prepared in ready:
            prepared.close()
    send(Finished())


def _prepare(backend: Backend, plan: PairPlan, which: int) -> Prepared:
    if plan.dtype not in backend.dtypes:
        raise Unavailable(without(backend, plan.dtype))
    network, batch = plan.networks[which], plan.batches[which]
    values = make_values(network, batch, plan.seed)
    target = make_target(network, batch, plan.seed) if plan.training else None
    return backend.prepare(network, values, plan.dtype, target)


def _take_turns(
    ready: list[Prepared], plan: PairPlan, send: Send
) -> tuple[list[float], list[float]]:
    """Seconds a pass of both, in windows that take turns."""
    passes = [_warmed(prepared, plan.seconds) for prepared in ready]
    spent = [0.0, 0.0]
    found: tuple[list[float], list[float]] = ([], [])
    order = random.Random(plan.seed)
    while open_ := [i for i in (0, 1) if not found[i] or spent[i] < plan.seconds]:
        order.shuffle(open_)
        for i in open_:
            if passes[i] < WINDOW_S:  # the first after a switch meets the caches of the other
                ready[i].run()
            seconds, block = _window(ready[i], passes[i])
            spent[i] += sum(seconds) * block
            passes[i] = max(sorted(seconds)[len(seconds) // 2], 1e-9)
            found[i].extend(seconds)
        send(Progress(min(1.0, min(spent) / plan.seconds)))
    return found


def _warmed(prepared: Prepared, seconds: float) -> float:
    """About how long a pass is, once it is warm."""
    limit = max(seconds, TRIAL_S)
    fraction, spent = clocked(prepared, limit)
    if fraction < 1:
        slow = N_("one pass takes longer than {limit:seconds} on this machine")
        raise Unavailable(Text(slow, limit=limit))
    return warmed(prepared, spent, seconds)


def _window(prepared: Prepared, pass_s: float) -> tuple[list[float], int]:
    """Samples for about WINDOW_S, and of how many passes each is the mean: short ones in blocks."""
    passes = passes_of(pass_s)
    blocks = max(1, round(WINDOW_S / (passes * pass_s)))
    return [block_time(prepared, passes) for _ in range(blocks)], passes
