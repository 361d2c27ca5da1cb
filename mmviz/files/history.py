"""The history of runs: what each kept one found, and the verdict beside the one before it.

Runs are read one by one, the oldest first, and of each only what a list shows is kept; of the last
of each pass its samples too, until the next of that pass was compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from mmviz.bench.against import Compared, compare
from mmviz.bench.machine import Machine
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files.journal import Head, KeptRun, Over, kept_runs, lean, read
from mmviz.files.ordinary import Tick, no_tick
from mmviz.text import NOTHING, Text

MOST_PASSES = 8  # whose last runs are kept in memory


@dataclass(frozen=True, slots=True)
class Figure:
    """One backend at one batch of a run that is kept. p50 in seconds, None: no data."""

    backend: str
    batch: int
    p50: float | None
    estimated: bool
    n: int


@dataclass(frozen=True, slots=True)
class Past:
    """A kept run as a list shows it. problem: why it cannot be read, NOTHING where it can.

    compared: each backend and batch beside the last run before it of the same pass, which is
    `before`; () where there was none.
    """

    kept: KeptRun
    figures: tuple[Figure, ...] = ()
    machine: Machine | None = None
    over: Over | None = None
    compared: tuple[Compared, ...] = ()
    before: Head | None = None
    problem: Text = NOTHING


def history(tick: Tick = no_tick) -> Iterator[Past]:
    """All runs that are kept, the oldest first, each as soon as it is read."""
    kept, _ = kept_runs()
    last: dict[bytes, tuple[Head, Results]] = {}
    for number, one in enumerate(reversed(kept)):
        tick(number, len(kept))
        try:
            record = read(one.path)
        except InputError as error:
            yield Past(one, problem=error.cause)
            continue
        key = key_of(one.head.plan)
        before = last.pop(key, None)
        compared = compare(before[1], record.results) if before is not None else ()
        yield Past(
            one,
            _figures(record.results),
            record.results.machine,
            record.over,
            compared,
            before[0] if before is not None else None,
        )
        last[key] = one.head, record.results  # the last of all at the end
        if len(last) > MOST_PASSES:
            del last[next(iter(last))]


def same_pass(workload: Workload, dtype: str, training: bool, plan: BenchPlan) -> bool:
    """Whether a plan is of that very pass, whatever its batches: its shapes, not its name alone."""
    network = workload.layered
    timed = workload if network is None else lean(network)
    return (timed, dtype, training) == (plan.network, plan.dtype, plan.training)


def key_of(plan: BenchPlan) -> bytes:
    """The same for the same pass; batches and backends are compared one by one."""
    return msgspec.json.encode((lean(plan.network), plan.dtype, plan.training))


def _figures(results: Results) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            run.backend,
            run.batch,
            run.stats.p50 if run.stats is not None else None,
            run.estimated,
            len(run.samples_s),
        )
        for run in results.runs
    )
