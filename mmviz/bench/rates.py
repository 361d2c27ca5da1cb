"""What a batch size comes to in learning: seconds, and losses after equal time and drawings."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.backends.base import Place
from mmviz.core.learning.descent import steps_of
from mmviz.text import NOTHING, Text

NEAR = 2_000  # drawings behind a loss that is told: one step's is of chance


@dataclass(frozen=True, slots=True)
class Rate:
    """What one batch size came to; None: its course broke or was stopped, `failure` says why.

    backend, place: who computed it and on what, None for the CPU. step_s: median seconds of a step;
    epoch_s: of as many as show every drawing once. shown: drawings within the time. by_time,
    by_drawings: the mean loss of the last NEAR drawings, once the time is up and once `equal` were
    shown, as many as every batch size of this backend came to; steps: taken until then. right:
    share of unseen drawings told right, once the time is up. joules: of a step.
    """

    batch: int
    backend: str = ""
    place: Place | None = None
    step_s: float | None = None
    epoch_s: float | None = None
    shown: int = 0
    by_time: float | None = None
    by_drawings: float | None = None
    steps: int = 0
    equal: int = 0
    right: float | None = None
    joules: float | None = None
    failure: Text = NOTHING


def shown_after(steps: int, count: int, batch: int) -> int:
    """Drawings that so many steps show: the last of an epoch may be of fewer."""
    epochs, within = divmod(steps, steps_of(count, batch))
    return epochs * count + min(within * batch, count)


def steps_to(shown: int, count: int, batch: int) -> int:
    """Steps that show at least so many drawings."""
    epochs, rest = divmod(shown, count)
    return epochs * steps_of(count, batch) + steps_of(rest, batch)
