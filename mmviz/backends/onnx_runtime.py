"""ONNX Runtime as networks are deployed with it: inference alone, on the provider it finds."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.array_products import products_bytes
from mmviz.backends.base import Colour, Place
from mmviz.backends.onnx_pass import OnnxPass, OnnxProducts
from mmviz.backends.onnx_provider import PROVIDERS, Provider, choose, load, loaded
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.dtype import stored
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, Text

VARIANTS = tuple(provider.id for provider in PROVIDERS)


class OnnxRuntime:
    """variant: "" for the best provider there is, else the id of one.

    What depends on the provider is told as far as ONNX Runtime is loaded.
    """

    name = Text(N_("ONNX Runtime"))
    title = Text(N_("ONNX Runtime (inference alone)"))
    colour: Colour = "blue"
    library = "ONNX Runtime"
    trains = False
    proves: Literal[""] = ""

    def __init__(self, variant: str = "") -> None:
        if variant and variant not in VARIANTS:
            raise InputError(
                N_("ONNX Runtime has no provider {variant!r:.60} in mmviz; known are {known}"),
                variant=variant,
                known=", ".join(VARIANTS),
            )
        self._wanted = variant
        self._chosen: Provider | None = None

    @property
    def id(self) -> str:
        return f"onnxruntime:{self._wanted}" if self._wanted else "onnxruntime"

    @property
    def is_gpu(self) -> bool:
        return self._known().gpu

    @property
    def dtypes(self) -> tuple[str, ...]:
        return self._known().dtypes

    def check(self) -> None:
        """Import it and compute one product on the provider."""
        self._provider()

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - every listed dtype is quick
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002 - it computes in what was asked for
        """On what it computes."""
        if loaded() is None:
            return None
        known = self._known()
        if known.bound:
            return Text(N_("inference alone, on {device}"), device=known.name)
        return Text(
            N_("inference alone, on {device}, its copies there and back in every pass"),
            device=known.name,
        )

    def facts(self) -> dict[str, str]:
        provider = self._provider()
        facts = {
            "onnxruntime": str(load().__version__),
            "onnxruntime provider": provider.key.removesuffix("ExecutionProvider"),
        }
        return {**facts, "gpu": provider.name} if provider.gpu else facts

    def place(self) -> Place | None:
        provider = self._provider()
        return Place(provider.name) if provider.gpu else None

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        """The weights three times, in the model as it is made, as it is written, and as it is
        read; two layers of activations, as buffers are used again.
        """
        widest = max(layer.units for layer in network.layers)
        cells = 3 * network.parameters + batch * (network.inputs + 2 * widest + network.widths[-1])
        return stored(cells, dtype)

    def products_bytes(self, products: Products, dtype: str) -> int:
        return products_bytes(products, dtype)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> OnnxPass:
        if target is not None:
            raise Unavailable(
                N_("ONNX Runtime computes inference alone"), N_("choose inference, or PyTorch")
            )
        return OnnxPass(*self._ready(dtype), network, values, dtype)

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> OnnxProducts:
        return OnnxProducts(*self._ready(dtype), products, operands, dtype)

    def _ready(self, dtype: str) -> tuple[Any, Provider]:
        provider = self._provider()
        if dtype not in provider.dtypes:
            lacking = N_("ONNX Runtime does not compute in {dtype} on {device}")
            raise Unavailable(Text(lacking, dtype=dtype, device=provider.name))
        return load(), provider

    def _provider(self) -> Provider:
        if self._chosen is None:
            self._chosen = choose(load(), self._wanted)
        return self._chosen

    def _known(self) -> Provider:
        """The provider; while ONNX Runtime is not loaded the one that is wanted, else the CPU."""
        if loaded() is not None:
            try:
                return self._provider()
            except Unavailable:
                pass
        return next(provider for provider in PROVIDERS if provider.id == (self._wanted or "cpu"))


def make(variant: str = "") -> OnnxRuntime:
    return OnnxRuntime(variant)
