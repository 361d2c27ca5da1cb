"""A grouped product: several shapes in one launch, whose tiles fill the waves together.

Each member is priced alone first. A piece of it takes an even part of what its busiest unit
computes, and all pieces are dealt as they come, each to the unit that is free first; the launch
computes until the last unit is done, and no less long than its bytes need. So a group takes no
longer than its members one after the other, no less than the longest of them, and never less for
one member more: of two lists of loads, sorted, the one that is nowhere smaller stays so when both
get the same piece. More rows of one member may take less: cut into other tiles its pieces change,
and fill the units otherwise (2 of 100 random groups, mostly by some per cent, seldom by a third).
Derived, not measured: no error is known of such launches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmviz.core.device.body import Gpu, Systolic
from mmviz.core.schedule.grid import waves_and_series
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.cost import Priced
from mmviz.core.time.cuts import Floats
from mmviz.core.time.wave_time import bytes_past_l2


def grouped(priced: Priced, launches: Sequence[range]) -> Priced:
    """With the products of each launch priced together; the first one has the launch.

    What the others save is wave quantization, and what is lost on top of that. On a device that has
    no launches of several products, as a CPU's library, all stay as they are.
    """
    several = [places for places in launches if len(places) > 1]
    if not several or not isinstance(priced.device.body, Gpu | Systolic):
        return priced
    stages, error = priced.stages.copy(), priced.error.copy()
    for places in several:
        rows = slice(places.start, places.stop)
        stages[:, rows] = _one_launch(priced[rows])
        error[rows] = np.nan
    return replace(priced, stages=stages, error=error)


def _one_launch(members: Priced) -> Floats:
    """The stages of the members of one launch [1 + losses, members]."""
    stages, cuts = members.stages, members.cuts
    alone, launch = stages[-2], stages[-1] - stages[-2]
    if np.isnan(alone).any():
        return stages
    pieces = cuts.tiles * cuts.parts
    series = waves_and_series(pieces, cuts.units, cuts.resident)[1]
    computed = makespan(pieces.tolist(), (alone / series).tolist(), cuts.units)
    computed = min(max(computed, _memory(members), float(stages[0].sum())), float(alone.sum()))
    # What is more than at the peak is divided as it was when each had its own waves.
    more, left = alone - stages[0], computed - float(stages[0].sum())
    share = stages[0] + more * (left / more.sum() if more.sum() > 0 else 0.0)
    found: Floats = np.minimum(stages, share)
    found[-1] = share
    found[-1, 0] += launch.max()
    return found


def _memory(members: Priced) -> float:
    """Seconds in which the bandwidth moves what the members move, of none more than it takes."""
    bandwidth, shapes = members.device.bandwidth, members.cuts.shapes
    if not bandwidth:
        return 0.0
    size, out = BYTES[members.dtype], out_bytes(members.dtype)
    moved = bytes_past_l2(*shapes.sides, size, out, stack=shapes.stack.astype(np.float64))
    return float(np.minimum(moved / bandwidth, members.stages[-2]).sum())


def makespan(pieces: Sequence[int], each: Sequence[float], units: int) -> float:
    """When the last unit is done; pieces of `each` seconds go to the unit that is free first.

    Of equal pieces those are begun that can begin earliest. However many there are, they are dealt
    at once: what fits below the level to which their sum would fill all units, as water does, and
    the rest, fewer than there are units, where it begins earliest.
    """
    loads = np.zeros(units)
    for count, lasts in zip(pieces, each, strict=True):
        if count <= 0 or lasts <= 0:
            continue
        loads.sort()
        filled = (count * lasts + np.cumsum(loads)) / np.arange(1, units + 1)
        under = np.append(loads[1:], np.inf) >= filled  # the level that reaches no further unit
        level = float(filled[under.argmax()])
        most = np.floor(np.maximum(level - loads, 0.0) / lasts)
        loads = loads + most * lasts
        left = count - int(most.sum())
        if left > 0:
            loads[np.argsort(loads, kind="stable")[:left]] += lasts
    return float(loads.max())
