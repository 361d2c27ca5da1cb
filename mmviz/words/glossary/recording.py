"""What really ran: how it was written down, and how it is held against a model."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

RECORDING = Group(
    "recording",
    N_("What really ran"),
    (
        Term(
            "stamp",
            N_("stamp"),
            N_("which tile, by which unit, from when to when: written down while it runs"),
            seen=("stamp", "stamps", "stamped"),
        ),
        Term(
            "timerstep",
            N_("timer step"),
            N_("the smallest step of the clock that stamps: no time is truer than that"),
        ),
        Term(
            "orderonly",
            N_("order only"),
            N_("known is which tile came before which, not when"),
        ),
        Term(
            "pulling",
            N_("pulling"),
            N_("a unit that comes free takes the next tile; dealt beforehand, each keeps its own"),
        ),
        Term(
            "packing",
            N_("packing"),
            N_("W copied beforehand, so that each tile reads its part of it in one piece"),
        ),
        Term(
            "instrumented",
            N_("instrumented"),
            N_("what tiles with stamps take more than one call of the library on as many units"),
        ),
        Term(
            "inflight",
            N_("in flight"),
            N_("computed at one and the same instant"),
            seen=("in flight", "tiles in flight"),
        ),
        Term(
            "residual",
            N_("residual"),
            N_("what a tile takes longer or shorter than the same tile of the other schedule"),
            seen=("residual", "residual by tile"),
        ),
        Term(
            "fellbehind",
            N_("fell behind"),
            N_("lost a tenth of its time or more to tiles that took longer than chance explains"),
        ),
    ),
)
