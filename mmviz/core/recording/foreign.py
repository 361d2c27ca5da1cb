"""A trace that another tool took of a GPU's program: who ran when, and not yet which tile it was.

Such a file has slices, regions with a name that a warp of a block went through on an SM. It has no
matrix. The program's launches become recordings once it is known which product they computed, in
which tiles, by which rule from a block's number to its tile (`rasters`); see `foreign_tiles`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.core.recording.slots import slot_name, slots_of
from mmviz.text import N_, Text

Ints = NDArray[np.int64]

SM = N_("SM {n:d}")

FORMATS = {
    "intra-kernel-profiler": "Intra-Kernel Profiler",
    "proton": "Triton Proton",
    "flashinfer": "FlashInfer profiler",
    "iket": "NVIDIA IKET",
}
"""What the tools call themselves, by the id that a recording made of theirs has as `by`."""


@dataclass(frozen=True, slots=True, eq=False)
class Launch:
    """A program that ran once: columns over slices.

    block, warp: who went through it; sm: where, -1 where the file does not say; region: place in
    `regions` of its name; start_ns, end_ns: by the file's clock, whose zero is anywhere.
    """

    name: str
    block: Ints
    warp: Ints
    sm: Ints
    region: Ints
    start_ns: Ints
    end_ns: Ints
    regions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.block)

    def of(self, rows: NDArray[np.bool_] | Ints) -> Launch:
        """These slices of it."""
        names = ("block", "warp", "sm", "region", "start_ns", "end_ns")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


@dataclass(frozen=True, slots=True, eq=False)
class Foreign:
    """What a file of another tool tells.

    format: whose it is, of FORMATS. timer_ns: the step of its clock; cycles: whether what is within
    a block counts the SM's own clock, as if that were 1 GHz; mhz: what that clock was, where the
    file tells it. name: the file's. remarks: what must be known of how it was read.
    """

    format: str
    name: str
    launches: tuple[Launch, ...]
    timer_ns: int
    cycles: bool = False
    mhz: float | None = None
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """What a launch did, a row for each turn of a block, by start: from its first warp's start to
    its last warp's end. turn: how manieth of this block; 0 where a block is one row. unit: place in
    `units`.
    """

    block: Ints
    turn: Ints
    unit: NDArray[np.int32]
    units: tuple[Text, ...]
    start_ns: Ints
    end_ns: Ints

    def __len__(self) -> int:
        return len(self.block)


def in_time(foreign: Foreign, launch: Launch, mhz: float | None) -> Launch:
    """The launch in time, where the file counts cycles of this clock as if it were 1 GHz: a block
    begins when it did, all in it is later by one factor. mhz None: by the clock that the file
    tells. As it is where it counts no cycles, or nobody knows of what.
    """
    mhz = foreign.mhz if mhz is None else mhz
    if mhz is None or not foreign.cycles:
        return launch
    order = np.lexsort((launch.start_ns, launch.block))
    found = launch.of(order)
    first = np.flatnonzero(np.diff(found.block, prepend=found.block[0] - 1))
    begin = np.repeat(found.start_ns[first], np.diff(np.append(first, len(found))))
    start, end = (
        begin + np.round((times - begin) * (1000.0 / mhz)).astype(np.int64)
        for times in (found.start_ns, found.end_ns)
    )
    return replace(found, start_ns=start, end_ns=end)


@functools.lru_cache(maxsize=4)  # asked again with each letter that is typed
def torn(launch: Launch) -> dict[int, tuple[int, int]]:
    """Blocks on several SMs, which no block is, and two of these: where a program ran again before
    it was through, or the file is wrong.
    """
    places = np.unique(np.stack((launch.block, launch.sm)), axis=1)
    again = np.flatnonzero(places[0, 1:] == places[0, :-1])
    return {int(places[0, i]): (int(places[1, i]), int(places[1, i + 1])) for i in again}


def resumed(launch: Launch) -> int:
    """How many blocks go on after a moment in which nothing ran, as if they ran twice; 0 where all
    do, since then the tool wrote down parts of them alone.
    """
    order = np.argsort(launch.start_ns, kind="stable")
    latest = np.maximum.accumulate(launch.end_ns[order])
    after = np.append(0, np.cumsum(launch.start_ns[order][1:] > latest[:-1]))
    found, place = np.unique(launch.block[order], return_inverse=True)
    first, last = np.full(len(found), len(order)), np.zeros(len(found), np.int64)
    np.minimum.at(first, place, after)
    np.maximum.at(last, place, after)
    count = int(np.count_nonzero(last > first))
    return count if count < len(found) else 0


def whole_blocks(launch: Launch) -> Turns:
    """Each block as one row, one that is on several SMs as one on each."""
    return _turns(launch, np.zeros(len(launch), np.int64))


@functools.lru_cache(maxsize=4)
def turns_of(launch: Launch, region: int) -> Turns | None:
    """Each time a block went through this region, as a row; None where its warps did not go
    through it equally often, or again before they were through.
    """
    one = launch.of(launch.region == region)
    order = np.lexsort((one.start_ns, one.warp, one.block))
    one = one.of(order)
    lane = np.stack((one.block, one.warp))
    first = np.ones(len(one), bool)
    first[1:] = (lane[:, 1:] != lane[:, :-1]).any(axis=0)
    begins = np.flatnonzero(first)
    counts = np.diff(np.append(begins, len(one)))
    turn = np.arange(len(one)) - np.repeat(begins, counts)
    blocks = one.block[begins]
    same = blocks[1:] == blocks[:-1]
    if (counts[1:][same] != counts[:-1][same]).any():
        return None
    found = _turns(one, turn)
    by_block = np.lexsort((found.turn, found.block))
    block, start, end = found.block[by_block], found.start_ns[by_block], found.end_ns[by_block]
    again = (block[1:] == block[:-1]) & (start[1:] < end[:-1])
    return None if again.any() else found


@functools.lru_cache(maxsize=4)
def outermost(launch: Launch) -> tuple[int, ...]:
    """Regions that are never inside another slice of their warp, those that last longest first."""
    order = np.lexsort((-launch.end_ns, launch.start_ns, launch.warp, launch.block))
    found = launch.of(order)
    begins = (np.diff(found.block, prepend=-1) != 0) | (np.diff(found.warp, prepend=-1) != 0)
    # All warps in one go: a later warp's ends are beyond those of any before it.
    ends, place = np.unique(found.end_ns, return_inverse=True)
    latest = np.maximum.accumulate(place + np.cumsum(begins) * len(ends)) % len(ends)
    inside = np.zeros(len(found), bool)
    inside[1:] = ~begins[1:] & (found.start_ns[1:] < ends[latest[:-1]])
    lasting = found.end_ns - found.start_ns
    count = len(found.regions)
    hidden = np.bincount(found.region, inside, minlength=count) > 0
    whole = np.bincount(found.region, lasting, minlength=count)
    by_length = np.argsort(-whole, kind="stable").tolist()
    return tuple(region for region in by_length if whole[region] > 0 and not hidden[region])


def split(launch: Launch) -> tuple[Launch, ...]:
    """Its launches, where the same program ran several times: parts with nothing going on between
    them, in each of which the same two blocks or more went through as many slices.
    """
    order = np.argsort(launch.start_ns, kind="stable")
    start, latest = launch.start_ns[order], np.maximum.accumulate(launch.end_ns[order])
    cuts = np.flatnonzero(start[1:] > latest[:-1]) + 1
    if not len(cuts) or len(launch) % (len(cuts) + 1):
        return (launch,)
    each = len(launch) // (len(cuts) + 1)
    if (cuts != each * np.arange(1, len(cuts) + 1)).any():
        return (launch,)
    parts = [launch.of(rows) for rows in np.split(order, cuts)]
    blocks = np.unique(parts[0].block)
    alike = all(np.array_equal(np.unique(part.block), blocks) for part in parts)
    return tuple(parts) if alike and len(blocks) > 1 else (launch,)


def _turns(launch: Launch, turn: Ints) -> Turns:
    """Slices as rows, one for each turn of each block on an SM."""
    order = np.lexsort((launch.start_ns, launch.sm, turn, launch.block))
    block, turn, sm = launch.block[order], turn[order], launch.sm[order]
    first = np.ones(len(block), bool)
    columns = (block, turn, sm)
    first[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    begins = np.flatnonzero(first)
    start = launch.start_ns[order][begins]
    end = np.maximum.reduceat(launch.end_ns[order], begins)
    sm = sm[begins]
    by_start = np.lexsort((block[begins], start))
    rows = begins[by_start]
    start, end, sm = start[by_start], end[by_start], sm[by_start]
    unit, units = _units(sm, start, end)
    return Turns(block[rows], turn[rows], unit, units, start, end)


def _units(sm: Ints, start: Ints, end: Ints) -> tuple[NDArray[np.int32], tuple[Text, ...]]:
    """Who computed each row, and their names: SMs, or slots where the file does not say."""
    if (sm < 0).any():
        slot = slots_of(start, end)
        return slot, tuple(map(slot_name, range(int(slot.max()) + 1)))
    ids, place = np.unique(sm, return_inverse=True)
    return place.astype(np.int32), tuple(Text(SM, n=int(n)) for n in ids)
