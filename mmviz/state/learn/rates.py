"""What a batch size gains and what learning loses by it."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.state.snapshot import Part
from mmviz.text import N_, Text

EMPTY = Text(N_("Nothing was taught yet"))


@dataclass(frozen=True, slots=True)
class RatesView:
    """why: there is nothing to show."""

    why: Text = EMPTY


RATES = Part("rates", lambda _: (), RatesView)
