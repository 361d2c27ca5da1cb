"""Programs of `mmviz.backends.cuda` compiled for the CPU, see cuda_shim.h; they need g++."""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mmviz.backends.cuda.source import Program

COMPILER = shutil.which("g++") if sys.platform == "linux" else None
"""None also where fibers are made otherwise."""

_TIME = ctypes.c_ulonglong()  # one clock for all programs
_HERE = Path(__file__).parent


class Shim:
    """One program. Every launch of it ends before the call does."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        library.tell_time(ctypes.byref(_TIME))
        library.launch.restype = ctypes.c_char_p
        library.looks.restype = ctypes.POINTER(ctypes.c_longlong)
        self.barriers = int(library.barriers())

    def watched(
        self,
        cells: np.ndarray | None,
        work: Callable[[], object],
        *,
        left_out: int = -1,
        backwards: bool = False,
        most_draws: int = 2**31,
    ) -> list[int]:
        """How many `cells` of float hold no number, each time that `work` reads the clock.

        left_out: number of a barrier or wait that is not there, -1 for none; backwards: the last
        thread runs first; most_draws: tickets a block may draw before it is the others' turn.
        """
        address, size = (0, 0) if cells is None else (cells.ctypes.data, cells.size)
        self._library.otherwise(left_out, int(backwards), ctypes.c_uint(most_draws))
        self._library.watch(ctypes.c_void_p(address), ctypes.c_longlong(size))
        try:
            work()
            count = ctypes.c_int()
            looks = self._library.looks(ctypes.byref(count))
            return [looks[i] for i in range(count.value)]
        finally:
            self._library.watch(ctypes.c_void_p(0), ctypes.c_longlong(0))
            self._library.otherwise(-1, 0, ctypes.c_uint(2**31))

    def launch(self, name: str, blocks: int, threads: int, *args: Any) -> None:
        """args: arrays, None, and NumPy's numbers; raises RuntimeError where it cannot go on."""
        held = [_argument(arg) for arg in args]
        passed = (ctypes.c_void_p * len(held))(
            *(ctypes.cast(ctypes.pointer(arg), ctypes.c_void_p) for arg in held)
        )
        if fault := self._library.launch(name.encode(), blocks, threads, passed):
            raise RuntimeError(fault.decode())


@functools.cache
def shim(program: Program, capability: int) -> Shim:
    """A program as a GPU of that compute capability gets it, 90 for 9.0."""
    return shimmed(program.source(capability), capability)


@functools.cache
def shimmed(source: str, capability: int) -> Shim:
    """The same from its source."""
    return Shim(compiled(source, capability))


def compiled(source: str, capability: int) -> ctypes.CDLL:
    assert COMPILER is not None
    folder = Path(tempfile.mkdtemp(prefix="cuda-shim-"))
    try:
        lines = source.splitlines()
        past = next(i for i, line in enumerate(lines) if not line.startswith("#define"))
        first, rest = [f"#define ARCH {capability * 10}", *lines[:past]], lines[past:]
        text = "\n".join((*first, '#include "cuda_shim.h"', *rest, '#include "cuda_shim_end.h"'))
        (folder / "tiles.cpp").write_text(text)
        command = [COMPILER, "-std=c++17", "-O0", "-fno-gnu-unique", "-shared", "-fPIC"]
        command += ["-Wno-unknown-pragmas", f"-I{_HERE}", "-o", str(folder / "tiles.so")]
        subprocess.run([*command, str(folder / "tiles.cpp")], check=True)
        return ctypes.CDLL(str(folder / "tiles.so"))
    finally:
        shutil.rmtree(folder)


def _argument(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        assert value.flags.c_contiguous
        return ctypes.c_void_p(value.ctypes.data)
    if value is None:
        return ctypes.c_void_p(0)
    kinds = {"i4": ctypes.c_int, "i8": ctypes.c_longlong, "u8": ctypes.c_ulonglong}
    return kinds[value.dtype.str[1:]](value.item())
