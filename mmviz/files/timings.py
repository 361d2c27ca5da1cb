"""Measured products in CSV, columns m,n,k,time_ms: what a device is calibrated with."""

from __future__ import annotations

import math
import os

import numpy as np

from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.fit import TimedRows
from mmviz.errors import InputError
from mmviz.files import products
from mmviz.files.ordinary import Tick, no_tick
from mmviz.text import N_

TIME = "time_ms"
MOST = 100_000  # rows; a fit prices all of them some thousands of times
MAX_BYTES = 100_000_000
_LEAST_MS, _MOST_MS = 1e-6, 1e9


def read_timings(path: str | os.PathLike[str], tick: Tick = no_tick) -> TimedRows:
    """All rows; further columns are ignored. Raises InputError, naming file, line and column.

    Only the four columns are kept, of at most MOST rows.
    """
    m, n, k, seconds = [], [], [], []
    count = 0
    for rows in products.read_rows(path, tick=tick, max_bytes=MAX_BYTES):
        count += len(rows.m)
        if count > MOST:
            raise InputError(
                N_("{path}: more than {most:,} rows, which is the most for a calibration"),
                path=str(path),
                most=MOST,
            )
        place = _place(rows.header, path)
        seconds += [
            _milliseconds(row[place], line, path) / 1e3
            for row, line in zip(rows.cells, rows.lines, strict=True)
        ]
        m.append(rows.m)
        n.append(rows.n)
        k.append(rows.k)
    shapes = Shapes.of(np.concatenate(m), np.concatenate(n), np.concatenate(k))
    return TimedRows(shapes, np.array(seconds))


def _place(header: tuple[str, ...], path: str | os.PathLike[str]) -> int:
    words = [cell.strip().lower() for cell in header]
    if words.count(TIME) != 1:
        raise InputError(
            N_("{path}: needs one column {column}, the milliseconds a product took"),
            path=str(path),
            column=TIME,
        )
    return words.index(TIME)


def _milliseconds(text: str, line: int, path: str | os.PathLike[str]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not _LEAST_MS <= value <= _MOST_MS:
        raise InputError(
            N_(
                "{path}, line {line}, column {column}: must be milliseconds above 0, "
                "not {text!r:.40}"
            ),
            path=str(path),
            line=line,
            column=TIME,
            text=text,
        )
    return value
