"""A sweep of the batch size as it is kept on disk, and as it comes back, waiting to go on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmviz.bench.messages import Placed, Sensing
from mmviz.bench.plan import GivenData, MadeData, TrainPlan
from mmviz.bench.taught import Judged, Untaught
from mmviz.files.rate_log import KeptCourse, RateHead
from mmviz.state.learn.course import Course, Known, Look
from mmviz.state.learn.curve import Curve
from mmviz.state.learn.swept import Swept, drawings_of, sweep_plans
from mmviz.text import NOTHING


def head_of(swept: Swept) -> RateHead:
    """What is swept."""
    plan = swept.plans[0]
    return RateHead(
        network=plan.network,
        recipe=plan.recipe,
        batches=tuple(dict.fromkeys(one.recipe.batch for one in swept.plans)),
        backends=swept.backends,
        dtype=plan.dtype,
        seconds=plan.seconds or 0.0,
        folder=swept.folder,
        count=drawings_of(plan),
    )


def as_kept(course: Course) -> KeptCourse:
    """One that is over."""
    plan, curve = course.plan, course.now.curve
    batch, backend = plan.recipe.batch, plan.backend
    return KeptCourse(
        batch=batch,
        backend=backend,
        began=course.began,
        ended=Untaught(course.ended) if course.ended else None,
        placed=None if course.place is None else Placed(backend, batch, course.place),
        sensing=None if course.sensed is None else Sensing(backend, batch, course.sensed),
        steps_at=curve.steps.tolist(),
        at_s=curve.at_s.tolist(),
        losses=curve.losses.tolist(),
        every=curve.every,
        looks=[(one.at_s, Judged(one.step, one.seen, one.unseen)) for one in course.now.looks],
        stages=dict(course.now.stages),
        recent=course.now.recent.tolist(),
    )


def as_swept(head: RateHead, courses: Sequence[KeptCourse], data: MadeData | GivenData) -> Swept:
    """With the courses that are over, as far as they follow each other from the first on."""
    plan = TrainPlan(
        network=head.network,
        recipe=head.recipe,
        data=data,
        backend=head.backends[0],
        dtype=head.dtype,
    )
    plans = sweep_plans(plan, head.batches, head.seconds, head.backends)
    found = {(one.batch, one.backend): one for one in courses}
    over: list[Course] = []
    for each in plans:
        kept = found.get((each.recipe.batch, each.backend))
        if kept is None:
            break
        over.append(_course(kept, each))
    return Swept(plans, tuple(over), folder=head.folder)


def _course(kept: KeptCourse, plan: TrainPlan) -> Course:
    curve = Curve(
        np.array(kept.steps_at, np.int64),
        np.array(kept.at_s),
        np.array(kept.losses),
        every=kept.every,
    )
    looks = tuple(Look(look.step, at_s, look.seen, look.unseen) for at_s, look in kept.looks)
    known = Known(curve, looks, kept.stages, np.array(kept.recent))
    return Course(
        plan,
        kept.began,
        doing="over",
        ended=NOTHING if kept.ended is None else kept.ended.reason,
        now=known,
        then=known,
        sensed=None if kept.sensing is None else kept.sensing.sensed,
        place=None if kept.placed is None else kept.placed.place,
    )
