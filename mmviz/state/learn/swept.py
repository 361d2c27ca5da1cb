"""The batch size swept for learning: the same course over and over, each for the same seconds of
steps from the same first weights, at another batch size or by another backend.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from mmviz.bench.messages import Message
from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.bench.rates import NEAR, Rate, shown_after, steps_to
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.core.learning.descent import steps_of
from mmviz.state.learn.course import Course
from mmviz.state.learn.curve import Curve
from mmviz.text import NOTHING, Text

BATCHES = (1, 4, 16, 64, 256, 1_024, 4_096)
SECONDS = 1.0  # of steps, of each


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """plans: one for each batch size and backend; courses: those that began, in their order. doing:
    whether it goes on. folder: of the user's drawings, "" for those mmviz makes.
    """

    plans: tuple[TrainPlan, ...]
    courses: tuple[Course, ...] = ()
    doing: bool = False
    folder: str = ""

    @property
    def next(self) -> TrainPlan | None:
        """The plan whose course has not begun, None after the last."""
        left = self.plans[len(self.courses) :]
        return left[0] if left else None

    @property
    def backends(self) -> tuple[str, ...]:
        """Who computes, in the order they began."""
        return tuple(dict.fromkeys(plan.backend for plan in self.plans))

    @property
    def resumable(self) -> bool:
        """Whether it rests, and some of it is left."""
        return not self.doing and len(self.waiting().courses) < len(self.plans)

    def waiting(self) -> Swept:
        """As it rests: a course that was stopped has no figures, and begins again."""
        over = tuple(one for one in self.courses if one.doing == "over")
        return replace(self, courses=over, doing=False)

    @property
    def done(self) -> float:
        """Share of all of it, 0 … 1."""
        return sum(1.0 if one.doing == "over" else one.done for one in self.courses) / len(
            self.plans
        )

    def begun(self, at: float) -> Swept:
        """With the next course, that began so many seconds after 1970."""
        return replace(
            self, courses=(*self.courses, Course(self.plans[len(self.courses)], at)), doing=True
        )

    def heard(self, message: Message) -> Swept:
        """With one message more, of the course that is on."""
        return replace(self, courses=(*self.courses[:-1], self.courses[-1].heard(message)))

    def over(self, reason: Text = NOTHING) -> Swept:
        """The course that was on is over; reason: why it broke."""
        last = self.courses[-1]
        ended = reason or last.ended
        return replace(self, courses=(*self.courses[:-1], replace(last, doing="over", ended=ended)))


def sweep_plans(
    plan: TrainPlan,
    batches: Sequence[int] = BATCHES,
    seconds: float = SECONDS,
    backends: Sequence[str] = (),
) -> tuple[TrainPlan, ...]:
    """The plan once for each batch size, of those there are drawings for, and each of `backends`,
    one after the other at the same batch size; () for that of the plan. All else is the same.
    """
    count = drawings_of(plan)
    sizes = [batch for batch in batches if batch <= count] or [count]
    return tuple(
        msgspec.structs.replace(
            plan,
            recipe=dataclasses.replace(plan.recipe, batch=batch),
            backend=backend,
            steps=None,
            seconds=seconds,
            begin=None,
            pace=None,
        )
        for batch in sizes
        for backend in backends or (plan.backend,)
    )


def drawings_of(plan: TrainPlan) -> int:
    """How many there are to learn from."""
    data = plan.data
    return data.count if isinstance(data, MadeData) else len(data.seen_labels)


def equal_drawings(swept: Swept, backend: str) -> int:
    """As many as every course of that backend that is over, and did not break, came to; 0 where
    there is none.
    """
    whole = [one for one in _over(swept) if one.plan.backend == backend and not one.ended]
    found = [shown_after(one.step, drawings_of(one.plan), one.plan.recipe.batch) for one in whole]
    return min(found, default=0)


def rates_of(swept: Swept) -> tuple[Rate, ...]:
    """Of every course that was not stopped, in their order."""
    equal = {backend: equal_drawings(swept, backend) for backend in swept.backends}
    return tuple(_rate(one, equal[one.plan.backend]) for one in _over(swept))


def runs_of(swept: Swept) -> tuple[Run, ...]:
    """The same as timing runs, of which a pass is a step: what tells who is faster takes those."""
    return tuple(
        Run(
            one.plan.backend,
            one.plan.recipe.batch,
            tuple(one.now.recent.tolist()),
            stats=summarize(one.now.recent),
            place=one.place,
        )
        for one in _over(swept)
        if not one.ended and len(one.now.recent)
    )


def _over(swept: Swept) -> list[Course]:
    return [one for one in swept.courses if one.doing == "over"]


def _rate(course: Course, equal: int) -> Rate:
    plan, curve = course.plan, course.now.curve
    batch, count = plan.recipe.batch, drawings_of(plan)
    step_s = course.now.step_s
    if course.ended or step_s is None:
        return Rate(batch, plan.backend, course.place, failure=course.ended)
    steps = steps_to(equal, count, batch)
    sensed = course.sensed
    return Rate(
        batch,
        plan.backend,
        course.place,
        step_s,
        step_s * steps_of(count, batch),
        shown_after(curve.step, count, batch),
        loss_near(curve, curve.step, batch),
        loss_near(curve, steps, batch),
        steps,
        equal,
        None if course.last is None else course.last.unseen[0],
        None if sensed is None else sensed.energy_j,
    )


def loss_near(curve: Curve, step: int, batch: int) -> float:
    """Mean of the losses of the steps that showed the last NEAR drawings before `step`; at least of
    one point of the curve.
    """
    counts = np.diff(curve.steps, prepend=curve.first)
    last = min(int(np.searchsorted(curve.steps, step)), len(curve) - 1)
    wanted = step - steps_of(NEAR, batch)
    first = min(int(np.searchsorted(curve.steps, wanted, side="right")), last)
    return float(np.average(curve.losses[first : last + 1], weights=counts[first : last + 1]))
