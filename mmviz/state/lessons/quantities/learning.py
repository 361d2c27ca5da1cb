"""Quantities of a network that learns digits: what it was taught in the child, by whom asks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.bench.teaching import drawn
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe, steps_of
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.learning.likeness import class_means, likeness
from mmviz.core.learning.weights import Floats
from mmviz.errors import InputError
from mmviz.state.learn.choice import made
from mmviz.state.learn.course import Course
from mmviz.state.learn.knowing import COUNT
from mmviz.state.lessons.here import Here, NoData, Teaching, Value, Wanted
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity, whole
from mmviz.text import N_

TIMED_STEPS = 100
"""Of learning, by which the time of a step is told."""

BACKEND = "numpy"  # that teaches everywhere
PARTS = ("forward", "loss", "dgrad", "wgrad", "update")


def plan_of(wish: Teaching) -> TrainPlan:
    """What the child is asked. Of unseen drawings it looks at those of one strength alone, so that
    they are made sooner.
    """
    data = made()
    return TrainPlan(
        network=wish.network,
        recipe=wish.recipe,
        data=msgspec.structs.replace(data, strengths=data.strengths[:1]),
        backend=BACKEND,
        steps=wish.steps,
    )


def wish_of(here: Here, steps: int, batch: int | None = None) -> Teaching:
    """To teach the session's network: by its batch where it is about training, else by the usual.

    Raises NoData for a network that cannot be taught to tell digits.
    """
    stage = here.stage
    if stage.taught is None:
        raise NoData(N_("nothing is learnt in this session"))
    try:
        network = teachable(stage.session.network)
    except InputError as error:
        raise NoData(error.cause) from None
    usual = Recipe()
    if batch is None:
        batch = stage.session.batch if stage.session.training else usual.batch
    recipe = Recipe(
        losses.natural(network.layers[-1].activation),
        batch,
        stage.taught.rate,
        usual.momentum,
        usual.decay,
        stage.taught.seed,
    )
    return Teaching(network, recipe, steps)


def course_of(here: Here, steps: int | None = None, batch: int | None = None) -> Course:
    """The course that taught it, of so many steps or of those of the session; raises Wanted."""
    taught = here.stage.taught
    wish = wish_of(here, taught.steps if steps is None and taught else steps or 0, batch)
    for course in here.courses:
        if wish.answers(course):
            if course.ended:
                raise NoData(course.ended)
            return course
    raise Wanted(wish)


def _accuracy(here: Here, arguments: Arguments) -> Value:
    """Share of drawings told right, of those it learnt from or of unseen ones."""
    course = course_of(here, whole(arguments[1]) if len(arguments) > 1 else None)
    if course.last is None:
        raise NoData(N_("no data"))
    match arguments[0]:
        case "seen":
            return course.last.seen
        case "unseen":
            return course.last.unseen[0]
        case name:
            raise NoData(N_("no drawings are called {name!r:.40}"), name=name)


def _loss(here: Here, arguments: Arguments) -> Value:
    """Mean over the last epoch; of a course of so many epochs with that batch."""
    if arguments:
        epochs, batch = (whole(text) for text in arguments)
        each = steps_of(_count(), max(batch, 1))
        course = course_of(here, epochs * each, batch)
    else:
        course = course_of(here)
        each = steps_of(_count(), course.plan.recipe.batch)
    found = course.now.curve.losses
    if not len(found):
        raise NoData(N_("no data"))
    return float(np.mean(found[-each:]))


def _count() -> int:
    """Drawings to learn from."""
    return made().count


def _likeness(here: Here, arguments: Arguments) -> Value:
    course = course_of(here, whole(arguments[0]) if arguments else None)
    weights = course.weights
    if weights is None or len(weights.weights) > 1:
        raise NoData(N_("only a single layer has a picture for each digit"))
    found = likeness(weights.weights[0], _means(course.plan.recipe.seed))
    if found is None:
        raise NoData(N_("all weights are alike"))
    return found


@functools.lru_cache(maxsize=4)
def _means(seed: int) -> Floats:
    """The mean of each digit's drawings less that of all."""
    data = made()
    some = MadeData(hands=data.hands, taught=data.taught, count=COUNT, unseen=1, strengths=(0.5,))
    return class_means(drawn(some, seed)[0])


def _each(here: Here, arguments: Arguments) -> Value:
    """Time of a step for each drawing, with that batch."""
    batch = whole(arguments[0])
    step_s = course_of(here, TIMED_STEPS, batch).now.step_s
    if not step_s:
        raise NoData(N_("no data"))
    return step_s / batch


def _shares(here: Here) -> dict[str, float]:
    shares = course_of(here, TIMED_STEPS).now.shares
    if not shares:
        raise NoData(N_("no data"))
    return shares


def _step_share(here: Here, arguments: Arguments) -> Value:
    if arguments[0] not in PARTS:
        raise NoData(N_("no part of a step is called {name!r:.40}"), name=arguments[0])
    return _shares(here).get(arguments[0], 0.0)


def _argmax_step_share(here: Here, _arguments: Arguments) -> Value:
    shares = _shares(here)
    return max(shares, key=lambda name: shares[name])


def _of_course(of: Callable[[Course], float | int | None]) -> Callable[[Here, Arguments], Value]:
    def found(here: Here, _arguments: Arguments) -> Value:
        value = of(course_of(here))
        if value is None:
            raise NoData(N_("no data"))
        return value

    return found


def _steps_per_epoch(course: Course) -> int:
    return steps_of(_count(), course.plan.recipe.batch)


def _epoch_s(course: Course) -> float | None:
    step_s = course.now.step_s
    return None if step_s is None else step_s * _steps_per_epoch(course)


LEARNING: Mapping[str, Quantity] = {
    "accuracy": Quantity(
        _accuracy,
        "measured",
        "share of seen or unseen drawings told right, after some steps or those of the session",
        "%",
        1,
        2,
    ),
    "loss": Quantity(
        _loss, "measured", "mean loss of the last epoch: of so many epochs, with a batch", "", 0, 2
    ),
    "likeness": Quantity(
        _likeness, "computed", "how much weights look like their digit, after some steps", most=1
    ),
    "steps_done": Quantity(_of_course(lambda c: c.step), "measured", "steps it was taught"),
    "steps_per_epoch": Quantity(_of_course(_steps_per_epoch), "computed", "steps of an epoch"),
    "train_s": Quantity(
        _of_course(lambda c: c.now.curve.spent_s), "measured", "time of all its steps", "s"
    ),
    "step_s": Quantity(_of_course(lambda c: c.now.step_s), "measured", "time of a step", "s"),
    "epoch_s": Quantity(_of_course(_epoch_s), "measured", "time of an epoch", "s"),
    "step_s_each": Quantity(
        _each, "measured", "time of a step for each drawing, with a batch", "s", 1, 1
    ),
    "step_share": Quantity(
        _step_share,
        "measured",
        "forward, loss, dgrad, wgrad or update, of a step's time",
        "%",
        1,
        1,
    ),
    "argmax_step_share": Quantity(
        _argmax_step_share, "measured", "the part of a step that takes longest"
    ),
}
