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
            zh=("计算得出", "由形状直接算出来"),
        ),
        Term(
            "modelled",
            N_("modelled"),
            N_("from the figures of a device and a model of its schedule"),
            seen=("modelled", "predicted"),
            zh=("模型给出", "由设备的参数和调度模型得到"),
        ),
        Term(
            "measured",
            N_("measured"),
            N_("timed on this computer"),
            zh=("实测", "在本机上计时得到"),
        ),
        Term(
            "recorded",
            N_("recorded"),
            N_("the schedule that really ran, tile by tile, as it was written down while it ran"),
            seen=("recorded", "recording"),
            zh=("录得", "真正跑过的调度,一块一块在运行时记下来的"),
        ),
        Term(
            "estimated",
            N_("estimated"),
            N_("scaled up from the part that ran, by its multiply-adds"),
            seen=("estimated", "est."),
            zh=("估算", "由已经跑完的部分按乘加次数推算"),
        ),
    ),
)
