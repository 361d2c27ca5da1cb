"""Which batches a measured sweep times, so that a curve is seen whole and its crossings near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmviz.bench.break_even import BreakEven, break_evens, with_copies
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
    found = break_evens(runs)
    copies = (with_copies(runs, each) for each in found)
    return Crossings(budget, (*found, *(each for each in copies if each is not None)))


def within_text(crossed: Crossings, budget_s: float | None) -> Text:
    """Which batches keep the budget; NOTHING where there is none, or nothing was measured."""
    return NOTHING if budget_s is None else budget(crossed.budget, budget_s)


def even_lines(crossed: Crossings) -> tuple[Text, ...]:
    """Who overtakes whom from which batch on, a sentence each; the nearest to a crossing first."""
    return tuple(map(break_even, sorted(crossed.even, key=lambda each: _ORDER.index(each.kind))))


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
