"""What a network has learnt so far: its weights, and how they move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.values import SEED, make_layer
from mmviz.core.shapes.network import Network

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """weights[i] [inputs × units] and biases[i] [units], with the v of each (see `descent`), after
    so many steps.
    """

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    moving_weights: tuple[Floats, ...]
    moving_biases: tuple[Floats, ...]
    step: int = 0


def at_rest(weights: Sequence[Floats], biases: Sequence[Floats]) -> Weights:
    """Weights that do not move yet."""
    still = tuple(np.zeros_like(w) for w in weights), tuple(np.zeros_like(b) for b in biases)
    return Weights(tuple(weights), tuple(biases), *still)


def fresh(network: Network, seed: int = SEED) -> Weights:
    """Before the first step. One layer begins at zero, so that what is seen in its weights was
    learnt; several cannot, since all neurons of a layer would stay alike: they begin at random.
    Weights that the network brings along are what somebody knows already, and no beginning.
    """
    blank = [replace(layer, weights=None, bias=None) for layer in network.layers]
    network = network.with_layers(blank)
    layers = [make_layer(network, i, seed) for i in range(len(network.layers))]
    if len(layers) == 1:
        layers = [(np.zeros_like(w), np.zeros_like(b)) for w, b in layers]
    weights, biases = zip(*layers, strict=True)
    return at_rest(weights, tuple(np.zeros_like(b) for b in biases))
