"""Two sides of one product held together: tile by tile, and as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mmviz.core.recording.account import Account, account
from mmviz.core.recording.sides import Floats, Side
from mmviz.core.verdict import Figure, Verdict, judge

WhyNot = Literal["", "timeline", "tiles", "clock", "cycles"]


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """What the tiles of the second side take more than those of the first, in seconds.

    longer: its time [tiles_m × tiles_n], all pieces of a tile together; later: its end, either from
    the first start of its product. NaN where one of both did not keep that tile. noise: as a share
    of its time the first tile and the second may differ by chance, or by what the model is off;
    None: not known. share: longer as a share of the smaller of both times.
    """

    longer: Floats
    later: Floats
    share: Floats
    noise: float | None

    @property
    def compared(self) -> int:
        """How many tiles both have."""
        return int(np.count_nonzero(~np.isnan(self.longer)))

    @property
    def within(self) -> int | None:
        """How many of them are within the noise."""
        if self.noise is None:
            return None
        return int(np.count_nonzero(np.abs(self.share) <= self.noise))

    @property
    def median(self) -> float:
        """Of longer, in seconds."""
        return float(np.nanmedian(self.longer))

    @property
    def p95(self) -> float:
        """Of what tiles are off, longer or shorter, in seconds."""
        return float(np.nanpercentile(np.abs(self.longer), 95))


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """a, b: the two; accounts: of either, None where some of it is not known. verdict: whose wall
    time is shorter. residual: None where tiles are not comparable, and why_not says: a timeline
    without tiles, other tiles, a clock that tells the order alone, or one that is assumed on one
    side.
    """

    a: Side
    b: Side
    accounts: tuple[Account | None, Account | None]
    verdict: Verdict
    residual: Residual | None
    why_not: WhyNot

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.a, self.b


def compare(a: Side, b: Side) -> Compared:
    """Both of one product; whoever has two finds the sides by `sides`."""
    why = _why_not(a, b)
    return Compared(
        a,
        b,
        (account(a), account(b)),
        whole(a, b),
        None if why else residual(a, b),
        why,
    )


def whole(a: Side, b: Side) -> Verdict:
    """Whose wall time is shorter, by the rule of `core.verdict`; unknown where one has none."""
    walls = a.wall_s, b.wall_s
    if None in walls:
        return Verdict(None, "unknown", 1.0, None)
    one, other = (Figure(side.wall_s or 0.0, side.error) for side in (a, b))
    return judge(one, other)


def residual(a: Side, b: Side) -> Residual:
    """Tile by tile; both have the same tiles, and seconds."""
    times, ends = zip(*(_by_tile(side) for side in (a, b)), strict=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        longer = times[1] - times[0]
        share = longer / np.minimum(*times)
    return Residual(longer, ends[1] - ends[0], share, tile_off(a, b))


def tile_off(a: Side, b: Side) -> float | None:
    """By which share the times of one tile may differ and mean nothing; None: not known."""
    found = a.noise, b.noise, a.systematic, b.systematic
    known = [x for x in found if x is not None]
    return math.expm1(min(math.hypot(*known), 10.0)) if len(known) == len(found) else None


def _by_tile(side: Side) -> tuple[Floats, Floats]:
    """How long each tile is computed and when it ends [rows_m × tiles_n]; NaN: not kept."""
    trace = side.trace
    shape = trace.tiling.rows_m, trace.tiling.tiles_n
    at = trace.m.astype(np.int64) * shape[1] + trace.n
    times: Floats = np.bincount(at, trace.end - trace.start, trace.tiling.tiles).astype(np.float64)
    ends = np.full(trace.tiling.tiles, -np.inf)
    np.maximum.at(ends, at, trace.end)
    missing = np.isinf(ends)
    times[missing] = ends[missing] = np.nan
    return times.reshape(shape), ends.reshape(shape)


def _why_not(a: Side, b: Side) -> WhyNot:
    if not (a.placed and b.placed):
        return "timeline"
    one, other = a.trace.tiling, b.trace.tiling
    shapes = [(t.gemm.m, t.gemm.n, t.gemm.k, t.gemm.stack, t.tile) for t in (one, other)]
    if shapes[0] != shapes[1]:
        return "tiles"
    if a.order_only or b.order_only:
        return "clock"
    return "" if a.assumed == b.assumed else "cycles"
