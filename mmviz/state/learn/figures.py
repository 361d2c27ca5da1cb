"""What a lesson came to in figures: those that matter most, and the rest."""

from __future__ import annotations

from collections.abc import Iterator

from mmviz.backends.learner import STAGES
from mmviz.bench.plan import MadeData
from mmviz.core.provenance import Provenance
from mmviz.state.learn.course import Course
from mmviz.state.peak.column import Fact, FactGroup, FactsView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.timing import placed_name
from mmviz.words.training import LOSS_NAMES, first_of, stage_name

MEASURED = Provenance("measured")
MOST_KEY = 1  # sets of unseen drawings that are told first: the one that is promised


def key_figures(course: Course) -> FactsView:
    """What it told right, lost and took, to be seen at one look."""
    groups = []
    if key := tuple(_key(course)):
        groups.append(FactGroup(Text(N_("trained here")), MEASURED, key))
    if course.now.shares:
        groups.append(FactGroup(Text(N_("a step, by its parts")), MEASURED, tuple(_parts(course))))
    return FactsView(tuple(groups))


def more_figures(course: Course) -> FactsView:
    """What it was taught with, and what is harder to tell."""
    return FactsView((FactGroup(Text(N_("the course")), MEASURED, tuple(_more(course))),))


def _key(course: Course) -> Iterator[Fact]:
    look, known = course.last, course.now
    yield from _unseen(course)[:MOST_KEY]
    if look is not None:
        seen = Text("{right:percent}", right=look.seen)
        yield Fact(Text(N_("seen drawings right")), seen, _judged(course))
    if len(known.curve):
        loss = Text("{loss:sig}", loss=float(known.curve.losses[-1]))
        name = Text(LOSS_NAMES[course.plan.recipe.loss])
        yield Fact(Text(N_("loss, {name}"), name=name), loss)
    if known.step_s is not None:
        yield _step_time(course, known.step_s)


def _more(course: Course) -> Iterator[Fact]:
    plan, known = course.plan, course.now
    yield from _unseen(course)[MOST_KEY:]
    data = plan.data
    count = data.count if isinstance(data, MadeData) else len(data.seen_labels)
    yield Fact(course.drawings, Text("{n:group}", n=count), _of(course))
    label = Text(N_("steps, batch {batch:group}"), batch=plan.recipe.batch)
    yield Fact(label, Text("{n:group}", n=course.step), _recipe(course))
    if len(known.curve):
        spent = Text("{s:seconds}", s=known.curve.spent_s)
        yield Fact(Text(N_("time of all steps")), spent)


def _judged(course: Course) -> Text:
    """Of how many drawings that is the share."""
    first, count = first_of(course.plan.data)
    if not first < count:
        return Text(N_("of drawings it learns from"))
    said = N_("of the first {n:group} of {count:group} drawings it learns from")
    return Text(said, n=first, count=count)


def _unseen(course: Course) -> list[Fact]:
    """Of each set of unseen drawings."""
    look, data = course.last, course.plan.data
    if look is None:
        return []
    strengths = data.strengths if isinstance(data, MadeData) else (None,)
    facts = []
    for strength, right in zip(strengths, look.unseen, strict=False):
        label, tip = Text(N_("unseen drawings right")), Text(N_("of drawings it never saw"))
        if strength is not None:
            label = Text(N_("unseen right, strength {s:g}"), s=strength)
            tip = Text(N_("of other hands than it learns from, made to differ that much"))
        facts.append(Fact(label, Text("{right:percent}", right=right), tip))
    return facts


def _step_time(course: Course, step_s: float) -> Fact:
    """In slow motion the processor rests between two steps, so each begins cold."""
    slow = course.plan.pace is not None
    name = N_("time per step, slow motion, {who}") if slow else N_("time per step, {who}")
    tip = (
        N_("the median of the last {n:group} steps, each after a rest, which may make it slower")
        if slow
        else N_("the median of the last {n:group} steps")
    )
    return Fact(
        Text(name, who=placed_name(course.plan.backend, course.place)),
        Text("{s:seconds}", s=step_s),
        Text(tip, n=len(course.now.recent)),
    )


def _parts(course: Course) -> Iterator[Fact]:
    shares, step_s = course.now.shares, course.now.step_s
    for stage in STAGES:
        share = shares.get(stage, 0.0)
        value = Text("{share:percent}", share=share)
        tip = NOTHING  # of a lesson that was kept: how long its last steps took is not
        if step_s is not None:
            tip = Text(N_("{s:seconds} of a step"), s=share * step_s)
        yield Fact(stage_name(stage), value, tip)


def _of(course: Course) -> Text:
    data = course.plan.data
    if not isinstance(data, MadeData):
        return Text(N_("the user's own drawings"))
    return Text(
        N_("by {hands:d} hands, seed {seed:d}; unseen ones by {others:d} others"),
        hands=data.taught,
        seed=course.plan.recipe.seed,
        others=len(data.hands) - data.taught,
    )


def _recipe(course: Course) -> Text:
    recipe = course.plan.recipe
    return joined(
        (
            Text(N_("learning rate {x:g}"), x=recipe.rate),
            Text(N_("momentum {x:g}"), x=recipe.momentum),
            Text(N_("decay {x:g}"), x=recipe.decay),
            Text(N_("seed {seed:d}"), seed=recipe.seed),
            Text("{dtype}", dtype=course.plan.dtype),
        )
    )
