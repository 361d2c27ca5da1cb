"""A drawing, and what each neuron makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.digits.made import CLASSES
from mmviz.core.learning.digits.strokes import PIXELS
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.network import Network
from mmviz.files import hands
from mmviz.state.derived import Derived
from mmviz.state.learn.knowing import Knowing
from mmviz.state.snapshot import Part
from mmviz.text import NOTHING, Text
from mmviz.words.digit import NO_LAYERS, not_pixels, not_ten


@dataclass(frozen=True, slots=True)
class DigitView:
    """why: there is nothing to show, NOTHING where `knowing` is what the drawing is shown to."""

    why: Text = NO_LAYERS
    knowing: Knowing | None = None


def digit_view(
    network: Network | None, weights: Weights | None, plan: TrainPlan | None
) -> DigitView:
    """The view of DIGIT. weights: what the network knows, None where it was taught nothing; plan:
    of its last lesson.
    """
    if network is None:
        return DigitView(NO_LAYERS)
    if network.inputs != PIXELS:
        return DigitView(not_pixels(network.name, network.inputs))
    if network.layers[-1].outputs != CLASSES:
        return DigitView(not_ten(network.name, network.layers[-1].outputs))
    recipe = Recipe() if plan is None else plan.recipe
    data = MadeData(hands=hands.texts(), taught=hands.TAUGHT) if plan is None else plan.data
    knows = fresh(network, recipe.seed) if weights is None else weights
    return DigitView(NOTHING, Knowing(network, knows, weights is not None, data, recipe.seed))


def _needs(derived: Derived) -> tuple[Network | None, Weights | None, TrainPlan | None]:
    network = derived.session.network.layered
    course = None if network is None else derived.facts.lesson_of(network)
    if course is None:
        return network, None, None
    return network, course.weights, course.plan


DIGIT = Part("digit", _needs, digit_view)
