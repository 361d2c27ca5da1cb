"""A drawing, and what each neuron makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.snapshot import Part
from mmviz.text import N_, Text

EMPTY = Text(N_("Nothing was drawn yet"))


@dataclass(frozen=True, slots=True)
class DigitView:
    """why: there is nothing to show."""

    why: Text = EMPTY


DIGIT = Part("digit", lambda _: (), DigitView)
