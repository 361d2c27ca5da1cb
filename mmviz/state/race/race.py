"""Two sessions side by side on one clock: who finishes first is seen, and why is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.core.memory.fit import price_within
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.errors import InputError
from mmviz.files.ordinary import Tick, no_tick
from mmviz.state.actions import select_product
from mmviz.state.ahead import is_long, pass_is_long, rows_drawn
from mmviz.state.derived import Derived, Made, derive, shape_of
from mmviz.state.facts import Facts
from mmviz.state.picture.camera import WHOLE
from mmviz.state.picture.playback import wave_stop
from mmviz.state.race.sides import Axis, DerivedPass, Side, on_one_axis
from mmviz.state.race.table import RaceRow, rows
from mmviz.state.race.verdict import Ruling, ruling
from mmviz.state.session import Session, device_of, setup_of
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.device import name
from mmviz.words.race_verdict import no_race

MOST_RACED = 8 * MAX_TILES
"""Tiles of a side's whole pass, products of the same shape counted once: about 2 GB."""


@dataclass(frozen=True, slots=True)
class Race:
    """whole_pass: all products of the pass one after the other, not only the one looked at."""

    left: Session
    right: Session
    whole_pass: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Raced:
    """Everything of a race that does not change while it runs.

    axis None: one side cannot be drawn, and the `ruling` says why.
    """

    race: Race
    left: Side
    right: Side
    axis: Axis | None
    rows: tuple[RaceRow, ...]
    ruling: Ruling

    @property
    def verdict(self) -> Text:
        """Who wins, and why; why nobody does."""
        return self.ruling.text

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.left, self.right

    def stop_beside(self, position: float, direction: int) -> float:
        """Where, after (+1) or before (-1) this share of the axis, a wave of either side begins
        next or a side finishes.
        """
        beyond = 1.0 if direction > 0 else 0.0
        if self.axis is None:
            return beyond
        end, slack = self.axis.end, 1e-9
        t, found = position * end, [beyond * end]
        for leg in (leg for side in self.sides for leg in side.legs):
            scale = leg.duration / leg.trace.duration
            inside = wave_stop(leg.trace, (t - leg.start) / scale, direction, slack * end / scale)
            found += [leg.start, leg.start + inside * scale, leg.end]
        shares = [time / end for time in found]
        if direction > 0:
            return min((share for share in shares if share > position + slack), default=1.0)
        return max((share for share in shares if share < position - slack), default=0.0)


def race_is_long(race: Race) -> bool:
    """Whether `resolve_race` may take longer than a window may stand still, by its size."""
    sides = [in_full(session) for session in (race.left, race.right)]
    if race.whole_pass:
        return any(pass_is_long(setup_of(session, device_of(session))) for session in sides)
    return any(is_long(session, Facts()) for session in sides)


def resolve_race(race: Race, facts: Facts | None = None, tick: Tick = no_tick) -> Raced:
    """Everything of the race; raises InputError where a session cannot be derived.

    facts: where recorded schedules are found. tick: how many products are done, of all.
    """
    left, right = (_pass(one, race.whole_pass, facts, tick) for one in (race.left, race.right))
    problems = dict.fromkeys(why for s in (*left, *right) if (why := s.problem or _lacking(s)))
    if problems:
        a, b = Side(left, ()), Side(right, ())
        none = Ruling(no_race(tuple(problems)), decided=False)
        return Raced(race, a, b, None, rows(a, b, None), none)
    a, b, axis = on_one_axis(left, right)
    ruled = ruling((a, b), axis, whole_pass=race.whole_pass)
    return Raced(race, a, b, axis, rows(a, b, axis), ruled)


def _lacking(derived: Derived) -> Text:
    """That the device cannot hold the pass, and then it has no time to race with."""
    lacks = derived.timeline.lacks
    return Text("{device}: {why}", device=name(derived.device), why=lacks) if lacks else NOTHING


def _pass(session: Session, whole_pass: bool, facts: Facts | None, tick: Tick) -> DerivedPass:
    """The product looked at, or all of the pass; all in view, nothing selected."""
    session = in_full(session)
    products = range(session.products) if whole_pass else (session.product,)
    found: list[Derived] = []
    made: Made = {}
    if whole_pass:
        _check_size(session)
    for done, product in enumerate(products):
        tick(done, len(products))
        before = found[-1] if found else None  # the pass is priced once
        found.append(derive(select_product(session, product), facts, before, made))
    return tuple(found)


def _check_size(session: Session) -> None:
    """Raise InputError where the schedules of the pass would not fit the memory."""
    setup = setup_of(session, device_of(session))
    shapes = {shape_of(cost): rows_drawn(cost.tiling) for cost in price_within(setup).costs}
    if sum(shapes.values()) > MOST_RACED:
        raise InputError(
            N_(
                "the whole pass has {rows:group} tiles on {device}; at most {most} can be raced: "
                "race one product of it, or choose larger tiles or a smaller batch"
            ),
            rows=sum(shapes.values()),
            device=own(setup.device.name),
            most=MOST_RACED,
        )


def in_full(session: Session) -> Session:
    """The session with nothing selected and all in view."""
    return replace(session, selection=None, camera=WHOLE)
