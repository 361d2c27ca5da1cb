"""CuPy and PyTorch on a CUDA GPU against float64. Without one all is skipped, with the reason."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.backends.base import Backend
from mmviz.backends.learner import Teaches
from mmviz.backends.registry import find
from mmviz.bench import fingerprint
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.learning.weights import fresh
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.errors import Unavailable

pytestmark = pytest.mark.gpu

TOLERANCE = {"float64": 1e-12, "float32": 2e-5, "tf32": 3e-2, "float16": 3e-2, "bfloat16": 2e-1}

SIGMOID_101 = Network(
    "sigmoid",
    2,
    (Dense(3, "sigmoid", "a", ((1.0, -3.0, 5.0), (-2.0, 4.0, -6.0)), (-1.0, 1.0, 2.0)),),
    ((200.0, 17.0),),
)


@pytest.fixture(scope="module", params=["cupy", "torch:cuda"])
def backend(request: pytest.FixtureRequest) -> Backend:
    found = find(request.param)
    try:
        found.check()
    except Unavailable as miss:
        pytest.skip(str(miss))
    return found


@pytest.fixture(params=TOLERANCE)
def dtype(request: pytest.FixtureRequest, backend: Backend) -> str:
    if request.param not in backend.dtypes:
        pytest.skip(f"{backend.id} has no {request.param} on this GPU")
    return str(request.param)


def test_names_the_gpu_and_its_versions(backend: Backend) -> None:
    facts = backend.facts()
    assert facts["gpu"]
    assert facts[backend.id.partition(":")[0]]


def test_sigmoid_layer_gives_101(backend: Backend, dtype: str) -> None:
    prepared = backend.prepare(SIGMOID_101, make_values(SIGMOID_101, 1), dtype)
    assert prepared.run() == 1
    assert prepared.output() == pytest.approx(np.array([[1, 0, 1]]), abs=1e-6)
    prepared.close()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_output_is_that_of_float64(backend: Backend, name: str, dtype: str) -> None:
    network = Network("n", 130, (Dense(258, name), Dense(66, name)))
    values = make_values(network, 33)
    prepared = backend.prepare(network, values, dtype)
    assert prepared.run() == 1
    output = prepared.output()
    assert isinstance(output, np.ndarray)
    assert deviation(output, reference_output(network, values)) < TOLERANCE[dtype]
    prepared.close()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_those_of_float64(backend: Backend, name: str, dtype: str) -> None:
    network = Network("n", 17, (Dense(34, name), Dense(18, name), Dense(6, name)))
    values, target = make_values(network, 9), make_target(network, 9)
    prepared = backend.prepare(network, values, dtype, target)
    assert prepared.run() == 1
    for layer, dW, db in reference_gradients(network, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < TOLERANCE[dtype]
        assert deviation(biases, db) < TOLERANCE[dtype]
    prepared.close()


def test_a_large_product_in_float16_accumulates_in_float32(backend: Backend) -> None:
    """Sums of 8192 terms kept in float16 would be off by more than a hundredth."""
    network = from_widths((8192, 256))
    values = make_values(network, 64)
    prepared = backend.prepare(network, values, "float16")
    prepared.run()
    assert deviation(prepared.output(), reference_output(network, values)) < 2e-3
    prepared.close()


def test_every_pass_computes_the_same(backend: Backend) -> None:
    network = from_widths((64, 128, 32))
    values, target = make_values(network, 16), make_target(network, 16)
    prepared = backend.prepare(network, values, "float32", target)
    prepared.run()
    first = prepared.output()
    prepared.run()
    assert np.array_equal(first, prepared.output())
    prepared.close()


def test_stops_between_products(backend: Backend) -> None:
    network = from_widths((512, 512, 512))
    prepared = backend.prepare(network, make_values(network, 8), "float32")
    assert prepared.run(0) == 0.5
    assert prepared.run(3600) == 1
    prepared.close()


def test_out_of_memory_is_a_memory_error_and_leaves_the_gpu_usable(backend: Backend) -> None:
    network = from_widths((1, 2**24))
    values = make_values(network, 1)
    large = type(values)(
        np.broadcast_to(values.x, (2**20, 1)), values.weights, values.biases
    )  # an output of 2^20 × 2^24 floats: 70 TB
    with pytest.raises(MemoryError):
        backend.prepare(network, large, "float32")
    backend.check()
    small = from_widths((8, 4))
    prepared = backend.prepare(small, make_values(small, 2), "float32")
    assert prepared.run() == 1
    prepared.close()


def test_every_precision_is_that_which_was_asked_for(backend: Backend, dtype: str) -> None:
    e = fingerprint.take(backend, dtype, 1e12)
    assert fingerprint.reading(e, dtype) is None
    if dtype == "tf32":
        assert fingerprint.precision(e) == "tf32", "and it really is TF32"


def test_a_small_pass_is_one_graph() -> None:
    cupy = find("cupy")
    try:
        cupy.check()
    except Unavailable as miss:
        pytest.skip(str(miss))
    network = from_widths((64, 48, 10))
    values, target = make_values(network, 4), make_target(network, 4)
    prepared = cupy.prepare(network, values, "float32", target)
    prepared.run()
    for layer, dW, _ in reference_gradients(network, values, target):
        assert deviation(prepared.gradient(layer)[0], dW) < 2e-5
    assert [str(remark) for remark in prepared.remarks] == ["launched at once, as a CUDA graph"]
    prepared.close()


@pytest.mark.parametrize("stack", [1, 4])
def test_a_list_of_products(backend: Backend, dtype: str, stack: int) -> None:
    listed = Products("l", (Gemm("a", "product", 65, 66, 130, 0, stack=stack),))
    operands = make_operands(listed)
    prepared = backend.prepare_products(listed, operands, dtype)
    assert prepared.run() == 1
    exact = operands.a[0].astype(np.float64) @ operands.b[0].astype(np.float64)
    assert deviation(prepared.product(0), exact) < TOLERANCE[dtype]
    assert (prepared.copied() or 0) > 0
    prepared.flush()
    prepared.close()


def test_a_network_is_taught_as_by_numpy(backend: Backend, dtype: str) -> None:
    network = Network("n", 17, (Dense(34, "gelu"), Dense(6, "softmax")))
    recipe, target = Recipe(batch=33), make_target(network, 33)
    x = make_values(network, 33).x
    found = []
    for teacher, own in ((backend, dtype), (find("numpy"), "float64")):
        assert isinstance(teacher, Teaches)
        learner = teacher.prepare_learning(network, fresh(network), recipe, own)
        told = [learner.teach(x[:rows], target[:rows]) for rows in (33, 33, 7)]
        found.append(([float(loss) for loss in told], learner.weights()))
        learner.close()
    (losses, now), (wanted, exact) = found
    assert losses == pytest.approx(wanted, rel=TOLERANCE[dtype] + 1e-7)
    for one, other in zip(now.weights, exact.weights, strict=True):
        assert deviation(one, other.astype(np.float64)) < TOLERANCE[dtype] + 1e-6
