"""A network is taught, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mmviz.backends import registry
from mmviz.backends.learner import STAGES, Teaches
from mmviz.backends.registry import Entry
from mmviz.bench.lesson import FEW, GUESSED
from mmviz.bench.plan import MadeData
from mmviz.core.learning import losses
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.learning.losses import Loss
from mmviz.core.provenance import Provenance
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.learn.chart import LessonChart, chart_of
from mmviz.state.learn.course import Course
from mmviz.state.offers import LEARNERS, Offer
from mmviz.state.peak.column import Fact, FactGroup, FactsView
from mmviz.state.picture.learnt import taken
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.timing import backend_name, placed_name
from mmviz.words.training import no_use, stage_name

UNTAUGHT = Text(N_("Nothing was taught yet"))
MEASURED = Provenance("measured")
NUMPY = Entry("numpy", own("NumPy"), ("float32",), True)


@dataclass(frozen=True, slots=True, eq=False)
class TeachingView:
    """why: this network cannot be taught, NOTHING where it can; offers: some that can.

    backends: id and name of those that teach here. loss: the one that belongs to the last layer.
    course: what is shown, None before the first; status: where it stands; ended: why it broke.
    takeable: what it knows can become the numbers of the network that is shown.
    """

    why: Text = NOTHING
    offers: tuple[Offer, ...] = ()
    backends: tuple[tuple[str, Text], ...] = ()
    loss: Loss = "cross-entropy"
    status: Text = UNTAUGHT
    ended: Text = NOTHING
    facts: FactsView = FactsView(())  # noqa: RUF009  # frozen
    chart: LessonChart | None = None
    teaching: bool = False
    resumable: bool = False
    known: bool = False
    takeable: bool = False
    done: float = 0.0


def needed(derived: Derived) -> tuple[Any, ...]:
    """What `teaching_view` takes: the course that is on, else the last of the network shown."""
    facts, workload = derived.facts, derived.session.network
    network = workload.layered
    on = next((one for one in facts.lessons if one.doing == "teaching"), None)
    course = on if on is not None or network is None else facts.lesson_of(network)
    return workload, facts.backends, course


def teaching_view(
    workload: Workload, backends: tuple[Entry, ...], course: Course | None
) -> TeachingView:
    """The view of `TEACHING`."""
    why, loss = NOTHING, "cross-entropy"
    offers: tuple[Offer, ...] = ()
    try:
        loss = losses.natural(teachable(workload).layers[-1].activation)
    except InputError as error:
        why, offers = error.cause, LEARNERS
    teachers = tuple(teachers_of(backends))
    if course is None:
        return TeachingView(why, offers, teachers, loss)  # type: ignore[arg-type]
    if course.doing == "teaching":
        why, offers = NOTHING, ()
    return TeachingView(
        why,
        offers,
        teachers,
        loss,  # type: ignore[arg-type]
        status=_status(course),
        ended=course.ended or _no_use(course),
        facts=FactsView(tuple(_groups(course))),
        chart=chart_of(course) if len(course.now.curve) or course.now.looks else None,
        teaching=course.doing == "teaching",
        resumable=course.doing != "teaching" and course.weights is not None and not course.complete,
        known=course.weights is not None,
        takeable=_takeable(workload, course),
        done=course.done,
    )


def _takeable(workload: Workload, course: Course) -> bool:
    network = workload.layered
    if network is None or course.weights is None or not course.teaches(network):
        return False
    return not taken(network, course.weights)


def teachers_of(backends: tuple[Entry, ...]) -> Iterator[tuple[str, Text]]:
    """Id and name of those that teach here; NumPy before anybody looked."""
    for entry in backends or (NUMPY,):
        if entry.available and isinstance(registry.find(entry.id), Teaches):
            said = (backend_name(entry.id), entry.note) if entry.note else (backend_name(entry.id),)
            yield entry.id, joined(said, "commas")


def _no_use(course: Course) -> Text:
    """What to try where its last steps lose more than its first."""
    losses = course.now.curve.losses
    look = course.last
    if look is None or look.step <= FEW or len(losses) < 2:
        return NOTHING
    if look.seen >= GUESSED or losses[-1] <= losses[0]:
        return NOTHING
    return no_use(float(losses[0]), course.plan.recipe.rate)


def _status(course: Course) -> Text:
    """'Digits, one layer: 470 of 940 steps'."""
    plan = course.plan
    steps = Text(P_("{n:group} step", "{n:group} steps"), n=course.step)
    if plan.steps is not None:
        steps = Text(
            P_("{done:group} of {n:group} step", "{done:group} of {n:group} steps"),
            done=course.step,
            n=plan.steps,
        )
    if course.origin and not len(course.now.curve):
        return Text(
            N_("{name} has the {origin}"), name=own(plan.network.name), origin=course.origin
        )
    stands = {
        "teaching": N_("{name} is taught: {steps}"),
        "paused": N_("{name} waits after {steps}"),
        "over": N_("{name} was taught {steps}"),
    }
    stand = Text(stands[course.doing], name=own(plan.network.name), steps=steps)
    if course.last is None:
        return stand
    return joined((stand, Text(N_("unseen right {x:percent}"), x=course.last.unseen[0])))


def _groups(course: Course) -> Iterator[FactGroup]:
    yield FactGroup(Text(N_("trained here")), MEASURED, tuple(_facts(course)))
    if course.now.shares:
        yield FactGroup(Text(N_("a step, by its parts")), MEASURED, tuple(_parts(course)))


def _facts(course: Course) -> Iterator[Fact]:
    plan, look, known = course.plan, course.last, course.now
    data = plan.data
    count = data.count if isinstance(data, MadeData) else len(data.seen_labels)
    yield Fact(course.drawings, Text("{n:group}", n=count), _of(course))
    if look is not None:
        seen = Text("{right:percent}", right=look.seen)
        yield Fact(Text(N_("seen drawings right")), seen, Text(N_("of drawings it learns from")))
        strengths = data.strengths if isinstance(data, MadeData) else (None,)
        for strength, right in zip(strengths, look.unseen, strict=False):
            label, tip = Text(N_("unseen drawings right")), Text(N_("of drawings it never saw"))
            if strength is not None:
                label = Text(N_("unseen right, strength {s:g}"), s=strength)
                tip = Text(N_("of other hands than it learns from, made to differ that much"))
            yield Fact(label, Text("{right:percent}", right=right), tip)
    label = Text(N_("steps, batch {batch:group}"), batch=plan.recipe.batch)
    yield Fact(label, Text("{n:group}", n=course.step), _recipe(course))
    if len(known.curve):
        loss = Text("{loss:sig}", loss=float(known.curve.losses[-1]))
        yield Fact(Text(N_("loss, {name}"), name=Text(LOSS_NAMES[plan.recipe.loss])), loss)
    if known.step_s is not None:
        yield _step_time(course, known.step_s)
        spent = Text("{s:seconds}", s=known.curve.spent_s)
        yield Fact(Text(N_("time of all steps")), spent)


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
    shares, step_s = course.now.shares, course.now.step_s or 0.0
    for stage in STAGES:
        share = shares.get(stage, 0.0)
        value = Text("{share:percent}", share=share)
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


LOSS_NAMES: dict[str, str] = {
    "cross-entropy": N_("cross-entropy"),
    "squared error": N_("squared error"),
}
TEACHING = Part("teaching", needed, teaching_view)
