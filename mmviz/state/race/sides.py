"""What two racing sessions are measured in: one common time scale, and each side's way along it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from mmviz import units
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.core.time.cost import LOSSES, PassCost
from mmviz.state.derived import Derived
from mmviz.state.picture.playback import model_time, pace
from mmviz.state.session import Session

AxisKind = Literal["s", "steps", "cycles", "terms", "share"]
Snapshots = tuple[Derived, ...]
Pair = tuple[list[float], list[float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """The common time scale, 0 … end. `about`: in words what a length on it means.

    predicted: seconds the cost model says, launches among them; else seconds are lower bounds.
    terms: multiplications and additions a unit does one after the other, where a unit's speed is
    not known but the same on both sides. share: of each side's own time; nothing can be won on it.
    """

    kind: AxisKind
    end: float
    about: str
    predicted: bool = False

    @property
    def comparable(self) -> bool:
        """Whether finishing first on this axis means anything."""
        return self.kind != "share"

    def text(self, t: float) -> str:
        """A time on this axis: '191 µs', '4 steps', '62.0 %'."""
        if self.kind == "share":
            return units.percent(t)
        if self.kind in ("terms", "cycles"):
            name = self.kind[:-1] if t == 1 else self.kind
            return f"{units.count(round(t))} {name}"
        return model_time(t, "s" if self.kind == "s" else "steps")

    def of_text(self, t: float, end: float | None = None) -> str:
        """'12.0 of 191 µs', or '50.0 % of each' where there is no common time."""
        if not self.comparable:
            return f"{self.text(t)} of each"
        now, whole = self.text(t), self.text(self.end if end is None else end)
        number, _, unit = now.rpartition(" ")
        same = unit.rstrip("s") == whole.rpartition(" ")[2].rstrip("s")
        return f"{number if same else now} of {whole}"

    def pace_text(self, speed: float) -> str:
        """'1 s shows 50 µs'."""
        return f"1 s shows {self.text(pace(self.end, speed))}"


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One product of a side, from `start` to `end` on the axis."""

    derived: Derived
    trace: Trace
    start: float
    end: float

    def at(self, t: float) -> Frame:
        """The frame at `t` on the axis, held at its first or last instant outside of the leg."""
        share = (t - self.start) / (self.end - self.start)
        return self.trace.at(self.trace.duration * min(max(share, 0.0), 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One session's products. legs: empty where this side or the other cannot be drawn."""

    snapshots: tuple[Derived, ...]
    legs: tuple[Leg, ...]

    @property
    def parts(self) -> tuple[tuple[str, float], ...] | None:
        """What its predicted seconds are made of: (peak or the id of a loss, seconds)."""
        rows = [
            (s.cost.at_peak_s, *s.cost.losses)
            for s in self.snapshots
            if s.cost.at_peak_s is not None and s.cost.losses is not None
        ]
        if len(rows) < len(self.snapshots):
            return None
        return tuple(zip(("peak", *LOSSES), map(sum, zip(*rows, strict=True)), strict=True))

    @property
    def session(self) -> Session:
        return self.derived.session

    @property
    def derived(self) -> Derived:
        """The first product, whose device and batch are those of all."""
        return self.snapshots[0]

    @property
    def finish(self) -> float:
        """When it is done, on the axis."""
        return self.legs[-1].end

    @property
    def own_time(self) -> float:
        """Its duration in its own clock: seconds or steps."""
        return sum(leg.trace.duration for leg in self.legs)

    @property
    def bounded(self) -> bool:
        """Whether its seconds are a lower bound: no time is predicted."""
        clocks = {leg.trace.clock for leg in self.legs}
        return clocks == {"s"} and self.parts is None

    def own_text(self) -> str:
        """Its duration in its own clock, as text."""
        return model_time(self.own_time, self.legs[0].trace.clock).replace("step", self.unit[:-1])

    @property
    def unit(self) -> str:
        """What its own clock counts: seconds, steps or, in a systolic array, cycles."""
        return clock_name(self.derived)

    def looked(self, action: Callable[[Session], Session]) -> Side:
        """The same side looked at otherwise: colours, zoom, selection change nothing else."""
        seen = tuple(replace(s, session=action(s.session)) for s in self.snapshots)
        legs = (replace(leg, derived=s) for leg, s in zip(self.legs, seen, strict=False))
        return Side(seen, tuple(legs))

    def leg_at(self, t: float) -> Leg:
        """The product computed at `t`; the last one after the finish."""
        return next((leg for leg in self.legs if t < leg.end), self.legs[-1])


def clock_name(derived: Derived) -> str:
    """What the product's time is counted in."""
    if derived.device.kind == "systolic":
        return "cycles"
    return "seconds" if _trace(derived).clock == "s" else "steps"


def on_one_axis(left: Snapshots, right: Snapshots) -> tuple[Side, Side, Axis]:
    """Both sides laid along the axis they have in common; every derived has a trace."""
    if all(s.cost.predicted_s is not None for s in (*left, *right)):
        a, b = _predicted_side(left), _predicted_side(right)
        about = f"predicted seconds, left {_error_text(left)}, right {_error_text(right)}"
        return a, b, Axis("s", max(a.finish, b.finish), about, predicted=True)
    kind, (left_scales, right_scales), about = _common(left, right)
    a, b = _side(left, left_scales), _side(right, right_scales)
    return a, b, Axis(kind, max(a.finish, b.finish), about)


def _predicted_side(snapshots: Snapshots) -> Side:
    """The products one after the other, each begun by its launch."""
    legs: list[Leg] = []
    t = 0.0
    for derived in snapshots:
        computing = derived.cost.computing_s or 0.0
        start = t + (derived.cost.predicted_s or 0.0) - computing
        t = start + computing
        legs.append(Leg(derived, _trace(derived), start, t))
    return Side(snapshots, tuple(legs))


def _error_text(snapshots: Snapshots) -> str:
    """The error of a side's total, as if all its products were off the same way."""
    return units.plus_minus(PassCost(tuple(s.cost for s in snapshots)).error)


def _side(snapshots: Snapshots, scales: list[float]) -> Side:
    """The products one after the other; what lies between two launches is not modelled."""
    legs: list[Leg] = []
    for derived, scale in zip(snapshots, scales, strict=True):
        trace = _trace(derived)
        start = legs[-1].end if legs else 0.0
        legs.append(Leg(derived, trace, start, start + trace.duration * scale))
    return Side(snapshots, tuple(legs))


def _trace(derived: Derived) -> Trace:
    if derived.trace is None:
        raise ValueError(derived.problem)
    return derived.trace


def _common(left: Snapshots, right: Snapshots) -> tuple[AxisKind, Pair, str]:
    """What both sides can be measured in, and how much of it one unit of each trace's clock is."""
    a, b = left[0], right[0]
    one = ([1.0] * len(left), [1.0] * len(right))
    clocks = {_trace(a).clock, _trace(b).clock}
    if clocks == {"s"}:
        least = "every unit at its peak; nothing reaches it"
        known = [name for name, s in (("left", a), ("right", b)) if s.cost.predicted_s is not None]
        if known:
            other = "right" if known[0] == "left" else "left"
            return "s", one, f"seconds, {known[0]} predicted without launches, {other} {least}"
        return "s", one, f"seconds, {least}"
    if clocks == {"steps"} and a.device.kind == b.device.kind == "lanes":
        return "steps", one, "steps: every lane multiplies and adds once a step"
    if clocks == {"steps"} and a.device == b.device and a.session.dtype == b.session.dtype:
        if a.device.kind == "systolic":
            return "cycles", one, f"cycles of the same array, {a.device.name}"
        terms = ([_terms(s) for s in left], [_terms(s) for s in right])
        if len(set(terms[0] + terms[1])) == 1:
            return "steps", one, "steps, of the same work on both sides"
        about = f"multiplications and additions each {a.device.unit} does one after the other"
        return "terms", terms, f"terms: {about}, as fast on both sides"
    shares = tuple(
        [1 / sum(_trace(s).duration for s in side)] * len(side) for side in (left, right)
    )
    return "share", (shares[0], shares[1]), _why_not(a, b)


def _terms(derived: Derived) -> float:
    """Terms in one step of a unit that moves its whole tile one k_step on."""
    tiling = _trace(derived).tiling
    return float(tiling.tile[0] * tiling.tile[1] * tiling.k_step)


def _why_not(a: Derived, b: Derived) -> str:
    left, right = clock_name(a), clock_name(b)
    if left != right:
        return (
            f"{a.device.name} counts {left} and {b.device.name} {right}, "
            "so each runs by share of its own time"
        )
    if a.device == b.device:
        return (
            f"no figure says how fast {a.device.name} is in {a.session.dtype} and in "
            f"{b.session.dtype}, so each runs by share of its own time"
        )
    return (
        f"a step of {a.device.name} is not one of {b.device.name}, "
        "so each runs by share of its own time"
    )
