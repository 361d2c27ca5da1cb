"""Session -> Snapshot: every number and text the window shows, derived and frozen."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mmviz import units
from mmviz.core.device import Device
from mmviz.core.dtype import BYTES
from mmviz.core.gemm import Gemm, lower
from mmviz.core.schedule import schedule, tile_time
from mmviz.core.tiling import Tiling, tile_product
from mmviz.core.trace import Trace
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.state.cells import Cells, cells_of
from mmviz.state.playback import model_time
from mmviz.state.session import Session


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts column; `lost` marks a loss worth seeing."""

    label: str
    value: str
    tip: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under a heading, all from one source: modelled, computed or datasheet."""

    title: str
    source: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A card of the strip. share: of the pass's FLOP, 0 … 1."""

    name: str
    role: str
    shape: str
    detail: str
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything on screen that does not change while the picture plays.

    trace None: there are more tiles than can be drawn, `problem` says so.
    """

    session: Session
    device: Device
    gemms: tuple[Gemm, ...]
    tiling: Tiling
    trace: Trace | None
    problem: str
    cells: Cells | None
    products: tuple[Product, ...]
    pass_text: str
    weights_text: str
    facts: tuple[FactGroup, ...]

    @property
    def gemm(self) -> Gemm:
        """The product looked at."""
        return self.tiling.gemm

    @property
    def flop(self) -> int:
        """FLOP of one pass, products only."""
        return sum(gemm.flop for gemm in self.gemms)


def resolve(session: Session) -> Snapshot:
    """The snapshot of a session; raises InputError for an unknown device."""
    device = read_device(session.device)
    gemms = lower(session.network, session.batch, session.training)
    tilings = tuple(tile_product(gemm, device, session.tile) for gemm in gemms)
    tiling = tilings[session.product]
    trace, problem = _trace(tiling, device, session.dtype)
    return Snapshot(
        session=session,
        device=device,
        gemms=gemms,
        tiling=tiling,
        trace=trace,
        problem=problem,
        cells=cells_of(session.network, session.batch, tiling.gemm),
        products=_products(tilings, device, session.dtype),
        pass_text=_pass_text(session, gemms),
        weights_text=_weights_text(session),
        facts=_facts(tiling, device, session.dtype),
    )


@functools.lru_cache(maxsize=4)
def _trace(tiling: Tiling, device: Device, dtype: str) -> tuple[Trace | None, str]:
    try:
        return schedule(tiling, device, dtype), ""
    except InputError as error:
        return None, str(error)


def _products(tilings: tuple[Tiling, ...], device: Device, dtype: str) -> tuple[Product, ...]:
    most = max(tiling.gemm.flop for tiling in tilings)
    return tuple(
        Product(
            name=tiling.gemm.name,
            role=tiling.gemm.role,
            shape=units.shape(tiling.gemm.m, tiling.gemm.n, tiling.gemm.k),
            detail=_least_time(tiling, device, dtype),
            share=tiling.gemm.flop / most,
        )
        for tiling in tilings
    )


def _least_time(tiling: Tiling, device: Device, dtype: str) -> str:
    alone, clock = tile_time(tiling, device, dtype)
    return model_time(alone * tiling.tiles_in_series, clock)


def _pass_text(session: Session, gemms: tuple[Gemm, ...]) -> str:
    kind = "training pass" if session.training else "forward pass"
    total = units.flop(sum(gemm.flop for gemm in gemms))
    n = len(session.network.layers)
    other = f"inference would be {n}" if session.training else f"training would be {3 * n - 1}"
    return f"one {kind} · {units.plural(len(gemms), 'product')} · {total} · {other}"


def _weights_text(session: Session) -> str:
    network = session.network
    size = units.size(network.parameters * BYTES[session.dtype])
    count = f"{units.count(network.weights)} weights"
    return f"{count} · {size} with biases in {session.dtype}"


def _facts(tiling: Tiling, device: Device, dtype: str) -> tuple[FactGroup, ...]:
    return (
        _product_facts(tiling.gemm, dtype),
        _tiling_facts(tiling, device),
        _time_facts(tiling, device, dtype),
    )


def _product_facts(gemm: Gemm, dtype: str) -> FactGroup:
    a, b, c = gemm.m * gemm.k, gemm.k * gemm.n, gemm.m * gemm.n
    size = BYTES[dtype]
    names = {"forward": ("X", "W", "Y"), "dgrad": ("dZ", "Wᵀ", "dX"), "wgrad": ("Xᵀ", "dZ", "dW")}
    matrices = zip(names[gemm.role], (a, b, c), strict=True)
    return FactGroup(
        f"{gemm.name} · {gemm.role}",
        "computed",
        (
            Fact("m · n · k", units.shape(gemm.m, gemm.n, gemm.k), "rows · columns · terms a cell"),
            Fact("FLOP", units.flop(gemm.flop), "2·m·n·k: a multiplication and an addition a term"),
            *(Fact(f"{name} in {dtype}", units.size(n * size)) for name, n in matrices),
            Fact(
                "intensity",
                f"{units.sig(gemm.flop / (size * (a + b + c)))} FLOP/B",
                "FLOP over the bytes of the three matrices, each moved once",
            ),
        ),
    )


def _tiling_facts(tiling: Tiling, device: Device) -> FactGroup:
    unit = device.unit
    exact = tiling.tiles / tiling.slots
    idle = units.percent(1 - tiling.wave_efficiency)
    waste = units.percent(1 - tiling.tile_efficiency)
    return FactGroup(
        "Tiling",
        "modelled",
        (
            Fact(
                "tile", units.shape(*tiling.tile), "cells along m × along n, computed by one unit"
            ),
            Fact(
                "tiles",
                f"{units.shape(tiling.tiles_m, tiling.tiles_n)} = {units.group(tiling.tiles)}",
            ),
            Fact(f"{unit}s", units.group(tiling.units)),
            Fact(
                f"tiles per {unit}",
                str(tiling.resident),
                f"resident on one {unit} at the same time",
            ),
            Fact("slots", units.group(tiling.slots), f"{unit}s × tiles per {unit}"),
            Fact(
                "waves",
                f"{units.sig(exact)} → {units.group(tiling.waves)}",
                "tiles over slots, rounded up",
            ),
            Fact(
                "k-steps per tile",
                units.shape(tiling.k_steps, tiling.k_step),
                "steps × terms of k a step",
            ),
            Fact(
                "past the edge",
                waste,
                "cells computed that nobody wants",
                tiling.tile_efficiency < 0.95,
            ),
            Fact(
                f"{unit}s idle",
                idle,
                "share of the units' time without a tile",
                tiling.wave_efficiency < 0.95,
            ),
        ),
    )


def _time_facts(tiling: Tiling, device: Device, dtype: str) -> FactGroup:
    peak = device.peak(dtype)
    least = _least_time(tiling, device, dtype)
    if peak is None:
        no_peak = "none, no clock" if device.kind == "lanes" else units.NO_DATA
        return FactGroup("Time", "modelled", (Fact("steps", least), Fact(f"peak {dtype}", no_peak)))
    return FactGroup(
        "Time",
        "modelled",
        (
            Fact("at least", least, "every SM at its datasheet peak; nothing reaches it"),
            Fact(f"peak {dtype}", units.rate(peak), device.source),
        ),
    )
