"""What a product takes on a CPU through its BLAS, by at most ten constants a number format.

    seconds = t0 + wake + FLOP · (seconds a FLOP on the threads used) + bytes moved

BLAS computes whole register tiles, so C is counted rounded up to TILE. It copies both operands into
panels and reads and writes C: those bytes, over the threads used, cost `near` a byte while the
three matrices lie in a cache close by, and farther away `far` for A and C and `far_b` for B, whose
panels are made of what no layer before has left in a cache. In between a share of F² / (F² + EDGE²)
counts as far, F being the bytes of all three. A vector times a matrix only streams the matrix:
`vector_near`, and farther away `row_far` for a row times B, which is cold as a network's weights
are (edge ROW_EDGE), and `column_far` for A times a column, which is what the layer before has just
written (edge COLUMN_EDGE). Several threads each read a strip of every row of B; one alone reads it
from end to end, and keeps pace as with a column.

How many threads are used is OpenBLAS's rule (`core.schedule.partition`; for a vector all of them,
from LEAST_VECTOR terms on, and they share the bytes that are near); other libraries are taken to
follow it, and the error on shapes kept out tells how far that holds. Its kernels for AVX-512 have
others for small products, which take them whole on one thread and copy nothing (`WHOLE`).

Chosen on 66 shapes in two number formats on a 2-core machine, with AVX-512 kernels and with
Haswell's: fitted to the shapes that a calibration times, the others were 6 to 10 % off on two
threads, 10 to 14 % on one. With one cost of far bytes for all vectors, which waited for nobody,
vectors were 33 % off: a column came out of a cache that a row's matrix had left. Tile rounding took
a point off the products, the sharper edge another.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmviz.core.device.ranges import CPU_CONSTANT, check_figure
from mmviz.core.schedule.partition import LEAST_WORK
from mmviz.errors import InputError
from mmviz.text import N_, Text

EDGE = 1e6  # bytes; between a core's own cache and the shared one
ROW_EDGE, COLUMN_EDGE = 2e6, 32e6  # bytes: eight layers' weights share what one activation has
TILE = (4, 8)  # rows and columns of C; no kernel's own is smaller, larger ones fitted no better
CONSTANTS = (
    "t0",
    "one",
    "all",
    "wake",
    "near",
    "far",
    "far_b",
    "vector_near",
    "row_far",
    "column_far",
)
"""Seconds: t0 and wake; seconds a FLOP on one thread and on all; the others seconds a byte."""
WHOLE = {"skylakex": 1_000_000}
"""By BLAS core: products of up to so many terms m·n·k take one thread.

Measured with OpenBLAS 0.3.31 on a 2-core machine: 100³ took 12.5 µs on one thread and on two, 101³
17.7 and 33 µs, and likewise other shapes on either side of 1,000,000. Haswell's kernels showed no
such step."""
LEAST_VECTOR = 460_800
"""Terms from which on a vector takes all threads. Source: OpenBLAS 0.3.31, interface/gemv.c
(115,200 times GEMM_MULTITHREAD_THRESHOLD, which is 4)."""
LEAST_PRODUCTS, LEAST_ROWS, LEAST_COLUMNS = 8, 2, 2  # shapes without which nothing is fitted
_ROUNDS = 8
_LEAST_MISS = 0.03  # of a relative error, when the fit turns from squares to absolute errors

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TimedShape:
    """C[m × n] = A[m × k]·B[k × n] took `seconds` with all threads allowed."""

    m: int
    n: int
    k: int
    seconds: float


def cpu_seconds(
    m: ArrayLike,
    n: ArrayLike,
    k: ArrayLike,
    constants: Mapping[str, float],
    threads: int,
    element: float,
    core: str = "",
) -> Floats:
    """Predicted seconds of products m × n × k, arrays of one shape; `element`: bytes of a number.

    core: the kernels the BLAS runs, as threadpoolctl names them.
    `constants`: of CONSTANTS those above 0, fitted with `threads` threads allowed.
    """
    columns = _columns(m, n, k, threads, element, core)
    terms = np.array([constants.get(name, 0.0) for name in CONSTANTS])
    result: Floats = columns @ terms
    return result


def check_constants(values: Mapping[str, float]) -> None:
    """Raises InputError for a constant that is none, or that no processor can have."""
    for name, value in values.items():
        if name not in CONSTANTS:
            raise InputError(
                N_("constants of the time model are {names}: {which!r:.60} is unknown"),
                names=", ".join(CONSTANTS),
                which=name,
            )
        what = Text(N_("the constant {name} of the time model"), name=name)
        check_figure(value, what, CPU_CONSTANT)
    if missing := [name for name in CONSTANTS[:3] if name not in values]:
        raise InputError(
            N_("constants of the time model are {names}: {which!r:.60} is missing"),
            names=", ".join(CONSTANTS),
            which=missing[0],
        )


def fit_cpu(
    shapes: Sequence[TimedShape],
    measured: Mapping[str, float],
    threads: int,
    element: float,
    core: str = "",
) -> dict[str, float] | None:
    """The constants that fit the timed shapes best in relative error; None: too few shapes.

    measured: t0, one and all as they were measured, so that nothing is predicted faster than the
    peak and huge squares reach it; free, the three bend to the shapes in the middle, which gained
    under a point of error and predicted 3 to 9 % above the peak. The others come out of least
    squares without negative constants, weighted towards least absolute error, so that a single
    disturbed shape does not bend the rest.
    """
    vector = np.array([min(s.m, s.n) == 1 for s in shapes], dtype=bool)
    rows = sum(shape.m == 1 for shape in shapes)
    if np.sum(~vector) < LEAST_PRODUCTS or rows < LEAST_ROWS:
        return None
    if np.sum(vector) - rows < LEAST_COLUMNS:
        return None
    m, n, k = (np.array([getattr(s, side) for s in shapes]) for side in "mnk")
    took = np.array([s.seconds for s in shapes])
    columns = _columns(m, n, k, threads, element, core)
    found = {name: measured[name] for name in CONSTANTS[:3]}
    left = took - columns[:, :3] @ np.array(list(found.values()))
    products, vectors = CONSTANTS[3:7], CONSTANTS[7:]
    for names, which in ((products, ~vector), (vectors, vector)):
        where = [CONSTANTS.index(name) for name in names]
        values = _non_negative(columns[which][:, where], left[which], took[which])
        if names is products:
            left = left - values[0] * columns[:, where[0]]
        found.update(zip(names, values.tolist(), strict=True))
    return {name: value for name, value in found.items() if value > 0}


def mean_error(predicted: ArrayLike, measured: ArrayLike) -> float:
    """Mean absolute error relative to what was measured: 0.1 is 10 %."""
    truth = np.asarray(measured, dtype=float)
    return float(np.mean(np.abs(np.asarray(predicted) / truth - 1)))


def _columns(
    m: ArrayLike, n: ArrayLike, k: ArrayLike, threads: int, element: float, core: str
) -> Floats:
    """One row a product, one column a constant: seconds are their sum, each times its constant.

    Between one thread and all of them the two figures are mixed by the logarithm of the threads.
    """
    m, n, k = (np.asarray(side, dtype=float) for side in (m, n, k))
    terms = m * n * k
    vector = np.minimum(m, n) == 1
    whole_one = ~vector & (terms <= WHOLE.get(core.lower(), 0))
    used = np.clip(terms // LEAST_WORK, 1, threads)
    used = np.where(vector, np.where(terms < LEAST_VECTOR, 1, threads), used)
    used = np.where(whole_one, 1, used)
    row, column = vector & (m == 1), vector & (m > 1)
    c, a, b = (element * x for x in (m * n, m * k, k * n))
    whole = a + b + c
    far = _beyond(whole, EDGE)
    column_far = _beyond(whole, COLUMN_EDGE)
    row_far = _beyond(whole, ROW_EDGE) if threads > 1 else column_far
    flop = 2 * _rounded(m, TILE[0]) * _rounded(n, TILE[1]) * k * ~vector / used
    on_all = np.log(used) / np.log(threads) if threads > 1 else np.ones_like(used)
    share = ~vector / used
    columns = (
        np.ones_like(flop),
        flop * (1 - on_all),
        flop * on_all * threads,
        used > 1,
        whole * share * (1 - far) * ~whole_one,
        (a + c) * share * far,
        b * share * far,
        whole * (row * (1 - row_far) + column * (1 - column_far)) / used,
        whole * row * row_far,
        whole * column * column_far,
    )
    return np.stack([np.broadcast_to(column, flop.shape).astype(float) for column in columns], -1)


def _beyond(size: Floats, edge: float) -> Floats:
    """Which share of so many bytes lies farther away than the cache whose size is the edge."""
    squares: Floats = size**2 / (size**2 + edge**2)
    return squares


def _rounded(side: Floats, tile: int) -> Floats:
    up: Floats = np.ceil(side / tile) * tile
    return up


def _non_negative(columns: Floats, target: Floats, took: Floats) -> Floats:
    """x ≥ 0 with the least error of columns·x against `target`, relative to `took`.

    There are so few columns that every subset of them is tried.
    """
    matrix, wanted = columns / took[:, None], target / took
    weight = np.ones(len(took))
    best = np.zeros(matrix.shape[1])
    for _ in range(_ROUNDS):
        best = _least_squares(matrix * weight[:, None], wanted * weight)
        weight = 1 / np.sqrt(np.maximum(np.abs(matrix @ best - wanted), _LEAST_MISS))
    return best


def _least_squares(matrix: Floats, wanted: Floats) -> Floats:
    size = matrix.shape[1]
    best, least = np.zeros(size), float(wanted @ wanted)
    for count in range(1, size + 1):
        for chosen in itertools.combinations(range(size), count):
            part = matrix[:, chosen]
            values = np.linalg.lstsq(part, wanted, rcond=None)[0]
            rest = part @ values - wanted
            if (values >= 0).all() and float(rest @ rest) < least:
                least = float(rest @ rest)
                best = np.zeros(size)
                best[list(chosen)] = values
    return best
