"""A dense layer as loops and as one product, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.snapshot import Part
from mmviz.text import N_, Text

EMPTY = Text(N_("Nothing was timed yet"))


@dataclass(frozen=True, slots=True)
class LoopsView:
    """why: there is nothing to show."""

    why: Text = EMPTY


LOOPS = Part("loops", lambda _: (), LoopsView)
