"""The tile and the order of tiles: what is asked for, what is taken, what there is to choose."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.device.device import Device, Tile
from mmviz.core.schedule.orders import check_order, orders_of
from mmviz.core.schedule.tiling import Tiling
from mmviz.state.facts import Facts
from mmviz.state.session import Session
from mmviz.state.snapshot import Part
from mmviz.text import Text


@dataclass(frozen=True, slots=True)
class Kernel:
    """Who computed the product looked at when it was timed, and in which tile."""

    backend: str
    tile: Tile


@dataclass(frozen=True, slots=True)
class TilingView:
    """tile, order: as they are taken; asked or not. tiles, orders: to choose from, an order with
    what it does. fixed: the device cuts tiles to its own size. kernels: that were timed and tell
    their tile, the fastest first.
    """

    tile: Tile
    tile_asked: bool
    order: str
    order_asked: bool
    about: Text
    tiles: tuple[Tile, ...]
    orders: tuple[tuple[str, Text], ...]
    fixed: bool
    kernels: tuple[Kernel, ...] = ()


def tiling_view(
    tiling: Tiling,
    asked: Tile | None,
    order: str,
    device: Device,
    dtype: str,
    kernels: tuple[Kernel, ...] = (),
) -> TilingView:
    """The view of `Part`. asked None, order "": chosen by the model."""
    return TilingView(
        tile=asked or tiling.tile,
        tile_asked=asked is not None,
        order=order or tiling.order.id,
        order_asked=bool(order),
        about=tiling.order.about,
        tiles=device.tiles_for(dtype),
        orders=tuple((id, check_order(id).about) for id in orders_of(device)),
        fixed=tiling.order.dataflow is not None,
        kernels=kernels,
    )


def kernels_of(facts: Facts, session: Session) -> tuple[Kernel, ...]:
    """Of the last run of this pass, as many as told in which tile they computed this product."""
    timed = facts.run_of(session.timed)
    runs = () if timed is None else timed.results.runs
    told = [
        (run.stats.p50, Kernel(run.backend, tile))
        for run in runs
        if run.batch == session.batch and run.stats and session.product < len(run.tiles)
        if (tile := run.tiles[session.product]) is not None
    ]
    return tuple(kernel for _, kernel in sorted(told, key=lambda one: one[0]))


TILING = Part(
    "tiling",
    lambda derived: (
        derived.tiling,
        derived.session.tile,
        derived.session.order,
        derived.device,
        derived.session.dtype,
        kernels_of(derived.facts, derived.session),
    ),
    tiling_view,
)
