"""Whether gradients are right: against differences of the loss, which know nothing of them.

Gradients come in float32 as they are used; differences are central, h = 1e-5, in float64 on the
same weights, since in float32 they bottom out at 1e-4 and worse. Where a ReLU changes its sign
between both sides the difference says nothing, and is left out. Right gradients lie within LIMIT,
relative to the largest difference; a row that is lost is off by some 0.1, a mask forgotten by 0.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.activations import activate
from mmviz.core.learning.losses import Loss, value
from mmviz.core.shapes.network import Network

Float64 = NDArray[np.float64]

H = 1e-5
LIMIT = 1e-5
ENTRIES = 40  # of a layer's weights


@dataclass(frozen=True, slots=True)
class Checked:
    """error: the largest deviation, relative to the largest difference; of so many `entries`."""

    error: float
    entries: int


def check_layer(
    network: Network,
    loss: Loss,
    x: Float64,
    target: Float64,
    weights: Sequence[Float64],
    biases: Sequence[Float64],
    layer: int,
    found: NDArray[np.floating],
    seed: int = 0,
) -> Checked:
    """`found`, dW [inputs × units] of that layer, against differences at ENTRIES places."""
    random = np.random.default_rng(seed)
    places = random.choice(found.size, min(ENTRIES, found.size), replace=False)
    moved = [w.copy() for w in weights]
    numbers: list[float] = []
    gradients: list[float] = []
    for place in places:
        at = np.unravel_index(place, found.shape)
        kept = moved[layer][at]
        moved[layer][at] = kept + H
        above, signs_above = _loss(network, loss, x, target, moved, biases)
        moved[layer][at] = kept - H
        below, signs_below = _loss(network, loss, x, target, moved, biases)
        moved[layer][at] = kept
        if all(map(np.array_equal, signs_above, signs_below)):
            numbers.append((above - below) / (2 * H))
            gradients.append(float(found[at]))
    if not numbers:
        return Checked(0.0, 0)
    exact = np.asarray(numbers)
    largest = float(np.abs(exact).max())
    off = float(np.abs(exact - gradients).max())
    return Checked(off / largest if largest else off, len(numbers))


def _loss(
    network: Network,
    loss: Loss,
    x: Float64,
    target: Float64,
    weights: Sequence[Float64],
    biases: Sequence[Float64],
) -> tuple[float, list[NDArray[np.bool_]]]:
    """The loss in float64, and which numbers each ReLU lets through."""
    a, signs = x, []
    for layer, w, b in zip(network.layers, weights, biases, strict=True):
        z = a @ w + b
        if layer.activation == "relu":
            signs.append(z > 0)
        a = activate(layer.activation, z, np)
    return value(loss, network.layers[-1].activation, a, target, np), signs
