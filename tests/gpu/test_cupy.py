"""CuPy on a GPU against float64. Without one every test is skipped, with the reason."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.backends.base import Backend
from mmviz.backends.registry import find
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network, from_widths
from mmviz.errors import Unavailable

pytestmark = pytest.mark.gpu

TOLERANCE = {"float64": 1e-12, "float32": 2e-5, "float16": 3e-2}

SIGMOID_101 = Network(
    "sigmoid",
    2,
    (Dense(3, "sigmoid", "a", ((1.0, -3.0, 5.0), (-2.0, 4.0, -6.0)), (-1.0, 1.0, 2.0)),),
    ((200.0, 17.0),),
)


@pytest.fixture(scope="module")
def cupy() -> Backend:
    backend = find("cupy")
    try:
        backend.check()
    except Unavailable as miss:
        pytest.skip(str(miss))
    return backend


def test_names_the_gpu_and_its_versions(cupy: Backend) -> None:
    facts = cupy.facts()
    assert facts["gpu"]
    assert facts["cupy"]
    assert "." in facts["cuda runtime"]


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_sigmoid_layer_gives_101(cupy: Backend, dtype: str) -> None:
    prepared = cupy.prepare(SIGMOID_101, make_values(SIGMOID_101, 1), dtype)
    assert prepared.run() == 1
    assert prepared.output() == pytest.approx(np.array([[1, 0, 1]]), abs=1e-6)
    prepared.close()


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_output_is_that_of_float64(cupy: Backend, name: str, dtype: str) -> None:
    network = Network("n", 130, (Dense(258, name), Dense(66, name)))
    values = make_values(network, 33)
    prepared = cupy.prepare(network, values, dtype)
    assert prepared.run() == 1
    output = prepared.output()
    assert isinstance(output, np.ndarray)
    assert output.dtype == dtype
    assert deviation(output, reference_output(network, values)) < TOLERANCE[dtype]
    prepared.close()


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_those_of_float64(cupy: Backend, name: str, dtype: str) -> None:
    network = Network("n", 17, (Dense(34, name), Dense(18, name), Dense(6, name)))
    values, target = make_values(network, 9), make_target(network, 9)
    prepared = cupy.prepare(network, values, dtype, target)
    assert prepared.run() == 1
    for layer, dW, db in reference_gradients(network, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < TOLERANCE[dtype]
        assert deviation(biases, db) < TOLERANCE[dtype]
    prepared.close()


def test_a_large_product_in_float16_accumulates_in_float32(cupy: Backend) -> None:
    """Sums of 8192 terms kept in float16 would be off by more than a hundredth."""
    network = from_widths((8192, 256))
    values = make_values(network, 64)
    prepared = cupy.prepare(network, values, "float16")
    prepared.run()
    assert deviation(prepared.output(), reference_output(network, values)) < 2e-3
    prepared.close()


def test_every_pass_computes_the_same(cupy: Backend) -> None:
    network = from_widths((64, 128, 32))
    values, target = make_values(network, 16), make_target(network, 16)
    prepared = cupy.prepare(network, values, "float32", target)
    prepared.run()
    first = prepared.output()
    prepared.run()
    assert np.array_equal(first, prepared.output())
    prepared.close()


def test_stops_between_products(cupy: Backend) -> None:
    network = from_widths((512, 512, 512))
    prepared = cupy.prepare(network, make_values(network, 8), "float32")
    assert prepared.run(0) == 0.5
    assert prepared.run(3600) == 1
    prepared.close()


def test_out_of_memory_is_a_memory_error_and_leaves_the_gpu_usable(cupy: Backend) -> None:
    network = from_widths((1, 2**24))
    values = make_values(network, 1)
    large = type(values)(
        np.broadcast_to(values.x, (2**20, 1)), values.weights, values.biases
    )  # an output of 2^20 × 2^24 floats: 70 TB
    with pytest.raises(MemoryError):
        cupy.prepare(network, large, "float32")
    cupy.check()
    small = from_widths((8, 4))
    prepared = cupy.prepare(small, make_values(small, 2), "float32")
    assert prepared.run() == 1
    prepared.close()
