"""Lowering: 3n - 1 products in training, shapes as in the model's table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT, MAX_K, from_widths
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError

ALEXNET = from_widths([9216, 4096, 4096, 1000])


def shapes(training: bool) -> list[tuple[str, int, int, int]]:
    return [(g.role, g.m, g.n, g.k) for g in ALEXNET.lower(128, training)]


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
    gemms = ALEXNET.lower(1, training=True)
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
    forward, training = network.lower(batch), network.lower(batch, training=True)
    assert training[:n] == forward
    assert len(training) == 3 * n - 1
    once = sum(g.flop for g in forward)
    assert once == 2 * batch * network.weights
    assert sum(g.flop for g in training) == 3 * once - forward[0].flop


@pytest.mark.parametrize("batch", [0, -1, 10**12])
def test_batch_out_of_range(batch: int) -> None:
    with pytest.raises(InputError, match="batch must be a whole number"):
        ALEXNET.lower(batch)


def test_a_list_is_lowered_to_what_it_has() -> None:
    gemms = (Gemm("a", "product", 2, 3, 4, 0, 12), Gemm("b", "product", 5, 6, 7, 1))
    products = Products("two", gemms)
    assert products.lower(128, training=True) is gemms
    assert products.computed() == 13
    assert [(g.flop, g.total_flop) for g in gemms] == [(48, 576), (420, 420)]


@pytest.mark.parametrize("count", [0, MAX_PRODUCTS + 1])
def test_a_list_of_no_or_too_many_products(count: int) -> None:
    with pytest.raises(InputError, match="list 'x' must have 1 to 10\u202f000 products"):
        Products("x", (Gemm("a", "product", 1, 1, 1),) * count)


@pytest.mark.parametrize("side", ["m", "n", "k", "count"])
def test_a_list_refuses_what_is_out_of_range(side: str) -> None:
    values = {"m": 1, "n": 1, "k": 1, "count": 1, side: (MAX_K if side == "k" else MAX_COUNT) + 1}
    with pytest.raises(InputError, match=f"{side} of product 1 must be"):
        Products("x", (Gemm("a", "product", **values),))


def test_a_workload_says_itself_what_there_is_to_it() -> None:
    listed = Products("list", (Gemm("a", "product", 1, 2, 3, count=4),))
    networks: list[Workload] = [ALEXNET, listed]
    assert [one.has_batch for one in networks] == [True, False]
    assert [one.has_training for one in networks] == [True, False]
    assert [one.layered for one in networks] == [ALEXNET, None]
    assert [one.computed() for one in networks] == [3, 4]
    assert [one.computed(training=True) for one in networks] == [8, 4]
    assert (len(listed.layers), listed.weights, listed.parameters) == (0, 0, 0)
