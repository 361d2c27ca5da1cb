"""How far a time may be off whose tile or order somebody gave.

What was timed chose its tiles itself, so timings tell of a tile only where it is nearly the best.
Elsewhere a time is the chosen one and what the model says that the tile costs beside it. That share
is nobody's measurement: all of it adds to the error. Where the constants say next to nothing of
it (those of Hopper and Blackwell in bfloat16 take half the side for as good) or the tile is none
that is ever chosen, no error is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmviz.core.time.by_waves import ByWaves
from mmviz.core.time.constants import Constants
from mmviz.core.time.cuts import Cuts, Floats
from mmviz.core.time.wave_time import choices_for

TOLD = 1.05  # how much dearer a cell is in tiles of half the side, where timings tell them apart
_SIDES = (64, 128)


def error_of_given(
    model: ByWaves, cuts: Cuts, chosen: Cuts, seconds: Floats, error: Floats
) -> Floats:
    """`error` [products] of times that take `seconds` cut as `cuts` says, not as `chosen`."""
    listed = choices_for(model.device, model.dtype)
    sides = {(int(tm), int(tn)) for tm, tn in zip(listed.tm, listed.tn, strict=True)}
    pairs = zip(cuts.tm.tolist(), cuts.tn.tolist(), strict=True)
    known = np.array([pair in sides for pair in pairs]) & tells_tiles(model.constants)
    best = model.stages(chosen)[0][-1]
    beside = np.hypot(error, np.abs(1 - best / seconds))
    return np.where(_same(cuts, chosen), error, np.where(known, beside, np.nan))


def tells_tiles(constants: Constants) -> bool:
    """Whether timings told how much more a small tile costs than a large one."""
    small, large = (constants.cell + 2 * constants.side / side for side in _SIDES)
    return small >= TOLD * large


def _same(cuts: Cuts, chosen: Cuts) -> NDArray[np.bool_]:
    names = ("tm", "tn", "parts", "resident")
    same = np.all([getattr(cuts, name) == getattr(chosen, name) for name in names], axis=0)
    found: NDArray[np.bool_] = same & (cuts.order.even == chosen.order.even)
    return found
