"""CuPy and a CUDA GPU, made of NumPy and a C++ compiler: what mmviz asks of them is computed.

cuBLAS follows its documentation: matrices by columns behind bare addresses. Programs are the very
CUDA C that a GPU gets, compiled for the CPU; the threads of a block are threads where they wait
for each other, so a missing barrier is found.
"""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import tempfile
import types
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from cuda_shim import shimmed

COMPILER = shutil.which("g++")
RESIDENT = 2  # blocks that an SM holds at once
_TOGETHER = 8  # threads of a block at most: fewer than a GPU's, by the same code

_SHIM = """
#include <atomic>
#include <barrier>
#include <cmath>
#include <cstring>
#include <memory>
using std::exp; using std::tanh;
#define __global__
#define __device__
#define __shared__ static
struct Index { unsigned x, y; };
thread_local Index blockIdx, threadIdx;
Index gridDim, blockDim;
std::unique_ptr<std::barrier<>> waiting;
static void __syncthreads() { if (waiting) waiting->arrive_and_wait(); }
extern "C" void place(unsigned bx, unsigned by, unsigned t) {
  blockIdx = {bx, by}; threadIdx = {t, 0};
}
extern "C" void begin(unsigned gx, unsigned gy, unsigned threads, bool wait) {
  gridDim = {gx, gy}; blockDim = {threads, 1};
  waiting = wait ? std::make_unique<std::barrier<>>(threads) : nullptr;
}
"""
_HALF = """
static float load(unsigned short x) { _Float16 h; std::memcpy(&h, &x, 2); return (float)h; }
static unsigned short store(float x) {
  _Float16 h = (_Float16)x; unsigned short bits; std::memcpy(&bits, &h, 2); return bits;
}
"""


@functools.cache
def compiled(code: str) -> ctypes.CDLL:
    """The programs of one source."""
    assert COMPILER is not None
    guard = "#ifdef __CUDA_ARCH__"
    code = code.replace(guard, _HALF + guard)
    folder = Path(tempfile.mkdtemp(prefix="cuda-stand-in-"))
    try:
        (folder / "cells.cpp").write_text(_SHIM + code)
        command = [COMPILER, "-std=c++20", "-O1", "-shared", "-fPIC", "-pthread"]
        subprocess.run(
            [*command, "-o", str(folder / "cells.so"), str(folder / "cells.cpp")], check=True
        )
        return ctypes.CDLL(str(folder / "cells.so"))
    finally:
        shutil.rmtree(folder)


class Card(np.ndarray):
    """An array on the GPU: has an address."""

    @property
    def data(self) -> Any:  # type: ignore[override]
        def fill(value: int, size: int) -> None:
            ctypes.memset(self.ctypes.data, value, size)

        return types.SimpleNamespace(ptr=self.ctypes.data, memset_async=fill)

    def set(self, host: np.ndarray) -> None:
        assert host.dtype == self.dtype
        self[...] = host


class CuPy(types.ModuleType):
    """NumPy under CuPy's name; counts what only a GPU needs, and records what is to be replayed.

    full: it has no memory left. capability: as CuPy writes 9.0. graphs: how often recorded work was
    launched; launched: how often tiles' programs were. multiprocessors: they have numbers 1, 3, 5.
    """

    __version__ = "13.9"

    def __init__(self) -> None:
        super().__init__("cupy")
        self.waited = self.freed = self.copied = self.graphs = self.products = self.launched = 0
        self.full, self.capability, self.multiprocessors = False, "90", 3
        self.recording: list[Callable[[], object]] | None = None
        runtime = types.SimpleNamespace(
            getDeviceCount=lambda: 1,
            getDevice=lambda: 0,
            getDeviceProperties=lambda _: {"name": b"NVIDIA Stand-in"},
            runtimeGetVersion=lambda: 12090,
            driverGetVersion=lambda: 13000,
        )
        cublas = types.SimpleNamespace(
            gemmEx=self._gemm, gemmStridedBatchedEx=self._stack, setStream=lambda *_: None
        )
        self.cuda = types.SimpleNamespace(
            runtime=runtime,
            cublas=cublas,
            driver=types.SimpleNamespace(
                occupancyMaxActiveBlocksPerMultiprocessor=lambda *_: RESIDENT
            ),
            get_cublas_handle=lambda: 7,
            Stream=lambda **_: Stream(self),
            Event=lambda: types.SimpleNamespace(
                record=lambda: None, synchronize=lambda: self.count("waited")
            ),
            get_elapsed_time=lambda *_: 0.25,
            Device=lambda: types.SimpleNamespace(
                attributes={"L2CacheSize": 1000, "MultiProcessorCount": self.multiprocessors},
                compute_capability=self.capability,
                pci_bus_id="0000:3B:00.0",
            ),
        )
        pool = types.SimpleNamespace(free_all_blocks=lambda: self.count("freed"))
        self.get_default_memory_pool = lambda: pool

    def __getattr__(self, name: str) -> object:
        return getattr(np, name)

    def count(self, what: str) -> None:
        setattr(self, what, getattr(self, what) + 1)

    def asnumpy(self, array: np.ndarray) -> np.ndarray:
        self.copied += 1
        return np.array(array)

    def asarray(self, array: np.ndarray) -> Card:
        return np.array(array).view(Card)

    def empty(self, shape: Any, dtype: str = "float64") -> Card:
        if self.full:
            raise MemoryError("Out of memory allocating 512 bytes")
        made = np.empty(shape, dtype).view(Card)
        made.view(np.uint8)[...] = 0xFE  # what was there before: large, and no number in float16
        return made

    def RawModule(self, code: str, options: tuple[str, ...]) -> Any:  # noqa: ARG002
        if "void tile(" in code:
            return self._tiles(code)
        library = compiled(code)

        def get(name: str) -> Callable[..., None]:
            return lambda grid, block, args: self.do(
                lambda: launch(library, name, grid, block, args)
            )

        return types.SimpleNamespace(get_function=get)

    def _tiles(self, code: str) -> Any:
        """Programs of `mmviz.backends.cuda`, whose threads wait for each other."""
        on = shimmed(code, int(self.capability))

        def get(name: str) -> Any:
            return Kernel(self, lambda *given: on.launch(name, *given))

        return types.SimpleNamespace(get_function=get)

    def do(self, work: Callable[[], object]) -> None:
        """Now, or when what is recorded is launched."""
        if self.recording is None:
            work()
        else:
            self.recording.append(work)

    def _gemm(self, *args: int) -> None:
        if self.recording is not None:
            raise NotImplementedError("calling cuBLAS API during stream capture is unsupported")
        self.count("products")
        gemm(*args)

    def behind(self, *args: Any) -> int:
        """cublasGemmEx as the library itself has it."""
        plain = [arg.value if isinstance(arg, ctypes.c_void_p) else arg for arg in args]
        self.do(lambda: gemm(*plain))
        return 0

    def _stack(self, handle: int, ta: int, tb: int, *args: int) -> None:
        m, n, k, one, a, at, lda, sa, b, bt, ldb, sb, zero, c, ct, ldc, sc, count, how, algo = args
        self.count("products")
        for i in range(count):
            sizes = {0: 4, 1: 8, 2: 2, 14: 2}
            size = sizes[at]
            first, second, out = a + i * sa * size, b + i * sb * size, c + i * sc * sizes[ct]
            rest = (zero, out, ct, ldc, how, algo)
            gemm(handle, ta, tb, m, n, k, one, first, at, lda, second, bt, ldb, *rest)


class Kernel:
    """One of the tiles' programs, launched as CuPy's RawKernel is."""

    def __init__(self, cupy: CuPy, launch: Callable[..., None]) -> None:
        self._cupy, self._launch = cupy, launch
        self.kernel = types.SimpleNamespace(ptr=11)
        self.max_dynamic_shared_size_bytes = 48 * 1024

    def __call__(self, grid: tuple[int], block: tuple[int], args: Any, shared_mem: int = 0) -> None:
        assert shared_mem <= self.max_dynamic_shared_size_bytes
        self._cupy.count("launched")
        self._cupy.do(lambda: self._launch(grid[0], block[0], *args))


class Stream:
    """Work goes to it, or is recorded on it."""

    ptr = 99

    def __init__(self, cupy: CuPy) -> None:
        self._cupy = cupy

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def synchronize(self) -> None:
        assert self._cupy.recording is None
        self._cupy.count("waited")

    def begin_capture(self) -> None:
        self._cupy.recording = []

    def end_capture(self) -> Any:
        work, self._cupy.recording = self._cupy.recording, None
        assert work is not None

        def play() -> None:
            self._cupy.count("graphs")
            for one in work:
                one()

        return types.SimpleNamespace(launch=play)


def gemm(
    handle: int,
    ta: int,
    tb: int,
    m: int,
    n: int,
    k: int,
    one: int,
    a: int,
    at: int,
    lda: int,
    b: int,
    bt: int,
    ldb: int,
    zero: int,
    c: int,
    ct: int,
    ldc: int,
    how: int,
    algo: int,
) -> None:
    """C [m × n] = op(A)·op(B), by columns, as cublasGemmEx is documented."""
    assert (handle, at, algo) == (7, bt, -1)
    assert ct in (at, 0), "sums may be told in float32"
    assert how in {0: (68, 77), 1: (70,), 2: (68,), 14: (68,)}[at]
    number = np.float64 if how == 70 else np.float32
    assert at_address(one, number, 1, 1, 1)[0, 0] == 1
    assert at_address(zero, number, 1, 1, 1)[0, 0] == 0
    rows_a, cols_a = (k, m) if ta else (m, k)
    rows_b, cols_b = (n, k) if tb else (k, n)
    assert lda >= rows_a
    assert ldb >= rows_b
    assert ldc >= m
    first = numbers(a, at, rows_a, cols_a, lda, how)
    second = numbers(b, bt, rows_b, cols_b, ldb, how)
    exact = (first.T if ta else first) @ (second.T if tb else second)
    out = at_address(c, {0: np.float32, 1: np.float64, 2: np.float16, 14: np.uint16}[ct], m, n, ldc)
    out[...] = brain(exact) if ct == 14 else exact


def at_address(address: int, dtype: Any, rows: int, cols: int, ld: int) -> np.ndarray:
    """A matrix by columns behind an address."""
    size = np.dtype(dtype).itemsize * ld * cols
    memory = (ctypes.c_char * size).from_address(address)
    return np.frombuffer(memory, dtype).reshape(cols, ld).T[:rows]


def numbers(address: int, kind: int, rows: int, cols: int, ld: int, how: int) -> np.ndarray:
    """Of a matrix, as they are multiplied: in TF32 with ten bits behind the point."""
    if kind == 14:
        bits = at_address(address, np.uint16, rows, cols, ld).astype(np.uint32) << 16
        return bits.view(np.float32)
    stored = {0: np.float32, 1: np.float64, 2: np.float16}[kind]
    found = at_address(address, stored, rows, cols, ld)
    if how == 77:
        bits = np.ascontiguousarray(found).view(np.uint32)
        return ((bits + 0x1000) & 0xFFFFE000).astype(np.uint32).view(np.float32)
    return found.astype(np.float64 if kind == 1 else np.float32)


def brain(exact: np.ndarray) -> np.ndarray:
    """bfloat16 nearest to a float32, as bits, by trying both neighbours."""
    low = exact.astype(np.float32).view(np.uint32) >> 16
    high = low + 1
    down, up = ((x.astype(np.uint32) << 16).view(np.float32) for x in (low, high))
    apart = np.abs(up - exact) - np.abs(exact - down)
    return np.where((apart < 0) | ((apart == 0) & (low % 2 == 1)), high, low).astype(np.uint16)


def launch(
    library: ctypes.CDLL, name: str, grid: tuple[int, ...], block: tuple[int], args: Any
) -> None:
    """Every thread of every block of one program."""
    kernel = getattr(library, name)
    passed = [_argument(arg) for arg in args]
    gx, gy = (*grid, 1)[:2]
    together = "softmax" in name
    threads = min(block[0], _TOGETHER) if together else block[0]
    library.begin(gx, gy, threads, together)

    def one(x: int, y: int, thread: int) -> None:
        library.place(x, y, thread)
        kernel(*passed)

    for x in range(gx):
        for y in range(gy):
            if together:
                workers = [Thread(target=one, args=(x, y, t)) for t in range(threads)]
                for worker in workers:
                    worker.start()
                for worker in workers:
                    worker.join()
            else:
                for thread in range(threads):
                    one(x, y, thread)


def _argument(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        assert value.flags.c_contiguous
        return ctypes.c_void_p(value.ctypes.data)
    kinds = {
        "i4": ctypes.c_int,
        "i8": ctypes.c_longlong,
        "f4": ctypes.c_float,
        "f8": ctypes.c_double,
    }
    return kinds[value.dtype.str[1:]](value.item())
