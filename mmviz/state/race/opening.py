"""On which race the window opens: one in which a difference is seen, and may be called one."""

from __future__ import annotations

from typing import Literal

from mmviz.core.device.body import CYCLE
from mmviz.core.time.cost import Cost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.core.verdict import Figure, judge
from mmviz.state.ahead import rows_drawn
from mmviz.state.race.ready_made import About, ReadyMade, ready_made
from mmviz.state.session import Session, device_of, setup_of

_Seen = Literal["", "unknown", "decided"]
SEEN = 0.05  # of the longer time: a smaller difference is not seen in two bars
PREFERRED: tuple[About, ...] = ("one more", "advice", "devices", "GPUs", "whole waves")
"""The first of these that is seen; of "one more" where it opens a wave."""
ON_LANES: tuple[About, ...] = ("one more", "lanes", "whole waves", "advice", "devices", "GPUs")
"""The same where the session is on lanes, which teach."""


def opening(session: Session) -> ReadyMade:
    """The race to open on: one that is decided, else one whose error is not known, else any."""
    found = ready_made(session)
    preferred = PREFERRED if device_of(session).body.has_clock else ON_LANES
    wanted = [made for about in preferred for made in found if made.about == about]
    others = [made for made in found if made not in wanted]
    for races in (wanted, others):
        seen = [(made, _seen(made, session)) for made in races]
        for kind in ("decided", "unknown"):
            for made, how in seen:
                if how == kind:
                    return made
    return found[0]


def _seen(made: ReadyMade, session: Session) -> _Seen:
    """Whether its bars are seen to differ, and whether that decides it."""
    race = made.make(session)
    sides = [_Known(side, setup_of(side, device_of(side))) for side in (race.left, race.right)]
    left, right = (known.cost.tiling for known in sides)
    if made.about == "one more" and left.waves >= right.waves:
        return ""
    if not all(map(rows_drawn, (left, right))):
        return ""
    times = _times(*sides)
    if times is None:
        return ""
    each = [time.per(side.batch) for time, side in zip(times, (race.left, race.right), strict=True)]
    verdicts = judge(*times), judge(*each)
    if any(1 - verdict.share < SEEN or verdict.why_none == "close" for verdict in verdicts):
        return ""
    return "decided" if all(verdict.better is not None for verdict in verdicts) else "unknown"


class _Known:
    """What is known of a side without its schedule. cost: of the product looked at."""

    def __init__(self, side: Session, setup: Setup) -> None:
        self.setup = setup
        self.cost: Cost = price_gemms((setup.gemms()[side.product],), setup).costs[0]

    @property
    def predicted(self) -> Figure | None:
        seconds = self.cost.predicted_s
        return None if seconds is None else Figure(seconds, self.cost.error)

    @property
    def counted(self) -> Figure:
        """How long its schedule is, in what a step or a second of that device is everywhere."""
        tiling, device = self.cost.tiling, self.setup.device
        time, clock = tiling.order.duration(tiling, device, self.setup.dtype)
        if clock == "steps" and device.tick is not CYCLE and device.body.has_clock:
            time *= tiling.tile[0] * tiling.tile[1] * tiling.k_step
        return Figure.counted(time)


def _times(left: _Known, right: _Known) -> tuple[Figure, Figure] | None:
    """Of the product looked at; None where there is no common time."""
    if left.predicted is not None and right.predicted is not None:
        return left.predicted, right.predicted
    a, b = left.setup, right.setup
    same = a.device == b.device and a.dtype == b.dtype
    if not same and (a.device.body.has_clock or b.device.body.has_clock):
        return None
    return left.counted, right.counted
