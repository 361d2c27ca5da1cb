"""The snapshot quantities are computed of, and what comes of one: a value, no data, or a wish."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property

from mmviz.core.learning.descent import Recipe
from mmviz.core.memory.fit import price_within
from mmviz.core.provenance import Kind
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.setup import Pass, Setup
from mmviz.core.time.timed import clocked, timed
from mmviz.errors import InputError
from mmviz.files.lessons.format import Changes, Moment
from mmviz.state.derived import device_known
from mmviz.state.facts import Facts
from mmviz.state.learn.course import Course, alike
from mmviz.state.lessons.stage import Stage, changed
from mmviz.state.picture.cells import Cells, cells_of, missing
from mmviz.state.session import setup_of
from mmviz.text import N_, Text

Item = Hashable
"""One of a set that is clicked on, see `quantities`: a cell (row, column), a unit, …"""

Value = bool | int | float | str | frozenset[Item]

KINDS: tuple[Kind, ...] = ("computed", "modelled", "recorded", "measured", "estimated")
"""From the surest on: what is made of two is of the later kind."""

NEAR = 1e-3  # of a wave or a step before its end: all of it is computing, nothing is done yet


@dataclass(frozen=True, slots=True)
class Found:
    """What an expression comes to. unit: how its number is said, see `saying`."""

    value: Value
    kind: Kind = "computed"
    unit: str = ""


class NoData(Exception):  # noqa: N818  # no error: it is said on the card
    """There is no such value in this session; `why` says so."""

    def __init__(self, why: str | Text, **values: object) -> None:
        self.why = why if isinstance(why, Text) else Text(why, **values)
        super().__init__(str(self.why))


@dataclass(frozen=True, slots=True)
class Timing:
    """A wish: time these batches of a pass with these backends, for `seconds` each."""

    of: Pass
    batches: tuple[int, ...]
    backends: tuple[str, ...]
    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Teaching:
    """A wish: teach a network so many steps, from drawings mmviz makes of that seed."""

    network: Network
    recipe: Recipe
    steps: int

    def answers(self, course: Course) -> bool:
        """Whether that course is this one, and over."""
        plan = course.plan
        same = alike(plan.network, self.network) and plan.recipe == self.recipe
        return same and plan.steps == self.steps and course.doing == "over"


Request = Timing | Teaching
"""What somebody has to find out before a value is known: the answer to a Timing comes as a run
among the facts, that to a Teaching as a Course."""


class Wanted(Exception):  # noqa: N818  # no error: it is found out and asked for again
    """A value that is measured, and was not yet."""

    def __init__(self, request: Request) -> None:
        self.request = request
        super().__init__(repr(request))


@dataclass(frozen=True, eq=False)
class Here:
    """A stage and what is known, with what follows from both, each worked out when asked for.

    begun: the stage the step began with, where it is another one. courses: what was taught for it.
    """

    stage: Stage
    facts: Facts = field(default_factory=Facts)
    begun: Stage | None = None
    courses: tuple[Course, ...] = ()

    def changed(self, changes: Changes) -> Here:
        """With changes nobody sees; raises InputError."""
        return replace(self, stage=changed(self.stage, changes)) if changes else self

    @cached_property
    def setup(self) -> Setup:
        session = self.stage.session
        return setup_of(session, device_known(session, self.facts))

    @cached_property
    def gemms(self) -> tuple[Gemm, ...]:
        """The products of the pass."""
        return self.setup.gemms()

    @cached_property
    def pass_cost(self) -> PassCost:
        return price_within(self.setup)

    @property
    def timed(self) -> Pass:
        """What of it a clock sees."""
        return self.setup.timed

    @property
    def network(self) -> Network:
        """Its layers; raises InputError for a list of products."""
        return self.stage.session.layered

    def product(self, named: str = "") -> int:
        """The place of a product by its name and role ("fc8", "layer 1 wgrad"), else by its role
        and the number of its layer ("wgrad 1"); "" for the one shown. Raises NoData.
        """
        if not named:
            return self.stage.session.product
        for at, gemm in enumerate(self.gemms):
            names = {f"{gemm.name} {gemm.role}", f"{gemm.role} {gemm.layer + 1}"}
            if named in names or (named == gemm.name and not gemm.backward):
                return at
        raise NoData(N_("no product is called {name!r:.60}"), name=named)

    def gemm(self, named: str = "") -> Gemm:
        return self.gemms[self.product(named)]

    def cost(self, named: str = "") -> Cost:
        return self.pass_cost.costs[self.product(named)]

    @cached_property
    def trace(self) -> Trace:
        """The modelled schedule of the product shown; raises NoData."""
        return self.trace_of(self.cost())

    def trace_of(self, cost: Cost) -> Trace:
        try:
            device = clocked(cost, self.setup.device)
            return timed(cost.tiling, device, self.setup.dtype, cost.computing_s)
        except InputError as error:
            raise NoData(error.cause) from None

    @property
    def share(self) -> float:
        """Where the picture stands, 0 … 1 of the product's time."""
        return share_of(self.stage.at, self.trace)

    @property
    def frame(self) -> Frame:
        """The picture there."""
        return self.trace.at(self.share * self.trace.duration)

    @cached_property
    def cells(self) -> Cells:
        """The numbers of the product shown; raises NoData."""
        session = self.stage.session
        found = cells_of(session.network, session.batch, self.gemm())
        if found is None:
            raise NoData(missing(session.network, session.batch))
        return found


def share_of(moment: Moment, trace: Trace) -> float:
    """A place in time as a share of the product's: just before a wave or a step is over."""
    if moment.by == "share":
        return moment.value
    if moment.by == "wave":
        wave = min(int(moment.value) or trace.waves, trace.waves)
        start, end = trace.wave_start(wave), trace.wave_start(wave + 1)
        return (end - NEAR * (end - start)) / trace.duration
    step = trace.k_step_time(1)
    end = step * moment.value if moment.value else trace.duration
    return min(end / trace.duration, 1.0)
