"""CuPy: the same products on a CUDA GPU, computed by cuBLAS. CuPy is imported here, when used."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.array_products import ArrayProducts
from mmviz.backends.arrays import ArrayPass
from mmviz.backends.base import Colour, Place
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
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

    float16 accumulates in float32 (cuBLAS through CuPy). TF32 is not listed: CuPy switches it by an
    environment variable for the whole process, not by a dtype.
    """

    id = "cupy"
    name = Text(N_("CuPy"))
    title = Text(N_("CuPy (cuBLAS on the GPU)"))
    colour: Colour = "orange"
    is_gpu = True
    trains = True
    library = "cuBLAS"
    proves: Literal["gpu"] = "gpu"
    dtypes = ("float32", "float16", "float64")

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
            "cupy": str(cupy.__version__),
            "cuda runtime": _version(cupy.cuda.runtime.runtimeGetVersion()),
            "cuda driver": _version(cupy.cuda.runtime.driverGetVersion()),
        }

    def place(self) -> Place | None:
        return Place(self.facts()["gpu"], clock=True)

    def adapters(self) -> tuple[str, ...]:
        return ()

    # what is copied back is checked in float64, whatever the dtype
    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        """Copies for the check: an output and the largest gradient; the rest is on the GPU."""
        pairs = zip(network.widths, network.layers, strict=False)
        largest = max(width * layer.units for width, layer in pairs) if training else 0
        return 8 * (batch * network.layers[-1].outputs + largest)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> _CupyPass:
        self.check()
        cupy = _import_cupy()
        return _CupyPass(
            network,
            values,
            dtype,
            target,
            xp=cupy,
            synchronize=cupy.cuda.get_current_stream().synchronize,
            to_host=cupy.asnumpy,
        )

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> ArrayProducts:
        self.check()
        cupy = _import_cupy()
        return ArrayProducts(
            products,
            operands,
            dtype,
            xp=cupy,
            synchronize=cupy.cuda.get_current_stream().synchronize,
            to_host=cupy.asnumpy,
        )

    # what is copied back is checked in float64, whatever the dtype
    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        """One result at a time, for the check; the rest is on the GPU."""
        return 8 * max(gemm.stack * gemm.m * gemm.n for gemm in products.gemms)


class _CupyPass(ArrayPass):
    def close(self) -> None:
        super().close()
        # what the pool holds would be missing for the next batch
        _import_cupy().get_default_memory_pool().free_all_blocks()


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
