"""Whose trace it is, and where each of its rows ran: read from how tools name their rows.

intra-kernel-profiler   every event's args: sm, block, warp (github.com/yao-jz/intra-kernel-
                        profiler, docs/trace_format.md)
proton                  process 'KERNEL Core17 CTA5', thread 'warp 0 (line 0)' (triton-lang/
                        triton, third_party/proton, TraceWriter.cpp)
flashinfer              process 'SM_017', thread 'blk5_g0'; before it knew SMs process 'block_5',
                        thread 'group_0' (flashinfer-ai/flashinfer, flashinfer/profiler)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_SM, MOST_BLOCK, MOST_WARP = 1 << 16, 1 << 24, 1 << 16

Place = int | str
"""What a file calls a process or a thread."""

_KERNEL = re.compile(r"(.*) Core([0-9]{1,5}) CTA([0-9]{1,8})(?: \[[^\]]{0,80}\])?", re.DOTALL)
_WARP = re.compile(r"(?:warp|w) ?([0-9]{1,5})\b.*", re.IGNORECASE | re.DOTALL)
_SM = re.compile(r"SM[ _]?([0-9]{1,5})", re.IGNORECASE)
_BLOCK = re.compile(
    r"(?:blk|block|cta)[ _]?([0-9]{1,8})(?:[ _,]+(?:g|group|warp)[ _]?([0-9]{1,5}))?", re.IGNORECASE
)
_GROUP = re.compile(r"(?:g|group|warp)[ _]?([0-9]{1,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """Where slices of one row of a file ran; sm -1: it does not say. kernel: "" where the file
    does not say either.
    """

    format: str
    kernel: str
    sm: int
    block: int
    warp: int

    @property
    def possible(self) -> bool:
        """Whether there can be such a block on such an SM."""
        numbers = (self.sm + 1, MOST_SM), (self.block, MOST_BLOCK), (self.warp, MOST_WARP)
        return all(0 <= number <= most for number, most in numbers)


def by_args(args: Any) -> Row | None:
    """The row that an event's own `args` tell of."""
    if not isinstance(args, Mapping):
        return None
    sm, block, warp = (args.get(name) for name in ("sm", "block", "warp"))
    if type(sm) is not int or type(block) is not int or type(warp) is not int:
        return None
    return Row("intra-kernel-profiler", "", sm, block, warp)


def by_names(process: str, thread: str) -> Row | None:
    """The row that the names of a process and a thread tell of."""
    if found := _KERNEL.fullmatch(process):
        warp = _WARP.fullmatch(thread)
        at = int(found[2]), int(found[3]), int(warp[1]) if warp else 0
        return Row("proton", found[1], *at)
    block = _BLOCK.fullmatch(thread)
    if (sm := _SM.fullmatch(process)) and block:
        return Row("flashinfer", "", int(sm[1]), int(block[1]), int(block[2] or 0))
    block, group = _BLOCK.fullmatch(process), _GROUP.fullmatch(thread)
    if block and not block[2] and group:
        return Row("flashinfer", "", -1, int(block[1]), int(group[1]))
    return None
