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
            zh=("时间戳", "运行时记下:哪一块、由哪个单元、从何时到何时"),
        ),
        Term(
            "timerstep",
            N_("timer step"),
            N_("the smallest step of the clock that stamps: no time is truer than that"),
            zh=("计时步长", "打时间戳的时钟的最小步长:时间不会比它更准"),
        ),
        Term(
            "orderonly",
            N_("order only"),
            N_("known is which tile came before which, not when"),
            zh=("仅有次序", "只知道哪一块在前、哪一块在后,不知道时刻"),
        ),
        Term(
            "pulling",
            N_("pulling"),
            N_("a unit that comes free takes the next tile; dealt beforehand, each keeps its own"),
            zh=("动态领取", "空出来的单元领下一块;若事先分好,则各算各的"),
        ),
        Term(
            "packing",
            N_("packing"),
            N_("W copied beforehand, so that each tile reads its part of it in one piece"),
            zh=("打包", "事先重排 W,使每一块要读的部分连成一片"),
        ),
        Term(
            "instrumented",
            N_("instrumented"),
            N_("what tiles with stamps take more than one call of the library on as many units"),
            zh=("插桩开销", "分块并打时间戳,比用同样多的单元调用一次库多花的时间"),
        ),
        Term(
            "inflight",
            N_("in flight"),
            N_("computed at one and the same instant"),
            seen=("in flight", "tiles in flight"),
            zh=("在算", "同一时刻正在计算"),
        ),
        Term(
            "residual",
            N_("residual"),
            N_("what a tile takes longer or shorter than the same tile of the other schedule"),
            seen=("residual", "residual by tile"),
            zh=("残差", "某一块比另一份调度里的同一块多花或少花的时间"),
        ),
        Term(
            "fellbehind",
            N_("fell behind"),
            N_("lost a tenth of its time or more to tiles that took longer than chance explains"),
            zh=("落后", "有十分之一以上的时间耗在慢得无法用偶然解释的块上"),
        ),
    ),
)
