"""What a network makes of pixels, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmviz.core.learning.activations import activate
from mmviz.core.learning.weights import Floats
from mmviz.core.shapes.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """first [rows × units]: Z of the first layer, before its activation. scores: Z of the last
    [rows × units]; output: behind its activation.
    """

    first: Floats
    scores: Floats
    output: Floats


def answer(
    network: Network, weights: Sequence[Floats], biases: Sequence[Floats], x: Floats
) -> Answer:
    """Of x [rows × inputs], in float32."""
    sums: list[Floats] = []
    a = x
    for layer, w, b in zip(network.layers, weights, biases, strict=True):
        sums.append(a @ w + b)
        a = activate(layer.activation, sums[-1].copy(), np)
    return Answer(sums[0], sums[-1], a)
