"""Walking through lessons as a learner would, without a window: guesses, wishes, solutions."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

from mmviz.bench import teaching
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.files.lessons.format import Lesson
from mmviz.files.lessons.progress import Progress
from mmviz.state.facts import Facts, Timed
from mmviz.state.first import first_session
from mmviz.state.learn.course import Course
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.expressions import evaluate, number_of
from mmviz.state.lessons.guesses import (
    Choice,
    Click,
    Guess,
    Number,
    Unsure,
    matches,
    options_of,
    the_right_one,
)
from mmviz.state.lessons.here import Found, Here, Teaching, Timing, Wanted
from mmviz.state.lessons.quantities.learning import plan_of
from mmviz.state.lessons.stage import changed, stage_of
from mmviz.state.lessons.walk import Walk
from mmviz.text import NOTHING

LASTS = {"loop": (1e-6, 35e-9), "numpy": (7e-6, 1e-10)}
"""Seconds of a pass and of a multiplication in these made times, about as one computer has them."""


DRAWN = functools.cache(teaching.drawn)
"""The same drawings for all courses are made once."""


def now() -> float:
    return 1.0


def answered(walk: Walk, facts: Facts) -> tuple[Walk, Facts]:
    """The walk after what it wishes for: times are made up, learning is real."""
    match walk.wish:
        case Timing() as wish:
            facts = timed(facts, wish)
            return walks.learnt(walk, facts), facts
        case Teaching() as wish:
            return walks.with_course(walk, facts, course(wish)), facts
        case None:
            return walk, facts


@functools.cache
def course(wish: Teaching) -> Course:
    """The course that a child would give."""
    plan = plan_of(wish)
    found = [Course(plan, 0.0)]
    with mock.patch.object(teaching, "drawn", DRAWN):
        teaching.teach_plan(plan, lambda message: found.append(found[-1].heard(message)))
    assert not found[-1].ended
    return found[-1]


def timed(facts: Facts, wish: Timing, count: int = 30) -> Facts:
    """Facts that have made-up times: a loop is slow, a library is quick."""
    of = wish.of
    runs = []
    for backend, batch in itertools.product(wish.backends, wish.batches):
        gemms = of.workload.lower(batch, of.training)
        begin, each = LASTS[backend]
        seconds = begin + each * sum(gemm.flop for gemm in gemms) / 2
        samples = tuple(seconds * (1 + 1e-3 * i) for i in range(count))
        runs.append(Run(backend, batch, samples, stats=summarize(samples), max_error=1e-7))
    results = Results(
        network=of.workload.name,
        dtype=of.dtype,
        training=of.training,
        seed=0,
        machine=None,
        runs=tuple(runs),
    )
    return facts.with_run(Timed(of, results, NOTHING))


def found(walk: Walk, facts: Facts) -> tuple[Found, Here]:
    """What comes out at a step, and the snapshot that it takes."""
    assert walk.step.answer is not None
    while True:
        try:
            here = walk.asked_here(facts)
            return evaluate(walk.step.answer, here), here
        except Wanted as wish:
            walk, facts = answered(replace(walk, wish=wish.request, guess=Unsure()), facts)


def guess_of(walk: Walk, facts: Facts, how: str) -> Guess:
    """A guess that is right, wrong or unsure."""
    if how == "unsure":
        return Unsure()
    answer, known = found(walk, facts)
    right = how == "right"
    if walk.form == "choice":
        shown = options_of(walk.step, known)
        one = the_right_one(shown, answer)
        if right and one is not None:
            return Choice(one.index)
        return Choice(next(one.index for one in shown if not matches(one, answer)))
    if walk.form == "number":
        value = number_of(answer)
        return Number(value if right else 3 * value + 7)
    assert isinstance(answer.value, frozenset)
    some = sorted(answer.value, key=str)[: max(walk.step.need, 1)]
    if right:
        return Click(answer.value if walk.step.need == 0 else frozenset(some))
    return Click(frozenset({(-1, -1)}))


def solved(walk: Walk, facts: Facts) -> Walk:
    """With the changes of the step's solution, as a learner makes them."""
    made = changed(replace(walk.stage, session=walk.session), walk.step.solution)
    walk = walks.edited(walk, facts, made.session)
    if made.taught is not None and made.taught != walk.taught:
        walk = walks.trained(walk, facts, made.taught.rate, made.taught.steps)
    return walk


def walked(
    lesson: Lesson, how: str, progress: Progress | None = None
) -> Iterator[tuple[Walk, Facts]]:
    """Every state of a walk to its end: guesses `how`, and solutions but where all is skipped."""
    facts = Facts()
    walk = walks.begin(lesson, facts, first_session(), progress)
    for _ in range(200):
        yield walk, facts
        if walk.finished:
            return
        if walk.wish is not None:
            walk, facts = answered(walk, facts)
        elif walk.asks:
            walk = walks.guessed(walk, facts, guess_of(walk, facts, how))
        elif walk.passable:
            walk = walks.forward(walk, facts, now)
        elif how == "unsure":
            walk = walks.skipped(walk, facts, now)
        else:
            walk = solved(walk, facts)
    raise AssertionError(f"{lesson.id} does not end: {walk.step.id}")


def here_of(lesson: Lesson, step: str) -> Here:
    """The snapshot that a step is about."""
    number = lesson.number(step)
    assert number is not None
    stage = stage_of(lesson, number)
    return Here(stage, Facts(), stage)
