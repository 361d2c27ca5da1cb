"""Networks refuse what is not sound, and keep given weights only while they fit."""

from __future__ import annotations

import math
import re

import pytest

from mmviz.core.shapes.network import MAX_COUNT, Dense, Network, from_widths
from mmviz.errors import InputError


def test_alexnet_has_58_6_million_weights() -> None:
    network = from_widths([9216, 4096, 4096, 1000])
    assert network.weights == 9216 * 4096 + 4096 * 4096 + 4096 * 1000 == 58_621_952
    assert network.parameters == network.weights + 4096 + 4096 + 1000
    assert [layer.activation for layer in network.layers] == ["relu", "relu", "linear"]


def test_swiglu_halves_what_the_next_layer_sees() -> None:
    network = Network("ffn", 4096, (Dense(22016, "swiglu", "up"), Dense(4096, "linear", "down")))
    assert network.widths == (4096, 11008, 4096)


@pytest.mark.parametrize("units", [0, -1, MAX_COUNT + 1, 10**12, True, 2.0])
def test_units_out_of_range_name_the_layer(units: int) -> None:
    with pytest.raises(InputError, match="units of layer 'fc6' must be a whole number from 1 to"):
        Dense(units, "relu", "fc6")


def test_unknown_activation_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"unknown activation 'relu6' .*linear, relu"):
        Dense(3, "relu6")


def test_swiglu_needs_even_units() -> None:
    with pytest.raises(InputError, match="even number of units, not 3"):
        Dense(3, "swiglu")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e31])
def test_values_must_be_finite(bad: float) -> None:
    with pytest.raises(InputError, match="weights of layer 'a' must be finite"):
        Dense(1, "linear", "a", weights=((bad,),))
    with pytest.raises(InputError, match="bias of layer 'a' must be finite"):
        Dense(1, "linear", "a", bias=(bad,))
    with pytest.raises(InputError, match="examples must be finite"):
        Network("n", 1, (Dense(1),), examples=((bad,),))


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (lambda: Network("n", 2, ()), "network 'n' must have 1 to 1\u202f000 layers, not 0"),
        (lambda: Network("n", 2, (Dense(1),) * 1001), "1 to 1\u202f000 layers"),
        (
            lambda: Network("n", 2, (Dense(1, name="a", weights=((1.0,),)),)),
            "weights of layer 'a' must have 2 rows, not 1",
        ),
        (
            lambda: Network("n", 1, (Dense(2, name="a", weights=((1.0,),)),)),
            "weights of layer 'a' must have 2 values a row, not 1",
        ),
        (
            lambda: Network("n", 2, (Dense(1),), examples=((1.0,),)),
            "examples must have 2 values a row, not 1",
        ),
        (lambda: Network("n", 2, (Dense(1),), examples=()), "examples must have some rows"),
        (lambda: Dense(2, name="a", bias=(1.0,)), "2 units but 1 values in its bias"),
        (lambda: from_widths([5]), "at least two numbers"),
    ],
)
def test_shapes_that_do_not_fit(network: object, sentence: str) -> None:
    assert callable(network)
    with pytest.raises(InputError, match=re.escape(sentence)):
        network()


def test_given_weights_go_when_they_no_longer_fit() -> None:
    first = Dense(2, name="a", weights=((1.0, 2.0),), bias=(0.0, 0.0))
    second = Dense(1, name="b", weights=((1.0,), (2.0,)))
    network = Network("n", 1, (first, second), examples=((1.0,),))
    assert network.with_layers([first, second]) == network
    assert network.with_layers([second]).layers[0].weights is None
    assert network.with_inputs(1) is network
    wider = network.with_inputs(3)
    assert wider.examples is None
    assert wider.layers[0].weights is None
    assert wider.layers[1] == second
