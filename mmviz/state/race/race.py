"""Two sessions side by side on one clock: who finishes first is seen, and why is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.state.actions import select_product
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.picture.camera import WHOLE
from mmviz.state.race.sides import Axis, DerivedPass, Side, on_one_axis
from mmviz.state.race.table import RaceRow, rows, verdict
from mmviz.state.session import Session
from mmviz.text import Text
from mmviz.words.race import no_race


@dataclass(frozen=True, slots=True)
class Race:
    """whole_pass: all products of the pass one after the other, not only the one looked at."""

    left: Session
    right: Session
    whole_pass: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Raced:
    """Everything of a race that does not change while it runs.

    axis None: one side cannot be drawn, and `verdict` says why.
    """

    race: Race
    left: Side
    right: Side
    axis: Axis | None
    rows: tuple[RaceRow, ...]
    verdict: Text

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.left, self.right

    def stops(self) -> NDArray[np.float64]:
        """Where waves of either side begin and where a side finishes, in shares of the axis."""
        if self.axis is None:
            return np.zeros(1)
        times = [np.array([0.0, self.axis.end])]
        for side in self.sides:
            for leg in side.legs:
                scale = (leg.end - leg.start) / leg.trace.duration
                times += [leg.start + leg.trace.wave_starts() * scale, np.array([leg.end])]
        return np.unique(np.concatenate(times) / self.axis.end)

    def stop_beside(self, position: float, direction: int) -> float:
        """The next stop after (+1) or before (-1) this share of the axis."""
        stops = self.stops()
        if direction > 0:
            later = stops[stops > position + 1e-9]
            return float(later[0]) if len(later) else 1.0
        earlier = stops[stops < position - 1e-9]
        return float(earlier[-1]) if len(earlier) else 0.0


def resolve_race(race: Race, facts: Facts | None = None) -> Raced:
    """Everything of the race; raises InputError where a session cannot be derived.

    facts: where recorded schedules are found.
    """
    left, right = (_pass(one, race.whole_pass, facts) for one in (race.left, race.right))
    problems = dict.fromkeys(s.problem for s in (*left, *right) if s.problem)
    if problems:
        a, b = Side(left, ()), Side(right, ())
        return Raced(race, a, b, None, rows(a, b, None), no_race(tuple(problems)))
    a, b, axis = on_one_axis(left, right)
    return Raced(race, a, b, axis, rows(a, b, axis), verdict(a, b, axis))


def _pass(session: Session, whole_pass: bool, facts: Facts | None) -> DerivedPass:
    """The product looked at, or all of the pass; all in view, nothing selected."""
    session = in_full(session)
    if not whole_pass:
        return (derive(session, facts),)
    return tuple(derive(select_product(session, i), facts) for i in range(session.products))


def in_full(session: Session) -> Session:
    """The session with nothing selected and all in view."""
    return replace(session, selection=None, camera=WHOLE)
