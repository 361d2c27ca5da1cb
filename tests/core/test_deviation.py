"""How far a format takes a network's output from float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.learning.deviation import ROWS, brings_error, deviation_of
from mmviz.core.learning.training import reference_output
from mmviz.core.learning.values import make_values
from mmviz.core.quantize.scaled import as_kept
from mmviz.core.shapes.dtype import DTYPES, NARROW
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import Dense, Network
from mmviz.core.shapes.products import Products

ROUNDED = [dtype for dtype in DTYPES if brings_error(dtype)]


def network(*widths: int, activation: str = "relu") -> Network:
    layers = [Dense(width, activation) for width in widths[1:]]
    return Network("made", widths[0], tuple(layers))


@pytest.mark.parametrize("dtype", ROUNDED)
def test_one_layer_is_its_quantized_operands_multiplied(dtype: str) -> None:
    one = network(50, 30, activation="linear")
    values = make_values(one, 8)
    exact = reference_output(one, values)
    kept = as_kept(values.x, dtype, 1) @ as_kept(values.weights[0], dtype, 0) + values.biases[0]
    found = deviation_of(one, 8, dtype)
    assert found.relative == pytest.approx(np.linalg.norm(kept - exact) / np.linalg.norm(exact))
    assert found.largest == pytest.approx(np.abs(kept - exact).max() / np.abs(exact).max())
    assert (found.rows, found.all, found.layers) == (8, 8, (found.relative,))


def test_activations_are_quantized_before_every_layer() -> None:
    two = network(20, 16, 5)
    values = make_values(two, 4)
    hidden = as_kept(values.x, "int8", 1) @ as_kept(values.weights[0], "int8", 0)
    hidden = np.maximum(hidden + values.biases[0], 0)
    kept = as_kept(hidden, "int8", 1) @ as_kept(values.weights[1], "int8", 0) + values.biases[1]
    exact = reference_output(two, values)
    found = deviation_of(two, 4, "int8")
    off = np.linalg.norm(np.maximum(kept, 0) - exact)
    assert found.relative == pytest.approx(off / np.linalg.norm(exact))
    assert len(found.layers) == 2


def test_fewer_bits_are_further_off() -> None:
    of = {dtype: deviation_of(network(128, 128, 64), 32, dtype).relative for dtype in ROUNDED}
    told = [of[d] for d in ("float16", "bfloat16", "int8", "float8", "nvfp4")]
    assert None not in told
    assert told == sorted(told)  # type: ignore[type-var]
    assert of["tf32"] == pytest.approx(of["float16"], rel=0.05)  # as many digits
    # Operands in E4M3 are 2.6 % off, root mean square, so a product of two of them is 3.7 %.
    assert 0.03 < of["float8"] < 0.08  # type: ignore[operator]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.sampled_from(ROUNDED))
def test_every_small_network_has_a_deviation(batch: int, k: int, n: int, dtype: str) -> None:
    found = deviation_of(network(k, n, activation="tanh"), batch, dtype)
    assert found.relative is not None
    assert 0 <= found.relative < 1.5
    assert found == deviation_of(network(k, n, activation="tanh"), batch, dtype)


def test_a_large_batch_is_sampled_and_says_so() -> None:
    found = deviation_of(network(8, 4), 1000, "float8")
    assert (found.rows, found.all) == (ROWS, 1000)


@pytest.mark.parametrize("dtype", NARROW)
def test_of_a_list_a_sample_of_each_product_is_computed(dtype: str) -> None:
    gemms = (Gemm("a", "product", 5, 7, 64), Gemm("b", "product", 4096, 4096, 128))
    found = deviation_of(Products("list", gemms), 1, dtype)
    assert len(found.layers) == 2
    assert found.relative == max(x or 0 for x in found.layers)
    assert (found.rows, found.all) == (ROWS, 0)


def test_past_the_range_there_is_no_figure() -> None:
    huge = GivenMatrix.of(np.full((1, 4), 1e6))
    past = Network("huge", 4, (Dense(2, "linear"),), examples=huge)
    assert deviation_of(past, 1, "float16").relative is None
    assert deviation_of(past, 1, "bfloat16").relative is not None


def test_an_output_of_zeros_has_none() -> None:
    still = GivenMatrix.of(np.zeros((1, 4)))
    layer = Dense(2, "linear", weights=GivenMatrix.of(np.zeros((4, 2))))
    found = deviation_of(Network("still", 4, (layer,), examples=still), 1, "int8")
    assert found.relative is None
