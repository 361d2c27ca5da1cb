"""wgpu as a backend: who it is, what it can, and which rung of the ladder it takes."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Colour, Place
from mmviz.backends.webgpu.adapters import Adapter, adapters, chosen, load
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.ladder import VARIANTS
from mmviz.backends.webgpu.lists import WebgpuProducts
from mmviz.backends.webgpu.passes import WebgpuPass
from mmviz.backends.webgpu.teach import WebgpuLearner
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.text import N_, Text, own


class Webgpu:
    """Computes on the adapter a person would take, or on the one asked for.

    variant: of VARIANTS. adapter: see `chosen`. binding: see `Device`, for tests.
    """

    title = Text(N_("wgpu (mmviz's own kernels)"))
    colour: Colour = "sky blue"
    library = ""
    trains = True
    proves: Literal[""] = ""
    dtypes = ("float32", "float16")

    def __init__(
        self, variant: str = "auto", adapter: str = "", *, binding: int | None = None
    ) -> None:
        if variant not in VARIANTS:
            raise InputError(
                N_("wgpu has no kernel {variant!r:.60}; known are {known}"),
                variant=variant,
                known=", ".join(VARIANTS),
            )
        self._variant, self._wanted, self._binding = variant, adapter, binding

    @property
    def name(self) -> Text:
        named = "wgpu" if self._variant == "auto" else f"wgpu {self._variant}"
        if not self._wanted:
            return own(named)
        return Text(N_("{name} on {adapter:.30}"), name=named, adapter=self._wanted)

    @property
    def id(self) -> str:
        named = "wgpu" if self._variant == "auto" else f"wgpu:{self._variant}"
        return f"{named}@{self._wanted}" if self._wanted else named

    @property
    def is_gpu(self) -> bool:
        return not self._adapter().software

    def check(self) -> None:
        self._adapter()

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002
        return None

    def facts(self) -> dict[str, str]:
        adapter = self._adapter()
        which = "software adapter" if adapter.software else "gpu"
        return {
            which: adapter.name,
            "wgpu": str(load().__version__),
            "interface": adapter.interface,
            "driver": adapter.driver,
        }

    def place(self) -> Place:
        adapter = self._adapter()
        return Place(adapter.name, adapter.software, adapter.timed)

    def adapters(self) -> tuple[str, ...]:
        return tuple(adapter.name for adapter in adapters())

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:
        pairs = zip(network.widths, network.layers, strict=False)
        largest = max(width * layer.units for width, layer in pairs) if training else 0
        brought = 2 * batch * network.inputs if dtype == "float16" else 0
        return 8 * (batch * network.layers[-1].outputs + largest) + brought

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> WebgpuPass:
        device = Device(self._adapter(), self._binding)
        return WebgpuPass(device, network, values, dtype, target, self._variant)

    def prepare_learning(
        self, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> WebgpuLearner:
        device = Device(self._adapter(), self._binding)
        return WebgpuLearner(device, network, begin, recipe, dtype, self._variant)

    def prepare_products(
        self,
        products: Products,
        operands: Operands,
        dtype: str,
    ) -> WebgpuProducts:
        device = Device(self._adapter(), self._binding)
        return WebgpuProducts(device, products, operands, dtype, self._variant)

    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        return 8 * max(gemm.stack * gemm.m * gemm.n for gemm in products.gemms)

    def _adapter(self) -> Adapter:
        return chosen(self._wanted)


def make(variant: str = "auto", adapter: str = "") -> Webgpu:
    return Webgpu(variant or "auto", adapter)
