"""Which batches a measured sweep times, so that a curve is seen whole and its crossings near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mmviz.backends.base import SOFTWARE
from mmviz.bench.break_even import BreakEven, break_evens
from mmviz.bench.budget import Within, within
from mmviz.bench.results import Run
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.time.setup import Pass
from mmviz.core.time.sweep import Sweep
from mmviz.core.time.sweep_range import powers
from mmviz.state.sweep.choice import BATCH, Range, SweepChoice
from mmviz.text import NOTHING, Text
from mmviz.words.break_even import sentence as break_even
from mmviz.words.budget import sentence as budget
from mmviz.words.timing import backend_name

MOST = 32
"""Batches of one sweep: all powers of two there are, and a few more."""


@dataclass(frozen=True, slots=True)
class Crossings:
    """What the measured curves of a sweep over the batch say of each other and of the budget."""

    budget: tuple[Within, ...] = ()
    even: tuple[BreakEven, ...] = ()

    @property
    def about(self) -> tuple[int, ...]:
        """Batches at which something changes by an estimate, that was not measured there."""
        found = [*(each.about for each in self.budget), *(each.about for each in self.even)]
        return tuple(dict.fromkeys(round(batch) for batch in found if batch is not None))


def crossings(measured: Sequence[MeasuredPoint], budget_s: float | None) -> Crossings:
    """Of points along the batch alone."""
    runs: list[Run] = [point.run for point in measured if point.width is None]
    budget = () if budget_s is None else within(runs, budget_s)
    return Crossings(budget, break_evens(runs))


def within_text(
    crossed: Crossings, budget_s: float | None, measured: Sequence[MeasuredPoint]
) -> Text:
    """Which batches keep the budget; NOTHING where there is none, or nothing was measured."""
    return NOTHING if budget_s is None else budget(crossed.budget, budget_s, name_in(measured))


def even_lines(crossed: Crossings, measured: Sequence[MeasuredPoint]) -> tuple[Text, ...]:
    """Who overtakes whom from which batch on, a sentence each; the nearest to a crossing first."""
    told = sorted(crossed.even, key=lambda found: _ORDER.index(found.kind))
    return tuple(break_even(found, name_in(measured)) for found in told)


def name_in(measured: Sequence[MeasuredPoint]) -> Callable[[str], Text]:
    """What a backend is called beside its figures: with the remark that it was no GPU."""
    found = {point.run.backend: point.run.place for point in measured}

    def name(backend: str) -> Text:
        place = found.get(backend)
        named = backend_name(backend)
        if place is None or not place.software:
            return named
        return Text("{name} ({software})", name=named, software=SOFTWARE)

    return name


_ORDER = ("crossing", "several", "always", "undecided", "missing")


def batches_of(
    choice: SweepChoice, of: Pass, crossed: Crossings, found: Sweep | None, budget_s: float | None
) -> tuple[int, ...]:
    """What is timed: powers of two and the ends of the range, the pins, the pass's own batch, where
    measured curves cross by an estimate, and where the predicted one meets the budget.

    choice: settled. Rising, at most MOST; () where it is not the batch that is swept.
    """
    if choice.axis != BATCH:
        return ()
    more = {of.batch, *choice.pinned_batches, *crossed.about, *_met(found, budget_s)}
    first = set(powers(*choice.batches))
    spare = sorted(batch for batch in more - first if _inside(batch, choice.batches))
    return tuple(sorted({*first, *spare[: MOST - len(first)]}))


def _met(found: Sweep | None, budget_s: float | None) -> tuple[int, ...]:
    """The largest batch that is predicted to stay within the budget."""
    if found is None or budget_s is None or not found.known:
        return ()
    inside = np.flatnonzero(found.seconds <= budget_s)
    return (int(found.points.batches[inside].max()),) if len(inside) else ()


def _inside(batch: int, within: Range) -> bool:
    return within[0] <= batch <= within[1]
