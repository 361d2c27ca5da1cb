"""From a loop to a GPU, rung by rung."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.snapshot import Part
from mmviz.text import N_, Text

EMPTY = Text(N_("Nothing was timed yet"))


@dataclass(frozen=True, slots=True)
class LadderView:
    """why: there is nothing to show."""

    why: Text = EMPTY


LADDER = Part("ladder", lambda _: (), LadderView)
