"""The layer that is looked at, computed rung by rung: what is timed of it, and what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mmviz.backends.base import SOFTWARE
from mmviz.backends.webgpu.products import REGISTER, TILED
from mmviz.bench.gains import Gain, gains
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Run
from mmviz.core.learning.rungs import (
    RUNGS,
    Moment,
    Rung,
    RungId,
    Shape,
    reuse,
    toy,
    walk,
    with_block,
)
from mmviz.core.shapes.network import Network
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.facts import Timed
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words import rungs as words
from mmviz.words.names import spoken
from mmviz.words.verdict import too_close

SECONDS = 0.4
"""Of timing for each rung."""

SOFTWARE_FLOP = 2e8
"""Of a pass: a program of the CPU that behaves like a GPU would take seconds, or minutes, for more
(0.4 GFLOP/s in `wgpu:naive` on llvmpipe and two cores)."""

DTYPE = "float32"
MOST: Shape = (4, 5, 6)
"""Examples, neurons and inputs that are drawn at most."""

_LIST = Text(N_("A list of products has no layer: open a network to see one computed rung by rung"))
_UNTIMED = Text(N_("not timed yet"))
_LEFT_OUT = Text(N_("left out: software, no GPU, and a large layer"))


@dataclass(frozen=True, slots=True)
class RungView:
    """One rung. seconds: a pass, None where nothing was timed; about: an estimate. per: numbers
    loaded per multiply-add. moments: its way through the cells that are drawn. blocks: in which it
    is drawn, and in which it computes.
    """

    rung: Rung
    name: Text
    does: Text
    time: Text
    seconds: float | None
    about: bool
    faster: Text
    agrees: Text
    per: float
    loads: Text
    moments: tuple[Moment, ...]
    blocks: Text = NOTHING

    @property
    def told(self) -> Text:
        """All of it."""
        head = Text("{name}: {time}", name=self.name, time=self.time)
        faster = NOTHING
        if self.faster and self.faster != too_close():
            faster = Text(N_("{times} as fast as the slowest"), times=self.faster)
        return joined(
            (head, faster or self.faster, self.does, self.loads, self.blocks, self.agrees), "lines"
        )


@dataclass(frozen=True, slots=True)
class RungsView:
    """why: there is no layer, NOTHING where there is one. small: what is drawn of it. on: they are
    being timed. of: what the times are of, where that is another layer or batch.
    """

    why: Text = _LIST
    layer: Text = NOTHING
    arrays: Text = NOTHING
    drawn: Text = NOTHING
    small: Shape = (1, 1, 1)
    rungs: tuple[RungView, ...] = ()
    on: bool = False
    of: Text = NOTHING


def alone(network: Network, layer: int) -> Network:
    """One layer as a network of its own."""
    one = network.layers[layer]
    name = one.name or f"layer {layer + 1}"
    examples = network.examples if layer == 0 else None
    return Network(name, network.widths[layer], (one,), examples)


def plan_of(derived: Derived) -> tuple[Pass, BenchPlan]:
    """What is timed: every rung on the layer looked at; raises InputError for a list."""
    session = derived.session
    network = session.network.layered
    if network is None:
        raise InputError(_LIST)
    layer = alone(network, derived.gemm.layer)
    large = layer.lower(session.batch)[0].flop > SOFTWARE_FLOP
    software = any(
        entry.id == "wgpu" and entry.note == SOFTWARE for entry in derived.facts.backends
    )
    backends = tuple(rung.backend for rung in RUNGS if not (rung.gpu and large and software))
    plan = BenchPlan(
        network=layer, batches=(session.batch,), backends=backends, dtype=DTYPE, seconds=SECONDS
    )
    return Pass(layer, session.batch, DTYPE, False), plan


def rungs_view(
    network: Network | None,
    layer: int,
    batch: int,
    timed: Timed | None,
    on: bool,
    ids: tuple[RungId, ...] = (),
) -> RungsView:
    """The view of these rungs, () for all."""
    if network is None:
        return RungsView()
    one = alone(network, layer)
    shape = batch, one.layers[0].units, one.inputs
    small = min(shape[0], MOST[0]), min(shape[1], MOST[1]), min(shape[2], MOST[2])
    fits = timed is not None and timed.of == Pass(one, batch, DTYPE, False)
    runs = timed.results.runs if timed is not None and fits else ()
    of = NOTHING
    if timed is not None and not fits:
        said = N_("timed: {name} at batch {batch:group}, not what is looked at")
        of = Text(said, name=spoken(timed.of.workload.name), batch=timed.of.batch)
    chosen = [rung for rung in RUNGS if not ids or rung.id in ids]
    return RungsView(
        NOTHING,
        Text(N_("{name}, batch {batch:group}"), name=spoken(one.name), batch=batch),
        words.arrays(shape, one.layers[0].outputs),
        words.drawn(small, shape),
        small,
        tuple(_views(chosen, runs, shape, small)),
        on,
        of,
    )


def _views(
    chosen: Iterable[Rung], runs: tuple[Run, ...], shape: Shape, small: Shape
) -> Iterable[RungView]:
    by_id, times = {run.backend: run for run in runs}, gains(runs)
    missing = _LEFT_OUT if runs else _UNTIMED
    for rung in chosen:
        run = by_id.get(rung.backend)
        key = rung.backend, 0 if run is None else run.batch
        view = _view(rung, run, times.get(key), shape, small)
        yield view if view.time else replace(view, time=missing)


def _view(rung: Rung, run: Run | None, gain: Gain | None, shape: Shape, small: Shape) -> RungView:
    found = as_computed(rung, run)
    stats = None if run is None else run.stats
    return RungView(
        found,
        words.name(rung, run),
        words.does(rung),
        words.time(run),
        None if stats is None else stats.p50,
        run is not None and run.estimated,
        words.faster(gain),
        words.agrees(run),
        reuse(shape, found.block(shape)),
        _loads(found, shape),
        walk(toy(rung), small),
        NOTHING if rung.least else words.blocks(toy(rung).block(small), found.block(shape)),
    )


def as_computed(rung: Rung, run: Run | None) -> Rung:
    """The rung in the blocks its kernel took here, where that is known."""
    tile = run.tiles[0] if run is not None and run.tiles else None
    if tile is None or rung.id not in ("tiled", "register"):
        return rung
    return with_block(rung, (tile[0], tile[1]))


def _loads(rung: Rung, shape: Shape) -> Text:
    near = None
    if rung.id == "tiled":
        near = 1 / TILED.cell_m + 1 / TILED.cell_n
    elif rung.id == "register":
        block = rung.block(shape)
        kernel = next((one for one in REGISTER if (one.tm, one.tn) == block), REGISTER[0])
        near = 1 / kernel.cell_m + 1 / kernel.cell_n
    said = words.loaded(rung, shape, near)
    if rung.least:
        return joined((said, words.why_least()), "semicolons")
    return said


def needed(derived: Derived) -> tuple[object, ...]:
    """What `rungs_view` takes."""
    session, facts = derived.session, derived.facts
    return session.network.layered, derived.gemm.layer, session.batch, facts.rungs, facts.climbing
