"""What two racing sessions are measured in: one common time scale, and each side's way along it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from mmviz.core.device.body import CYCLE, STEP
from mmviz.core.provenance import Provenance
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.core.time.cost import LOSSES, mean_error
from mmviz.state.derived import Derived
from mmviz.state.picture.playback import pace
from mmviz.state.session import Session
from mmviz.text import Text
from mmviz.words import race as words
from mmviz.words.products import scheduled
from mmviz.words.provenance import label
from mmviz.words.time import model_time, of, part_of, shown

AxisKind = Literal["s", "steps", "cycles", "terms", "share"]
DerivedPass = tuple[Derived, ...]
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
    about: Text
    predicted: bool = False

    @property
    def comparable(self) -> bool:
        """Whether finishing first on this axis means anything."""
        return self.kind != "share"

    @property
    def per(self) -> Text:
        """What a rate on it is of."""
        match self.kind:
            case "s":
                return words.SECOND
            case "steps" | "share":
                return STEP.one
            case "cycles":
                return CYCLE.one
            case "terms":
                return words.TERM
            case _:
                assert_never(self.kind)

    def text(self, t: float) -> Text:
        """A time on this axis: '191 µs', '4 steps', '62.0 %'."""
        match self.kind:
            case "share":
                return Text("{t:percent}", t=t)
            case "terms":
                return Text(words.TERMS, n=round(t))
            case "cycles":
                return Text(words.CYCLES, n=round(t))
            case "s" | "steps":
                return model_time(t, self.kind)
            case _:
                assert_never(self.kind)

    def of_text(self, t: float, end: float | None = None) -> Text:
        """'12.0 of 191 µs', or '50.0 % of each' where there is no common time."""
        whole = self.end if end is None else end
        match self.kind:
            case "share":
                return words.of_each(t)
            case "terms" | "cycles":
                return of(Text("{t:count}", t=round(t)), self.text(whole))
            case "s" | "steps":
                return part_of(t, whole, self.kind)
            case _:
                assert_never(self.kind)

    def pace_text(self, speed: float) -> Text:
        """'1 s shows 50 µs'."""
        return shown(self.text(pace(self.end, speed)))


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One product of a side, on the axis.

    duration: kept itself, since of two times far along the axis a short one would have none.
    """

    derived: Derived
    trace: Trace
    start: float
    duration: float

    @property
    def end(self) -> float:
        return self.start + self.duration

    def at(self, t: float) -> Frame:
        """The frame at `t` on the axis, held at its first or last instant outside of the leg."""
        share = (t - self.start) / self.duration
        return self.trace.at(self.trace.duration * min(max(share, 0.0), 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One session's products. legs: empty where this side or the other cannot be drawn."""

    products: DerivedPass
    legs: tuple[Leg, ...]

    @property
    def provenance(self) -> Provenance:
        """What its schedules rest on; one that is not modelled stands for all."""
        found = [scheduled(derived.trace) for derived in self.products]
        return next((one for one in found if one.kind != "modelled"), found[0])

    @property
    def parts(self) -> tuple[tuple[str, float], ...] | None:
        """What its predicted seconds are made of: (peak or the id of a loss, seconds)."""
        rows = [
            (s.cost.at_peak_s, *s.cost.losses)
            for s in self.products
            if s.cost.at_peak_s is not None and s.cost.losses is not None
        ]
        if len(rows) < len(self.products):
            return None
        return tuple(zip(("peak", *LOSSES), map(sum, zip(*rows, strict=True)), strict=True))

    @property
    def error(self) -> float | None:
        """Of its predicted seconds, as if all its products were off the same way; None: unknown."""
        return mean_error([one.cost for one in self.products])

    @property
    def session(self) -> Session:
        return self.derived.session

    @property
    def derived(self) -> Derived:
        """The first product, whose device and batch are those of all."""
        return self.products[0]

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
        """Whether its seconds are a lower bound: no time is predicted, none recorded."""
        clocks = {leg.trace.clock for leg in self.legs}
        return clocks == {"s"} and self.parts is None and self.provenance.kind == "modelled"

    @property
    def per(self) -> Text:
        """What a rate in its own clock is of."""
        return words.SECOND if _counts_seconds(self.derived) else self.derived.device.tick.one

    def own_text(self) -> Text:
        """Its duration in its own clock, as text."""
        return model_time(self.own_time, self.legs[0].trace.clock, self.derived.device.tick)

    def looked(self, action: Callable[[Session], Session]) -> Side:
        """The same side looked at otherwise: colours, zoom, selection change nothing else."""
        seen = tuple(replace(s, session=action(s.session)) for s in self.products)
        legs = (replace(leg, derived=s) for leg, s in zip(self.legs, seen, strict=False))
        return Side(seen, tuple(legs))


def _counts_seconds(derived: Derived) -> bool:
    """Whether its picture does; that of an array counts cycles."""
    return derived.device.tick is not CYCLE and _trace(derived).clock == "s"


def _counted(derived: Derived) -> Text:
    """What the product's time is counted in."""
    return words.SECONDS if _counts_seconds(derived) else derived.device.tick.many


def on_one_axis(left: DerivedPass, right: DerivedPass) -> tuple[Side, Side, Axis]:
    """Both sides laid along the axis they have in common; every product has a trace."""
    if all(map(_is_predicted, (*left, *right))):
        a, b = _predicted_side(left), _predicted_side(right)
        about = words.predicted(_error(left), _error(right))
        return a, b, Axis("s", max(a.finish, b.finish), about, predicted=True)
    kind, (left_scales, right_scales), about = _common(left, right)
    a, b = _side(left, left_scales), _side(right, right_scales)
    return a, b, Axis(kind, max(a.finish, b.finish), about)


def _is_predicted(derived: Derived) -> bool:
    """Whether the cost model says its time; a time that was recorded is not replaced by it."""
    modelled = scheduled(derived.trace).kind == "modelled"
    return modelled and derived.cost.predicted_s is not None


def _predicted_side(products: DerivedPass) -> Side:
    """The products one after the other, each begun by its launch."""
    legs: list[Leg] = []
    t = 0.0
    for derived in products:
        leg = Leg(
            derived,
            _trace(derived),
            t + (derived.cost.launch_s or 0.0),
            derived.cost.computing_s or 0.0,
        )
        t = leg.end
        legs.append(leg)
    return Side(products, tuple(legs))


def _error(products: DerivedPass) -> float | None:
    """The error of a side's total, as if all its products were off the same way."""
    return mean_error([s.cost for s in products])


def _side(products: DerivedPass, scales: list[float]) -> Side:
    """The products one after the other; what lies between two launches is not modelled."""
    legs: list[Leg] = []
    for derived, scale in zip(products, scales, strict=True):
        trace = _trace(derived)
        start = legs[-1].end if legs else 0.0
        legs.append(Leg(derived, trace, start, trace.duration * scale))
    return Side(products, tuple(legs))


def _trace(derived: Derived) -> Trace:
    if derived.trace is None:
        raise ValueError(str(derived.problem))
    return derived.trace


def _common(left: DerivedPass, right: DerivedPass) -> tuple[AxisKind, Pair, Text]:
    """What both sides can be measured in, and how much of it one unit of each trace's clock is."""
    a, b = left[0], right[0]
    one = ([1.0] * len(left), [1.0] * len(right))
    clocks = {_trace(a).clock, _trace(b).clock}
    if clocks == {"s"}:
        return "s", one, words.seconds(_seconds(a), _seconds(b))
    if clocks == {"steps"} and not (a.device.body.has_clock or b.device.body.has_clock):
        return "steps", one, words.LANE_STEPS
    if clocks == {"steps"} and a.device == b.device and a.session.dtype == b.session.dtype:
        if a.device.tick is CYCLE:
            return "cycles", one, words.array_cycles(a.device)
        terms = ([_terms(s) for s in left], [_terms(s) for s in right])
        if len(set(terms[0] + terms[1])) == 1:
            return "steps", one, words.SAME_WORK
        return "terms", terms, words.terms(a.device)
    shares = tuple(
        [1 / sum(_trace(s).duration for s in side)] * len(side) for side in (left, right)
    )
    return "share", (shares[0], shares[1]), _why_not(a, b)


def _seconds(derived: Derived) -> Text:
    """What a product's seconds are."""
    provenance = scheduled(derived.trace)
    if provenance.kind != "modelled":
        return label(provenance)
    return words.LEAST if derived.cost.predicted_s is None else words.PREDICTED


def _terms(derived: Derived) -> float:
    """Terms in one step of a unit that moves its whole tile one k_step on."""
    tiling = _trace(derived).tiling
    return float(tiling.tile[0] * tiling.tile[1] * tiling.k_step)


def _why_not(a: Derived, b: Derived) -> Text:
    left, right = _counted(a), _counted(b)
    if left != right:
        return words.counted_otherwise(a.device, left, b.device, right)
    if a.device == b.device:
        return words.formats_apart(a.device, a.session.dtype, b.session.dtype)
    return words.steps_apart(a.device, b.device)
