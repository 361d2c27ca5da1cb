"""What a number rests on: the words that stand beside every figure."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

PROVENANCE = Group(
    "provenance",
    N_("What a number rests on"),
    (
        Term(
            "computed",
            N_("computed"),
            N_("follows from the shapes by arithmetic"),
        ),
        Term(
            "modelled",
            N_("modelled"),
            N_("from the figures of a device and a model of its schedule"),
            seen=("modelled", "predicted"),
        ),
        Term(
            "measured",
            N_("measured"),
            N_("timed on this computer"),
        ),
        Term(
            "recorded",
            N_("recorded"),
            N_("the schedule that really ran, tile by tile, as it was written down while it ran"),
            seen=("recorded", "recording"),
        ),
        Term(
            "estimated",
            N_("estimated"),
            N_("scaled up from the part that ran, by its multiply-adds"),
            seen=("estimated", "est."),
        ),
    ),
)
