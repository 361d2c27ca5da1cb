"""How far a timing run is, in words, and what its button does: pause it, or go on with the rest."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.bench.plan import BenchPlan
from mmviz.state.facts import Timed
from mmviz.text import N_, NOTHING, Text, joined

PAUSE = Text(N_("Pause"))
GO_ON = Text(N_("Go on"))
_PAUSE_TIP = Text(N_("Let the computer have its cores; what is being timed now is timed anew then"))
_GO_ON_TIP = Text(N_("Time what is left; what was measured stays"))


@dataclass(frozen=True, slots=True)
class ProgressView:
    """doing: what is done now. done: share of the run, 0 … 1. left: how long it still takes,
    NOTHING where that is not known. button, tip: what its button says.
    """

    doing: Text
    done: float
    left: Text
    button: Text
    tip: Text


def running(
    plan: BenchPlan, batch: int, doing: Text, done: float, left_s: float | None, paused: bool
) -> ProgressView:
    """Of a run that is on, at this batch of its plan."""
    count = len(plan.batches)
    where = Text(
        N_("batch {batch:group}, {number:group} of {count:group}"),
        batch=batch,
        number=plan.batches.index(batch) + 1,
        count=count,
    )
    what = joined((where if count > 1 else NOTHING, doing))
    if paused:
        what = joined((Text(N_("paused at {share:percent}"), share=round(done, 2)), what))
        return ProgressView(what, done, NOTHING, GO_ON, _GO_ON_TIP)
    left = NOTHING
    if left_s is not None:
        left = Text(N_("{left:lasting} left"), left=left_s)
    return ProgressView(what, done, left, PAUSE, _PAUSE_TIP)


def unfinished(shown: Timed | None) -> ProgressView | None:
    """Of a run that ended early and is kept, so that it can be taken up again; None of others."""
    if shown is None or shown.path is None or shown.done >= 1.0:
        return None
    where = Text(N_("ended at {share:percent}"), share=round(shown.done, 2))
    return ProgressView(where, shown.done, NOTHING, GO_ON, _GO_ON_TIP)
