"""On which race the window opens: one in which a difference is seen, and may be called one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from mmviz.core.device.body import CYCLE
from mmviz.core.memory.fit import held
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.time.cost import PassCost
from mmviz.core.time.price import price_gemms
from mmviz.core.verdict import Figure, judge
from mmviz.state.ahead import pass_is_long, rows_drawn
from mmviz.state.peak.advice import FEW
from mmviz.state.race.figures import count_error
from mmviz.state.race.race import Race
from mmviz.state.race.ready_made import About, ReadyMade, ready_made
from mmviz.state.session import Session, device_of, setup_of

_Seen = Literal["", "unknown", "decided"]
SEEN = 0.05  # of the longer time: a smaller difference is not seen in two bars
PREFERRED: tuple[About, ...] = ("one more", "advice", "devices", "GPUs", "whole waves")
"""The first of these that is seen; of "one more" where it opens a wave."""
ON_LANES: tuple[About, ...] = ("one more", "lanes", "whole waves", "advice", "devices", "GPUs")
"""The same where the session is on lanes, which teach."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The race, and which of the ready-made ones it is."""

    made: ReadyMade
    race: Race


def opening(session: Session) -> Opening:
    """The race to open on, first of those in which this device runs: one that is decided, of the
    product looked at or else of the whole pass, else one whose error is not known, else any.
    """
    found = ready_made(session)
    preferred = PREFERRED if device_of(session).body.has_clock else ON_LANES
    wanted = [made for about in preferred for made in found if made.about == about]
    others = [made for made in found if made not in wanted]
    few = session.products <= FEW  # a pass of more takes more than a frame to be priced
    made_of = [[Opening(made, made.make(session)) for made in races] for races in (wanted, others)]
    own, foreign = (
        [[one for one in races if _runs(session, one) == runs] for races in made_of]
        for runs in (True, False)
    )
    for single in (*own, *foreign):
        whole = [replace(one, race=replace(one.race, whole_pass=True)) for one in single if few]
        for kind, candidates in (("decided", single), ("decided", whole), ("unknown", single)):
            for one in candidates:
                if _seen(one) == kind:
                    return one
    return Opening(found[0], found[0].make(session))


def _runs(session: Session, one: Opening) -> bool:
    """Whether the session's device is on one of the sides."""
    return session.device in (one.race.left.device, one.race.right.device)


def _seen(one: Opening) -> _Seen:
    """Whether its bars are seen to differ, and whether that decides it."""
    race = one.race
    sides = [_Known(side, race.whole_pass) for side in (race.left, race.right)]
    left, right = sides
    if race.whole_pass and (left.products == 1 or left.long or right.long):
        return ""
    if one.made.about == "one more" and left.waves >= right.waves:
        return ""
    if not (left.drawn and right.drawn):
        return ""
    times = _times(left, right)
    if times is None:
        return ""
    each = [time.per(side.batch) for time, side in zip(times, (race.left, race.right), strict=True)]
    verdicts = judge(*times), judge(*each)
    if any(1 - verdict.share < SEEN or verdict.why_none == "close" for verdict in verdicts):
        return ""
    return "decided" if all(verdict.better is not None for verdict in verdicts) else "unknown"


class _Known:
    """What is known of a side without its schedule: of the product looked at, or of all."""

    def __init__(self, side: Session, whole: bool) -> None:
        self.setup = setup = setup_of(side, device_of(side))
        gemms = setup.gemms()
        if side.network.layered is None:
            whole = False  # a list is no pass
        self.products = len(gemms) if whole else 1
        shown = gemms if whole else (gemms[side.product],)
        self.cost: PassCost = held(price_gemms(shown, setup), setup)

    @property
    def long(self) -> bool:
        """Whether its schedules take longer to make than a window may stand still."""
        return pass_is_long(self.setup)

    @property
    def drawn(self) -> bool:
        return self.cost.priced.held and all(rows_drawn(cost.tiling) for cost in self.cost.costs)

    @property
    def waves(self) -> int:
        return self.cost.waves

    @property
    def predicted(self) -> Figure | None:
        seconds = self.cost.predicted_s
        return None if seconds is None else Figure(seconds, self.cost.error)

    @property
    def counted(self) -> Figure:
        """How long its schedules are, in what a step or a second of that device is everywhere."""
        steps = sum(self._steps(cost.tiling) for cost in self.cost.costs)
        return Figure(steps, count_error(self.setup.device))

    def _steps(self, tiling: Tiling) -> float:
        device = self.setup.device
        time, clock = tiling.order.duration(tiling, device, self.setup.dtype)
        if clock == "steps" and device.tick is not CYCLE and device.body.has_clock:
            time *= tiling.tile[0] * tiling.tile[1] * tiling.k_step
        return time


def _times(left: _Known, right: _Known) -> tuple[Figure, Figure] | None:
    """Of both; None where there is no common time."""
    if left.predicted is not None and right.predicted is not None:
        return left.predicted, right.predicted
    a, b = left.setup, right.setup
    same = a.device == b.device and a.dtype == b.dtype
    if not same and (a.device.body.has_clock or b.device.body.has_clock):
        return None
    return left.counted, right.counted
