"""Networks as text that `mmviz.files.networks` reads back equal: TOML, a list of products CSV."""

from __future__ import annotations

import functools
import io
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import GivenRow
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files import atomic, packed
from mmviz.files.columns import BATCH, GROUP, SIDES
from mmviz.files.exports import CsvWriter
from mmviz.files.networks import NetworkFile
from mmviz.text import N_

MAX_PLAIN = 1_000  # given numbers of a network up to which they are written to be read


def save(file: NetworkFile, path: str | os.PathLike[str]) -> None:
    """Write `file` whole or not at all; raises InputError for an unwritable target.

    Only a list of products is saved as .csv, since by that it is known for one.
    """
    listed = file.network.layered is None
    as_list = Path(path).suffix.lower() == ".csv"
    if listed and not as_list:
        raise InputError(
            N_("a list of products is saved as .csv, not {path!r:.80}"), path=str(path)
        )
    if as_list and not listed:
        raise InputError(
            N_("a network of layers is saved as .toml, not {path!r:.80}"), path=str(path)
        )
    atomic.write_bytes(path, dump(file))


def dump(file: NetworkFile) -> bytes:
    """The text that reads back to an equal NetworkFile (but for the preset's id).

    TOML for `parse`; of a list of products CSV.
    """
    if file.network.layered is None:
        remarks = {"about": file.about, "source": file.source, "device": file.device}
        return dump_list(file.network, remarks)
    return packed.dumps(table(file)).encode()


def dump_list(products: Workload, remarks: Mapping[str, str]) -> bytes:
    """The CSV text that `mmviz.files.products.parse` reads back to equal products and remarks."""
    text = io.StringIO()
    for word, remark in {"name": products.name, **remarks}.items():
        if remark:
            text.write(f"# {word}: {remark}\n")
    writer = CsvWriter(text)
    gemms = products.lower()
    batched = any(x.stack > 1 for x in gemms)
    grouped = any(x.group for x in gemms)
    more = (*((BATCH,) if batched else ()), *((GROUP,) if grouped else ()))
    writer.writerow((*SIDES, "count", *more, "name"))
    for x in gemms:
        found = (*((x.stack,) if batched else ()), *((x.group,) if grouped else ()))
        writer.writerow((x.m, x.n, x.k, x.count, *found, x.name))
    return text.getvalue().encode()


def table(file: NetworkFile) -> dict[str, Any]:
    """A network of layers as the table `of_table` reads; for `packed.dumps`."""
    network = file.network.layered
    if network is None:
        raise TypeError("a list of products has no table")
    short = network.given > MAX_PLAIN
    return _filled(
        name=network.name,
        about=file.about,
        source=file.source,
        batch=file.batch,
        device=file.device,
        budget_ms=_milli(file.budget_s),
        inputs=network.inputs,
        examples=_written(network.examples, short),
        layers=[
            _filled(
                name=layer.name,
                units=layer.units,
                activation=layer.activation,
                weights=_written(layer.weights, short),
                bias=_written_row(layer.bias, short),
            )
            for layer in network.layers
        ],
    )


def _written(matrix: GivenMatrix | None, short: bool) -> Any:
    if matrix is None:
        return None
    return _packed(matrix) if short else matrix.array.tolist()


@functools.lru_cache(maxsize=2)  # saved after every edit, most of which leave it as it is
def _packed(matrix: GivenMatrix) -> str:
    return packed.pack(matrix.array)


def _written_row(row: GivenRow | None, short: bool) -> Any:
    return packed.pack(np.array([row])) if row is not None and short else row


def _milli(seconds: float | None) -> float | None:
    """The milliseconds that are read back as the same seconds, to the last bit."""
    if seconds is None:
        return None
    near = seconds * 1e3
    tries = (near, math.nextafter(near, 0.0), math.nextafter(near, math.inf))
    return next((ms for ms in tries if ms / 1e3 == seconds), near)


def _filled(**table: Any) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in (None, "")}
