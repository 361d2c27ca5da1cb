"""The numbers in the matrices: given by a teaching network, else random with a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.network import Network, check_count
from mmviz.text import N_, Text

SEED = 20_170  # the default seed of every run; results name the one they used


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """float32: x [batch × inputs], weights[i] [inputs_i × units_i], biases[i] [units_i]."""

    x: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]


def make_values(network: Network, batch: int, seed: int = SEED) -> Values:
    """The values of `network` for `batch` examples; same arguments, same values.

    Random entries are normal (zeros would run faster than real data on a GPU); weights are scaled
    by sqrt(2 / inputs) so that activations neither die nor explode (He et al., 2015). Every array
    has a stream of its own, so a weight does not depend on the batch. Given examples are repeated
    when the batch is larger than they are many.
    """
    check_count(batch, Text(N_("batch")))
    streams = np.random.SeedSequence(seed).spawn(2 * len(network.layers) + 1)
    if network.examples is not None:
        given = network.examples.array.astype(np.float32)
        x = given[np.arange(batch) % len(given)]
    else:
        x = _normal(streams[0], (batch, network.inputs), 1.0)
    weights, biases = [], []
    for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False)):
        if layer.weights is not None:
            weights.append(layer.weights.array.astype(np.float32))
        else:
            scale = float(np.sqrt(2.0 / width))
            weights.append(_normal(streams[2 * i + 1], (width, layer.units), scale))
        if layer.bias is not None:
            biases.append(np.asarray(layer.bias, np.float32))
        elif layer.weights is not None:
            biases.append(np.zeros(layer.units, np.float32))
        else:
            biases.append(_normal(streams[2 * i + 2], (layer.units,), 0.1))
    return Values(x, tuple(weights), tuple(biases))


def _normal(
    stream: np.random.SeedSequence, shape: tuple[int, ...], scale: float
) -> NDArray[np.float32]:
    values = np.random.Generator(np.random.SFC64(stream)).standard_normal(shape, np.float32)
    values *= np.float32(scale)
    return values
