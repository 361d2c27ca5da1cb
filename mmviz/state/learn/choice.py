"""What somebody wishes of a lesson, and the plan it makes of the network that is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from mmviz.backends import registry
from mmviz.backends.learner import Teaches
from mmviz.bench.plan import GivenData, Learnt, MadeData, TrainPlan
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe, steps_of
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files import hands
from mmviz.text import N_

EPOCHS = 10
MOST_EPOCHS = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """folder: where MNIST's files are, "" for drawings mmviz makes. pace: steps a second at most,
    None for as fast as it computes.
    """

    recipe: Recipe = field(default_factory=Recipe)
    folder: str = ""
    backend: str = "numpy"
    epochs: int = EPOCHS
    pace: float | None = None


def made() -> MadeData:
    """The drawings mmviz makes."""
    return MadeData(hands=hands.texts(), taught=hands.TAUGHT)


def plan_of(
    workload: Workload,
    dtype: str,
    choice: Choice,
    data: MadeData | GivenData,
    begin: Learnt | None = None,
) -> TrainPlan:
    """The plan of that lesson; raises InputError where it cannot be taught so."""
    network, recipe = teachable(workload), choice.recipe
    recipe.check()
    losses.check(recipe.loss, network.layers[-1].activation)
    backend = registry.computing(choice.backend, dtype)
    if not isinstance(backend, Teaches):
        raise InputError(N_("{who} teaches no network here"), who=backend.title)
    count = data.count if isinstance(data, MadeData) else len(data.seen_labels)
    return TrainPlan(
        network=network,
        recipe=recipe,
        data=data,
        backend=choice.backend,
        dtype=dtype,
        steps=choice.epochs * steps_of(count, recipe.batch),
        begin=begin,
        pace=choice.pace,
    )
