"""CuPy and the first CUDA GPU: whether they work together, and what they are.

CuPy is imported here alone, when used.
"""

from __future__ import annotations

from typing import Any

from mmviz.errors import Unavailable
from mmviz.text import N_, Text

_INSTALL = N_(
    'install it with pip install "mmviz[cuda12]" (or "mmviz[cuda13]" for a CUDA 13 driver)'
)
_DRIVER = N_("install NVIDIA's driver, or use a machine with a CUDA GPU")
_MISMATCH = N_("reinstall CuPy for the CUDA version of the driver, which nvidia-smi shows")
_BROKEN = N_("CuPy cannot be imported: {why}")
_AMPERE = 80  # the first compute capability whose units know TF32 and bfloat16


def checked_cupy() -> Any:
    """CuPy, which has computed one tiny layer on the GPU: nothing less tells that it works."""
    cupy = import_cupy()
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
    return cupy


def ready_cupy(dtype: str) -> Any:
    """CuPy; raises Unavailable where it cannot compute in that format here."""
    cupy = checked_cupy()
    if not knows(cupy, dtype):
        lacking = N_("this GPU does not multiply in {dtype}: those from Ampere on do")
        raise Unavailable(Text(lacking, dtype=dtype))
    return cupy


def gpu_facts() -> dict[str, str]:
    """See `base.Backend.facts`."""
    cupy = import_cupy()
    name = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.runtime.getDevice())["name"]
    return {
        "gpu": name.decode() if isinstance(name, bytes) else str(name),
        "gpu_bus": str(cupy.cuda.Device().pci_bus_id).lower(),
        "cupy": str(cupy.__version__),
        "cuda runtime": _version(cupy.cuda.runtime.runtimeGetVersion()),
        "cuda driver": _version(cupy.cuda.runtime.driverGetVersion()),
    }


def capability(cupy: Any) -> int:
    """Compute capability of the GPU: 90 for 9.0."""
    return int(cupy.cuda.Device().compute_capability)


def knows(cupy: Any, dtype: str) -> bool:
    """Whether the GPU multiplies in that format; of one that cannot be asked nothing is ruled
    out."""
    if dtype not in ("tf32", "bfloat16"):
        return True
    try:
        return capability(cupy) >= _AMPERE
    except Exception:  # no driver, no GPU: `checked_cupy` says so
        return True


def import_cupy() -> Any:
    """CuPy, whether it can compute or not; raises Unavailable where it cannot be imported."""
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
