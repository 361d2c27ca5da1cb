"""The numbers in the matrices."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.core.learning.values import make_layer, make_values, make_x
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.errors import InputError


def test_shapes_and_dtype() -> None:
    values = make_values(from_widths((7, 5, 3)), 4)
    assert values.x.shape == (4, 7)
    assert [w.shape for w in values.weights] == [(7, 5), (5, 3)]
    assert [b.shape for b in values.biases] == [(5,), (3,)]
    assert {array.dtype.name for array in (values.x, *values.weights, *values.biases)} == {
        "float32"
    }


def test_a_gated_layer_passes_half_its_units_on() -> None:
    values = make_values(Network("n", 3, (Dense(8, "swiglu"), Dense(2))), 1)
    assert [w.shape for w in values.weights] == [(3, 8), (4, 2)]


def test_the_seed_decides_everything() -> None:
    network = from_widths((7, 5))
    one, same, other = (make_values(network, 4, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.x, same.x)
    assert np.array_equal(one.weights[0], same.weights[0])
    assert not np.array_equal(one.x, other.x)
    assert not np.array_equal(one.weights[0], other.weights[0])


def test_weights_do_not_depend_on_the_batch() -> None:
    network = from_widths((7, 5, 3))
    small, large = make_values(network, 1), make_values(network, 9)
    for a, b in zip(small.weights, large.weights, strict=True):
        assert np.array_equal(a, b)


def test_weights_are_scaled_so_that_signals_stay() -> None:
    weights = make_values(from_widths((512, 512)), 1).weights[0]
    assert weights.std() == pytest.approx(np.sqrt(2 / 512), rel=0.02)
    assert abs(weights.mean()) < 1e-3


def test_given_numbers_are_taken_and_examples_repeat() -> None:
    layer = Dense(2, weights=((1.0, 2.0), (3.0, 4.0)), bias=(5.0, 6.0))
    network = Network("n", 2, (layer,), examples=((1.0, 0.0), (0.0, 1.0)))
    values = make_values(network, 3)
    assert values.x.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert values.weights[0].tolist() == [[1, 2], [3, 4]]
    assert values.biases[0].tolist() == [5, 6]


def test_given_weights_without_bias_have_none() -> None:
    network = Network("n", 1, (Dense(2, weights=((1.0, 2.0),)),))
    assert make_values(network, 1).biases[0].tolist() == [0, 0]


def test_batch_out_of_range() -> None:
    with pytest.raises(InputError, match="batch"):
        make_values(from_widths((1, 1)), 0)


def test_one_matrix_alone_is_as_among_all() -> None:
    """Its stream is its own, so that one number of X costs no weights."""
    network = Network("two", 5, (Dense(7, "relu", "one"), Dense(3, "linear", "two")))
    whole = make_values(network, 4)
    assert (make_x(network, 4) == whole.x).all()
    for index in range(2):
        weights, bias = make_layer(network, index)
        assert (weights == whole.weights[index]).all()
        assert (bias == whole.biases[index]).all()
