"""What somebody wishes of a lesson, and the plan it makes of the network that is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from mmviz.backends import registry
from mmviz.backends.learner import Teaches
from mmviz.backends.narrow import check_taught
from mmviz.bench.plan import GivenData, Learnt, MadeData, TrainPlan
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe, check_batch, steps_of
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.shapes.network import check_count
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files import hands
from mmviz.files.settings import StoredLesson
from mmviz.text import N_

EPOCHS = 10
MOST_EPOCHS = 10_000
SECONDS = 5
MOST_SECONDS = 86_400
USUAL = 64.0  # steps a second, so that one sees it learn


@dataclass(frozen=True, slots=True)
class Choice:
    """folder: where MNIST's files are, "" for drawings mmviz makes. epochs, seconds: how long it
    lasts, None for what does not end it; seconds are those of steps. pace: steps a second at most,
    None for as fast as it computes.
    """

    recipe: Recipe = field(default_factory=Recipe)
    folder: str = ""
    backend: str = "numpy"
    epochs: int | None = EPOCHS
    seconds: float | None = None
    pace: float | None = None


AT_FIRST = Choice(pace=USUAL)


def made() -> MadeData:
    """The drawings mmviz makes."""
    return MadeData(hands=hands.texts(), taught=hands.TAUGHT)


def stored(choice: Choice) -> StoredLesson:
    """As it is remembered."""
    recipe = choice.recipe
    return StoredLesson(
        loss=recipe.loss,
        batch=recipe.batch,
        rate=recipe.rate,
        momentum=recipe.momentum,
        decay=recipe.decay,
        seed=recipe.seed,
        folder=choice.folder,
        backend=choice.backend,
        epochs=choice.epochs or 0,
        seconds=choice.seconds or 0.0,
        pace=choice.pace or 0.0,
    )


def choice_of(kept: StoredLesson) -> Choice:
    """How it was remembered; where that is of another program, as at first."""
    try:
        check_count(kept.batch, "")
        recipe = Recipe(
            kept.loss,  # type: ignore[arg-type]  # looked at below
            kept.batch,
            kept.rate,
            kept.momentum,
            kept.decay,
            kept.seed,
        )
        recipe.check()
    except InputError:
        return AT_FIRST
    lasts = 0 < kept.epochs <= MOST_EPOCHS or (not kept.epochs and 0 < kept.seconds <= MOST_SECONDS)
    known = kept.loss in losses.LOSSES and kept.seed >= 0 and 0 <= kept.pace < math.inf
    if not (lasts and known):
        return AT_FIRST
    return Choice(
        recipe,
        kept.folder,
        kept.backend,
        kept.epochs or None,
        None if kept.epochs else kept.seconds,
        kept.pace or None,
    )


def plan_of(
    workload: Workload,
    dtype: str,
    choice: Choice,
    data: MadeData | GivenData,
    begin: Learnt | None = None,
) -> TrainPlan:
    """The plan of that lesson; raises InputError where it cannot be taught so. data: those mmviz
    makes where a folder's were not read yet.
    """
    network, recipe = teachable(workload), choice.recipe
    recipe.check()
    losses.check(recipe.loss, network.layers[-1].activation)
    backend = registry.computing(choice.backend, check_taught(dtype))
    if not isinstance(backend, Teaches):
        raise InputError(N_("{who} teaches no network here"), who=backend.title)
    count = data.count if isinstance(data, MadeData) else len(data.seen_labels)
    if isinstance(data, GivenData) or not choice.folder:  # else how many there are is not known
        check_batch(recipe.batch, count)
    return TrainPlan(
        network=network,
        recipe=recipe,
        data=data,
        backend=choice.backend,
        dtype=dtype,
        steps=None if choice.epochs is None else choice.epochs * steps_of(count, recipe.batch),
        seconds=choice.seconds,
        begin=begin,
        pace=choice.pace,
    )
