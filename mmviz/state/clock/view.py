"""What the timing panel shows of what is known: the last run of this pass, else of any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mmviz.backends.registry import Entry
from mmviz.core.time.setup import Pass
from mmviz.state.clock.rows import flop_of
from mmviz.state.facts import Facts, Timed
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


def needed(of: Pass, budget_s: float | None, facts: Facts) -> tuple[Any, ...]:
    """What `timing_view` takes, of the pass `of`. An edit while an old run is shown changes none
    of it.
    """
    shown = facts.run_of(of) or facts.last
    fits = shown is not None and shown.of == of
    return shown, fits, of.workload.layered is not None, budget_s, facts.backends


def timing_view(
    shown: Timed | None,
    fits: bool,
    timable: bool,
    budget_s: float | None,
    survey: tuple[Entry, ...],
) -> TimingView:
    """The view. fits: `shown` is of the pass there is now; timable: that pass can be timed."""
    hint = EMPTY if timable else Text(UNTIMED)
    if shown is None:
        return TimingView(survey, hint, budget_s=budget_s)
    stale = NOTHING if fits else pass_text(shown.of)
    workload, training = shown.of.workload, shown.of.training
    batches = {run.batch for run in shown.results.runs}
    flop = {batch: flop_of(workload, batch, training) for batch in batches}
    return TimingView(survey, hint, shown, stale, flop, budget_s)


TIMING = Part(
    "timing",
    lambda derived: needed(derived.setup.timed, derived.session.budget_s, derived.facts),
    timing_view,
)
