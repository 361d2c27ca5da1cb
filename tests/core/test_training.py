"""Gradients against central differences, references against plain formulas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.learning.activations import activate
from mmviz.core.learning.training import (
    REFERENCE_ROWS,
    affordable_layers,
    deviation,
    loss,
    make_target,
    operands,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import Values, make_values
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network, from_widths

STEP = 1e-6


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count = draw(st.integers(1, 3))
    layers = []
    for _ in range(count):
        units = 2 * draw(st.integers(1, 3))
        layers.append(Dense(units, draw(st.sampled_from(ACTIVATIONS))))
    return Network("small", draw(st.integers(1, 4)), tuple(layers))


def double(values: Values) -> Values:
    """The same values in float64, so that a step of 1e-6 is not lost in rounding."""
    return Values(
        values.x.astype(np.float64),
        tuple(w.astype(np.float64) for w in values.weights),
        tuple(b.astype(np.float64) for b in values.biases),
    )


def numeric(
    network: Network, values: Values, target: np.ndarray, field: str, layer: int, cell: int
) -> float:
    """The slope of the loss along one weight or bias, by central differences."""

    def moved(by: float) -> float:
        arrays = list(getattr(values, field))
        arrays[layer] = arrays[layer].copy()
        arrays[layer].flat[cell] += by
        shifted = replace(values, **{field: tuple(arrays)})
        return loss(network, reference_output(network, shifted), target)

    return (moved(STEP) - moved(-STEP)) / (2 * STEP)


def away_from_kinks(network: Network, values: Values) -> bool:
    """ReLU has no slope at 0: no sum may lie where a step could cross it."""
    a = values.x
    for layer, w, b in zip(network.layers, values.weights, values.biases, strict=True):
        z = a @ w + b
        if layer.activation == "relu" and np.abs(z).min() < 1e-3:
            return False
        a = activate(layer.activation, z, np)
    return True


@given(network=networks(), batch=st.integers(1, 3), seed=st.integers(0, 99), data=st.data())
def test_gradients_are_the_slope_of_the_loss(
    network: Network, batch: int, seed: int, data: st.DataObject
) -> None:
    values = double(make_values(network, batch, seed))
    if not away_from_kinks(network, values):
        return
    target = make_target(network, batch, seed)
    for layer, dW, db in reference_gradients(network, values, target):
        for field, gradient in (("weights", dW), ("biases", db)):
            cell = data.draw(st.integers(0, gradient.size - 1))
            slope = numeric(network, values, target, field, layer, cell)
            assert gradient.flat[cell] == pytest.approx(slope, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("place", ["middle", "last"])
def test_every_activation_has_its_gradient(name: str, place: str) -> None:
    layers = (Dense(4, name), Dense(2, "linear")) if place == "middle" else (Dense(4, name),)
    network = Network("small", 3, layers)
    values = double(make_values(network, 2, 5))
    assert away_from_kinks(network, values)
    target = make_target(network, 2)
    slopes = [numeric(network, values, target, "weights", 0, cell) for cell in range(12)]
    gradient = {i: dW for i, dW, _ in reference_gradients(network, values, target)}[0]
    assert gradient.ravel() == pytest.approx(np.array(slopes), rel=1e-4, abs=1e-8)
    assert np.abs(gradient).max() > 1e-6  # a gradient of nothing would pass as well


def test_gradients_come_from_the_last_layer_back() -> None:
    network = from_widths((5, 4, 3, 2))
    values, target = make_values(network, 3), make_target(network, 3)
    every = list(reference_gradients(network, values, target))
    assert [layer for layer, _, _ in every] == [2, 1, 0]
    assert [dW.shape for _, dW, _ in every] == [(3, 2), (4, 3), (5, 4)]
    two = list(reference_gradients(network, values, target, 2))
    assert [layer for layer, _, _ in two] == [2, 1]
    assert np.array_equal(two[1][1], every[1][1])


def test_the_reference_is_float64_of_the_first_rows() -> None:
    network = from_widths((5, 4))
    values = make_values(network, REFERENCE_ROWS + 3)
    output = reference_output(network, values)
    assert output.dtype == np.float64
    x, w = values.x[:REFERENCE_ROWS].astype(float), values.weights[0].astype(float)
    assert output == pytest.approx(x @ w + values.biases[0], rel=1e-14)


def test_weights_are_cast_in_blocks_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    network = from_widths((5, 7, 3))
    values = make_values(network, 2)
    whole = reference_output(network, values)
    monkeypatch.setattr("mmviz.core.learning.training._BLOCK", 12)
    assert reference_output(network, values) == pytest.approx(whole, rel=1e-14)


def test_targets_are_one_hot_for_a_softmax_and_normal_for_the_rest() -> None:
    classes = make_target(Network("n", 2, (Dense(5, "softmax"),)), 50)
    assert np.array_equal(classes.sum(axis=1), np.ones(50))
    assert set(np.unique(classes)) == {0, 1}
    assert len(set(classes.argmax(axis=1))) == 5
    plain = make_target(Network("n", 2, (Dense(6, "swiglu"),)), 4)
    assert plain.shape == (4, 3)
    assert np.array_equal(plain, make_target(Network("n", 2, (Dense(6, "swiglu"),)), 4))
    assert not np.array_equal(plain, make_values(Network("n", 3, (Dense(1),)), 4).x)


@given(network=networks(), batch=st.integers(1, 4))
def test_operands_are_the_factors_of_every_product(network: Network, batch: int) -> None:
    values = make_values(network, batch)
    gradients = {
        layer: dW
        for layer, dW, _ in reference_gradients(network, values, make_target(network, batch))
    }
    for gemm in network.lower(batch, training=True):
        a, b = operands(network, values, gemm)
        assert (a.shape, b.shape) == ((gemm.m, gemm.k), (gemm.k, gemm.n))
        if gemm.role == "wgrad":
            assert a @ b == pytest.approx(gradients[gemm.layer], rel=1e-12, abs=1e-300)


def test_forward_operands_lead_from_layer_to_layer() -> None:
    network = from_widths((3, 4, 2))
    values = make_values(network, 2)
    first, second = network.lower(2)
    a, b = operands(network, values, first)
    x, w = operands(network, values, second)
    assert np.array_equal(a, values.x)
    assert x == pytest.approx(np.maximum(a @ b + values.biases[0], 0))
    assert x @ w + values.biases[1] == pytest.approx(reference_output(network, values))


def test_dgrad_operands_give_the_gradient_of_the_layers_input() -> None:
    """X·W1 = A1 with a linear first layer: then dW1 = Xᵀ·dA1."""
    network = Network("n", 3, (Dense(4), Dense(2)))
    values, target = make_values(network, 2), make_target(network, 2)
    gemm = next(g for g in network.lower(2, training=True) if g.role == "dgrad")
    dz, wt = operands(network, values, gemm)
    dW1 = {i: dW for i, dW, _ in reference_gradients(network, values, target)}[0]
    assert values.x.T @ (dz @ wt) == pytest.approx(dW1)


def test_operands_of_another_networks_product() -> None:
    network = from_widths((3, 4, 2))
    gemm = from_widths((3, 5, 2)).lower(2)[1]
    with pytest.raises(ValueError, match="no product"):
        operands(network, make_values(network, 2), gemm)


def test_deviation_is_relative_to_the_largest_value() -> None:
    assert deviation(np.array([1.0, -3.9]), np.array([1.0, -4.0])) == pytest.approx(0.025)
    assert deviation(np.array([0.5]), np.array([0.0])) == 0.5
    assert deviation(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) == np.inf
    assert deviation(np.array([np.inf]), np.array([1.0])) == np.inf


def test_affordable_layers_count_from_the_last() -> None:
    network = from_widths((10, 10, 10))  # each product 2·1·10·10 = 200 FLOP at batch 1
    assert affordable_layers(network, 1, 599) == 0  # forward alone is 400
    assert affordable_layers(network, 1, 600) == 1  # and the last wgrad
    assert affordable_layers(network, 1, 999) == 1
    assert affordable_layers(network, 1, 1000) == 2  # and dgrad and wgrad of the first
