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
    layers = [make_layer(network, i, seed) for i in range(len(network.layers))]
    weights, biases = zip(*layers, strict=True)
    return Values(make_x(network, batch, seed), weights, biases)


def make_x(network: Network, batch: int, seed: int = SEED) -> NDArray[np.float32]:
    """X alone [batch × inputs]."""
    check_count(batch, Text(N_("batch")))
    if network.examples is not None:
        given = network.examples.array.astype(np.float32)
        return np.asarray(given[np.arange(batch) % len(given)])
    return normal(stream(seed, 0), (batch, network.inputs), 1.0)


def make_layer(
    network: Network, index: int, seed: int = SEED
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights [inputs × units] and bias [units] of one layer alone."""
    width, layer = network.widths[index], network.layers[index]
    if layer.weights is not None:
        weights = layer.weights.array.astype(np.float32)
    else:
        shape, scale = (width, layer.units), float(np.sqrt(2.0 / width))
        weights = normal(stream(seed, 2 * index + 1), shape, scale)
    if layer.bias is not None:
        return weights, np.asarray(layer.bias, np.float32)
    if layer.weights is not None:
        return weights, np.zeros(layer.units, np.float32)
    return weights, normal(stream(seed, 2 * index + 2), (layer.units,), 0.1)


def stream(seed: int, *number: int) -> np.random.SeedSequence:
    """One of the streams that `SeedSequence(seed).spawn` gives, without the others."""
    return np.random.SeedSequence(seed, spawn_key=number)


def normal(
    source: np.random.SeedSequence, shape: tuple[int, ...], scale: float
) -> NDArray[np.float32]:
    """Normal numbers of a stream, times `scale`."""
    values = np.random.Generator(np.random.SFC64(source)).standard_normal(shape, np.float32)
    values *= np.float32(scale)
    return values
