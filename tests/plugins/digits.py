"""A network that was taught to tell digits, and how somebody draws them with a mouse."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import numpy as np

from mmviz.backends import registry
from mmviz.backends.learner import Teaches
from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.bench.teaching import drawings
from mmviz.core.learning.descent import Recipe, batches, one_hot
from mmviz.core.learning.digits.drawing import Point
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.network import Dense, Network
from mmviz.files import hands, networks
from mmviz.state.learn.course import Course

WITH_HIDDEN = Network("784-24-10", 784, (Dense(24, "relu", "hidden"), Dense(10, "softmax", "out")))
FEW = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=2_000, unseen=200, strengths=(0.5,))
STEPS = 94


def single() -> Network:
    """The preset of one layer."""
    network = networks.read_preset("digits").network.layered
    assert network is not None
    return network


@functools.cache
def taught(network: Network, steps: int = STEPS) -> Course:
    """It learnt so many steps from drawings mmviz makes."""
    recipe = Recipe(seed=1)
    plan = TrainPlan(network=network, recipe=recipe, data=FEW, backend="numpy", steps=steps)
    seen, _ = drawings(plan)
    numpy = registry.find("numpy")
    assert isinstance(numpy, Teaches)
    learner = numpy.prepare_learning(network, fresh(network, 1), recipe, "float32")
    targets = one_hot(seen.labels, 10)
    for _, which in zip(range(steps), batches(len(seen), recipe), strict=False):
        learner.teach(seen.x[which], targets[which])
    known: Weights = replace(learner.weights(), step=steps)
    learner.close()
    return Course(plan, 0.0, doing="over", weights=known)


def arc(x: float, y: float, wide: float, high: float, begin: float, end: float) -> list[Point]:
    """Part of an ellipse, in pixels of the pad, from one angle to another, in degrees."""
    angles = np.radians(np.linspace(begin, end, 16))
    return [(x + wide * math.cos(a), y + high * math.sin(a)) for a in angles]


DRAWN: dict[int, list[list[Point]]] = {
    0: [arc(14, 14, 6, 9, -90, 270)],
    3: [arc(14, 9, 5, 4.5, -160, 90) + arc(14, 18.5, 6, 5, -90, 160)],
    7: [[(7, 5), (20, 5), (12, 24)]],
}
"""Ways of a pen, stroke by stroke."""
