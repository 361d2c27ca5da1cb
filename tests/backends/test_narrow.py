"""Narrow formats as backends compute them, beside what `core.quantize` says they are."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from mmviz.backends.base import Backend
from mmviz.backends.int8_arrays import Int8Multiplier, int8_pass_bytes
from mmviz.backends.narrow import where_else
from mmviz.backends.registry import MODULES, computing, find
from mmviz.bench import fingerprint
from mmviz.bench.job import ListJob, PassJob
from mmviz.bench.results import Run
from mmviz.core.learning.deviation import quantized_output
from mmviz.core.learning.training import deviation, reference_output
from mmviz.core.learning.values import SEED, make_values
from mmviz.core.quantize.scaled import int8
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.words.timing import AGREES, Tone, agreement

TORCH = importlib.util.find_spec("torch") is not None
CASES = [("numpy", "int8"), *((("torch:cpu", d) for d in ("int8", "float8")) if TORCH else ())]
LIST = Products(
    "l",
    (
        Gemm("one", "product", 5, 7, 33, 0),
        Gemm("heads", "product", 6, 5, 8, 1, stack=3),
        Gemm("vector", "product", 1, 9, 20, 2, count=2),
    ),
)


@pytest.fixture(params=CASES, ids=lambda case: " ".join(case))
def able(request: pytest.FixtureRequest) -> tuple[Backend, str]:
    backend = find(request.param[0])
    try:
        backend.check()
    except Unavailable as miss:
        pytest.skip(str(miss))
    return backend, request.param[1]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_pass_is_that_of_quantized_operands(able: tuple[Backend, str], activation: str) -> None:
    """And nearer to it than to float64 of the numbers themselves; sums of float8 are written in
    bfloat16, which moves some numbers of the next layer to another code: there it is one layer.
    """
    backend, dtype = able
    layers = (Dense(16, activation), Dense(8, activation))
    network = Network("n", 21, layers if dtype == "int8" else layers[:1])
    values = make_values(network, 11)
    prepared = backend.prepare(network, values, dtype)
    assert prepared.run() == 1
    found = prepared.output().astype(np.float64)
    near = quantized_output(network, values, dtype, 11)
    off = deviation(found, near)
    assert off < AGREES[dtype] / 2
    assert off < deviation(found, reference_output(network, values)) / 2
    prepared.close()


def test_a_list_agrees_with_float64_of_quantized_operands(able: tuple[Backend, str]) -> None:
    backend, dtype = able
    job = ListJob(LIST, SEED, dtype)
    ready = job.prepare("it", backend, dtype)
    assert ready.run() == 1
    # float8 is written in bfloat16: half a step of it is 2^-9 of a number.
    assert job.errors(["it"])["it"] < (3e-3 if dtype == "float8" else 1e-5)
    assert [part.layer for part in ready.parts()] == [0, 1, 2]
    ready.close()


def test_a_timed_pass_is_checked_so(able: tuple[Backend, str]) -> None:
    backend, dtype = able
    job = PassJob(Network("n", 40, (Dense(30, "relu"),)), 300, False, SEED, dtype)
    job.prepare("it", backend, dtype).run()
    assert 0 < job.errors(["it"])["it"] < (1e-2 if dtype == "float8" else 1e-5)


def test_what_it_ran_in_is_told_from_its_errors(able: tuple[Backend, str]) -> None:
    backend, dtype = able
    e = fingerprint.take(backend, dtype, 1e8)
    assert fingerprint.precision(e, dtype) == dtype
    assert fingerprint.reading(e, dtype) is None


def test_a_coarser_format_than_was_asked_for_is_told() -> None:
    assert fingerprint.reading(3.7e-2, "float8") is None
    assert str(fingerprint.reading(3.7e-2, "int8")) == "this ran in float8"
    assert fingerprint.reading(1e-7, "int8") is None  # it never computes better by mistake


def test_training_is_refused(able: tuple[Backend, str]) -> None:
    backend, dtype = able
    network = Network("n", 4, (Dense(2, "linear"),))
    with pytest.raises(Unavailable, match=f"{dtype} is timed in inference alone"):
        backend.prepare(network, make_values(network, 1), dtype, np.zeros((1, 2), np.float32))


def test_zeros_are_computed(able: tuple[Backend, str]) -> None:
    backend, dtype = able
    layer = Dense(3, "linear", weights=np.zeros((4, 3)), bias=(1.0, 2.0, 3.0))  # type: ignore[arg-type]
    network = Network("still", 4, (layer,), examples=np.zeros((2, 4)))  # type: ignore[arg-type]
    prepared = backend.prepare(network, make_values(network, 2), dtype)
    prepared.run()
    assert prepared.output().tolist() == [[1, 2, 3]] * 2


def test_a_pass_in_numpy_stops_within_a_product() -> None:
    network = Network("n", 700, (Dense(700, "relu"),))
    prepared = find("numpy").prepare(network, make_values(network, 64), "int8")
    assert 0 < prepared.run(0) < 1
    assert prepared.run() == 1
    prepared.close()


def test_sums_are_kept_in_32_bits() -> None:
    """Of 127 · 127 · 3000 no 16 bits would hold the sum."""
    a, b = np.full((2, 3000), 2.0, np.float32), np.full((3000, 2), -0.5, np.float32)
    multiplier, out = Int8Multiplier(12_000), np.empty((2, 2), np.float32)
    multiplier.take(b)
    multiplier.start(float("inf"))
    multiplier.multiply(a, b, out)
    assert int8(a, 1).codes.max() == 127
    assert out.tolist() == pytest.approx(np.full((2, 2), -3000.0))


def test_memory_is_asked_for_quantizing_too() -> None:
    network = Network("n", 1000, (Dense(1000, "relu"),))
    backend = find("numpy")
    assert backend.host_bytes(network, 1, "int8", False) == int8_pass_bytes(network, 1)
    assert int8_pass_bytes(network, 1) > 17 * 1000 * 1000


@pytest.mark.parametrize("dtype", NARROW)
def test_who_lacks_a_format_says_who_has_it(dtype: str) -> None:
    assert str(where_else(dtype))
    for id in MODULES:
        if dtype not in find(id).dtypes:
            with pytest.raises(InputError, match=f"{dtype} is multiplied"):
                computing(id, dtype)


@pytest.mark.skipif(not TORCH, reason="PyTorch is not installed")
@pytest.mark.parametrize("dtype", ["int8", "float8"])
@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (17, 33, 5), (40, 16, 32)])
def test_what_is_laid_into_zeros_is_the_same_product(dtype: str, m: int, k: int, n: int) -> None:
    """As GPUs ask for it."""
    import torch

    from mmviz.backends.torch_narrow import NarrowProduct

    a, b = torch.randn(m, k), torch.randn(k, n)
    found = []
    for padded in (False, True):
        out = torch.empty(m, n)
        product = NarrowProduct(torch, dtype, a, b, out, padded=padded)
        product()
        product.finish()
        found.append(out)
        first, second = product._first.shape, product._second.shape
        assert not padded or (first[0] >= 32 and {x % 16 for x in (*first[1:], *second)} == {0})
    assert torch.equal(*found)


def test_agreement_says_with_what() -> None:
    (note,) = agreement((Run("numpy", 8, samples_s=(), max_error=2e-7),), "int8")
    assert note.tone is Tone.AGREED
    assert "NumPy agrees with float64 of the same quantized numbers to 2" in str(note.text)
    (note,) = agreement((Run("numpy", 8, samples_s=(), max_error=0.3),), "int8")
    assert note.tone is Tone.FAILURE
