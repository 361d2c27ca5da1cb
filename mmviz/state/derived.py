"""Session -> Derived: every number and text the window shows, derived and frozen."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.time.timed import timed
from mmviz.errors import InputError
from mmviz.state.facts import Facts
from mmviz.state.picture.pass_timeline import PassTimeline, pass_timeline
from mmviz.state.session import Session, device_of, setup_of
from mmviz.text import NOTHING, Text


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """Everything on screen that does not change while the picture plays.

    trace None: there are more tiles than can be drawn, `problem` says so; it lasts as long as is
    predicted, launch not included, but for an array, which counts cycles.
    """

    session: Session
    device: Device
    gemms: tuple[Gemm, ...]
    tiling: Tiling
    trace: Trace | None
    problem: Text
    timeline: PassTimeline
    pass_cost: PassCost
    facts: Facts

    @property
    def setup(self) -> Setup:
        """What is priced and timed."""
        return setup_of(self.session, self.device)

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


def derive(session: Session, facts: Facts | None = None) -> Derived:
    """What follows from a session and what is known; raises InputError for an unknown device.

    A device that is not among the facts is read.
    """
    known = Facts() if facts is None else facts
    device = session.edited or known.devices.get(session.device) or device_of(session)
    found = _pass(setup_of(session, device))
    cost = found.cost.costs[session.product]
    tiling = cost.tiling
    trace, problem = _trace(tiling, device, session.dtype, cost.computing_s)
    if known.recordings:
        key = setup_of(session, device), session.product
        trace = known.recordings.get(key, trace)
    return Derived(
        session=session,
        device=device,
        gemms=found.cost.gemms,
        tiling=tiling,
        trace=trace,
        problem=problem,
        timeline=found.timeline,
        pass_cost=found.cost,
        facts=known,
    )


def price_of(setup: Setup) -> PassCost:
    """The cost of a pass alone."""
    return _pass(setup).cost


@dataclass(frozen=True, slots=True, eq=False)
class _Pass:
    """What is the same for every product looked at."""

    cost: PassCost
    timeline: PassTimeline


# Of a list of thousands it takes longer than a frame, and most changes leave it as it is.
@functools.lru_cache(maxsize=4)
def _pass(setup: Setup) -> _Pass:
    cost, device = price(setup), setup.device
    tilings = [one.tiling for one in cost.costs]
    timeline = pass_timeline(tilings, device, setup.dtype, device.launch_s, cost.costs)
    return _Pass(cost, timeline)


@functools.lru_cache(maxsize=4)
def _trace(
    tiling: Tiling, device: Device, dtype: str, computing_s: float | None
) -> tuple[Trace | None, Text]:
    try:
        return timed(tiling, device, dtype, computing_s), NOTHING
    except InputError as error:
        return None, error.cause
