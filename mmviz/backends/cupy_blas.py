"""CuPy: the same products on a CUDA GPU, computed by cuBLAS. CuPy is imported here, when used."""

from __future__ import annotations

import sys
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Colour, Place
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
from mmviz.errors import Unavailable
from mmviz.text import N_, Text

_INSTALL = N_(
    'install it with pip install "mmviz[cuda12]" (or "mmviz[cuda13]" for a CUDA 13 driver)'
)
_DRIVER = N_("install NVIDIA's driver, or use a machine with a CUDA GPU")
_MISMATCH = N_("reinstall CuPy for the CUDA version of the driver, which nvidia-smi shows")
_BROKEN = N_("CuPy cannot be imported: {why}")


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
        return _DTYPES if cupy is None else tuple(x for x in _DTYPES if _has(cupy, x))

    def check(self) -> None:
        """Import CuPy and compute one tiny layer on the GPU: nothing less tells that it works."""
        cupy = _import_cupy()
        try:
            devices = cupy.cuda.runtime.getDeviceCount()
        except Exception as error:  # CUDARuntimeError, or what a broken driver makes of it
            reason = Text(N_("CuPy found no CUDA driver: {why}"), why=_line(error))
            raise Unavailable(reason, _DRIVER) from None
        if devices < 1:
            raise Unavailable(N_("CuPy found no CUDA GPU"), _DRIVER)
        try:
            one = cupy.ones((2, 2), cupy.float32)
            float(cupy.tanh(cupy.matmul(one, one)).sum())
        except Exception as error:  # a missing cuBLAS or NVRTC, a GPU too old or too new, …
            reason = Text(N_("CuPy cannot compute here: {why}"), why=_line(error))
            raise Unavailable(reason, _MISMATCH) from None

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - every listed dtype is quick
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002 - it computes in what was asked for
        return None

    def facts(self) -> dict[str, str]:
        cupy = _import_cupy()
        name = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.runtime.getDevice())["name"]
        return {
            "gpu": name.decode() if isinstance(name, bytes) else str(name),
            "gpu_bus": str(cupy.cuda.Device().pci_bus_id).lower(),
            "cupy": str(cupy.__version__),
            "cuda runtime": _version(cupy.cuda.runtime.runtimeGetVersion()),
            "cuda driver": _version(cupy.cuda.runtime.driverGetVersion()),
        }

    def place(self) -> Place | None:
        return Place(self.facts()["gpu"], clock=True)

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
        return CupyPass(self._ready(dtype), network, values, dtype, target)

    def prepare_learning(
        self, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> CupyLearner:
        return CupyLearner(self._ready(dtype), network, begin, recipe, dtype)

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> CupyProducts:
        return CupyProducts(self._ready(dtype), products, operands, dtype)

    def _ready(self, dtype: str) -> Any:
        """CuPy; raises Unavailable where it cannot compute in that format here."""
        self.check()
        cupy = _import_cupy()
        if not _has(cupy, dtype):
            lacking = N_("this GPU does not multiply in {dtype}: those from Ampere on do")
            raise Unavailable(Text(lacking, dtype=dtype))
        return cupy


_DTYPES = ("float32", "tf32", "float16", "bfloat16", "float64")
_AMPERE = 80  # the first compute capability whose units know TF32 and bfloat16


def _has(cupy: Any, dtype: str) -> bool:
    """Whether the GPU multiplies in that format; of one that cannot be asked nothing is ruled
    out."""
    if dtype not in ("tf32", "bfloat16"):
        return True
    try:
        return int(cupy.cuda.Device().compute_capability) >= _AMPERE
    except Exception:  # no driver, no GPU: `check` says so
        return True


def _import_cupy() -> Any:
    try:
        import cupy
    except ModuleNotFoundError as error:
        if error.name != "cupy":
            raise Unavailable(Text(_BROKEN, why=_line(error)), _INSTALL) from None
        raise Unavailable(N_("CuPy is not installed"), _INSTALL) from None
    except Exception as error:  # a broken install can fail in any way while importing
        raise Unavailable(Text(_BROKEN, why=_line(error)), _MISMATCH) from None
    return cupy


def _line(error: Exception) -> str:
    """The first line with something in it, without the stop at its end."""
    lines = [line.strip().rstrip(".") for line in str(error).splitlines() if line.strip(" =\n")]
    return lines[0][:200] if lines else type(error).__name__


def _version(number: int) -> str:
    """CUDA writes 12.4 as 12040."""
    return f"{number // 1000}.{number % 1000 // 10}"


def make() -> CupyBlas:
    return CupyBlas()
