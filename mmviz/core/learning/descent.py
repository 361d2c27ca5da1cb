"""Stochastic gradient descent: how weights follow gradients, and in which order drawings come.

v ← momentum·v - rate·(g + decay·w), w ← w + v (Polyak, 1964; decay as in Krogh and Hertz, 1992).
Biases do not decay. The order of an epoch depends on seed and epoch alone, so that a training that
was stopped goes on as if it had not been.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.activations import Array
from mmviz.core.learning.losses import Loss
from mmviz.core.learning.values import SEED, stream
from mmviz.errors import InputError
from mmviz.text import N_, Text

_STREAM = 4  # of the streams of a seed, beside those of values, targets and drawings


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is taught. rate: of learning; batch: drawings a step."""

    loss: Loss = "cross-entropy"
    batch: int = 64
    rate: float = 0.05
    momentum: float = 0.9
    decay: float = 1e-3
    seed: int = SEED

    def check(self) -> None:
        """Raise InputError for numbers that are none of this kind, by name."""
        for name, figure, most in (
            (N_("learning rate"), self.rate, math.inf),
            (N_("decay"), self.decay, math.inf),
            (N_("momentum"), self.momentum, 1.0),
        ):
            if not (0 <= figure < most):
                said = N_("{name} {figure:g} is not from 0 to below {most:g}")
                raise InputError(said, name=Text(name), figure=figure, most=most)


def update(weights: Array, gradient: Array, moving: Array, recipe: Recipe, decay: bool) -> None:
    """One step of `weights`, in place; moving: v, likewise. Overwrites `gradient`."""
    if decay and recipe.decay:
        gradient += recipe.decay * weights
    gradient *= -recipe.rate
    moving *= recipe.momentum
    moving += gradient
    weights += moving


def gentler(rate: float) -> float:
    """The learning rate to try where one was too large: a tenth of it, or what mostly serves."""
    return min(rate / 10, Recipe().rate)


def order(count: int, epoch: int, seed: int) -> NDArray[np.int64]:
    """The drawings of an epoch, each once, [count]."""
    random = np.random.Generator(np.random.SFC64(stream(seed, _STREAM, epoch)))
    return random.permutation(count)


def steps_of(count: int, batch: int) -> int:
    """Steps of an epoch; the last may be of fewer drawings."""
    return -(-count // batch)


def check_batch(batch: int, count: int) -> None:
    """Raise InputError where a step asks for more drawings than there are."""
    if batch > count:
        said = N_("a batch of {batch:group} is more than the {count:group} drawings to learn from")
        raise InputError(said, batch=batch, count=count)


def batches(count: int, recipe: Recipe, step: int = 0) -> Iterator[NDArray[np.int64]]:
    """Which drawings each step takes, from step number `step` on, epoch after epoch, for ever."""
    each = steps_of(count, recipe.batch)
    epoch, within = divmod(step, each)
    while True:
        now = order(count, epoch, recipe.seed)
        for i in range(within, each):
            yield now[i * recipe.batch : (i + 1) * recipe.batch]
        epoch, within = epoch + 1, 0


def one_hot(labels: NDArray[np.int64], classes: int, dtype: Any = np.float32) -> Array:
    """Targets [labels × classes]: 1 at each label."""
    found = np.zeros((len(labels), classes), dtype)
    found[np.arange(len(labels)), labels] = 1
    return found
