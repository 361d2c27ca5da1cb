"""NumPy: one matmul a product, computed by the BLAS library NumPy was built with."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends import int8_arrays, narrow
from mmviz.backends.array_learner import ArrayLearner
from mmviz.backends.array_products import ArrayProducts, products_bytes
from mmviz.backends.arrays import ArrayPass, pass_bytes
from mmviz.backends.base import HOST_BLAS, Colour, Place
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.text import N_, Text

_FLOAT16_MACS = 5_000_000  # float16 has no BLAS: parts of some 50 ms, between which a pass can stop


class NumpyBlas:
    """Always there: NumPy is a dependency."""

    id = "numpy"
    name = Text(N_("NumPy"))
    title = Text(N_("NumPy (BLAS on the CPU)"))
    colour: Colour = "green"
    is_gpu = False
    trains = True
    library = HOST_BLAS
    proves: Literal["cpu"] = "cpu"
    dtypes = ("float32", "float64", "float16", "int8")

    def check(self) -> None:
        """NumPy is a dependency: nothing can be missing."""

    def warning(self, dtype: str) -> Text | None:
        """How much slower depends on the size: hardly for a small layer, some 340 times for a large
        product (measured on a 2-core x86 machine, float16 beside float32 in one run); 1024³ of int8
        took 90 times as long as of float32 on such a machine.
        """
        if dtype == "int8":
            return Text(
                N_(
                    "NumPy has no BLAS for integers: large products are up to a hundred times "
                    "slower"
                )
            )
        if dtype != "float16":
            return None
        return Text(
            N_("NumPy has no BLAS for float16: large products are up to hundreds of times slower")
        )

    def remark(self, dtype: str) -> Text | None:
        return narrow.WITHIN if dtype == "int8" else None

    def facts(self) -> dict[str, str]:
        return {"numpy": np.__version__}

    def place(self) -> Place | None:
        return None

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:
        if dtype == "int8":
            return int8_arrays.int8_pass_bytes(network, batch)
        return pass_bytes(network, batch, dtype, training)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> ArrayPass:
        narrow.check_inference(dtype, training=target is not None)
        if dtype == "int8":
            return int8_arrays.int8_pass(network, values)
        return ArrayPass(
            network,
            values,
            dtype,
            target,
            xp=np,
            synchronize=_nothing,
            to_host=np.asarray,
            most_macs=_FLOAT16_MACS if dtype == "float16" else None,
        )

    def prepare_learning(
        self, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> ArrayLearner:
        narrow.check_inference(dtype, training=True)
        return ArrayLearner(
            network, begin, recipe, dtype, xp=np, synchronize=_nothing, to_host=np.asarray
        )

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> ArrayProducts:
        if dtype == "int8":
            return int8_arrays.int8_products(products, operands)
        return ArrayProducts(
            products,
            operands,
            dtype,
            xp=np,
            synchronize=_nothing,
            to_host=np.asarray,
            most_macs=_FLOAT16_MACS if dtype == "float16" else None,
        )

    def products_bytes(self, products: Products, dtype: str) -> int:
        if dtype == "int8":
            return int8_arrays.int8_products_bytes(products)
        return products_bytes(products, dtype)


def _nothing() -> None:
    """NumPy has computed when it returns."""


def make() -> NumpyBlas:
    return NumpyBlas()
