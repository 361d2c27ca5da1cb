"""PyTorch as most people deploy it: its own products and activations, on the CPU or a GPU."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends import array_products, arrays, narrow
from mmviz.backends.base import Colour, Place
from mmviz.backends.steps import checked_bytes, checked_products_bytes
from mmviz.backends.torch_devices import DTYPES, KINDS, Device, Kind, choose, load, loaded, try_out
from mmviz.backends.torch_learner import TorchLearner
from mmviz.backends.torch_narrow import TorchNarrowPass, TorchNarrowProducts, narrow_bytes
from mmviz.backends.torch_pass import TorchPass
from mmviz.backends.torch_products import TorchProducts
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, NOTHING, Text, joined

VARIANTS = KINDS


class Torch:
    """variant: "" for the best device there is, else one of KINDS.

    What depends on the device is told as far as PyTorch is loaded: loading it takes seconds.
    """

    name = Text(N_("PyTorch"))
    title = Text(N_("PyTorch (on the best device it finds)"))
    colour: Colour = "purple"
    library = "ATen"  # which asks MKL, oneDNN, cuBLAS … in its turn
    trains = True
    proves: Literal[""] = ""

    def __init__(self, variant: str = "") -> None:
        if variant and variant not in KINDS:
            raise InputError(
                N_("PyTorch has no device {variant!r:.60} in mmviz; known are {known}"),
                variant=variant,
                known=", ".join(KINDS),
            )
        self._wanted: Kind | None = next((kind for kind in KINDS if kind == variant), None)
        if self._wanted:
            self.title = Text(_TITLES[self._wanted])

    @property
    def id(self) -> str:
        return f"torch:{self._wanted}" if self._wanted else "torch"

    @property
    def is_gpu(self) -> bool:
        found = self._known()
        return self._wanted in ("cuda", "xpu", "mps") if found is None else found.is_gpu

    @property
    def dtypes(self) -> tuple[str, ...]:
        found = self._known()
        return DTYPES[self._wanted or "cuda"] if found is None else found.dtypes

    def check(self) -> None:
        """Import PyTorch and compute one tiny layer on the device."""
        torch = load()
        try_out(torch, choose(torch, self._wanted))

    def warning(self, dtype: str) -> Text | None:
        """By how much depends on the CPU: 18 to 60 times at 512 and 1024 on a 2-core x86 machine
        whose units know no float16 (float16 beside float32 in one run).
        """
        found = self._known()
        if dtype != "float16" or (found.is_gpu if found else self._wanted not in (None, "cpu")):
            return None
        return Text(N_("on a CPU without float16 units PyTorch is tens of times slower in float16"))

    def remark(self, dtype: str) -> Text | None:
        """On what it computes, and when it quantizes."""
        found, within = self._known(), narrow.WITHIN if dtype in NARROW else NOTHING
        if found is None:
            return within or None
        on = Text(N_("on {device}"), device=found.name) if found.name else Text(N_("on the CPU"))
        return joined((on, within), "commas")

    def facts(self) -> dict[str, str]:
        torch = load()
        found = choose(torch, self._wanted)
        facts = {"torch": str(torch.__version__), "torch device": found.kind}
        if found.is_gpu:
            facts["gpu"] = found.name
        if bus := found.bus:
            facts["gpu_bus"] = bus
        for name, version in (("cuda", torch.version.cuda), ("rocm", torch.version.hip)):
            if found.kind == "cuda" and version:
                facts[f"torch {name}"] = str(version)
        return facts

    def place(self) -> Place | None:
        found = choose(load(), self._wanted)
        return Place(found.name, clock=found.has_clock) if found.is_gpu else None

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:
        """Its buffers where it computes on the CPU, else copies for the check alone."""
        if self.is_gpu:
            return checked_bytes(network, batch, training)
        if dtype in NARROW:
            return narrow_bytes(network, batch)
        return arrays.pass_bytes(network, batch, dtype, training)

    def products_bytes(self, products: Products, dtype: str) -> int:
        """The same of a list."""
        if self.is_gpu:
            return checked_products_bytes(products)
        if dtype in NARROW:  # codes and results are no more than the same in float32
            return 2 * array_products.products_bytes(products, "tf32")
        return array_products.products_bytes(products, dtype)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> TorchPass:
        narrow.check_inference(dtype, training=target is not None)
        if dtype in NARROW:
            return TorchNarrowPass(*self._device(dtype), network, values, dtype)
        return TorchPass(*self._device(dtype), network, values, dtype, target)

    def prepare_learning(
        self, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> TorchLearner:
        narrow.check_inference(dtype, training=True)
        return TorchLearner(*self._device(dtype), network, begin, recipe, dtype)

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> TorchProducts:
        if dtype in NARROW:
            return TorchNarrowProducts(*self._device(dtype), products, operands, dtype)
        return TorchProducts(*self._device(dtype), products, operands, dtype)

    def _device(self, dtype: str) -> tuple[Any, Device]:
        """PyTorch and its device; raises Unavailable where that has no such format."""
        torch = load()
        device = choose(torch, self._wanted)
        if dtype not in device.dtypes:
            lacking = N_("PyTorch does not compute in {dtype} on {device}")
            raise Unavailable(Text(lacking, dtype=dtype, device=device.name or device.kind))
        return torch, device

    def _known(self) -> Device | None:
        """The device, None while PyTorch is not loaded or where it is not there."""
        torch = loaded()
        try:
            return None if torch is None else choose(torch, self._wanted)
        except Unavailable:
            return None


_TITLES: dict[Kind, str] = {
    "cpu": N_("PyTorch on the CPU"),
    "cuda": N_("PyTorch on a CUDA or ROCm GPU"),
    "mps": N_("PyTorch on an Apple GPU"),
    "xpu": N_("PyTorch on an Intel GPU"),
}


def make(variant: str = "") -> Torch:
    return Torch(variant)
