"""What the sweep's panel shows: what is to be priced, and what the priced sweep is drawn with."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.device.device import Device, Tile
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Points, Sweep
from mmviz.errors import InputError
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.derived import Derived
from mmviz.state.facts import Timed
from mmviz.state.offers import ALONE, Offer, time_offers
from mmviz.state.snapshot import Part
from mmviz.state.sweep.chart import NO_PINS, Pins, SweepChart, curves_of
from mmviz.state.sweep.choice import SweepChoice, settled
from mmviz.state.sweep.points import measured_at, now_at, pins_at, points_for
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.products import layer_name


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
    of this sweep.
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

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What would bring times, where nothing is predicted."""
        if self.question is not None:
            return time_offers(self.question.device, self.question.dtype)
        return () if self.layers else (ALONE,)

    def chart(self, found: Sweep) -> SweepChart:
        """The priced question, drawn as chosen, with what was measured."""
        curves = curves_of(found, self.measured)
        dtype = "" if self.question is None else self.question.dtype
        look = self.choice.value, self.choice.log_x
        return SweepChart(found, self.device, dtype, self.budget_s, curves, *look, self.pins)


def sweep_view(
    setup: Setup, choice: SweepChoice, budget_s: float | None, runs: tuple[Timed, ...]
) -> SweepView:
    """The view; a range that makes no sense for the setup is said in it."""
    here = setup.device.id == THIS_MACHINE
    device = Text(N_("this machine")) if here else own(setup.device.name)
    own_layers = setup.workload.layers
    layers = tuple(layer_name(own_layers, index) for index in range(len(own_layers)))
    of = setup.timed
    try:
        choice = settled(choice, of)
        points = points_for(of, choice)
    except InputError as error:
        return SweepView(choice, layers, None, error.cause, None, NO_PINS, device, budget_s, ())
    return SweepView(
        choice,
        layers,
        Question.of(points, setup),
        NOTHING,
        now_at(points, of),
        pins_at(points, choice),
        device,
        budget_s,
        measured_at(points, setup.dtype, runs),
    )


def _needs(derived: Derived) -> tuple[Any, ...]:
    session = derived.session
    return derived.setup, session.sweep, session.budget_s, derived.facts.runs


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
