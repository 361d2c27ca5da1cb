"""Session and Facts -> Derived: every number the window shows, derived once and frozen."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from mmviz.core.device.body import Noun
from mmviz.core.device.device import Device
from mmviz.core.memory.fit import price_within
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace, alike
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.core.time.timed import clocked, timed
from mmviz.errors import InputError
from mmviz.state.facts import Facts
from mmviz.state.picture.pass_timeline import PassTimeline, pass_timeline
from mmviz.state.recording.units import units_of
from mmviz.state.session import Session, device_of, setup_of
from mmviz.text import NOTHING, Text

Made = dict[Hashable, Trace]
"""Schedules by `shape_of`."""


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """Everything on screen that does not change while the picture plays.

    trace None: there are more tiles than can be drawn, `problem` says so; it lasts as long as is
    predicted, launch not included, but for an array, which counts cycles. Where the session asks
    for the recorded schedule and there is one it is that, as long as it took.
    """

    session: Session
    setup: Setup
    trace: Trace | None
    problem: Text
    timeline: PassTimeline
    pass_cost: PassCost
    facts: Facts

    @property
    def device(self) -> Device:
        return self.setup.device

    @property
    def gemms(self) -> tuple[Gemm, ...]:
        """The products of the pass, in their order."""
        return self.pass_cost.gemms

    @property
    def tiling(self) -> Tiling:
        """Of the product looked at."""
        return self.cost.tiling

    @property
    def recording(self) -> Recording | None:
        """The last one of this very pass, shown or not; None where there is none."""
        return self.facts.recording_of(self.setup.timed)

    @property
    def recorded(self) -> Recorded | None:
        """The product looked at as it ran, where that is what the trace shows."""
        return _recorded(self.session, self.setup, self.facts)

    @property
    def shown(self) -> Tiling:
        """How the product looked at is cut in the schedule that is shown."""
        recorded = self.recorded
        return self.tiling if recorded is None else recorded.trace.tiling

    @property
    def has_recorded(self) -> bool:
        """Whether the product looked at can be shown as it ran."""
        return (
            _recorded(replace(self.session, schedule="recorded"), self.setup, self.facts)
            is not None
        )

    @property
    def noun(self) -> Noun:
        """What a unit of the trace is called."""
        recorded, recording = self.recorded, self.recording
        if recorded is None or recording is None:
            return self.device.noun
        return units_of(recording, recorded)

    @property
    def sampled(self) -> bool:
        """Whether the schedule that is shown lacks some of the tiles that ran."""
        recorded = self.recorded
        return recorded is not None and recorded.sampled

    @property
    def costs(self) -> tuple[Cost, ...]:
        """Of all products, in the order of gemms."""
        return self.pass_cost.costs

    @property
    def cost(self) -> Cost:
        """Of the product looked at."""
        return self.costs[self.session.product]

    @property
    def gemm(self) -> Gemm:
        """The product looked at."""
        return self.tiling.gemm

    @property
    def typical(self) -> float:
        """The mean time of the products: one pace for all, so that short ones are short.

        In the clock of the trace, which may be another than that of the pass.
        """
        mean = self.timeline.total / sum(gemm.count for gemm in self.gemms)
        if self.trace is None or self.trace.clock == self.timeline.clock:
            return mean
        shown = self.timeline.products[self.session.product]
        return mean * self.trace.duration * shown.count / shown.duration

    @property
    def flop(self) -> int:
        """FLOP of one pass, products only."""
        return sum(gemm.total_flop for gemm in self.gemms)


def device_known(session: Session, facts: Facts) -> Device:
    """Its device as edited, else as it was read; raises InputError where it was not and is gone."""
    return session.edited or facts.devices.get(session.device) or device_of(session)


def derive(
    session: Session,
    facts: Facts | None = None,
    before: Derived | None = None,
    made: Made | None = None,
) -> Derived:
    """What follows from a session and what is known; raises InputError for an unknown device.

    A device that is not among the facts is read. What `before` has of the same setup is taken over.
    made: schedules of this setup by their shapes, to take one from, and to be filled.
    """
    known = Facts() if facts is None else facts
    device = device_known(session, known)
    setup = setup_of(session, device)
    if before is not None and before.setup == setup:
        pass_cost, timeline = before.pass_cost, before.timeline
    else:
        pass_cost = price_within(setup)
        timeline = _timeline(setup, pass_cost)
    trace, problem = _trace(session, setup, pass_cost, known, before, made)
    return Derived(
        session=_picking(session, trace),
        setup=setup,
        trace=trace,
        problem=problem,
        timeline=timeline,
        pass_cost=pass_cost,
        facts=known,
    )


def _timeline(setup: Setup, pass_cost: PassCost) -> PassTimeline:
    device, tilings = setup.device, [one.tiling for one in pass_cost.costs]
    if not pass_cost.priced.held:
        steps = clocked(pass_cost.costs[0], device)
        return replace(pass_timeline(tilings, steps, setup.dtype, None), lacks=pass_cost.basis)
    return pass_timeline(tilings, device, setup.dtype, device.launch_s, pass_cost.costs)


def _picking(session: Session, trace: Trace | None) -> Session:
    """Without what is picked out where another schedule has no such row, unit or wave."""
    picked = session.selection
    if picked is None or trace is None:
        return session
    counts = {"tile": len(trace), "unit": trace.tiling.units, "wave": trace.waves + 1}
    return session if picked.index < counts[picked.kind] else replace(session, selection=None)


def shape_of(cost: Cost) -> Hashable:
    """Products of one setup that have it in common have a schedule in common."""
    tiling, gemm = cost.tiling, cost.tiling.gemm
    return gemm.m, gemm.n, gemm.k, tiling.tile, tiling.parts, cost.computing_s


def tiling_of(session: Session, device: Device) -> Tiling:
    """How the product looked at is cut, without a price for the whole pass; raises InputError."""
    setup = setup_of(session, device)
    return price_gemms((setup.gemms()[session.product],), setup).costs[0].tiling


def _trace(
    session: Session,
    setup: Setup,
    pass_cost: PassCost,
    facts: Facts,
    before: Derived | None,
    made: Made | None,
) -> tuple[Trace | None, Text]:
    """The schedule of the product, recorded where one was and is asked for; why there is none."""
    product, recorded = session.product, _recorded(session, setup, facts)
    if recorded is not None:
        return recorded.trace, NOTHING
    if (
        before is not None
        and before.pass_cost is pass_cost
        and before.session.product == product
        and before.recorded is None
    ):
        return before.trace, before.problem
    cost = pass_cost.costs[product]
    shape = shape_of(cost)
    if made is not None and shape in made:
        return alike(made[shape], cost.tiling), NOTHING
    try:
        device = clocked(cost, setup.device)
        trace = timed(cost.tiling, device, setup.dtype, cost.computing_s)
        if made is not None:
            made[shape] = trace
        return trace, NOTHING
    except InputError as error:
        return None, error.cause


def _recorded(session: Session, setup: Setup, facts: Facts) -> Recorded | None:
    """The product looked at as it ran, where that was recorded and is asked for."""
    if session.schedule != "recorded" or not facts.recordings:
        return None
    found = facts.recording_of(setup.timed)
    if found is None or session.product >= len(found.products):
        return None
    recorded = found.products[session.product]
    return recorded if recorded.placed else None
