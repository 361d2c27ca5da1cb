"""CuPy's way of going, on a stand-in for CuPy and a GPU. The real ones are tested in tests/gpu."""

from __future__ import annotations

import ctypes
import os
import sys
import types

import numpy as np
import pytest
from cuda_stand_in import COMPILER, CuPy

from mmviz.backends import cupy_cells
from mmviz.backends.registry import find, usable
from mmviz.bench.fingerprint import fingerprint, precision
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network
from mmviz.core.shapes.products import Products
from mmviz.errors import Unavailable

TOLERANCE = {"float64": 1e-12, "float32": 1e-5, "tf32": 2e-2, "float16": 2e-2, "bfloat16": 1e-1}
NETWORK = Network("n", 6, (Dense(8, "swiglu"), Dense(5, "tanh"), Dense(3, "softmax")))


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> CuPy:
    if COMPILER is None:
        assert not os.environ.get("CI"), "programs of a GPU are tested with g++"
        pytest.skip("g++ compiles the programs of a GPU for this test, and is not here")
    module = CuPy()
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


@pytest.fixture
def behind(cupy: CuPy, monkeypatch: pytest.MonkeyPatch) -> CuPy:
    """cuBLAS can be called without CuPy, as where a graph is recorded."""

    def load(name: str) -> object:
        assert name in ("libcublas.so.12", "cublas64_12.dll")
        return types.SimpleNamespace(cublasGemmEx=cupy.behind)

    monkeypatch.setattr(ctypes, "CDLL", load)
    return cupy


@pytest.mark.usefixtures("cupy")
def test_facts() -> None:
    assert find("cupy").facts() == {
        "gpu": "NVIDIA Stand-in",
        "gpu_bus": "0000:3b:00.0",
        "cupy": "13.9",
        "cuda runtime": "12.9",
        "cuda driver": "13.0",
    }


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_training_pass_is_that_of_float64(name: str, dtype: str) -> None:
    """Widths that can be read several elements at once, and one that cannot."""
    network = Network("n", 7, (Dense(16, name), Dense(6, name), Dense(4, name)))
    values, target = make_values(network, 5), make_target(network, 5)
    prepared = find("cupy").prepare(network, values, dtype, target)
    for _ in range(2):  # the second finds what the first left
        assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(network, values)) < TOLERANCE[dtype]
    for layer, dW, db in reference_gradients(network, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < TOLERANCE[dtype]
        assert deviation(biases, db) < TOLERANCE[dtype]
    prepared.close()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_inference_and_its_parts(dtype: str) -> None:
    values = make_values(NETWORK, 4)
    prepared = find("cupy").prepare(NETWORK, values, dtype)
    assert [(part.what, part.layer) for part in prepared.parts()] == [
        ("launch", 0),
        ("upload", 0),
        *((what, layer) for layer in range(3) for what in ("forward", "rest")),
        ("download", 0),
    ]
    prepared.flush()
    assert (prepared.copied() or 0) > 0
    assert deviation(prepared.output(), reference_output(NETWORK, values)) < TOLERANCE[dtype]
    assert prepared.device_bytes > 0
    prepared.close()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize(
    ("dtype", "ran"),
    [
        ("float64", "float64"),
        ("float32", "float32"),
        ("tf32", "tf32"),
        ("float16", "tf32"),  # the same ten bits
        ("bfloat16", "bfloat16"),
    ],
)
def test_the_precision_is_told_with_each_product(dtype: str, ran: str) -> None:
    network = Network("n", 1024, (Dense(32, "linear", bias=(0.0,) * 32),))
    values = make_values(network, 32)
    prepared = find("cupy").prepare(network, values, dtype)
    prepared.run()
    assert precision(fingerprint(prepared.output(), values.x, values.weights[0])) == ran
    prepared.close()


def test_a_pass_waits_once_and_copies_nothing(cupy: CuPy) -> None:
    values = make_values(NETWORK, 4)
    prepared = find("cupy").prepare(NETWORK, values, "float32")
    waited, copied = cupy.waited, cupy.copied
    assert prepared.run() == 1
    assert (cupy.waited, cupy.copied) == (waited + 1, copied)
    assert prepared.gpu_s == 0.25e-3
    prepared.close()
    assert cupy.freed == 1


def test_a_small_pass_is_one_graph(behind: CuPy) -> None:
    values, target = make_values(NETWORK, 4), make_target(NETWORK, 4)
    prepared = find("cupy").prepare(NETWORK, values, "float32", target)
    assert [str(remark) for remark in prepared.remarks] == ["launched at once, as a CUDA graph"]
    products, graphs = behind.products, behind.graphs
    prepared.run()
    assert (behind.products, behind.graphs) == (products, graphs + 1)
    assert deviation(prepared.output(), reference_output(NETWORK, values)) < 1e-6
    for layer, dW, _ in reference_gradients(NETWORK, values, target):
        assert deviation(prepared.gradient(layer)[0], dW) < 1e-5
    assert 0 < prepared.run(0) < 1, "with a budget it goes step by step"
    prepared.close()


def test_where_no_graph_can_be_made_a_pass_goes_step_by_step(cupy: CuPy) -> None:
    prepared = find("cupy").prepare(NETWORK, make_values(NETWORK, 4), "float32")
    (remark,) = prepared.remarks
    assert str(remark).startswith("launched step by step, as a CUDA graph failed: libcublas.so.12")
    products = cupy.products
    prepared.run()
    assert (cupy.products, cupy.graphs) == (products + 3, 0)
    prepared.close()


def test_a_graph_that_computes_something_else_is_not_used(
    behind: CuPy, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgets = types.SimpleNamespace(cublasGemmEx=lambda *_: 0)  # bias is added again and again
    monkeypatch.setattr(ctypes, "CDLL", lambda _: forgets)
    values = make_values(NETWORK, 4)
    prepared = find("cupy").prepare(NETWORK, values, "float32")
    (remark,) = prepared.remarks
    assert str(remark).endswith("a CUDA graph failed: another result")
    graphs = behind.graphs
    prepared.run()
    assert behind.graphs == graphs
    assert deviation(prepared.output(), reference_output(NETWORK, values)) < 1e-6
    prepared.close()


def test_a_product_that_cublas_refuses_in_a_graph(
    cupy: CuPy, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses = types.SimpleNamespace(cublasGemmEx=lambda *_: 15)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: refuses)
    prepared = find("cupy").prepare(NETWORK, make_values(NETWORK, 4), "float32")
    (remark,) = prepared.remarks
    assert str(remark).endswith("cuBLAS status 15")
    assert cupy.recording is None, "the stream does not record any more"
    assert prepared.run() == 1
    prepared.close()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_a_list_of_products(dtype: str) -> None:
    listed = Products(
        "l",
        (
            Gemm("one", "product", 5, 7, 9, 0, count=2),
            Gemm("heads", "product", 6, 5, 8, 1, stack=4),
        ),
    )
    operands = make_operands(listed)
    prepared = find("cupy").prepare_products(listed, operands, dtype)
    assert prepared.run() == 1
    assert [part.layer for part in prepared.parts() if part.what == "product"] == [0, 1]
    for place, (a, b) in enumerate(zip(operands.a, operands.b, strict=True)):
        exact = a.astype(np.float64) @ b.astype(np.float64)
        assert deviation(prepared.product(place), exact) < TOLERANCE[dtype]
    prepared.close()


def test_a_full_gpu_is_a_memory_error(cupy: CuPy) -> None:
    cupy.full = True
    with pytest.raises(MemoryError):
        find("cupy").prepare(NETWORK, make_values(NETWORK, 1), "float32")


@pytest.mark.usefixtures("cupy")
def test_every_format_is_claimed() -> None:
    for dtype in TOLERANCE:
        assert usable("cupy", dtype).id == "cupy"


def test_a_format_the_gpu_lacks_is_said(cupy: CuPy) -> None:
    cupy.capability = "75"
    assert find("cupy").dtypes == ("float32", "float16", "float64")
    with pytest.raises(Unavailable, match="does not multiply in bfloat16: those from Ampere on do"):
        find("cupy").prepare(NETWORK, make_values(NETWORK, 1), "bfloat16")


def test_bfloat16_is_rounded_to_the_nearest() -> None:
    given = np.array([1, 1 + 2**-8, 1 + 3 * 2**-8, -1e30, np.inf, np.nan, 3e38], np.float32)
    bits = cupy_cells.to_stored(given, "bfloat16")
    back = cupy_cells.from_stored(bits, "bfloat16")
    assert back[:3].tolist() == [1, 1, 1 + 2**-6], "of two as near the even one"
    assert back[3] == pytest.approx(-1e30, rel=2**-8)
    assert np.isinf(back[4])
    assert np.isnan(back[5])
