"""A course as it is kept on disk, and as it comes back: paused where its weights were said last."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from mmviz.bench.plan import GivenData, TrainPlan, learnt
from mmviz.bench.taught import Untaught
from mmviz.files.courses import KeptLesson
from mmviz.state.learn.choice import made
from mmviz.state.learn.course import MADE_HERE, Course, Known, Look
from mmviz.state.learn.curve import Curve
from mmviz.text import NOTHING, own

UNREAD = GivenData(seen=b"", seen_labels=b"", unseen=b"", unseen_labels=b"")
"""Drawings of the user's that were not read again yet."""


def as_kept(course: Course) -> KeptLesson | None:
    """What is kept of it; None before it knows anything."""
    plan, known = course.plan, course.then
    if course.weights is None:
        return None
    return KeptLesson(
        when=course.began,
        network=plan.network,
        recipe=plan.recipe,
        backend=plan.backend,
        dtype=plan.dtype,
        folder=course.folder,
        steps=plan.steps,
        seconds=plan.seconds,
        pace=plan.pace,
        learnt=learnt(course.weights),
        first=known.curve.first,
        steps_at=known.curve.steps.tolist(),
        at_s=known.curve.at_s.tolist(),
        losses=known.curve.losses.tolist(),
        looks=[(look.step, look.at_s, look.seen, list(look.unseen)) for look in known.looks],
        stages=dict(known.stages),
        ended=None if course.lost is None else Untaught(course.ended, course.lost),
    )


def further(course: Course, kept: KeptLesson) -> Course:
    """Of a course and what is on disk of it, whichever was taught longer: another mmviz may have
    gone on with it. Drawings and speed are those of the course.
    """
    if kept.learnt.step <= (-1 if course.weights is None else course.weights.step):
        return course
    found = as_course(kept)
    plan = msgspec.structs.replace(found.plan, data=course.plan.data, pace=course.plan.pace)
    return replace(found, plan=plan)


def as_course(kept: KeptLesson) -> Course:
    """The course, which waits to go on, is complete or lost its numbers."""
    plan = TrainPlan(
        network=kept.network,
        recipe=kept.recipe,
        data=UNREAD if kept.folder else made(),
        backend=kept.backend,
        dtype=kept.dtype,
        steps=kept.steps,
        seconds=kept.seconds,
        pace=kept.pace,
    )
    curve = Curve(
        np.array(kept.steps_at, np.int64),
        np.array(kept.at_s),
        np.array(kept.losses),
        first=kept.first,
        every=max(1, int(np.diff(kept.steps_at, prepend=kept.first).max(initial=1))),
    )
    looks = tuple(Look(step, at, seen, tuple(unseen)) for step, at, seen, unseen in kept.looks)
    known = Known(curve, looks, kept.stages)
    course = Course(
        plan,
        kept.when,
        own(kept.folder) if kept.folder else MADE_HERE,
        folder=kept.folder,
        now=known,
        then=known,
        weights=kept.learnt.weights(kept.network),
        lost=None if kept.ended is None else kept.ended.lost,
    )
    ended = NOTHING if kept.ended is None else kept.ended.reason
    return course.left("over" if course.complete else "paused", ended)
