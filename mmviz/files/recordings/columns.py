"""The columns of a recording's file: one array a name over all products, in NumPy's own format.

`numpy.load` reads them, too. Here each is read only where its size is as the head says, before
anything of it is unfolded.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.recording.recording import Recorded, Recording
from mmviz.files.recordings.head import Head
from mmviz.files.recordings.product import MOST_S, MOST_STEPS, Product

Array = NDArray[Any]
Columns = Mapping[str, Any]
"""Of one product: an Array for each of KINDS, None where it has none."""

KINDS: Mapping[str, str] = {
    "m": "<i4",
    "n": "<i4",
    "unit": "<i4",
    "start": "<f8",
    "end": "<f8",
    "k0": "<i4",
    "k1": "<i4",
    "core": "<i4",
    "block": "<i8",
    "wave": "<i4",
}
"""Names and types. wave: the first row of each wave, where a product has them."""

MOST_ENTRIES = len(KINDS) + 1
_HEADER = 256  # bytes before the numbers of an array, at most
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Damaged(ValueError):  # noqa: N818  # it says what the file is
    """What is there cannot be what was written."""


def columns_of(recording: Recording) -> dict[str, Array]:
    """All columns that have a row."""
    parts: dict[str, list[Array]] = {name: [] for name in KINDS}
    for one in recording.products:
        for name, column in _columns(one).items():
            if column is not None:
                parts[name].append(column)
    return {
        name: np.concatenate(found).astype(KINDS[name]) for name, found in parts.items() if found
    }


def packed(array: Array) -> bytes:
    """As a .npy file."""
    data = io.BytesIO()
    np.lib.format.write_array(data, array, version=(1, 0), allow_pickle=False)
    return data.getvalue()


def lengths(head: Head) -> dict[str, int]:
    """How many rows each column must have, of those there must be."""
    found = dict.fromkeys(("m", "n", "unit", "start", "end"), head.rows)
    for name in ("k0", "k1", "core", "block", "wave"):
        found[name] = sum(_rows(product, name) for product in head.computed)
    return {name: rows for name, rows in found.items() if rows}


def check_entry(entry: zipfile.ZipInfo, most: int) -> None:
    """Raises Damaged for a member that mmviz does not write, or that says it is too large."""
    if entry.compress_type not in _METHODS or entry.flag_bits & 1 or entry.file_size > most:
        raise Damaged


def unpacked(archive: zipfile.ZipFile, name: str, rows: int) -> Array:
    """The column, of that many rows; raises Damaged for any other array."""
    entry = archive.getinfo(f"{name}.npy")
    dtype = np.dtype(KINDS[name])
    size = rows * dtype.itemsize
    check_entry(entry, size + _HEADER)
    with archive.open(entry) as file:
        data = io.BytesIO(file.read(size + _HEADER + 1))
    if np.lib.format.read_magic(data) != (1, 0):
        raise Damaged
    shape, _, found = np.lib.format.read_array_header_1_0(data, max_header_size=_HEADER)
    if shape != (rows,) or found != dtype:
        raise Damaged
    numbers = data.read()
    if len(numbers) != size:
        raise Damaged
    array = np.frombuffer(numbers, dtype)
    if dtype.kind == "f" and not np.isfinite(array).all():
        raise Damaged
    return array


def of_products(head: Head, columns: Mapping[str, Array]) -> Iterator[Columns]:
    """The columns of each product, None for those it has not."""
    at = dict.fromkeys(KINDS, 0)
    for product in head.computed:
        found: dict[str, Array | None] = {}
        for name in KINDS:
            rows = _rows(product, name)
            found[name] = columns[name][at[name] : at[name] + rows] if rows else None
            at[name] += rows
        yield found


def check_columns(product: Product, columns: Columns) -> None:
    """Raises Damaged for numbers no recording has."""
    most = MOST_S if product.clock == "s" else MOST_STEPS
    waves, core, block = columns["wave"], columns["core"], columns["block"]
    if not (_between(columns["start"], 0, most) and _between(columns["end"], 0, most)):
        raise Damaged
    if core is not None and not _between(core, -1, math.inf):
        raise Damaged
    if block is not None and not _between(block, 0, math.inf):
        raise Damaged
    if waves is not None and (
        waves[0] != 0 or (np.diff(waves) <= 0).any() or waves[-1] >= product.rows
    ):
        raise Damaged


def _between(array: Array, least: float, most: float) -> bool:
    return bool(array.min() >= least and array.max() <= most)


def _columns(one: Recorded) -> Columns:
    trace = one.trace
    return {
        "m": trace.m,
        "n": trace.n,
        "unit": trace.unit,
        "start": trace.start,
        "end": trace.end,
        "k0": trace.k0,
        "k1": trace.k1,
        "core": one.cores,
        "block": one.blocks,
        "wave": trace.wave_rows,
    }


def _rows(product: Product, name: str) -> int:
    """How many rows of the column are this product's."""
    match name:
        case "k0" | "k1":
            return product.rows if product.pieces else 0
        case "core":
            return product.rows if product.cores else 0
        case "block":
            return product.rows if product.blocks else 0
        case "wave":
            return product.waves
        case _:
            return product.rows
