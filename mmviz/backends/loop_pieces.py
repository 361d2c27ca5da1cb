"""Small pieces of a pass of loops, tried to estimate parts that were not reached.

Each function makes numbers ready and returns the work on them and how many units that is; only the
work is timed.
"""

from __future__ import annotations

from functools import partial
from itertools import islice

from mmviz.backends.loop_parts import PIECE, LoopPiece
from mmviz.backends.loop_scalars import (
    Row,
    activate_row,
    gradient_row,
    loops,
    loss_gradient_row,
    updated,
)

_ROWS = 10_000
_FAR = 100_000  # numbers that far apart in memory are no more in a core's own cache
_COLUMNS = 8  # of examples, tried together


def rows_piece() -> LoopPiece:
    return (lambda: [[] for _ in range(_ROWS)]), _ROWS


def sums_piece(length: int) -> LoopPiece:
    """Sums of `length` terms: as many as a piece holds, at least one short of a large one."""
    length = min(length, PIECE)
    row = [0.5 + i for i in range(length)]
    rows = [row] * max(1, PIECE // length)
    out: list[Row] = [[] for _ in rows]
    return (lambda: loops(rows, [(row, 0.0)], out)), len(rows) * length


def column_sums_piece(examples: list[Row]) -> LoopPiece:
    """Sums over the examples; terms far apart in memory, as after turning."""
    some = examples[:_FAR]
    columns = first_columns(some, _COLUMNS)
    row = [0.5 + i for i in range(len(some))]
    rows = [row] * max(1, PIECE // len(some))
    pairs = [(column, 0.0) for column in columns]
    out: list[Row] = [[] for _ in rows]
    return (lambda: loops(rows, pairs, out)), len(rows) * len(columns) * len(some)


def turning_piece(examples: list[Row]) -> LoopPiece:
    """The first columns of real rows: neighbours in a column lie far apart in memory."""
    some = examples[:_FAR]
    columns = min(_COLUMNS, len(some[0]))
    work = partial(first_columns, some, columns)
    return work, len(some) * columns


def first_columns(rows: list[Row], count: int) -> list[Row]:
    return [list(column) for column in islice(zip(*rows, strict=True), count)]


def _numbers(units: int) -> tuple[list[Row], int]:
    """Some rows of `units` numbers of both signs, and how many numbers these are."""
    row = [0.5 - i % 2 for i in range(units)]
    rows = [row] * max(1, PIECE // units)
    return rows, len(rows) * units


def activation_piece(name: str, units: int) -> LoopPiece:
    rows, cells = _numbers(units)
    return (lambda: [activate_row(name, row) for row in rows]), cells


def slope_piece(name: str, units: int) -> LoopPiece:
    rows, cells = _numbers(units)
    d = rows[0][: len(activate_row(name, rows[0]))]
    return (lambda: [gradient_row(name, d, row) for row in rows]), cells


def loss_piece(name: str, units: int) -> LoopPiece:
    rows, cells = _numbers(units)
    a = activate_row(name, rows[0])
    return (lambda: [loss_gradient_row(name, a, a, row, 1) for row in rows]), cells


def update_piece() -> LoopPiece:
    rows, cells = _numbers(100)
    return (lambda: [updated(row, row) for row in rows]), cells
