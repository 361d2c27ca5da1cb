"""Products of cuBLAS, called with buffers, sizes and precision as they are meant.

The precision is told with every product (`cublasGemmEx`), so nothing is switched for a process or
a handle. cuBLAS counts by columns: what we store by rows is its transpose, so C = A·B is asked for
as Cᵀ = Bᵀ·Aᵀ. Numbers of types and ways of computing: library_types.h, cublas_api.h of CUDA 12.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from mmviz.backends.cupy_cells import stored

Array = Any

Call = Callable[[], object]


class Multiplies(Protocol):
    """Who binds the products of a pass to its buffers. written: NumPy's format in which a list has
    its results.
    """

    written: str

    def product(
        self,
        a: Array,
        b: Array,
        c: Array,
        *,
        a_transposed: bool = False,
        b_transposed: bool = False,
    ) -> Call:
        """A call for C [m × n] = op(A)·op(B), matrices that lie by rows without gaps."""
        ...

    def stack(self, a: Array, b: Array, c: Array) -> Call:
        """A call for C [stack × m × n] = A [stack × m × k]·B [stack × k × n]."""
        ...


_TYPES = {"float32": 0, "tf32": 0, "float64": 1, "float16": 2, "bfloat16": 14}  # CUDA_R_…
_COMPUTES = {  # CUBLAS_COMPUTE_…: sums in float32, but for float64
    "float32": 68,
    "tf32": 77,
    "float64": 70,
    "float16": 68,
    "bfloat16": 68,
}
_NO, _TRANSPOSED = 0, 1  # CUBLAS_OP_…
_DEFAULT = -1  # CUBLAS_GEMM_DEFAULT


class Blas:
    """Binds products of one number format. cupy: the package, with a GPU made ready."""

    def __init__(self, cupy: Any, dtype: str) -> None:
        self.written = stored(dtype)  # NumPy's format of a list's results
        self._cublas, self._handle = cupy.cuda.cublas, cupy.cuda.get_cublas_handle()
        self._type, self._compute = _TYPES[dtype], _COMPUTES[dtype]
        number = np.float64 if dtype == "float64" else np.float32
        self._one, self._zero = np.ones(1, number), np.zeros(1, number)
        self._behind: Callable[..., int] | None = None
        self._version = cupy.cuda.runtime.runtimeGetVersion() // 1000

    def product(
        self,
        a: Array,
        b: Array,
        c: Array,
        *,
        a_transposed: bool = False,
        b_transposed: bool = False,
    ) -> Callable[[], object]:
        """A call for C [m × n] = op(A)·op(B), matrices that lie by rows without gaps."""
        m, n = c.shape
        k = a.shape[0] if a_transposed else a.shape[1]
        args = (
            self._handle,
            _TRANSPOSED if b_transposed else _NO,
            _TRANSPOSED if a_transposed else _NO,
            *(n, m, k, self._one.ctypes.data),
            *(b.data.ptr, self._type, b.shape[1]),
            *(a.data.ptr, self._type, a.shape[1]),
            self._zero.ctypes.data,
            *(c.data.ptr, self._result(c), n),
            *(self._compute, _DEFAULT),
        )
        gemm = self._cublas.gemmEx

        def call() -> None:
            if self._behind is None:
                gemm(*args)
            elif status := self._behind(*_pointers(args)):
                raise RuntimeError(f"cuBLAS status {status}")

        return call

    def stack(self, a: Array, b: Array, c: Array) -> Callable[[], object]:
        """A call for C [stack × m × n] = A [stack × m × k]·B [stack × k × n], all at once."""
        number, m, n = c.shape
        k = a.shape[2]
        args = (
            *(self._handle, _NO, _NO, n, m, k, self._one.ctypes.data),
            *(b.data.ptr, self._type, n, k * n),
            *(a.data.ptr, self._type, k, m * k),
            self._zero.ctypes.data,
            *(c.data.ptr, self._result(c), n, m * n),
            *(number, self._compute, _DEFAULT),
        )
        gemm = self._cublas.gemmStridedBatchedEx
        return lambda: gemm(*args)

    def _result(self, c: Array) -> int:
        """The type of C: sums may be told in float32 whatever was multiplied."""
        return _TYPES["float32"] if c.dtype == np.float32 else self._type

    def record(self, stream: Any) -> None:
        """From here on products are called behind CuPy's back, on `stream`: CuPy refuses to call
        cuBLAS while a stream records, which cuBLAS allows. `stop` it.

        Raises OSError where the library that CuPy has loaded is not found by its name.
        """
        name = f"libcublas.so.{self._version}"
        if sys.platform == "win32":
            name = f"cublas64_{self._version}.dll"
        behind = ctypes.CDLL(name).cublasGemmEx
        self._cublas.setStream(self._handle, stream.ptr)
        self._behind = behind

    def stop(self) -> None:
        """Products are called through CuPy again."""
        self._behind = None


_POINTERS = (0, 6, 7, 10, 13, 14)  # of cublasGemmEx's arguments: handle, alpha, A, B, beta, C


def _pointers(args: tuple[int, ...]) -> list[Any]:
    return [ctypes.c_void_p(x) if i in _POINTERS else x for i, x in enumerate(args)]
