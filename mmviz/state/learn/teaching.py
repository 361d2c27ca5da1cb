"""A network is taught, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.snapshot import Part
from mmviz.text import N_, Text

EMPTY = Text(N_("Nothing was taught yet"))


@dataclass(frozen=True, slots=True)
class TeachingView:
    """why: there is nothing to show."""

    why: Text = EMPTY


TEACHING = Part("teaching", lambda _: (), TeachingView)
