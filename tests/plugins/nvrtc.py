"""NVIDIA's compiler of CUDA C, from its wheel: it needs no driver, no GPU and no headers."""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from pathlib import Path


@functools.cache
def library() -> ctypes.CDLL | None:
    """The compiler, None where its wheel is not installed."""
    spec = importlib.util.find_spec("nvidia")
    for folder in spec.submodule_search_locations or () if spec is not None else ():
        for pattern in ("cu*/lib/libnvrtc.so.*", "cu*/bin/**/nvrtc64_*.dll"):
            names = (path for path in Path(folder).glob(pattern) if "alt" not in path.name)
            if (path := next(names, None)) is not None:
                return ctypes.CDLL(str(path))
    return None


def architectures() -> tuple[int, ...]:
    """Which it compiles for, 90 for 9.0; () without it."""
    found = library()
    if found is None:
        return ()
    count = ctypes.c_int()
    found.nvrtcGetNumSupportedArchs(ctypes.byref(count))
    numbers = (ctypes.c_int * count.value)()
    found.nvrtcGetSupportedArchs(numbers)
    return tuple(numbers)


class NotCompiledError(Exception):
    """What the compiler said."""


def compiled(source: str, architecture: int, *options: str) -> bytes:
    """Machine code of a program; raises NotCompiledError, also where there is but a warning."""
    found, program = library(), ctypes.c_void_p()
    assert found is not None
    assert not found.nvrtcCreateProgram(
        ctypes.byref(program), source.encode(), b"program.cu", 0, None, None
    )
    try:
        given = [f"--gpu-architecture=sm_{architecture}", *options]
        passed = (ctypes.c_char_p * len(given))(*(option.encode() for option in given))
        failed = found.nvrtcCompileProgram(program, len(given), passed)
        said = _read(found, program, "ProgramLog").rstrip(b"\0").decode()
        if failed or said:
            raise NotCompiledError(said)
        return _read(found, program, "CUBIN")
    finally:
        found.nvrtcDestroyProgram(ctypes.byref(program))


def _read(found: ctypes.CDLL, program: ctypes.c_void_p, what: str) -> bytes:
    size = ctypes.c_size_t()
    getattr(found, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
    text = ctypes.create_string_buffer(size.value)
    getattr(found, f"nvrtcGet{what}")(program, text)
    return text.raw
