"""Lowering: 3n - 1 products in training, shapes as in the model's table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.gemm import lower
from mmviz.core.network import from_widths
from mmviz.errors import InputError

ALEXNET = from_widths([9216, 4096, 4096, 1000])


def shapes(training: bool) -> list[tuple[str, int, int, int]]:
    return [(g.role, g.m, g.n, g.k) for g in lower(ALEXNET, 128, training)]


def test_alexnet_forward() -> None:
    assert shapes(training=False) == [
        ("forward", 128, 4096, 9216),
        ("forward", 128, 4096, 4096),
        ("forward", 128, 1000, 4096),
    ]


def test_alexnet_training_goes_back_layer_by_layer() -> None:
    assert shapes(training=True)[3:] == [
        ("dgrad", 128, 4096, 1000),
        ("wgrad", 4096, 1000, 128),
        ("dgrad", 128, 4096, 4096),
        ("wgrad", 4096, 4096, 128),
        ("wgrad", 9216, 4096, 128),
    ]


def test_names_and_layers_tell_products_apart() -> None:
    gemms = lower(ALEXNET, 1, training=True)
    assert [(g.name, g.layer) for g in gemms[:3]] == [
        ("layer 1", 0),
        ("layer 2", 1),
        ("layer 3", 2),
    ]
    assert len({(g.layer, g.role) for g in gemms}) == 8


@given(
    widths=st.lists(st.integers(1, 5000), min_size=2, max_size=9),
    batch=st.integers(1, 5000),
)
def test_training_is_3n_minus_1_and_three_times_the_work_but_for_the_first_dgrad(
    widths: list[int], batch: int
) -> None:
    network = from_widths(widths)
    n = len(network.layers)
    forward, training = lower(network, batch), lower(network, batch, training=True)
    assert training[:n] == forward
    assert len(training) == 3 * n - 1
    once = sum(g.flop for g in forward)
    assert once == 2 * batch * network.weights
    assert sum(g.flop for g in training) == 3 * once - forward[0].flop


@pytest.mark.parametrize("batch", [0, -1, 10**12])
def test_batch_out_of_range(batch: int) -> None:
    with pytest.raises(InputError, match="batch must be a whole number"):
        lower(ALEXNET, batch)
