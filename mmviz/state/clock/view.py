"""What the timing panel shows of what is known: the last run of this pass, else of any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mmviz.backends.registry import Entry
from mmviz.core.time.setup import Pass
from mmviz.state.clock.rows import flop_of
from mmviz.state.derived import Derived
from mmviz.state.facts import Timed
from mmviz.state.session import UNTIMED
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words.timing import pass_text

EMPTY = Text(N_("Press Run to time this network here"))


@dataclass(frozen=True, slots=True, eq=False)
class TimingView:
    """survey: who could compute here, () before anybody looked. hint: what to do before there are
    samples, or why nothing can be.

    shown: the last run of this pass, else the last of all, and then `stale` says what it was of;
    flop: FLOP of one pass of it by batch.
    """

    survey: tuple[Entry, ...] = ()
    hint: Text = EMPTY
    shown: Timed | None = None
    stale: Text = NOTHING
    flop: Mapping[int, int] = field(default_factory=dict)
    budget_s: float | None = None


def timing_view(
    of: Pass, budget_s: float | None, runs: tuple[Timed, ...], survey: tuple[Entry, ...]
) -> TimingView:
    """The view of the pass `of`."""
    hint = EMPTY if of.workload.layered is not None else Text(UNTIMED)
    shown = next((run for run in reversed(runs) if run.of == of), runs[-1] if runs else None)
    if shown is None:
        return TimingView(survey, hint, budget_s=budget_s)
    stale = NOTHING if shown.of == of else pass_text(shown.of)
    batches = {run.batch for run in shown.results.runs}
    workload, training = shown.of.workload, shown.of.training
    flop = {batch: flop_of(workload, batch, training) for batch in batches}
    return TimingView(survey, hint, shown, stale, flop, budget_s)


def _needs(derived: Derived) -> tuple[Any, ...]:
    facts = derived.facts
    return derived.setup.timed, derived.session.budget_s, facts.runs, facts.backends


TIMING = Part("timing", _needs, timing_view)
