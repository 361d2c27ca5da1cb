"""`mmviz plan --gemms FILE.csv`: the rows of any list of products, priced as they come."""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, Any

import numpy as np

from mmviz import units
from mmviz.cli.inputs import parse_tile
from mmviz.core.device.device import Device, Tile
from mmviz.core.shapes.dtype import BYTES, check_dtype
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.choice import tile_products
from mmviz.core.time.cost import Cost, cost_of, costs_of
from mmviz.core.time.wave_time import Shapes, bytes_past_l2, constants_of, fitted_for, predict
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.devices import read_device
from mmviz.files.products import Rows, read_rows
from mmviz.files.this_machine import THIS_MACHINE

ADDED = ("predicted_s", "tile", "waves", "bound")
_REFUSED = ("network", "batch", "order", "training", "json")

Cells = tuple[str, str, str, str]


def add_gemms(parser: argparse.ArgumentParser) -> None:
    """The options of pricing a list."""
    parser.add_argument(
        "--gemms",
        metavar="FILE.csv",
        help="price a list of products of any length instead: columns m,n,k and any others",
    )
    parser.add_argument(
        "-o",
        dest="out",
        metavar="OUT.csv",
        help=f"where --gemms writes its rows with {', '.join(ADDED)}; else to standard output",
    )


def price(options: argparse.Namespace) -> int:
    """Write the priced rows; raises InputError, and then leaves an older OUT as it was."""
    for name in _REFUSED:
        if getattr(options, name):
            what = "NETWORK" if name == "network" else f"--{name}"
            raise InputError(f"{what} has no meaning beside --gemms")
    device = read_device(options.device if options.device is not None else THIS_MACHINE)
    dtype = check_dtype(options.dtype)
    tile = None if options.tile is None else parse_tile(options.tile)
    if options.out is not None and _same(options.out, options.gemms):
        raise InputError(f"-o {options.out} is the list itself: write to another file")
    chunks = read_rows(options.gemms)
    first = next(chunks)  # so that a list that cannot be read leaves no trace
    _check(device, dtype)
    with _out(options.out) as file:
        writer = csv.writer(file, lineterminator="\n")
        _check_header(first, options.gemms)
        writer.writerow((*first.header, *ADDED))
        for rows in chain((first,), chunks):
            cells = priced(rows, device, dtype, tile)
            writer.writerows((*row, *more) for row, more in zip(rows.cells, cells, strict=True))
    if options.out is not None:
        print(_summary(device, dtype))
    return 0


def _same(out: str, source: str) -> bool:
    try:
        return os.path.samefile(out, source)
    except OSError:  # one of them is not there
        return False


def _summary(device: Device, dtype: str) -> str:
    """What the times rest on and how far they are off; they are of products computed once."""
    fitted = fitted_for(device, dtype)
    off = None if fitted is None or BYTES[fitted.dtype] != BYTES[dtype] else fitted.error
    return (
        f"each product computed once, predicted {units.plus_minus(off)} on {device.name} in "
        f"{dtype}: {_known_cost(device, dtype).basis}"
    )


def priced(rows: Rows, device: Device, dtype: str, tile: Tile | None = None) -> Iterator[Cells]:
    """The added cells of each row: seconds of the product computed once, tile, waves, bound."""
    if device.kind == "gpu":
        return _priced_by_waves(rows, device, dtype, tile)
    return _priced_one_by_one(rows, device, dtype, tile)


def _priced_by_waves(rows: Rows, device: Device, dtype: str, tile: Tile | None) -> Iterator[Cells]:
    parts = None if tile is None else 1
    shapes = Shapes.of(rows.m, rows.n, rows.k)
    found = predict(shapes, device, dtype, constants_of(device, dtype), tile, parts)
    tiles = -(-rows.m // found.tm) * -(-rows.n // found.tn) * found.parts
    sizes = list(zip(found.tm.tolist(), found.tn.tolist(), strict=True))
    slots = {size: device.slots(size) for size in set(sizes)}
    waves = -(-tiles // np.array([slots[size] for size in sizes]))
    bound = _bounds(rows, device, dtype)
    columns = zip(found.seconds.tolist(), sizes, waves.tolist(), bound, strict=True)
    return ((f"{s:.6g}", f"{size[0]}x{size[1]}", str(w), b) for s, size, w, b in columns)


def _bounds(rows: Rows, device: Device, dtype: str) -> Sequence[str]:
    m, n, k = (side.astype(np.float64) for side in (rows.m, rows.n, rows.k))
    intensity = 2 * m * n * k / bytes_past_l2(m, n, k, BYTES[dtype], None, 0.0)
    ridge = (device.peak(dtype) or 0.0) / (device.bandwidth or 1.0)
    return ["memory" if low else "compute" for low in intensity < ridge]


def _priced_one_by_one(
    rows: Rows, device: Device, dtype: str, tile: Tile | None
) -> Iterator[Cells]:
    sides = zip(rows.m.tolist(), rows.n.tolist(), rows.k.tolist(), strict=True)
    gemms = [Gemm("", "product", m, n, k) for m, n, k in sides]
    for cost in costs_of(tile_products(gemms, device, tile, dtype=dtype), device, dtype):
        tm, tn = cost.tiling.tile
        yield f"{cost.predicted_s:.6g}", f"{tm}x{tn}", str(cost.tiling.waves), cost.bound or ""


def _check(device: Device, dtype: str) -> None:
    """Raise InputError where this device predicts no time in `dtype`."""
    cost = _known_cost(device, dtype)
    if cost.predicted_s is None:
        raise InputError(f"no time can be predicted in {dtype} on {device.name}: {cost.basis}")


def _known_cost(device: Device, dtype: str) -> Cost:
    (tiling,) = tile_products((Gemm("", "product", 1, 1, 1),), device, dtype=dtype)
    return cost_of(tiling, device, dtype)


def _check_header(rows: Rows, where: str) -> None:
    taken = {cell.strip().lower() for cell in rows.header}
    for name in ADDED:
        if name in taken:
            raise InputError(f"{where}: there is a column {name} already")


@contextlib.contextmanager
def _out(path: str | None) -> Iterator[IO[Any]]:
    if path is None:
        yield sys.stdout
        return
    with atomic.replacing(path) as temporary, temporary.open("w", newline="") as file:
        yield file
