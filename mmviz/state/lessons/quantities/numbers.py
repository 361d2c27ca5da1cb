"""Quantities of the numbers in the cells: they are computed, of the session's own matrices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mmviz.state.lessons.here import Here, NoData, Value
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity, pair, whole
from mmviz.text import N_


def _at(here: Here, arguments: Arguments) -> tuple[int, int]:
    row, column = (whole(text) for text in arguments[:2])
    gemm = here.gemm()
    if row >= gemm.m or column >= gemm.n:
        raise NoData(N_("there is no cell {row}, {column}"), row=row, column=column)
    return row, column


def _cell(here: Here, arguments: Arguments) -> Value:
    return here.cells.value(*_at(here, arguments), [(0, here.gemm().k)])


def _z(here: Here, arguments: Arguments) -> Value:
    """With the bias."""
    at = _at(here, arguments)
    return here.cells.value(*at, [(0, here.gemm().k)]) + float(here.cells.bias[at[1]])


def _out(here: Here, arguments: Arguments) -> Value:
    """Behind bias and activation."""
    output = here.cells.output
    if output is None:
        raise NoData(N_("this product has no output of its own"))
    return float(output[_at(here, arguments)])


def _partial(here: Here, arguments: Arguments) -> Value:
    steps = whole(arguments[2])
    if not 0 <= steps <= here.gemm().k:
        raise NoData(N_("there is no step {n}"), n=steps)
    return here.cells.value(*_at(here, arguments), [(0, steps)])


def _argmax_partial(here: Here, arguments: Arguments) -> Value:
    """The step after which the sum is largest, from 1."""
    row, column = _at(here, arguments)
    sums = np.cumsum(here.cells.a[row] * here.cells.b[:, column])
    return int(sums.argmax()) + 1


def _read(here: Here, arguments: Arguments, which: int) -> Value:
    """The number of A or of B that a cell reads in a step, from 1."""
    (row, column), step = pair(arguments[0]), whole(arguments[1])
    gemm = here.gemm()
    if row >= gemm.m or column >= gemm.n or not 1 <= step <= gemm.k:
        raise NoData(N_("there is no cell {row}, {column}"), row=row, column=column)
    return frozenset({(row, step - 1) if which == 0 else (step - 1, column)})


def _changed_weights(here: Here, _arguments: Arguments) -> Value:
    """How many weights of the product shown are others than when the step began."""
    begun = here.cells if here.begun is None else Here(here.begun, here.facts).cells
    if begun.b.shape != here.cells.b.shape:
        return int(here.cells.b.size)
    return int(np.count_nonzero(begun.b != here.cells.b))


def _columns_alike(here: Here, arguments: Arguments) -> Value:
    """Whether two neurons have the same weights."""
    one, other = (whole(text) for text in arguments)
    if max(one, other) >= here.gemm().n:
        raise NoData(N_("there is no neuron {n}"), n=max(one, other) + 1)
    return bool(np.array_equal(here.cells.b[:, one], here.cells.b[:, other]))


NUMBERS: Mapping[str, Quantity] = {
    "cell": Quantity(_cell, "computed", "a number of Y, by row and column from 0", "number", 2, 2),
    "z": Quantity(_z, "computed", "with its bias", "number", 2, 2),
    "out": Quantity(_out, "computed", "behind bias and activation", "number", 2, 2),
    "partial": Quantity(
        _partial,
        "computed",
        "the sum of a cell after some steps: row, column, step",
        "number",
        3,
        3,
    ),
    "argmax_partial": Quantity(
        _argmax_partial, "computed", "the step after which a cell's sum is largest", "", 2, 2
    ),
    "a_of": Quantity(
        lambda h, a: _read(h, a, 0),
        "computed",
        "the number of X that a cell reads in a step: (row,column), step",
        "input",
        2,
        2,
        "input",
    ),
    "b_of": Quantity(
        lambda h, a: _read(h, a, 1), "computed", "the same of W", "weight", 2, 2, "weights"
    ),
    "cell_set": Quantity(
        lambda h, a: frozenset({_at(h, a)}),
        "computed",
        "one cell to click on",
        "cell",
        2,
        2,
        "output",
    ),
    "changed_weights": Quantity(
        _changed_weights, "computed", "weights that are others than when the step began"
    ),
    "columns_alike": Quantity(
        _columns_alike, "computed", "whether two neurons have the same weights", "", 2, 2
    ),
}
