"""Deviations that mean something, also where nearly everything is 0."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.backends.registry import find
from mmviz.bench.precision import FLOOR, gradient_floor, output_deviation
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.files.networks import read_preset


def gradient_errors(network: Network, batch: int, backend: str, dtype: str) -> list[float]:
    values, target = make_values(network, batch), make_target(network, batch)
    prepared = find(backend).prepare(network, values, dtype, target)
    prepared.run()
    floor = gradient_floor(reference_output(network, values), target, batch)
    errors = [
        deviation(found, exact, floor)
        for layer, *both in reference_gradients(network, values, target)
        for found, exact in zip(prepared.gradient(layer), both, strict=True)
    ]
    prepared.close()
    return errors


@pytest.mark.parametrize("backend", ["loop", "numpy"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gradients_of_a_saturated_layer_agree(backend: str, dtype: str) -> None:
    """Slopes down to 1e-232: a ratio of two such numbers was 1 or 1e159."""
    network = read_preset("sigmoid-101").network
    assert max(gradient_errors(network, 1, backend, dtype)) < 1e-6


def test_below_a_saturated_layer_gradients_agree_as_well() -> None:
    last = Dense(1, "sigmoid", weights=((300.0,), (300.0,)), bias=(300.0,))
    network = Network("n", 3, (Dense(2, "sigmoid"), last))
    assert max(gradient_errors(network, 4, "numpy", "float32")) < 1e-4


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "gelu", "softmax"])
def test_the_floor_hides_no_error_of_a_network_that_is_not_saturated(activation: str) -> None:
    network = Network("n", 30, (Dense(20, activation), Dense(20, activation), Dense(10, "linear")))
    values, target = make_values(network, 16), make_target(network, 16)
    floor = gradient_floor(reference_output(network, values), target, 16)
    for _, dW, db in reference_gradients(network, values, target):
        assert deviation(1.5 * dW, dW, floor) == pytest.approx(0.5)
        assert deviation(1.5 * db, db, floor) == pytest.approx(0.5)


def test_the_floor_is_a_thousandth_of_an_unsaturated_bias_gradient() -> None:
    network = from_widths((20, 50))
    values, target = make_values(network, 64), make_target(network, 64)
    ((_, _, db),) = reference_gradients(network, values, target)
    floor = gradient_floor(reference_output(network, values), target, 64)
    assert FLOOR * float(np.sqrt(np.mean(db**2))) == pytest.approx(floor, rel=0.3)


def test_outputs_of_a_saturated_activation_are_compared_with_its_middle() -> None:
    exact = np.array([[1e-232, 0.0]])
    saturated = Network("n", 1, (Dense(2, "sigmoid"),))
    assert output_deviation(saturated, np.zeros((1, 2)), exact) < 1e-200
    assert output_deviation(saturated, np.full((1, 2), 0.5), exact) == pytest.approx(500)


def test_a_small_linear_output_is_compared_with_itself() -> None:
    exact = np.array([[1e-20, 2e-20]])
    assert output_deviation(from_widths((1, 2)), exact * 1.01, exact) == pytest.approx(0.01)
