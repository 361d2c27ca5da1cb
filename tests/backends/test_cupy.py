"""CuPy's way of going, with a stand-in made of NumPy. The real one is tested in tests/gpu."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from mmviz.backends.registry import find, usable
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.network import Dense, Network
from mmviz.errors import InputError


class StandIn(types.ModuleType):
    """NumPy under CuPy's name; counts what only a GPU needs."""

    __version__ = "13.9"

    def __init__(self) -> None:
        super().__init__("cupy")
        self.waited = self.freed = self.copied = 0
        self.full = False
        stream = types.SimpleNamespace(synchronize=lambda: self.count("waited"))
        runtime = types.SimpleNamespace(
            getDeviceCount=lambda: 1,
            getDevice=lambda: 0,
            getDeviceProperties=lambda _: {"name": b"NVIDIA Stand-in"},
            runtimeGetVersion=lambda: 12090,
            driverGetVersion=lambda: 13000,
        )
        self.cuda = types.SimpleNamespace(runtime=runtime, get_current_stream=lambda: stream)
        pool = types.SimpleNamespace(free_all_blocks=lambda: self.count("freed"))
        self.get_default_memory_pool = lambda: pool

    def __getattr__(self, name: str) -> object:
        return getattr(np, name)

    def count(self, what: str) -> None:
        setattr(self, what, getattr(self, what) + 1)

    def asnumpy(self, array: np.ndarray) -> np.ndarray:
        self.copied += 1
        return array.copy()

    def empty(self, *args: object, **kwargs: object) -> np.ndarray:
        if self.full:
            raise MemoryError("Out of memory allocating 512 bytes")
        return np.empty(*args, **kwargs)


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    module = StandIn()
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


NETWORK = Network("n", 6, (Dense(8, "swiglu"), Dense(5, "tanh"), Dense(3, "softmax")))


@pytest.mark.usefixtures("cupy")
def test_facts() -> None:
    assert find("cupy").facts() == {
        "gpu": "NVIDIA Stand-in",
        "cupy": "13.9",
        "cuda runtime": "12.9",
        "cuda driver": "13.0",
    }


def test_a_pass_waits_once_and_copies_nothing(cupy: StandIn) -> None:
    values = make_values(NETWORK, 4)
    prepared = find("cupy").prepare(NETWORK, values, "float32")
    assert prepared.run() == 1
    assert (cupy.waited, cupy.copied) == (1, 0)
    assert deviation(prepared.output(), reference_output(NETWORK, values)) < 1e-6
    assert cupy.copied == 1
    prepared.close()
    assert cupy.freed == 1


@pytest.mark.usefixtures("cupy")
def test_training() -> None:
    values, target = make_values(NETWORK, 4), make_target(NETWORK, 4)
    prepared = find("cupy").prepare(NETWORK, values, "float64", target)
    assert prepared.run() == 1
    for layer, dW, db in reference_gradients(NETWORK, values, target):
        weights, biases = prepared.gradient(layer)
        assert max(deviation(weights, dW), deviation(biases, db)) < 1e-12
    prepared.close()


def test_a_full_gpu_is_a_memory_error(cupy: StandIn) -> None:
    cupy.full = True
    with pytest.raises(MemoryError):
        find("cupy").prepare(NETWORK, make_values(NETWORK, 1), "float32")


@pytest.mark.usefixtures("cupy")
def test_dtypes_it_does_not_claim() -> None:
    assert usable("cupy", "float16").id == "cupy"
    for dtype in ("tf32", "bfloat16"):
        with pytest.raises(InputError, match="does not compute in"):
            usable("cupy", dtype)
