"""A drawing, and what each neuron makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files import hands
from mmviz.state.derived import Derived
from mmviz.state.learn.drawing import NOTHING_DRAWN, Drawing
from mmviz.state.learn.knowing import Knowing
from mmviz.state.offers import LEARNERS, TEACH, Offer
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text

EMPTY = Text(N_("No network is shown drawings yet"))


@dataclass(frozen=True, slots=True)
class DigitView:
    """why: there is nothing to show, NOTHING where `knowing` is what the drawing is shown to;
    offers: what brings something, or teaches it. drawing: what is shown to it. learns: it is being
    taught.
    """

    why: Text = EMPTY
    offers: tuple[Offer, ...] = LEARNERS
    knowing: Knowing | None = None
    drawing: Drawing = NOTHING_DRAWN
    learns: bool = False


def digit_view(
    workload: Workload,
    weights: Weights | None,
    plan: TrainPlan | None,
    drawing: Drawing = NOTHING_DRAWN,
    learns: bool = False,
) -> DigitView:
    """The view of DIGIT. weights: what the network knows, None where it was taught nothing; plan:
    of its last course; learns: that is on.
    """
    try:
        network = teachable(workload)
    except InputError as error:
        return DigitView(error.cause, LEARNERS, drawing=drawing)
    recipe = Recipe() if plan is None else plan.recipe
    data = MadeData(hands=hands.texts(), taught=hands.TAUGHT) if plan is None else plan.data
    knows = fresh(network, recipe.seed) if weights is None else weights
    offers = (TEACH,) if weights is None else ()
    knowing = Knowing(network, knows, weights is not None, data, recipe.seed)
    return DigitView(NOTHING, offers, knowing, drawing, learns)


def _needs(derived: Derived) -> tuple[Any, ...]:
    workload, drawing = derived.session.network, derived.session.drawing
    network = workload.layered
    course = None if network is None else derived.facts.lesson_of(network)
    if course is None:
        return workload, None, None, drawing
    return workload, course.weights, course.plan, drawing, course.doing == "teaching"


DIGIT = Part("digit", _needs, digit_view)
