"""Passes of ONNX Runtime: what goes in and what comes out is bound beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host, Part
from mmviz.backends.caches import UNTOLD, flush_caches
from mmviz.backends.onnx_model import A, B, X, Y, network_model, product_model
from mmviz.backends.onnx_provider import Provider, session
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.text import Text

TYPES = {"tf32": np.dtype(np.float32)}  # by dtype id, where NumPy calls it otherwise


class OnnxSteps:
    """What a network's pass and a list of products have in common; see `base.Ready`.

    A step is a session with all of its arrays bound, and how often it is run.
    """

    paused_s = 0.0
    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

    def __init__(self, runtime: Any, provider: Provider, dtype: str) -> None:
        self._runtime, self._provider = runtime, provider
        self._type = TYPES[dtype] if dtype in TYPES else np.dtype(dtype)
        self._device = provider.bound or "cpu"
        self._steps: list[tuple[Any, Any, int, int]] = []
        self._brought: list[tuple[Any, NDArray[Any]]] = []
        self._fetched: list[Any] = []
        self._cold: Any = None

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; stops between sessions only: a network is one of them."""
        stop_at, done = perf_counter() + budget_s, 0
        for made, binding, times, macs in self._steps:
            for _ in range(times):
                made.run_with_iobinding(binding)
                done += macs
                if budget_s != UNLIMITED and done < self._macs and perf_counter() > stop_at:
                    return done / self._macs
        return 1.0

    def parts(self) -> tuple[Part, ...]:
        """Of a network () : it runs as a whole."""
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        """A library does not tell."""
        return ()

    def flush(self) -> None:
        """See `base.Ready.flush`; the cache of a GPU is written over by copies."""
        if self._device == "cpu":
            flush_caches()
            return
        if self._cold is None:
            other = np.zeros(2 * UNTOLD, np.uint8)
            self._cold = self._value(other), other
        there, here = self._cold
        there.update_inplace(here)

    def copied(self) -> float | None:
        """See `base.Ready.copied`."""
        if self._device == "cpu":
            return None
        began = perf_counter()
        for there, here in self._brought:
            there.update_inplace(here)
        self.run()
        for there in self._fetched:
            there.numpy()
        return perf_counter() - began

    def close(self) -> None:
        """See `base.Ready.close`."""
        self.__dict__.clear()

    @property
    def _macs(self) -> int:
        return sum(times * macs for _, _, times, macs in self._steps)

    def _bind(
        self,
        made: Any,
        inputs: dict[str, NDArray[np.float32]],
        shape: Iterable[int],
        times: int,
        macs: int,
    ) -> None:
        """One step more: the session with its inputs and its output [shape]."""
        binding = made.io_binding()
        for name, array in inputs.items():
            here = np.ascontiguousarray(array, dtype=self._type)
            there = self._value(here)
            self._brought.append((there, here))
            binding.bind_ortvalue_input(name, there)
        make = self._runtime.OrtValue.ortvalue_from_shape_and_type
        out = make(list(shape), self._type, self._device, 0)
        binding.bind_ortvalue_output(Y, out)
        self._fetched.append(out)
        self._steps.append((made, binding, times, macs))

    def _value(self, array: NDArray[Any]) -> Any:
        return self._runtime.OrtValue.ortvalue_from_numpy(array, self._device, 0)


class OnnxPass(OnnxSteps):
    """See `base.Prepared`; a network is one session, its weights are the session's own."""

    def __init__(
        self, runtime: Any, provider: Provider, network: Network, values: Values, dtype: str
    ) -> None:
        super().__init__(runtime, provider, dtype)
        made = session(runtime, provider, network_model(network, values, self._type), dtype)
        batch = len(values.x)
        shape = (batch, network.widths[-1])
        self._bind(made, {X: values.x}, shape, 1, batch * network.weights)

    def output(self) -> Host:
        host: Host = self._fetched[0].numpy()
        return host

    def gradient(self, layer: int) -> tuple[Host, Host]:
        raise ValueError(f"no training pass was prepared, of layer {layer} neither")


class OnnxProducts(OnnxSteps):
    """See `base.PreparedProducts`; one session for all, whatever their sizes."""

    def __init__(
        self, runtime: Any, provider: Provider, products: Products, operands: Operands, dtype: str
    ) -> None:
        super().__init__(runtime, provider, dtype)
        made = session(runtime, provider, product_model(self._type), dtype)
        for gemm, a, b in zip(products.gemms, operands.a, operands.b, strict=True):
            shape = (gemm.stack, gemm.m, gemm.n)
            self._bind(made, {A: a, B: b}, shape, gemm.count, gemm.flop // 2)

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`."""
        found = []
        for place, (made, binding, times, _) in enumerate(self._steps):
            began = perf_counter()
            for _ in range(times):
                made.run_with_iobinding(binding)
            found.append(Part("product", place, perf_counter() - began))
        return tuple(found)

    def product(self, number: int) -> Host:
        host: Host = self._fetched[number].numpy()
        return host
