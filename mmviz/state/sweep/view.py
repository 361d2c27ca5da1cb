"""What the sweep's panel shows: what is to be priced, and what the priced sweep is drawn with."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.device.device import Device, Tile
from mmviz.core.time.setup import Pass, Setup
from mmviz.core.time.sweep import Points, Sweep
from mmviz.errors import InputError
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.clock.view import machine_of
from mmviz.state.derived import Derived
from mmviz.state.facts import Sweeping, Timed
from mmviz.state.offers import ALONE, Offer, time_offers
from mmviz.state.snapshot import Part
from mmviz.state.sweep.chart import NO_PINS, Pins, SweepChart, suits_logarithms
from mmviz.state.sweep.choice import BATCH, SweepChoice, settled
from mmviz.state.sweep.curves import curves_of
from mmviz.state.sweep.measuring import Crossings, batches_of, crossings
from mmviz.state.sweep.points import measured_at, now_at, pins_at, points_for
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.products import layer_name

UNTIMED = Text(N_("only a sweep over the batch is timed here; mmviz sweep times widths, too"))


@dataclass(frozen=True, slots=True)
class Question:
    """Points to be priced, and how; two are equal where their prices are."""

    points: Points = field(compare=False)
    device: Device
    dtype: str
    tile: Tile | None
    order: str | None
    passes: Hashable
    """What of the points the prices depend on."""

    @classmethod
    def of(cls, points: Points, setup: Setup) -> Question:
        """The points, priced as the setup is."""
        return cls(points, setup.device, setup.dtype, setup.tile, setup.order, _passes(points))

    @property
    def setup(self) -> Setup:
        """How the points are priced."""
        network, training = self.points.network, self.points.training
        return Setup(network, self.device, 1, training, self.dtype, self.tile, self.order)


@dataclass(frozen=True, slots=True, eq=False)
class SweepView:
    """choice: settled, with a layer and ranges; of a list of products as it is, and then nothing
    can be chosen. layers: their names. question None: `missing` says why nothing is priced.

    now: the point the session is at. pins: those of A and B. measured: what runs found at points
    of this sweep. here: this machine as it was calibrated. sweeping: a run over its batches that
    is on. untimed: why none can be begun, NOTHING where one can.
    """

    choice: SweepChoice
    layers: tuple[Text, ...]
    question: Question | None
    missing: Text
    now: int | None
    pins: Pins
    device: Text
    budget_s: float | None
    measured: tuple[MeasuredPoint, ...]
    of: Pass
    here: Device | None = None
    sweeping: Sweeping | None = None

    @property
    def untimed(self) -> Text:
        """Why no sweep can be timed here, NOTHING where one can."""
        if self.question is None:
            return self.missing
        return NOTHING if self.choice.axis == BATCH else UNTIMED

    @property
    def crossings(self) -> Crossings:
        """What the measured curves say of each other and of the budget."""
        return crossings(self.measured, self.budget_s)

    def batches(self, found: Sweep | None) -> tuple[int, ...]:
        """What a measured sweep times, () where there is none. found: what is predicted."""
        if self.untimed:
            return ()
        return batches_of(self.choice, self.of, self.crossings, found, self.budget_s)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What would bring times, where nothing is predicted."""
        if self.question is not None:
            return time_offers(self.question.device, self.question.dtype)
        return () if self.layers else (ALONE,)

    def chart(self, found: Sweep) -> SweepChart:
        """The priced question, drawn as chosen, with what was measured."""
        dtype = "" if self.question is None else self.question.dtype
        curves = curves_of(found, self.measured, dtype, self.here)
        look = self.choice.value, bool(self.choice.log_x)
        timing = None if self.sweeping is None else self.sweeping.batch
        chart = SweepChart(
            found, self.device, dtype, self.budget_s, curves, *look, self.pins, timing=timing
        )
        if self.choice.log_x is None and suits_logarithms(chart):
            return replace(chart, log_x=True)
        return chart


def sweep_view(
    setup: Setup,
    choice: SweepChoice,
    budget_s: float | None,
    runs: tuple[Timed, ...],
    sweeping: Sweeping | None = None,
    here: Device | None = None,
) -> SweepView:
    """The view; a range that makes no sense for the setup is said in it.

    sweeping: a run that is on; here: this machine, None where it was not looked at.
    """
    is_here = setup.device.id == THIS_MACHINE
    device = Text(N_("this machine")) if is_here else own(setup.device.name)
    own_layers = setup.workload.layers
    layers = tuple(layer_name(own_layers, index) for index in range(len(own_layers)))
    of = setup.timed
    try:
        choice = settled(choice, of)
        points = points_for(of, choice)
    except InputError as error:
        missing = None, error.cause, None, NO_PINS
        return SweepView(choice, layers, *missing, device, budget_s, (), of)
    if sweeping is not None and replace(sweeping.so_far.of, batch=of.batch) != of:
        sweeping = None  # it is of another pass
    known = runs if sweeping is None else (*runs, sweeping.so_far)
    return SweepView(
        choice,
        layers,
        Question.of(points, setup),
        NOTHING,
        now_at(points, of),
        pins_at(points, choice),
        device,
        budget_s,
        measured_at(points, setup.dtype, known),
        of,
        setup.device if is_here else here,
        sweeping,
    )


def _needs(derived: Derived) -> tuple[Any, ...]:
    session, facts = derived.session, derived.facts
    runs = facts.runs if facts.opened is None else (*facts.runs, facts.opened)
    here = machine_of(facts)
    return derived.setup, session.sweep, session.budget_s, runs, facts.sweeping, here


SWEEP = Part("sweep", _needs, sweep_view)


def _passes(points: Points) -> Hashable:
    widths = None if points.widths is None else points.widths.tobytes()
    sides = tuple(
        (0 if i == points.layer else layer.units, layer.activation)
        for i, layer in enumerate(points.network.layers)
    )
    inputs, batches = points.network.inputs, points.batches.tobytes()
    return inputs, sides, points.training, points.layer, widths, batches


def alike(one: Points, other: Points) -> bool:
    """Whether the chart of one may stand until the other is priced: the same axes and points."""
    return (
        one.layer == other.layer
        and len(one) == len(other)
        and bool((one.batches == other.batches).all())
    )
