"""PyTorch as it is found, or not: on stand-ins. Where it is installed the contract computes."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

from mmviz.backends import torch_devices
from mmviz.backends.registry import entry, find
from mmviz.backends.threads import blas_threads
from mmviz.backends.torch_learner import TorchLearner
from mmviz.backends.torch_pass import TorchPass
from mmviz.backends.torch_steps import _Way
from mmviz.bench import fingerprint, runner
from mmviz.bench.plan import BenchPlan
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import Values, make_values
from mmviz.core.learning.weights import fresh
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.errors import InputError, Unavailable
from mmviz.words.timing import AGREES

NETWORK = from_widths((6, 5, 4))


class Gpu:
    """A kind of GPU as PyTorch's modules tell of it."""

    def __init__(
        self, name: str, capability: tuple[int, int] = (9, 0), bfloat16: bool = True
    ) -> None:
        self._name, self._capability, self._bfloat16 = name, capability, bfloat16

    def is_available(self) -> bool:
        return bool(self._name)

    def get_device_name(self, _: int) -> str:
        return self._name

    def get_device_properties(self, _: int) -> object:
        return types.SimpleNamespace(pci_domain_id=0, pci_bus_id=59, pci_device_id=0)

    def get_device_capability(self, _: int) -> tuple[int, int]:
        return self._capability

    def is_bf16_supported(self, *, including_emulation: bool) -> bool:
        assert not including_emulation
        return self._bfloat16


def torch(hip: str | None = None, mps: bool = False, **gpus: Gpu) -> types.ModuleType:
    """PyTorch on a computer with those GPUs; it computes nothing."""
    made = types.ModuleType("torch")
    made.__version__ = "2.99"  # type: ignore[attr-defined]
    made.version = types.SimpleNamespace(cuda=None if hip else "12.9", hip=hip)  # type: ignore[attr-defined]
    made.cuda = gpus.get("cuda", Gpu(""))  # type: ignore[attr-defined]
    made._int_mm = made._scaled_mm = None  # type: ignore[attr-defined]
    if "xpu" in gpus:  # an older one knows no such module
        made.xpu = gpus["xpu"]  # type: ignore[attr-defined]
    made.backends = types.SimpleNamespace(  # type: ignore[attr-defined]
        mps=types.SimpleNamespace(is_available=lambda: mps)
    )
    return made


class Card:
    """The installed PyTorch with a CUDA GPU on which the CPU computes."""

    def __init__(self, real: Any) -> None:
        self._real, self.emptied, self.precisions = real, 0, set[str]()
        matmul = types.SimpleNamespace(fp32_precision="none")
        self.backends = types.SimpleNamespace(cuda=types.SimpleNamespace(matmul=matmul))
        self.cuda = types.SimpleNamespace(
            synchronize=lambda: None,
            Event=lambda **_: types.SimpleNamespace(
                record=lambda: self.precisions.add(matmul.fp32_precision),
                elapsed_time=lambda _: 0.25,
            ),
            get_device_properties=lambda _: types.SimpleNamespace(L2_cache_size=1000),
            empty_cache=self._empty,
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def empty(self, *shape: Any, device: str, **named: Any) -> Any:
        assert device == "cuda"
        return self._real.empty(*shape, **named)

    def empty_like(self, tensor: Any, device: str) -> Any:
        assert device == "cuda"
        return self._real.empty_like(tensor)

    def _empty(self) -> None:
        self.emptied += 1


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    found = entry("torch")
    assert not found.available
    assert str(found.reason) == "PyTorch is not installed"
    assert str(found.remedy) == 'install it with pip install "mmviz[torch]"'


@pytest.mark.parametrize(
    "source", ["raise OSError('libc10 is a text file')", "import nothing_here"]
)
def test_one_that_cannot_be_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, source: str
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "torch.py").write_text(source)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with pytest.raises(Unavailable, match=r"PyTorch cannot be imported: .*reinstall PyTorch"):
        find("torch").check()


def test_an_unknown_device_names_the_known() -> None:
    with pytest.raises(InputError, match="no device 'tpu' in mmviz; known are cuda, xpu, mps, cpu"):
        find("torch:tpu")


@pytest.mark.parametrize(
    ("module", "kind", "name"),
    [
        (torch(cuda=Gpu("NVIDIA H200"), xpu=Gpu("Arc"), mps=True), "cuda", "NVIDIA H200"),
        (torch(xpu=Gpu("Intel Arc B580"), mps=True), "xpu", "Intel Arc B580"),
        (torch(mps=True), "mps", "Apple GPU"),
        (torch(), "cpu", ""),
    ],
)
def test_the_best_device_is_taken_and_named(
    monkeypatch: pytest.MonkeyPatch, module: types.ModuleType, kind: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, "torch", module)
    backend = find("torch")
    assert backend.is_gpu == bool(name)
    assert backend.facts().get("gpu", "") == name
    assert backend.facts()["torch device"] == kind
    place = backend.place()
    assert (place.name if place else "") == name
    assert str(backend.remark("float32")) == (f"on {name}" if name else "on the CPU")
    assert (backend.warning("float16") is None) == backend.is_gpu
    assert find("torch:cpu").facts()["torch device"] == "cpu"


@pytest.mark.parametrize(
    ("module", "lacks"),
    [
        (torch(cuda=Gpu("NVIDIA H200")), set()),
        (torch(cuda=Gpu("NVIDIA A100", (8, 0))), {"float8"}),
        (torch(cuda=Gpu("Tesla T4", (7, 5), bfloat16=False)), {"tf32", "bfloat16", "float8"}),
        (torch(cuda=Gpu("AMD Instinct", (9, 4)), hip="6.4"), {"tf32", "float8", "int8"}),
        (torch(xpu=Gpu("Intel Arc")), {"tf32", "float8", "int8"}),
        (torch(mps=True), {"tf32", "float64", "float8", "int8"}),
        (torch(), {"tf32"}),
    ],
)
def test_a_format_that_a_device_lacks_is_said(
    monkeypatch: pytest.MonkeyPatch, module: types.ModuleType, lacks: set[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", module)
    backend = find("torch")
    assert set(torch_devices.DTYPES["cuda"]) - set(backend.dtypes) == lacks
    for dtype in lacks:
        with pytest.raises(Unavailable, match=f"PyTorch does not compute in {dtype} on "):
            backend.prepare(NETWORK, make_values(NETWORK, 1), dtype)


@pytest.mark.parametrize("kind", ["cuda", "xpu", "mps"])
def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setitem(sys.modules, "torch", torch())
    with pytest.raises(Unavailable, match=r"PyTorch finds no .* GPU; reinstall PyTorch"):
        find(f"torch:{kind}").check()


def test_a_device_that_cannot_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    module = torch(cuda=Gpu("NVIDIA GeForce GTX 680", (3, 0)))
    monkeypatch.setitem(sys.modules, "torch", module)  # it has no `ones`, as one too old has none
    with pytest.raises(Unavailable, match=r"PyTorch cannot compute here: "):
        find("torch").check()


def test_nothing_is_loaded_to_tell_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    for variant, gpu in (("torch", False), ("torch:cpu", False), ("torch:cuda", True)):
        backend = find(variant)
        assert (backend.id, backend.is_gpu) == (variant, gpu)
        assert backend.remark("float32") is None
        assert "float32" in backend.dtypes
        assert str(backend.title).startswith("PyTorch")
    assert "torch" not in sys.modules


@pytest.mark.parametrize(
    ("setting", "was", "wanted"), [("fp32_precision", "none", "tf32"), ("allow_tf32", True, False)]
)
def test_the_precision_is_put_back(setting: str, was: object, wanted: object) -> None:
    """PyTorch keeps it for the whole process."""
    matmul = types.SimpleNamespace(**{setting: was})
    cuda = types.SimpleNamespace(matmul=matmul)
    seen = []

    class Mode:
        def __enter__(self) -> None:
            seen.append("in")

        def __exit__(self, *_: object) -> None:
            seen.append("out")

    module = types.SimpleNamespace(inference_mode=Mode, backends=types.SimpleNamespace(cuda=cuda))

    def fail() -> None:
        with _Way(module, (setting, wanted)):
            seen.append(getattr(matmul, setting))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen == ["in", wanted, "out"]
    assert getattr(matmul, setting) == was


class TestInstalled:
    """Skipped where PyTorch is not."""

    @pytest.fixture(autouse=True)
    def real(self) -> types.ModuleType:
        return pytest.importorskip("torch")

    def test_it_computes_on_as_many_threads_as_numpy(self, real: types.ModuleType) -> None:
        real.set_num_threads(1)
        find("torch:cpu").prepare(NETWORK, make_values(NETWORK, 1), "float32").close()
        assert real.get_num_threads() == (blas_threads() or 1)

    def test_slow_float16_stops_inside_a_product(self) -> None:
        network = from_widths((1200, 1200))
        prepared = find("torch:cpu").prepare(network, make_values(network, 12), "float16")
        assert 0 < prepared.run(0) < 1
        assert prepared.run(3600) == 1
        prepared.close()

    def test_values_that_may_not_be_written_are_taken(self) -> None:
        values = make_values(NETWORK, 3)
        fixed = Values(np.broadcast_to(values.x[:1], (3, 6)), values.weights, values.biases)
        prepared = find("torch:cpu").prepare(NETWORK, fixed, "float32")
        prepared.run()
        assert np.array_equal(prepared.output()[0], prepared.output()[2])
        prepared.close()

    @pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float64"])
    def test_a_run_ran_in_what_was_asked_for(self, dtype: str) -> None:
        plan = BenchPlan(
            network=NETWORK, batches=(2,), backends=("torch:cpu",), dtype=dtype, seconds=0.05
        )
        (run,) = runner.run(plan, lambda _: None).runs
        assert run.failure is None
        assert run.max_error is not None
        assert run.max_error < AGREES[dtype]
        assert run.fingerprint is not None
        assert fingerprint.reading(run.fingerprint, dtype) is None

    @pytest.mark.parametrize("dtype", ["float32", "tf32", "bfloat16"])
    def test_a_gpus_way_of_going(self, real: types.ModuleType, dtype: str) -> None:
        """A GPU of which the CPU plays the part: all but the speed and the precision is real."""
        card = Card(real)
        network = Network("n", 6, (Dense(8, "swiglu"), Dense(5, "gelu"), Dense(3, "softmax")))
        values, target = make_values(network, 4), make_target(network, 4)
        device = torch_devices.Device("cuda", "Card", "", torch_devices.DTYPES["cuda"])
        made = TorchPass(card, device, network, values, dtype, target)
        assert made.run() == 1
        assert card.precisions == {"tf32" if dtype == "tf32" else "ieee"}
        assert card.backends.cuda.matmul.fp32_precision == "none", "it is put back"
        assert made.gpu_s == 0.25e-3
        within = 1e-1 if dtype == "bfloat16" else 1e-5
        assert deviation(made.output(), reference_output(network, values)) < within
        for layer, dW, db in reference_gradients(network, values, target):
            weights, biases = made.gradient(layer)
            assert max(deviation(weights, dW), deviation(biases, db)) < within
        parts = [(part.what, part.layer) for part in made.parts()]
        assert parts[:3] == [("launch", 0), ("upload", 0), ("forward", 0)]
        assert parts[-1] == ("download", 0)
        assert (made.copied() or 0) > 0
        made.flush()
        assert (made.device_bytes or 0) > 4 * network.parameters // 2
        made.close()
        assert card.emptied == 1

    def test_a_network_is_taught_on_a_gpu(self, real: types.ModuleType) -> None:
        card = Card(real)
        device = torch_devices.Device("cuda", "Card", "", torch_devices.DTYPES["cuda"])
        network = Network("n", 6, (Dense(5, "gelu"), Dense(3, "softmax")))
        recipe, target = Recipe(batch=4), make_target(network, 4)
        x = make_values(network, 4).x
        found = []
        for learner in (
            TorchLearner(card, device, network, fresh(network), recipe, "tf32"),
            find("numpy").prepare_learning(network, fresh(network), recipe, "float32"),  # type: ignore[attr-defined]
        ):
            losses = [learner.teach(x, target, parted=i == 1) for i in range(3)]
            found.append([float(loss) for loss in losses])
            learner.close()
        assert found[0] == pytest.approx(found[1], rel=1e-5)
        assert card.backends.cuda.matmul.fp32_precision == "none", "it is put back"
        assert card.emptied == 1

    def test_no_memory_is_a_memory_error(self) -> None:
        network = from_widths((1, 2**24))
        values = make_values(network, 1)
        wide = Values(np.broadcast_to(values.x, (2**20, 1)), values.weights, values.biases)
        with pytest.raises(MemoryError):
            find("torch:cpu").prepare(network, wide, "float32")
