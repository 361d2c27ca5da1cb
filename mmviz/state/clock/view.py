"""What the timing panel shows of what is known: the last run of this pass, else of any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mmviz.backends.registry import Entry
from mmviz.core.device.device import Device
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.journal import KeptRun
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.clock.rows import flop_of
from mmviz.state.facts import Facts, Timed
from mmviz.state.offers import RUN, Offer
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words.earlier import offer
from mmviz.words.timing import pass_text

EMPTY = Text(N_("Nothing of this network was timed here yet"))


@dataclass(frozen=True, slots=True, eq=False)
class TimingView:
    """survey: who could compute here, () before anybody looked. hint: why there are no
    samples; offers: what brings some.

    shown: a kept run that was opened; else the last run of this pass, else the last of all, and
    then `stale` says what it was of; flop: FLOP of one pass of it by batch. earlier: that there are
    kept runs, NOTHING where there is none. batch: the one of several that is looked at, 0 for the
    last. here: this machine as it was calibrated.
    """

    survey: tuple[Entry, ...] = ()
    hint: Text = EMPTY
    offers: tuple[Offer, ...] = (RUN,)
    shown: Timed | None = None
    stale: Text = NOTHING
    flop: Mapping[int, int] = field(default_factory=dict)
    budget_s: float | None = None
    earlier: Text = NOTHING
    batch: int = 0
    here: Device | None = None


def needed(of: Pass, budget_s: float | None, facts: Facts) -> tuple[Any, ...]:
    """What `timing_view` takes but for the machine, of the pass `of`. An edit while an old run is
    shown changes none of it.
    """
    shown = facts.opened or facts.run_of(of) or facts.last
    covers = shown is not None and shown.covers(of)
    fits = covers or shown is facts.opened
    timed = {run.batch for run in shown.results.runs} if covers and shown is not None else set()
    batch = of.batch if of.batch in timed else 0  # a sweep may go past the one looked at
    return shown, fits, budget_s, facts.backends, facts.kept, batch


def timing_view(
    shown: Timed | None,
    fits: bool,
    budget_s: float | None,
    survey: tuple[Entry, ...],
    kept: tuple[KeptRun, ...] = (),
    batch: int = 0,
    here: Device | None = None,
) -> TimingView:
    """The view. fits: `shown` is what was asked for; batch: the one of it asked for, 0: none."""
    earlier = offer(len(kept), kept[0].head.when) if kept else NOTHING
    if shown is None:
        return TimingView(survey, EMPTY, (RUN,), budget_s=budget_s, earlier=earlier, here=here)
    stale = NOTHING if fits else pass_text(shown.of)
    workload, training = shown.of.workload, shown.of.training
    batches = {run.batch for run in shown.results.runs}
    flop = {batch: flop_of(workload, batch, training) for batch in batches}
    return TimingView(survey, EMPTY, (RUN,), shown, stale, flop, budget_s, earlier, batch, here)


def machine_of(facts: Facts) -> Device | None:
    """This machine as it is known, else as its file says; None where that cannot be read."""
    try:
        return facts.devices.get(THIS_MACHINE) or read_device(THIS_MACHINE)
    except InputError:
        return None


TIMING = Part(
    "timing",
    lambda derived: (
        *needed(derived.setup.timed, derived.session.budget_s, derived.facts),
        machine_of(derived.facts),
    ),
    timing_view,
)
