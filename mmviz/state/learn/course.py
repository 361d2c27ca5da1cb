"""A course: a network taught by one recipe, from its first step on, however often it was stopped.

Folded from the child's messages, each a new value. A child that was stopped or died begins again
where the weights were said last; steps after these are taken again, and count once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Place
from mmviz.bench.messages import Finished, Message, Placed, Sensing
from mmviz.bench.plan import Learnt, MadeData, TrainPlan, learnt
from mmviz.bench.sensed import Sensed
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.network import Network
from mmviz.state.learn.curve import Curve
from mmviz.text import N_, NOTHING, Text

MOST_LOOKS = 1_024  # at unseen drawings; of more every second is let go
RECENT = 1_001  # steps whose median is told
MADE_HERE = Text(N_("drawings made by mmviz"))

Doing = Literal["teaching", "paused", "over"]


@dataclass(frozen=True, slots=True)
class Look:
    """What it made of drawings after so many steps and seconds of them: shares, 0 … 1, of those it
    learns from and of each set of unseen ones.
    """

    step: int
    at_s: float
    seen: float
    unseen: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """All that was found out until some step. stages: seconds by stage of the steps that were timed
    in parts. recent: seconds of the last steps.
    """

    curve: Curve = field(default_factory=Curve)
    looks: tuple[Look, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
    recent: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @property
    def step_s(self) -> float | None:
        """Median seconds of the last steps; None before the first."""
        return float(np.median(self.recent)) if len(self.recent) else None

    @property
    def shares(self) -> dict[str, float]:
        """Share of a step's time, 0 … 1, by stage; {} before the first."""
        whole = sum(self.stages.values())
        return {name: spent / whole for name, spent in self.stages.items()} if whole else {}


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """plan: as it was begun. drawings: where they come from, of the user's from `folder`. origin:
    of weights that were not learnt here. began: seconds since 1970, and its name. now: all that is
    known; weights: those said last, `then`, what was known with them, and `since`, the weights
    before them: those said then, or the first. ended: why it broke, NOTHING where it did not; lost:
    the step in which its numbers were lost, None where they were not. before: stages of children
    that taught until `then`. sensed: what the sensors told of a pass that is a step, None before
    its end. place: what computes it, None for the CPU. awaited: its child told of no step and no
    drawing yet.
    """

    plan: TrainPlan
    began: float
    drawings: Text = MADE_HERE
    folder: str = ""
    origin: Text = NOTHING
    doing: Doing = "teaching"
    ended: Text = NOTHING
    lost: int | None = None
    now: Known = field(default_factory=Known)
    weights: Weights | None = None
    since: Weights | None = None
    then: Known = field(default_factory=Known)
    before: Mapping[str, float] = field(default_factory=dict)
    sensed: Sensed | None = None
    place: Place | None = None
    awaited: bool = True

    @property
    def step(self) -> int:
        """How many steps it was taught."""
        return self.now.curve.step

    @property
    def last(self) -> Look | None:
        """What it made of drawings when it was asked last."""
        return self.now.looks[-1] if self.now.looks else None

    @property
    def complete(self) -> bool:
        """Whether all its steps or seconds are spent."""
        plan, curve = self.plan, self.now.curve
        return (plan.steps is not None and curve.step >= plan.steps) or (
            plan.seconds is not None and curve.spent_s >= plan.seconds
        )

    @property
    def resumable(self) -> bool:
        """Whether it can go on: it rests, or knows something, and is not complete. Not where its
        numbers were lost: the same steps would lose them again.
        """
        begun = self.doing == "paused" or self.weights is not None
        return begun and self.doing != "teaching" and not self.complete and self.lost is None

    @property
    def done(self) -> float:
        """Share of it that is done, 0 … 1."""
        plan, curve = self.plan, self.now.curve
        shares = (
            curve.step / plan.steps if plan.steps else 0.0,
            curve.spent_s / plan.seconds if plan.seconds else 0.0,
        )
        return min(max(shares), 1.0)

    @property
    def made(self) -> bool:
        """Whether mmviz made the drawings."""
        return isinstance(self.plan.data, MadeData)

    def teaches(self, network: Network) -> bool:
        """Whether weights of this course are weights of that network, whatever it is called."""
        return alike(self.plan.network, network)

    def rest(self) -> TrainPlan:
        """The plan of what is left, from the weights that were said last."""
        plan = self.plan
        if self.weights is None:
            return plan
        seconds = plan.seconds
        if seconds is not None:
            seconds = max(seconds - self.then.curve.spent_s, 0.0)
        return msgspec.structs.replace(plan, begin=learnt(self.weights), seconds=seconds)

    def paced(self, pace: float | None) -> Course:
        """At another speed: how long a step takes is found out anew."""
        now = replace(self.now, recent=np.zeros(0))
        return replace(self, plan=msgspec.structs.replace(self.plan, pace=pace), now=now)

    def taken_up(self) -> Course:
        """As it is when another child begins where the weights are."""
        before = dict(self.then.stages)
        again = replace(self, doing="teaching", ended=NOTHING, lost=None)
        return replace(again, now=self.then, before=before, awaited=True)

    def left(self, doing: Doing, ended: Text = NOTHING) -> Course:
        """As it is when its child is gone: what was taught after the last weights is lost. Where
        numbers were lost, nothing is left to wait for.
        """
        doing = "over" if self.lost is not None else doing
        return replace(self, doing=doing, ended=ended, now=self.then, before={})

    def heard(self, message: Message) -> Course:
        """With one message more."""
        match message:
            case Taught():
                return replace(self, now=self._taught(message), awaited=False)
            case Judged(step, seen, unseen):
                look = Look(step, self.now.curve.spent_s, seen, unseen)
                same = self.now.looks and self.now.looks[-1].step == step
                looks = (*(self.now.looks[:-1] if same else self.now.looks), look)
                if len(looks) > MOST_LOOKS:
                    looks = looks[::-2][::-1]
                return replace(self, now=replace(self.now, looks=looks), awaited=False)
            case Learnt():
                return self._learnt(message)
            case Placed():
                return replace(self, place=message.place)
            case Sensing():
                return replace(self, sensed=message.sensed)
            case Untaught(reason, lost):
                return replace(self, ended=reason, lost=lost)
            case Finished():
                return self.left("over", self.ended)
            case _:
                return self

    def _taught(self, message: Taught) -> Known:
        curve = self.now.curve
        if not len(curve) and message.first != curve.first:
            curve = replace(curve, first=message.first)
        stages = {
            name: spent + self.before.get(name, 0.0) for name, spent in message.stages.items()
        }
        recent = np.append(self.now.recent, message.seconds)[-RECENT:]
        grown = curve.then(message.losses, message.seconds)
        return replace(self.now, curve=grown, stages=stages, recent=recent)

    def _learnt(self, message: Learnt) -> Course:
        try:
            found = message.weights(self.plan.network)
        except ValueError:
            return replace(self, ended=Text(N_("what was learnt is of another network")))
        before, since = self.weights, self.since
        if before is None:
            before = fresh(self.plan.network, self.plan.recipe.seed)
        if before.step < found.step:
            since = before
        return replace(self, weights=found, since=since, then=self.now)


def alike(one: Network, other: Network) -> bool:
    """Whether weights of the one are weights of the other: their names do not count."""
    kinds = [layer.activation for layer in one.layers], [layer.activation for layer in other.layers]
    return one.widths == other.widths and kinds[0] == kinds[1]
