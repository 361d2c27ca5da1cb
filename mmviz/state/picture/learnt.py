"""Numbers of the picture that the network learnt, and how they moved."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.state.derived import Derived
from mmviz.text import N_, NOTHING, Text

UNTAUGHT = Text(N_("this network was taught nothing yet: Teach does that, in Learn"))
LISTED = Text(N_("a list of products has no weights of its own to be taught"))
OWN = Text(N_("its numbers are its own, not those it learnt"))
NO_W = Text(
    N_(
        "a wgrad product reads no W: what it makes is the gradient that W moves by; look at the "
        "layer's forward or dgrad product"
    )
)
UNMOVED = Text(N_("its weights have not moved since they were read"))
_FEW = 99.5  # percent of weights within the deepest colours,
_SAMPLED = 100_000  # of evenly as many where there are more


@dataclass(frozen=True, slots=True)
class Learning:
    """weights: what is learnt, None where the picture has the network's own numbers. since: the
    weights before these; why: there is no change to see, NOTHING where there is.
    """

    weights: Weights | None = None
    since: Weights | None = None
    why: Text = UNTAUGHT

    @property
    def step(self) -> int | None:
        """How many steps they were learnt in."""
        return None if self.weights is None else self.weights.step


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """moved: of each weight of the right factor, as it stands in the product [k × n]. steps: within
    which; most: what has the deepest colour.
    """

    moved: NDArray[np.floating[Any]]
    steps: int
    most: float


def learning_of(derived: Derived) -> Learning:
    """What the picture shows of the last lesson of its network.

    Numbers of its own come first, but while it is taught: then they are what is computed with.
    """
    network = derived.session.network.layered
    if network is None:
        return Learning(why=LISTED)
    course = derived.facts.lesson_of(network)
    if course is None or course.weights is None:
        return Learning()
    if course.doing != "teaching" and has_own(network) and not taken(network, course.weights):
        return Learning(why=OWN)
    return Learning(course.weights, course.since, UNMOVED if course.since is None else NOTHING)


def has_own(network: Network) -> bool:
    """Whether it brings weights along."""
    return any(layer.weights is not None for layer in network.layers)


@functools.lru_cache(maxsize=4)
def taken(network: Network, weights: Weights) -> bool:
    """Whether these are the network's own weights."""
    return all(
        layer.weights is not None
        and layer.bias is not None
        and np.array_equal(layer.weights.array, w)
        and np.array_equal(layer.bias, b)
        for layer, w, b in zip(network.layers, weights.weights, weights.biases, strict=True)
    )


@functools.lru_cache(maxsize=2)
def change_of(learning: Learning, gemm: Gemm) -> Change | None:
    """How W moved of a product that reads W; None for others, and where nothing moved."""
    if learning.weights is None or learning.since is None or gemm.role == "wgrad":
        return None
    now, before = learning.weights, learning.since
    moved = now.weights[gemm.layer] - before.weights[gemm.layer]
    some = moved.ravel()[:: max(1, moved.size // _SAMPLED)]
    most = float(np.percentile(np.abs(some), _FEW))
    steps = now.step - before.step
    return Change(moved if gemm.role == "forward" else moved.T, steps, most)
