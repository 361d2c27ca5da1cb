"""CuPy: the same products on a CUDA GPU, computed by cuBLAS."""

from __future__ import annotations

import sys
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Colour, Place
from mmviz.backends.cupy_device import checked_cupy, gpu_facts, knows, ready_cupy
from mmviz.backends.cupy_learner import CupyLearner
from mmviz.backends.cupy_pass import CupyPass
from mmviz.backends.cupy_products import CupyProducts
from mmviz.backends.steps import checked_bytes, checked_products_bytes
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.text import N_, Text


class CupyBlas:
    """Computes on the first CUDA GPU; data stay there, so a pass is computing alone.

    TF32, float16 and bfloat16 add up in float32. CuPy knows neither TF32 nor bfloat16: cuBLAS is
    told the precision with each product.
    """

    id = "cupy"
    name = Text(N_("CuPy"))
    title = Text(N_("CuPy (cuBLAS on the GPU)"))
    colour: Colour = "orange"
    is_gpu = True
    trains = True
    library = "cuBLAS"
    proves: Literal["gpu"] = "gpu"

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Those of the GPU once CuPy is loaded, which takes a second; until then all."""
        cupy = sys.modules.get("cupy")
        return _DTYPES if cupy is None else tuple(x for x in _DTYPES if knows(cupy, x))

    def check(self) -> None:
        checked_cupy()

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - every listed dtype is quick
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002 - it computes in what was asked for
        return None

    def facts(self) -> dict[str, str]:
        return gpu_facts()

    def place(self) -> Place | None:
        return Place(gpu_facts()["gpu"], clock=True)

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        return checked_bytes(network, batch, training)

    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        return checked_products_bytes(products)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> CupyPass:
        return CupyPass(ready_cupy(dtype), network, values, dtype, target)

    def prepare_learning(
        self, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> CupyLearner:
        return CupyLearner(ready_cupy(dtype), network, begin, recipe, dtype)

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> CupyProducts:
        return CupyProducts(ready_cupy(dtype), products, operands, dtype)


_DTYPES = ("float32", "tf32", "float16", "bfloat16", "float64")


def make() -> CupyBlas:
    return CupyBlas()
