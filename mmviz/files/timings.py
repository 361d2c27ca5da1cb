"""Measured products, columns m,n,k,time_ms as of a list: what a device is calibrated with."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.fit_constants import TimedRows
from mmviz.errors import InputError
from mmviz.files import products
from mmviz.files.columns import Columns, word_of
from mmviz.files.ordinary import Tick, no_tick
from mmviz.files.table import cell_at
from mmviz.numerals import meanings, real
from mmviz.text import N_, Text

TIME = "time_ms"
SECONDS = {  # of the units a time is told in
    "ns": 1e-9,
    **dict.fromkeys(("us", "μs", "microseconds"), 1e-6),
    **dict.fromkeys(("ms", "milliseconds"), 1e-3),
    **dict.fromkeys(("s", "seconds"), 1.0),
}
_TIMED = re.compile(
    rf"((?:(?:time|latency|duration|elapsed|kernel|gpu|median)_?)*)[\[(]?({'|'.join(SECONDS)})[\])]?"
)
DTYPES = ("dtype", "d_type", "data_type")
ALIKE = ("device", "gpu", *DTYPES)  # columns of one thing in all rows
MOST = 100_000  # rows; a fit prices all of them some thousands of times
MAX_BYTES = 100_000_000
_LEAST_MS, _MOST_MS = 1e-6, 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Timings:
    """Measured products, and what their table says beside. dtype: the text of such a column, "".

    unused: names of the columns that are not taken.
    """

    rows: TimedRows
    dtype: str
    unused: tuple[str, ...]


def read_timings(path: str | os.PathLike[str], tick: Tick = no_tick) -> Timings:
    """All rows of the file at `path`, as `timings_of` gives them."""
    return timings_of(products.read_rows(path, tick=tick, max_bytes=MAX_BYTES), str(path))


def timings_of(chunks: Iterable[products.ListRows], path: str | Text) -> Timings:
    """All rows of a table of at least one. Raises InputError, naming `path`, line and column.

    Only the four columns and the batch are kept, of at most MOST rows. A time is of one launch: a
    row that says it is of several is refused.
    """
    m, n, k, stack, seconds = [], [], [], [], []
    count = 0
    alike: dict[str, str] = {}
    columns = Columns((), {})
    for rows in chunks:
        columns = rows.columns
        count += len(rows.m)
        if count > MOST:
            raise InputError(
                N_("{path}: more than {most:group} rows, which is the most for a calibration"),
                path=path,
                most=MOST,
            )
        several = np.flatnonzero(rows.count > 1)
        if len(several):
            raise InputError(
                N_(
                    "{path}, line {line:d}: a time of {count} launches; a calibration takes times "
                    "of one launch each"
                ),
                path=path,
                line=rows.lines[several[0]],
                count=int(rows.count[several[0]]),
            )
        _check_alike(rows, alike, path)
        place, unit = _place(rows.header, path)
        point = rows.point or _point(row[place] for row in rows.cells)
        seconds += [
            _milliseconds(row[place], line, path, rows.header[place], unit * 1e3, point) / 1e3
            for row, line in zip(rows.cells, rows.lines, strict=True)
        ]
        m.append(rows.m)
        n.append(rows.n)
        k.append(rows.k)
        stack.append(rows.stack)
    shapes = Shapes.of(*map(np.concatenate, (m, n, k, stack)))
    dtype = next((said for word, said in alike.items() if word in DTYPES), "")
    time = columns.header[_place(columns.header, path)[0]].strip()
    unused = tuple(x for x in columns.unused if x != time and word_of(x) not in DTYPES)
    return Timings(TimedRows(shapes, np.array(seconds)), dtype, unused)


def _check_alike(rows: products.ListRows, alike: dict[str, str], path: str | Text) -> None:
    """Refuse times of several devices or number formats. alike: those of the rows before."""
    for place, cell in enumerate(rows.header):
        word = word_of(cell)
        for row in rows.cells if word in ALIKE else ():
            first = alike.setdefault(word, row[place].strip())
            if row[place].strip() != first:
                raise InputError(
                    N_(
                        "{path}: column {column} names {one!r:.40} and {other!r:.40}; a "
                        "calibration takes the times of one"
                    ),
                    path=path,
                    column=cell.strip(),
                    one=first,
                    other=row[place].strip(),
                )


def _place(header: tuple[str, ...], path: str | Text) -> tuple[int, float]:
    """The column of the times, and how many seconds its unit has; raises InputError."""
    words = list(map(word_of, header))
    found = [i for i, word in enumerate(words) if word == TIME] or [
        i for i, word in enumerate(words) if _unit(word)
    ]
    if len(found) > 1:
        raise InputError(
            N_("{path}: columns {one!r:.40} and {other!r:.40} are both times: name one {column}"),
            path=path,
            one=header[found[0]].strip(),
            other=header[found[1]].strip(),
            column=TIME,
        )
    if not found:
        raise InputError(
            N_("{path}: needs one column {column}, the milliseconds a product took"),
            path=path,
            column=TIME,
        )
    return found[0], SECONDS[_unit(words[found[0]])]


def _unit(word: str) -> str:
    """The unit of a column of times, "" for any other; a lone s says too little."""
    found = _TIMED.fullmatch(word)
    return found[2] if found and (found[1] or found[2] != "s") else ""


def _point(column: Iterable[str]) -> str:
    """The decimal mark of the numbers: that of the first one which has no other; "" of none."""
    for text in column:
        readable = [mark for mark in ".," if meanings(text, mark)]
        if len(readable) == 1:
            return readable[0]
    return ""


def _milliseconds(
    text: str,
    line: int,
    path: str | Text,
    column: str,
    factor: float,
    point: str,
) -> float:
    """A time of the column, in units of `factor` milliseconds; raises InputError."""
    what = cell_at(path, line, column)
    must = Text(N_("milliseconds above 0")) if factor == 1 else Text(N_("a time above 0"))
    fits = functools.partial(_fits, factor)
    try:
        value = float(text)  # quick, and what nearly every table has
    except ValueError:
        return factor * real(text, what, must, fits, point=point)
    if point == "," or not fits(value):
        return factor * real(text, what, must, fits, point=point)
    return factor * value


def _fits(factor: float, value: float) -> bool:
    return _LEAST_MS <= factor * value <= _MOST_MS
