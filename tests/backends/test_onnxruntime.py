"""ONNX Runtime as it is found, or not: on stand-ins. The contract computes where it is."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

from mmviz.backends import onnx_model, onnx_provider
from mmviz.backends.onnx_pass import OnnxPass
from mmviz.backends.registry import entry, find
from mmviz.bench import runner
from mmviz.bench.plan import BenchPlan
from mmviz.core.learning.training import deviation, make_target, reference_output
from mmviz.core.learning.values import Values, make_values
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.errors import InputError, Unavailable

NETWORK = from_widths((6, 5, 4))


class Runtime(types.ModuleType):
    """ONNX Runtime with those providers listed; of which some load, and others only say so."""

    __version__ = "1.99"

    def __init__(self, listed: tuple[str, ...], loading: tuple[str, ...]) -> None:
        super().__init__("onnxruntime")
        self.settings: dict[str, dict[str, str]] = {}
        self.get_available_providers = lambda: [f"{name}ExecutionProvider" for name in listed]
        self._loading = loading

    class SessionOptions:
        def add_session_config_entry(self, name: str, value: str) -> None:
            setattr(self, name, value)

    def InferenceSession(self, model: bytes, options: Any, providers: Any) -> Any:
        assert isinstance(model, bytes)
        ((key, self.settings),) = providers
        assert hasattr(options, "session.disable_cpu_ep_fallback") == (not key.startswith("CPU"))
        if key.startswith("TensorRT"):
            raise AssertionError("never taken unasked: it would build for minutes")
        loaded = key if key.removesuffix("ExecutionProvider") in self._loading else "CPU"
        return types.SimpleNamespace(get_providers=lambda: [loaded], run=lambda *_: None)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """No package onnx is needed."""
    monkeypatch.setitem(sys.modules, "onnx", types.ModuleType("onnx"))
    monkeypatch.setattr(onnx_provider, "product_model", lambda _: b"model")


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("onnxruntime", "ONNX Runtime is not installed"),
        ("onnx", "the package onnx is not installed"),
    ],
)
def test_not_installed(monkeypatch: pytest.MonkeyPatch, missing: str, reason: str) -> None:
    for name in ("onnx", "onnxruntime"):
        there = None if name == missing else types.ModuleType(name)
        monkeypatch.setitem(sys.modules, name, there)
    found = entry("onnxruntime")
    assert not found.available
    assert str(found.reason) == reason
    assert str(found.remedy) == 'install it with pip install "mmviz[onnxruntime]"'


def test_an_unknown_provider_names_the_known() -> None:
    with pytest.raises(InputError, match="no provider 'npu' in mmviz; known are cuda, migraphx, "):
        find("onnxruntime:npu")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("listed", "loading", "gpu", "remark"),
    [
        (("TensorRT", "CUDA", "CPU"), ("CUDA", "CPU"), "CUDA GPU", "on CUDA GPU"),
        (("CUDA", "CPU"), ("CPU",), "", "on the CPU"),
        (("CoreML", "CPU"), ("CoreML", "CPU"), "", "on Core ML, its copies there and back"),
        (("Azure", "CPU"), ("CPU",), "", "on the CPU"),
    ],
)
def test_the_first_provider_that_computes_is_taken(
    monkeypatch: pytest.MonkeyPatch,
    listed: tuple[str, ...],
    loading: tuple[str, ...],
    gpu: str,
    remark: str,
) -> None:
    """That one is listed says little: without its libraries the CPU computes, silently."""
    runtime = Runtime(listed, loading)
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    found = entry("onnxruntime")
    assert (found.available, found.gpu) == (True, gpu)
    assert f"inference alone, {remark}" in str(found.note)
    assert ("tf32" in found.dtypes) == bool(gpu)
    assert runtime.settings == ({"use_tf32": "0"} if gpu else {}), "float32 is not TF32"


@pytest.mark.usefixtures("model")
def test_a_provider_that_does_not_load_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", Runtime(("CUDA", "CPU"), ("CPU",)))
    with pytest.raises(Unavailable, match="CUDAExecutionProvider did not load"):
        find("onnxruntime:cuda").check()
    with pytest.raises(Unavailable, match="this ONNX Runtime was built without it"):
        find("onnxruntime:dml").check()


def test_training_is_refused_in_a_sentence() -> None:
    backend = find("onnxruntime")
    assert not backend.trains
    with pytest.raises(Unavailable) as caught:
        backend.prepare(NETWORK, make_values(NETWORK, 1), "float32", make_target(NETWORK, 1))
    assert str(caught.value.reason) == "ONNX Runtime computes inference alone"


def test_weights_that_no_model_holds_are_refused_before_one_is_made() -> None:
    large = Network("large", 2**15, (Dense(2**15),))
    nothing = Values(np.zeros((1, 1), np.float32), (), ())
    with pytest.raises(Unavailable, match=r"holds 2 GiB at most, these weights take 4\.\d+ G"):
        onnx_model.network_model(large, nothing, np.dtype(np.float32))
    fits = onnx_model.MOST_BYTES // 4
    assert from_widths((2**14, 2**14)).parameters < fits


def test_nothing_is_loaded_to_tell_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "onnxruntime", raising=False)
    for variant, gpu in (
        ("onnxruntime", False),
        ("onnxruntime:cpu", False),
        ("onnxruntime:cuda", True),
    ):
        backend = find(variant)
        assert (backend.id, backend.is_gpu) == (variant, gpu)
        assert backend.remark("float32") is None
        assert "float32" in backend.dtypes
    assert "onnxruntime" not in sys.modules


class TestInstalled:
    """Skipped where ONNX Runtime is not."""

    @pytest.fixture(autouse=True)
    def _real(self) -> None:
        pytest.importorskip("onnxruntime")
        pytest.importorskip("onnx")

    def test_float16_is_not_computed_in_float32_under_its_name(self) -> None:
        backend = find("onnxruntime:cpu")
        assert backend.dtypes == ("float32",)
        with pytest.raises(Unavailable, match="does not compute in float16 on the CPU"):
            backend.prepare(NETWORK, make_values(NETWORK, 1), "float16")

    def test_a_pass_may_take_any_batch(self) -> None:
        for batch in (1, 7):
            prepared = find("onnxruntime:cpu").prepare(
                NETWORK, make_values(NETWORK, batch), "float32"
            )
            assert prepared.run() == 1
            assert prepared.output().shape == (batch, 4)
            prepared.close()

    def test_in_training_the_others_go_on(self) -> None:
        backends = ("numpy", "onnxruntime")
        plan = BenchPlan(
            network=NETWORK, batches=(2,), backends=backends, training=True, seconds=0.05
        )
        numpy, refused = runner.run(plan, lambda _: None).runs
        assert numpy.samples_s
        assert "ONNX Runtime computes inference alone" in str(refused.failure)

    def test_a_gpus_way_of_going(self) -> None:
        """A GPU of which the CPU plays the part: what is brought and fetched is on a device."""
        import onnxruntime

        class Value:
            @staticmethod
            def ortvalue_from_numpy(array: Any, device: str, number: int) -> Any:
                assert (device, number) == ("cuda", 0)
                return onnxruntime.OrtValue.ortvalue_from_numpy(array.copy(), "cpu", 0)

            @staticmethod
            def ortvalue_from_shape_and_type(shape: Any, kind: Any, device: str, _: int) -> Any:
                assert device == "cuda"
                make = onnxruntime.OrtValue.ortvalue_from_shape_and_type
                return make(shape, kind, "cpu", 0)

        class Card(types.ModuleType):
            OrtValue = Value

            def __getattr__(self, name: str) -> Any:
                return getattr(onnxruntime, name)

        provider = onnx_provider.Provider("cpu", "CPUExecutionProvider", "Card", True, "cuda")
        values = make_values(NETWORK, 3)
        made = OnnxPass(Card("onnxruntime"), provider, NETWORK, values, "float32")
        assert made.run() == 1
        made.flush()
        assert (made.copied() or 0) > 0
        assert deviation(made.output(), reference_output(NETWORK, values)) < 1e-5
        made.close()
