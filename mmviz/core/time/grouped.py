"""A grouped product: several shapes in one launch, whose tiles fill the waves together.

Each member is priced alone first. The launch computes as long as its longest member, or as all of
them take whose work is spread evenly over the units, whichever is more: idle units of one take
tiles of the next, what is lost within a tile and waiting for memory stay. To that the model adds
its launch, and a pace of the host once, for all members. So a group takes no longer than its
members one after the other, no less than the longest of them, and never less for one member more,
or for more of one: each of these times grows with the work, and so do their sum, the greater of
them, and what a launch makes of it. Derived, not measured: no error is known of such launches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmviz.core.schedule.grid import waves_and_series
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.by_cycles import ByCycles
from mmviz.core.time.by_waves import ByWaves
from mmviz.core.time.cost import Priced
from mmviz.core.time.cuts import Floats
from mmviz.core.time.model import model_of
from mmviz.core.time.setup import Setup
from mmviz.core.time.traffic import bytes_past_l2
from mmviz.core.time.wave_time import choices_for, choose, terms


def grouped(priced: Priced, launches: Sequence[range], setup: Setup) -> Priced:
    """With the products of each launch priced together, each with its share of the launch.

    What they save is wave quantization, and what is lost on top of that. On a device that has
    no launches of several products, as a CPU's library, all stay as they are.
    """
    several = [places for places in launches if len(places) > 1]
    model = model_of(setup.device, setup.dtype, setup.launch_kind)
    if not several or not isinstance(model, ByWaves | ByCycles):
        return priced
    stages, error = priced.stages.copy(), priced.error.copy()
    for places in several:
        rows = slice(places.start, places.stop)
        stages[:, rows] = _one_launch(priced[rows], model)
        error[rows] = np.nan
    return replace(priced, stages=stages, error=error)


def _one_launch(members: Priced, model: ByWaves | ByCycles) -> Floats:
    """The stages of the members of one launch [1 + losses, members]."""
    stages = _in_common_waves(members)
    alone, each = stages[-2], stages[-1]
    computed = max(float(alone.max()), float(np.minimum(_even(members, model), alone).sum()))
    computed = min(max(computed, float(stages[0].sum())), float(alone.sum()))
    total = float(model.launched(np.array([computed]))[0])
    # What timings taught of each is in its time alone, and in `computed` only without its launch.
    total = min(max(total, float(each.max())), float(each.sum()))
    # What is more than at the peak is divided as it was when each had its own waves.
    more, left = alone - stages[0], computed - float(stages[0].sum())
    share = stages[0] + more * (left / more.sum() if more.sum() > 0 else 0.0)
    found: Floats = np.minimum(stages, share)
    # By its computing each bears the launch: nothing hangs on who stands first.
    found[-1] = share * (1 + max(0.0, total - computed) / float(share.sum()))
    return found


def _in_common_waves(members: Priced) -> Floats:
    """The stages of each alone, but that units idle in the waves which the tiles of all fill."""
    cuts, found = members.cuts, members.stages.copy()
    pieces = int((cuts.tiles * cuts.parts).sum())
    series = waves_and_series(pieces, cuts.units, int(cuts.resident[0]))[1]
    _, tiled, idle, aligned, fed = members.stages[:5]
    found[2] = np.minimum(idle, tiled * (series * cuts.units / pieces))
    found[3] = found[2] * (aligned / idle)
    found[4] = np.where(fed > aligned, fed, found[3])
    return found


def _even(members: Priced, model: ByWaves | ByCycles) -> Floats:
    """Seconds of each member, without the launch, were its work spread evenly over the units."""
    device, dtype, shapes = members.device, members.dtype, members.cuts.shapes
    if isinstance(model, ByWaves):
        choices = choices_for(device, dtype, even=True)
        cut = choose(shapes, device, dtype, model.constants, choices)
        return terms(shapes, device, dtype, model.constants, cut).computing
    size, out = BYTES[dtype], out_bytes(dtype)
    moved = bytes_past_l2(*shapes.sides, size, out, stack=shapes.stack.astype(np.float64))
    padded: Floats = members.stages[1]  # whole folds at the peak
    return np.maximum(padded, moved / model.bandwidth)
