"""Session -> Snapshot: every number and text the window shows, derived and frozen."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mmviz import units
from mmviz.core.device import Device, Tile
from mmviz.core.dtype import BYTES
from mmviz.core.gemm import Gemm, Products, lower
from mmviz.core.network import Network
from mmviz.core.schedule import least_time, schedule
from mmviz.core.tiling import Tiling, tile_product
from mmviz.core.trace import Trace
from mmviz.errors import InputError
from mmviz.state.cells import EDITABLE, Cells, cells_of, is_small, missing
from mmviz.state.facts import FactGroup, facts_of
from mmviz.state.pass_timeline import PassTimeline, pass_timeline
from mmviz.state.playback import model_time
from mmviz.state.session import Session, device_of

COLOUR_NOTES = {
    "state": "waiting, computing, done",
    "wave": "the wave a finished tile belonged to, first dark, last light",
    "unit": "who computed a tile; beyond eight units dark to light by number",
    "start": "when a tile began, first dark, last light",
    "value": "mean of the cells of a tile before bias and activation, least dark, most light",
}


@dataclass(frozen=True, slots=True)
class Product:
    """A card of the strip. share: FLOP, of the product's with the most, 0 … 1.

    times: how often it is computed, '×12', "" for once; detail: the time of one, share: of all.
    """

    name: str
    role: str
    shape: str
    detail: str
    share: float
    times: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything on screen that does not change while the picture plays.

    trace None: there are more tiles than can be drawn, `problem` says so. small: the product is
    shown cell by cell from the start.
    """

    session: Session
    device: Device
    gemms: tuple[Gemm, ...]
    tiling: Tiling
    trace: Trace | None
    problem: str
    small: bool
    products: tuple[Product, ...]
    pass_text: str
    weights_text: str
    facts: tuple[FactGroup, ...]
    timeline: PassTimeline

    @property
    def gemm(self) -> Gemm:
        """The product looked at."""
        return self.tiling.gemm

    def cells(self) -> Cells | None:
        """The numbers of the product, computed when first asked for; None: they are too many."""
        return cells_of(self.session.network, self.session.batch, self.gemm)

    @property
    def typical(self) -> float:
        """The mean time of the products: one pace for all, so that short ones are short."""
        return self.timeline.total / sum(gemm.count for gemm in self.gemms)

    @property
    def colour_note(self) -> str:
        """What the colours of finished tiles say, and what of it is aggregated or missing."""
        session = self.session
        if session.colour_by == "value" and self.numbers_missing:
            return f"value: {units.NO_DATA}, {self.numbers_missing}"
        return COLOUR_NOTES[session.colour_by]

    @property
    def flop(self) -> int:
        """FLOP of one pass, products only."""
        return sum(gemm.total_flop for gemm in self.gemms)

    @property
    def numbers_missing(self) -> str:
        """Why the cells have no numbers, "" where they have."""
        return missing(self.session.network, self.session.batch)

    @property
    def editable(self) -> bool:
        """Whether the numbers in the cells can be changed one by one."""
        network = self.session.network
        return isinstance(network, Network) and network.parameters <= EDITABLE


def resolve(session: Session) -> Snapshot:
    """The snapshot of a session; raises InputError for an unknown device."""
    device = device_of(session)
    gemms = lower(session.network, session.batch, session.training)
    order = session.order or None
    tilings = _tilings(gemms, device, session.tile, order)
    tiling = tilings[session.product]
    trace, problem = _trace(tiling, device, session.dtype, order)
    return Snapshot(
        session=session,
        device=device,
        gemms=gemms,
        tiling=tiling,
        trace=trace,
        problem=problem,
        small=is_small(tiling.gemm) and not missing(session.network, session.batch),
        products=_products(tilings, device, session.dtype, order),
        pass_text=_pass_text(session, gemms),
        weights_text=_weights_text(session),
        facts=facts_of(tiling, trace, device, session.dtype),
        timeline=_timeline(tilings, device, session.dtype),
    )


# Of a list of thousands these take longer than a frame, and most changes leave them as they are.
@functools.lru_cache(maxsize=4)
def _tilings(
    gemms: tuple[Gemm, ...], device: Device, tile: Tile | None, order: str | None
) -> tuple[Tiling, ...]:
    return tuple(tile_product(gemm, device, tile, order) for gemm in gemms)


@functools.lru_cache(maxsize=4)
def _timeline(tilings: tuple[Tiling, ...], device: Device, dtype: str) -> PassTimeline:
    return pass_timeline(tilings, device, dtype, device.launch_s)


@functools.lru_cache(maxsize=4)
def _trace(
    tiling: Tiling, device: Device, dtype: str, order: str | None
) -> tuple[Trace | None, str]:
    try:
        return schedule(tiling, device, dtype, order), ""
    except InputError as error:
        return None, str(error)


@functools.lru_cache(maxsize=4)
def _products(
    tilings: tuple[Tiling, ...], device: Device, dtype: str, order: str | None
) -> tuple[Product, ...]:
    most = max(tiling.gemm.total_flop for tiling in tilings)
    return tuple(
        Product(
            name=tiling.gemm.name,
            role=tiling.gemm.role,
            shape=units.shape(tiling.gemm.m, tiling.gemm.n, tiling.gemm.k),
            detail=_least_time(tiling, device, dtype, order),
            share=tiling.gemm.total_flop / most,
            times=units.times(tiling.gemm.count),
        )
        for tiling in tilings
    )


def _least_time(tiling: Tiling, device: Device, dtype: str, order: str | None) -> str:
    return model_time(*least_time(tiling, device, dtype, order), device.step)


def _pass_text(session: Session, gemms: tuple[Gemm, ...]) -> str:
    total = units.flop(sum(gemm.total_flop for gemm in gemms))
    if isinstance(session.network, Products):
        computed = units.plural(session.network.computed, "product")
        return f"a list · {units.plural(len(gemms), 'row')} · {computed} · {total}"
    kind = "training pass" if session.training else "forward pass"
    n = len(session.network.layers)
    other = f"inference would be {n}" if session.training else f"training would be {3 * n - 1}"
    return f"one {kind} · {units.plural(len(gemms), 'product')} · {total} · {other}"


def _weights_text(session: Session) -> str:
    network = session.network
    if isinstance(network, Products):
        return "products without weights of their own, multiplied one after the other"
    size = units.size(network.parameters * BYTES[session.dtype])
    count = f"{units.count(network.weights)} weights"
    return f"{count} · {size} with biases in {session.dtype}"
