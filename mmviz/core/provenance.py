"""What a number rests on: one value that travels with it, and that every label is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.text import NOTHING, Text

Kind = Literal["computed", "modelled", "measured", "recorded", "estimated"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """kind: computed by arithmetic, modelled from a device's figures, measured by this computer's
    clock, recorded tile by tile, or estimated from the part that ran. basis: what it rests on, in a
    phrase, NOTHING where the kind says all. error: mean absolute error as a share of the truth,
    None: not known. beyond: what may come on top of that error, in a phrase, NOTHING where nothing
    is known to.
    """

    kind: Kind
    basis: Text = NOTHING
    error: float | None = None
    beyond: Text = NOTHING


COMPUTED = Provenance("computed")
MODELLED = Provenance("modelled")
