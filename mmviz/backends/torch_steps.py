"""PyTorch on one device: buffers, copies, clocks, and the precision its steps are computed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host, Part, What
from mmviz.backends.caches import UNTOLD, flush_caches
from mmviz.backends.learner import Stage
from mmviz.backends.steps import Step, StepPass
from mmviz.backends.threads import blas_threads
from mmviz.backends.torch_devices import Device

Tensor = Any

_TYPES = {"tf32": "float32"}  # by dtype id, where PyTorch calls it otherwise
_FLOAT16_MACS = 5_000_000  # on a CPU without float16 units: parts between which a pass can stop


class TorchSteps(StepPass):
    """What a network's pass and a list of products have in common; see `base.Ready`.

    Whoever fills it adds to `_made`, and names what is brought and what is fetched with a copy.
    """

    def __init__(self, torch: Any, device: Device, dtype: str) -> None:
        super().__init__(getattr(torch, device.kind).synchronize if device.is_gpu else _nothing)
        self._torch, self._device, self._aten = torch, device, torch.ops.aten
        self._type = getattr(torch, _TYPES.get(dtype, dtype))
        self._most_macs = None if device.is_gpu or dtype != "float16" else _FLOAT16_MACS
        self._way = _Way(torch, _precision(torch, dtype) if device.kind == "cuda" else None)
        self._bytes, self._made = 0, list[Step]()
        self._stage: Stage = "forward"
        self._brought: list[tuple[Tensor, Tensor]] = []
        self._fetched: list[Tensor] = []
        self._events: tuple[Any, Any] | None = None
        self._cold: Any = None
        self._nothing = torch.empty(1, device=device.kind)
        if device.has_clock:
            event = getattr(torch, device.kind).Event
            self._events = event(enable_timing=True), event(enable_timing=True)
        if not device.is_gpu and (threads := blas_threads()):
            torch.set_num_threads(threads)

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; stops between products, of slow float16 inside them too."""
        with self._way:
            return super().run(budget_s)

    def compute(self) -> None:
        """A whole pass, and its end."""
        if self._events is None:
            super().compute()
            return
        began, ended = self._events
        began.record()
        for call in self._calls:
            call()
        ended.record()
        self._synchronize()
        self.gpu_s = began.elapsed_time(ended) / 1e3  # it tells milliseconds

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`; copies and launch where the device is not the host."""
        with self._way:
            if not self._device.is_gpu:
                return super().parts()
            launch = Part("launch", 0, self.clocked(self._nothing.zero_))
            upload = Part("upload", 0, self.clocked(self._bring))
            return launch, upload, *super().parts(), Part("download", 0, self.clocked(self._fetch))

    def copied(self) -> float | None:
        """See `base.Ready.copied`."""
        if not self._device.is_gpu:
            return None
        self._synchronize()
        began = perf_counter()
        with self._torch.inference_mode():
            self._bring()
        self.run()
        self._fetch()
        return perf_counter() - began

    def flush(self) -> None:
        """See `base.Ready.flush`."""
        if not self._device.is_gpu:
            flush_caches()
            return
        if self._cold is None:
            size, kind = UNTOLD, self._device.kind
            if kind == "cuda":
                told = self._torch.cuda.get_device_properties(0)
                size = getattr(told, "L2_cache_size", 0) or UNTOLD
            self._cold = self._torch.empty(2 * size, dtype=self._torch.uint8, device=kind)
        self._cold.fill_(1)
        self._synchronize()

    @property
    def device_bytes(self) -> int | None:
        """Bytes on the GPU that hold this pass, None where it is in the host's memory."""
        return self._bytes if self._device.is_gpu else None

    def close(self) -> None:
        torch, kind = self._torch, self._device.kind
        super().close()
        if kind != "cpu":  # what its pool keeps would be missing for the next batch
            getattr(torch, kind).empty_cache()

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Whatever PyTorch says of memory becomes a MemoryError."""
        try:
            yield
        except self._torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from None
        except RuntimeError as error:  # what the CPU's allocator raises
            if "alloc" in str(error):
                raise MemoryError(str(error)) from None
            raise

    def _multiply(
        self, what: What, layer: int, a: Tensor, b: Tensor, out: Tensor, bias: Tensor = None
    ) -> Iterable[Step]:
        """out = a·b (+ bias); in parts of its rows where a product alone could take minutes."""
        torch, each = self._torch, b.numel()
        rows = len(a) if self._most_macs is None else max(1, self._most_macs // each)
        for i in range(0, len(a), rows):
            part, into = a[i : i + rows], out[i : i + rows]
            if bias is None:
                do = partial(torch.mm, part, b, out=into)
            else:
                do = partial(torch.addmm, bias, part, b, out=into)
            yield Step(what, layer, do, len(part) * each, self._stage)

    def _bring(self) -> None:
        for there, here in self._brought:
            there.copy_(here)

    def _fetch(self) -> None:
        for tensor in self._fetched:
            tensor.cpu()

    def _empty(self, *shape: int) -> Tensor:
        made = self._torch.empty(shape, dtype=self._type, device=self._device.kind)
        self._bytes += made.numel() * made.element_size()
        return made

    def _sent(self, array: NDArray[np.float32], *, brought: bool = False) -> Tensor:
        """On the device, in the pass' own format; of float32 on the CPU no copy. brought: it is
        what a pass with copies brings again."""
        own = np.require(array, requirements=["C", "W"])  # PyTorch warns of what it may not write
        here = self._torch.from_numpy(own).to(self._type)
        there = here
        if self._device.is_gpu:
            there = self._torch.empty_like(here, device=self._device.kind).copy_(here)
        self._bytes += there.numel() * there.element_size()
        if brought and self._device.is_gpu:
            self._brought.append((there, here))
        return there


def on_host(tensor: Tensor) -> Host:
    """In the host's memory; NumPy knows no bfloat16."""
    found = tensor.cpu()
    host: Host = (found.float() if found.element_size() == 2 else found).numpy()
    return host


class _Way:
    """How a pass is computed: without autograd, and float32 on CUDA as `wanted`, a setting of
    PyTorch's and its value. It is kept for the whole process, so it is put back.
    """

    def __init__(self, torch: Any, wanted: tuple[str, Any] | None) -> None:
        self._mode, self._wanted = torch.inference_mode, wanted
        self._where = torch.backends.cuda.matmul

    def __enter__(self) -> None:
        self._entered = self._mode()
        self._entered.__enter__()
        if self._wanted:
            name, value = self._wanted
            self._before = getattr(self._where, name)
            setattr(self._where, name, value)

    def __exit__(self, *error: object) -> None:
        if self._wanted:
            setattr(self._where, self._wanted[0], self._before)
        self._entered.__exit__(*error)


def _precision(torch: Any, dtype: str) -> tuple[str, Any]:
    """The setting's name in this version of PyTorch, and its value for `dtype`."""
    if hasattr(torch.backends.cuda.matmul, "fp32_precision"):
        return "fp32_precision", "tf32" if dtype == "tf32" else "ieee"
    return "allow_tf32", dtype == "tf32"


def _nothing() -> None:
    """On the CPU PyTorch has computed when it returns."""
