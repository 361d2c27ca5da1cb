"""The largest batch whose pass stays within a budget of time, of what was measured."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from mmviz.bench.results import Run


@dataclass(frozen=True, slots=True)
class Within:
    """One backend, by one of its runs. largest: the greatest batch measured within the budget,
    None: not the least one.

    beyond: the least batch measured above it, None: the range ends within the budget. about: where
    the budget lies between the two, the time as a power of the batch; None where it is not known
    between which two. Not measured.
    """

    run: Run
    largest: int | None
    beyond: int | None = None
    about: float | None = None


def within(runs: Iterable[Run], budget_s: float) -> tuple[Within, ...]:
    """Of every backend that has figures, in their order; medians count, estimates too."""
    by: dict[str, dict[int, float]] = {}
    some: dict[str, Run] = {}
    for run in runs:
        if run.stats is not None:
            by.setdefault(run.backend, {})[run.batch] = run.stats.p50
            some[run.backend] = run
    return tuple(_within(some[name], medians, budget_s) for name, medians in by.items())


def _within(run: Run, medians: dict[int, float], budget_s: float) -> Within:
    inside = [batch for batch, p50 in medians.items() if p50 <= budget_s]
    if not inside:
        return Within(run, None, min(medians))
    largest = max(inside)
    above = [batch for batch in medians if batch > largest]
    if not above:
        return Within(run, largest)
    beyond = min(above)
    short, long = max(medians[largest], 1e-12), medians[beyond]
    share = math.log(budget_s / short) / math.log(long / short)
    about = float(largest * (beyond / largest) ** share)
    return Within(run, largest, beyond, about)
