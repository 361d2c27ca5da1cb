"""Products as they might have run, made by hand: who is slow, who waits, and for how long."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mmviz.core.recording.recording import RECORDED, Recorded, Recording
from mmviz.core.recording.sides import Side
from mmviz.core.schedule.orders import check_order
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.setup import Pass
from mmviz.state.recording.pair import side_of
from mmviz.text import Text

MS = 1e-3
Takes = Callable[[int, int, float], float]
"""The unit, the number of the tile and when it starts, from 0 -> its seconds."""


def steady(seconds: float = MS, noise: float = 0.01, seed: int = 0) -> Takes:
    """Every tile takes as long, give or take a little chance."""
    chance = np.exp(np.random.default_rng(seed).normal(0, noise, 10_000))
    return lambda _unit, number, _start: float(seconds * chance[number])


def ran(
    takes: Takes,
    *,
    side: int = 1024,
    tile: int = 128,
    units: int = 4,
    pulls: bool = True,
    order: str = "rows",
    begin: float = 0.0,
    gap: float = 1e-6,
    machine: str = "",
    **more: object,
) -> Recording:
    """One product of side³. begin: seconds of the wall around its tiles; gap: between two tiles of
    a unit; more: of `Recorded`.
    """
    gemm = Gemm(f"{side}x{side}x{side}", "product", side, side, side)
    kind = check_order(order)
    tiling = Tiling(gemm, (tile, tile), side, units, 1, kind)
    m, n = kind.raster(tiling).tile(np.arange(tiling.tiles, dtype=np.int32))
    free = [(0.0, unit) for unit in range(units)]
    rows = []
    for number in range(tiling.tiles):
        place = 0 if pulls else number * units // tiling.tiles
        start, unit = free[place]
        end = start + takes(unit, number, start)
        rows.append((start, number, unit, end))
        if pulls:
            heapq.heapreplace(free, (end + gap, unit))
        else:
            free[place] = (end + gap, unit)
    start, number, unit, end = (np.array(column) for column in zip(*sorted(rows), strict=True))
    dealt = m[number], n[number], unit.astype(np.int32), start, end
    trace = Trace(tiling, *dealt, "s", RECORDED)
    names = tuple(Text("thread {n:d}", n=i) for i in range(units))
    told = {"wall_s": trace.duration + begin, **more}
    passed = Pass(Products(gemm.name, (gemm,)), 1, "float32", False)
    how = "pulling" if pulls else "static"
    one = Recorded(trace, names, **told)
    return Recording(passed, "cpu-tiles", how, (one,), machine, timer_s=5e-8)


def side(recording: Recording, product: int = 0) -> Side:
    """A product of it, as it is compared."""
    return side_of(recording, product)


def with_product(recording: Recording, **changes: object) -> Recording:
    """The first product changed."""
    first, *rest = recording.products
    return replace(recording, products=(replace(first, **changes), *rest))
