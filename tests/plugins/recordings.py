"""Recordings for tests: what a model says happens, as if it had been recorded, with noise on it."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device, Tile
from mmviz.core.recording.recording import RECORDED, Recorded, Recording, Spent
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.time.timed import timed
from mmviz.files.devices import read_device
from mmviz.text import Text

# Made: so few units that a small product takes several waves.
FOUR = Device(
    "four", "Four made units", Gpu(), 4, ((64, 64),), resident=((1, 2),), k_step=32,
    peaks=(("float32", 4e12),), bandwidth=2e12,
)  # fmt: skip


def product(m: int, n: int, k: int) -> Products:
    return Products(f"{m}x{n}x{k}", (Gemm(f"{m}x{n}x{k}", "product", m, n, k),))


def shaken(trace: Trace, noise: float, seed: int = 0) -> Trace:
    """The trace with every tile longer or shorter by about `noise`; each unit goes on in its order,
    with as many tiles at once as it may hold.
    """
    rng = np.random.default_rng(seed)
    took = (trace.end - trace.start) * np.exp(rng.normal(0, noise, len(trace)))
    free = {unit: [0.0] * trace.tiling.resident for unit in range(trace.tiling.units)}
    start = np.empty(len(trace))
    for row, (unit, lasts) in enumerate(zip(trace.unit.tolist(), took.tolist(), strict=True)):
        start[row] = heapq.heappop(free[unit])
        heapq.heappush(free[unit], start[row] + lasts)
    order = np.argsort(start, kind="stable")
    return Trace(
        trace.tiling,
        trace.m[order],
        trace.n[order],
        trace.unit[order],
        start[order],
        (start + took)[order],
        trace.clock,
        RECORDED,
        None if trace.k0 is None else trace.k0[order],
        None if trace.k1 is None else trace.k1[order],
    )


def recorded(trace: Trace, unit: str = "core", begun_s: float = 0.0, **more: object) -> Recorded:
    """A product as `trace` has it, whoever made that."""
    units = tuple(Text("{unit} {n:d}", unit=unit, n=n) for n in range(trace.tiling.units))
    made = {
        "begun_s": begun_s,
        "wall_s": 1.02 * trace.duration if trace.clock == "s" else None,
        "cores": trace.unit.astype(np.int32),
        "error": 3.1e-7,
        "spent": Spent(trace.duration / 1.08, trace.duration / 1.005, trace.duration, 9),
    }
    return Recorded(replace(trace, provenance=RECORDED), units, **{**made, **more})


def recording(
    workload: Workload | None = None,
    device: str | Device = "v100",
    batch: int = 1,
    training: bool = False,
    tile: Tile | None = None,
    order: str | None = None,
    noise: float = 0.05,
    seed: int = 0,
    **more: object,
) -> Recording:
    """A whole pass as a device's model has it, shaken: the products one after the other."""
    workload = from_widths((96, 64, 10)) if workload is None else workload
    found = read_device(device) if isinstance(device, str) else device
    setup = Setup(workload, found, batch, training, "float32", tile, order)
    products, begun = [], 0.0
    for number, cost in enumerate(price(setup).costs):
        trace = timed(cost.tiling, found, setup.dtype, cost.computing_s)
        one = recorded(shaken(trace, noise, seed + number), begun_s=begun)
        products.append(one)
        begun += one.wall_s or 0.0
    made = {
        "by": "cpu-tiles",
        "order": "static",
        "machine": "a made machine",
        "when": 1_700_000_000.0,
        "timer_s": 5e-8,
        "command": "mmviz trace 96-64-10 --record cpu-tiles -o made.npz",
        "facts": {"numpy": "2.0"},
    }
    return Recording(setup.timed, products=tuple(products), **{**made, **more})


def recording_as(setup: Setup, trace: Trace) -> Recording:
    """The first product of a pass as its modelled trace has it, to the last digit."""
    return Recording(setup.timed, "cpu-tiles", "static", (recorded(trace),))
