"""By what finished tiles can be coloured: what each way is called and what its colours say."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.text import N_, Text


@dataclass(frozen=True, slots=True)
class Colouring:
    """name: in the list to choose from; note: what the colours say."""

    name: Text
    note: Text


COLOURINGS = {
    "state": Colouring(Text(N_("state")), Text(N_("waiting, computing, done"))),
    "wave": Colouring(
        Text(N_("wave")),
        Text(N_("the wave a finished tile belonged to, first dark, last light")),
    ),
    "unit": Colouring(
        Text(N_("unit")),
        Text(N_("who computed a tile; beyond eight units dark to light by number")),
    ),
    "start": Colouring(
        Text(N_("start time")), Text(N_("when a tile began, first dark, last light"))
    ),
    "value": Colouring(
        Text(N_("value")),
        Text(N_("mean of the cells of a tile before bias and activation, least dark, most light")),
    ),
    "change": Colouring(
        Text(N_("change of W")),
        Text(
            N_(
                "how much each weight moved since it was looked at before: pink more, blue less; "
                "finished tiles have one colour"
            )
        ),
    ),
}
"""By id, which is what `Session.colour_by` and the settings hold."""
