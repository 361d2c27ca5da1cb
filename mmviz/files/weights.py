"""Weights of a network as a file: npz, written whole, read strictly.

`w1` [inputs × units], `b1` [units], `w2`, … in float32, and nothing else: no objects, no code.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.network import Network
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.ordinary import reading
from mmviz.text import N_

Floats = NDArray[np.float32]

_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # what NumPy writes
_FAULTS = zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError


def save(path: str | Path, weights: Sequence[Floats], biases: Sequence[Floats]) -> None:
    """Write them; raises InputError where the file cannot be written."""
    arrays: dict[str, Any] = {}
    for i, (w, b) in enumerate(zip(weights, biases, strict=True), 1):
        arrays[f"w{i}"], arrays[f"b{i}"] = np.asarray(w, np.float32), np.asarray(b, np.float32)
    data = io.BytesIO()
    np.savez(data, **arrays)
    atomic.write_bytes(path, data.getvalue())


def read(path: str | Path, network: Network) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    """Weights and biases of `network`; raises InputError for a file of another one, or none.

    Nothing is unfolded before its size is known to be right.
    """
    wanted: dict[str, tuple[int, ...]] = {}
    for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False), 1):
        wanted[f"w{i}"], wanted[f"b{i}"] = (width, layer.units), (layer.units,)
    found: dict[str, Floats] = {}
    with reading(path):
        try:
            with zipfile.ZipFile(path) as archive:
                if sorted(archive.namelist()) != sorted(f"{name}.npy" for name in wanted):
                    raise _other(path, network)
                if not {one.compress_type for one in archive.infolist()} <= _PACKED:
                    raise ValueError
                for name, shape in wanted.items():
                    with archive.open(f"{name}.npy") as file:
                        found[name] = _array(file, shape, path, network)
        except _FAULTS:
            raise InputError(N_("{path} is no file of weights"), path=str(path)) from None
    for name, array in found.items():
        if not np.isfinite(array).all():
            said = N_("{path}: {name} has numbers that are not finite")
            raise InputError(said, path=str(path), name=name)
    count = len(network.layers)
    weights = tuple(found[f"w{i}"] for i in range(1, count + 1))
    return weights, tuple(found[f"b{i}"] for i in range(1, count + 1))


def _array(file: IO[bytes], shape: tuple[int, ...], path: str | Path, network: Network) -> Floats:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError
    found, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if found != shape or dtype != np.dtype("<f4"):
        raise _other(path, network)
    size = 4 * int(np.prod(shape))
    data = file.read(size + 1)
    if len(data) != size:
        raise ValueError
    numbers = np.frombuffer(data, "<f4").astype(np.float32)
    return numbers.reshape(shape[::-1]).T if fortran else numbers.reshape(shape)


def _other(path: str | Path, network: Network) -> InputError:
    widths = "-".join(map(str, network.widths))
    return InputError(
        N_("{path} has weights of another network than {widths}"), path=str(path), widths=widths
    )
