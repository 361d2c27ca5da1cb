"""A network is taught, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mmviz.backends import registry
from mmviz.backends.learner import Teaches
from mmviz.backends.registry import Entry
from mmviz.bench.lesson import FEW, GUESSED
from mmviz.core.learning import losses
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.learning.losses import Loss
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.learn.chart import LessonChart, chart_of
from mmviz.state.learn.course import Course
from mmviz.state.learn.figures import key_figures, more_figures
from mmviz.state.offers import LEARNERS, Offer
from mmviz.state.peak.column import FactsView
from mmviz.state.picture.learnt import taken
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.names import spoken
from mmviz.words.timing import backend_name
from mmviz.words.training import no_use

UNTAUGHT = Text(N_("Nothing was taught yet"))
NUMPY = Entry("numpy", own("NumPy"), ("float32",), True)


@dataclass(frozen=True, slots=True, eq=False)
class TeachingView:
    """why: this network cannot be taught, NOTHING where it can; offers: some that can.

    backends: id and name of those that teach here. loss: the one that belongs to the last layer.
    course: what is shown, None before the first; status: where it stands; ended: why it broke.
    facts: what matters most; more: the rest.
    takeable: what it knows can become the numbers of the network that is shown.
    """

    why: Text = NOTHING
    offers: tuple[Offer, ...] = ()
    backends: tuple[tuple[str, Text], ...] = ()
    loss: Loss = "cross-entropy"
    status: Text = UNTAUGHT
    ended: Text = NOTHING
    facts: FactsView = FactsView(())  # noqa: RUF009  # frozen
    more: FactsView = FactsView(())  # noqa: RUF009
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
        facts=key_figures(course),
        more=more_figures(course),
        chart=chart_of(course) if len(course.now.curve) or course.now.looks else None,
        teaching=course.doing == "teaching",
        resumable=course.resumable,
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
    """Id and name of those that teach here; NumPy before anybody looked. Not those made to record:
    what they are beside that is among these already.
    """
    for entry in backends or (NUMPY,):
        able = entry.available and not registry.records(entry.id)
        if able and isinstance(registry.find(entry.id), Teaches):
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
    elif plan.seconds is not None:
        spent = Text(
            N_("{spent:seconds} of {all:seconds} of steps"),
            spent=course.now.curve.spent_s,
            all=plan.seconds,
        )
        steps = joined((steps, spent), "commas")
    if course.origin and not len(course.now.curve):
        return Text(
            N_("{name} has the {origin}"), name=spoken(plan.network.name), origin=course.origin
        )
    stands = {
        "starting": N_("{name}: starting, its drawings are made ready; {steps}"),
        "teaching": N_("{name} is taught: {steps}"),
        "paused": N_("{name} waits after {steps}"),
        "over": N_("{name} was taught {steps}"),
    }
    doing = "starting" if course.doing == "teaching" and course.awaited else course.doing
    stand = Text(stands[doing], name=spoken(plan.network.name), steps=steps)
    if course.lost is not None and doing == "over":
        stand = _broken(course, steps)
    if course.last is None:
        return stand
    return joined((stand, Text(N_("unseen right {x:percent}"), x=course.last.unseen[0])))


def _broken(course: Course, steps: Text) -> Text:
    """Of one that lost its numbers: what it knew before is what it has."""
    said = N_("{name} broke off in step {lost:group}")
    if course.weights is not None:
        said = N_("{name} broke off in step {lost:group}, and has what it knew after {steps}")
    return Text(said, name=spoken(course.plan.network.name), lost=course.lost, steps=steps)


TEACHING = Part("teaching", needed, teaching_view)
