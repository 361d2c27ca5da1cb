"""What a product takes on a CPU through its BLAS, by at most ten constants a number format.

    seconds = t0 + wake + FLOP · (seconds a FLOP on the threads used) + bytes moved

BLAS computes whole register tiles, so C is counted rounded up to TILE. It copies both operands into
panels and reads and writes C: those bytes, over all threads, cost `near` a byte while the three
matrices lie in a cache close by, and farther away `far` for A and C and `far_b` for B, whose panels
are made of what no layer before has left in a cache. In between a share of F² / (F² + EDGE²) counts
as far, F being the bytes of all three. A vector times a matrix only streams the matrix:
`vector_near`, and farther away `row_far` for a row times B, which is cold as a network's weights
are (edge ROW_EDGE), and `column_far` for A times a column, which is what the layer before has just
written (edge COLUMN_EDGE). Several threads each read a strip of every row of B; one alone reads it
from end to end, and keeps pace as with a column.

How many threads are used goes by OpenBLAS's rule (`core.schedule.partition`; for a vector all of
them, from LEAST_VECTOR terms on, and they share the bytes that are near); other libraries are taken
to follow it, and the error on shapes kept out tells how far that holds. Its kernels for AVX-512
have others for small products, which take them whole on one thread and copy nothing (`WHOLE`).

More work never takes less time, though it may bring another thread: threads are counted as work
over LEAST_WORK, not in whole ones, what takes several takes no less than the most that one alone
would get (`_alone`, `_spread`), a product no less than a vector of its sides, and far bytes cost no
less than near ones.

Chosen on 66 shapes in two number formats on a 2-core machine, with AVX-512 kernels and with
Haswell's: fitted to the shapes that a calibration times, the others were 6 to 10 % off on two
threads, 10 to 14 % on one. With one cost of far bytes for all vectors, which waited for nobody,
vectors were 33 % off: a column came out of a cache that a row's matrix had left. Tile rounding took
a point off the products, the sharper edge another.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    sides = _Sides.of(m, n, k, threads, element, core)
    given = {name: constants.get(name, 0.0) for name in CONSTANTS}
    product = given["t0"] + _flop_s(sides, given)
    product = product + _bytes_s(_product_columns(sides), given, _OF_PRODUCTS)
    product = product + given["wake"] * sides.woken
    row, column = (
        given["t0"]
        + given["wake"] * one.vector_woken
        + _bytes_s(_vector_columns(one, edge), given, _Names("vector_near", (far,), 1 / threads))
        for one, edge, far in _vectors(sides)
    )
    vector = np.where(sides.m > 1, column, np.where(sides.n > 1, row, np.minimum(row, column)))
    longest: Floats = np.maximum(product, np.maximum(row, column))
    result: Floats = np.where(sides.vector, vector, longest)
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
    sides = _Sides.of(m, n, k, threads, element, core)
    found = {name: measured[name] for name in CONSTANTS[:3]}
    left = took - found["t0"] - np.where(vector, 0.0, _flop_s(sides, found))
    wake = (sides.woken if threads > 1 else np.zeros_like(sides.m))[:, None]
    columns = np.concatenate([wake, _product_columns(sides)], axis=1)[~vector]
    values = _non_negative(columns, left[~vector], took[~vector])
    found |= _far_as_whole(values[1:], _OF_PRODUCTS) | {"wake": float(values[0])}
    left = left - found["wake"] * sides.vector_woken * (threads > 1)
    of_row, of_column = (_vector_columns(one, edge) for one, edge, _ in _vectors(sides))
    alone, none = m == 1, np.zeros(len(m))
    columns = np.stack(
        [
            np.where(alone, of_row[:, 0], of_column[:, 0]),
            np.where(alone, of_row[:, 1], none),
            np.where(alone, none, of_column[:, 1]),
        ],
        axis=1,
    )
    values = _non_negative(columns[vector], left[vector], took[vector])
    names = _Names("vector_near", ("row_far", "column_far"), 1 / threads)
    found |= _far_as_whole(values, names)
    return {name: found[name] for name in CONSTANTS if found.get(name, 0.0) > 0}


def mean_error(predicted: ArrayLike, measured: ArrayLike) -> float:
    """Mean absolute error relative to what was measured: 0.1 is 10 %."""
    truth = np.asarray(measured, dtype=float)
    return float(np.mean(np.abs(np.asarray(predicted) / truth - 1)))


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Products as columns, and what follows from their sides; bytes are of the three matrices."""

    m: Floats
    n: Floats
    k: Floats
    threads: int
    element: float
    whole_terms: float

    @classmethod
    def of(
        cls, m: ArrayLike, n: ArrayLike, k: ArrayLike, threads: int, element: float, core: str
    ) -> _Sides:
        m, n, k = np.broadcast_arrays(*(np.asarray(side, dtype=float) for side in (m, n, k)))
        return cls(m, n, k, threads, element, float(WHOLE.get(core.lower(), 0)))

    @property
    def vector(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.minimum(self.m, self.n) == 1
        return found

    @property
    def terms(self) -> Floats:
        return self.m * self.n * self.k

    @property
    def most_alone(self) -> float:
        """Terms of the largest product that one thread computes."""
        return max(2.0 * LEAST_WORK, self.whole_terms)

    @property
    def woken(self) -> Floats:
        """1 where a product takes several threads."""
        least = self.terms >= 2 * LEAST_WORK
        return (least & (self.terms > self.whole_terms) & (self.threads > 1)).astype(float)

    @property
    def vector_woken(self) -> Floats:
        return ((self.terms >= LEAST_VECTOR) & (self.threads > 1)).astype(float)

    @property
    def bytes_of(self) -> tuple[Floats, Floats]:
        """A and C together, and B."""
        m, n, k, size = self.m, self.n, self.k, self.element
        return size * (m * k + m * n), size * (k * n)

    @property
    def as_row(self) -> _Sides:
        return replace(self, m=np.ones_like(self.m))

    @property
    def as_column(self) -> _Sides:
        return replace(self, n=np.ones_like(self.n))


@dataclass(frozen=True, slots=True)
class _Names:
    """Of the constants of near and far bytes; counted: how much of a near byte a far one is, too.

    Both are shared by the threads in a product; of a vector only the near ones are.
    """

    near: str
    far: tuple[str, ...]
    counted: float


_OF_PRODUCTS = _Names("near", ("far", "far_b"), 1.0)


def _vectors(of: _Sides) -> tuple[tuple[_Sides, float, str], ...]:
    """The row and the column among its sides, from how many bytes on each is far, and by what."""
    row_edge = ROW_EDGE if of.threads > 1 else COLUMN_EDGE
    return (of.as_row, row_edge, "row_far"), (of.as_column, COLUMN_EDGE, "column_far")


def _flop_s(of: _Sides, constants: Mapping[str, float]) -> Floats:
    """Seconds of the arithmetic on as many threads as there is work for, no less than one's most.

    Between one thread and all of them the two figures are mixed by the logarithm of the threads.
    """
    one, threads = constants["one"], of.threads
    every = max(threads * constants["all"], one) if threads > 1 else one
    rounded = _rounded(of.m, TILE[0]) * _rounded(of.n, TILE[1]) * of.k
    used = np.clip(rounded / LEAST_WORK, 1, threads)
    share = np.log(used) / np.log(threads) if threads > 1 else np.zeros_like(used)
    several = 2 * rounded / used * (one + (every - one) * share)
    found: Floats = np.maximum(several, 2 * _alone(of, rounded) * one)
    return found


def _alone(of: _Sides, rounded: Floats) -> Floats:
    """Terms of the largest product within these sides that one thread computes, or a few more.

    Rounded up to tiles a product of up to most_alone terms has no more than these.
    """
    rows, columns = (side - 1 for side in TILE)
    edges = (columns * of.m + rows * of.n + rows * columns) * of.k
    found: Floats = np.minimum(rounded, of.most_alone + edges)
    return found


def _spread(size: Floats, threads: int, alone: float) -> Floats:
    """Bytes a thread moves of so many: its share, but no less than it would get `alone`."""
    found: Floats = np.maximum(size / threads, np.minimum(size, alone))
    return found


def _product_columns(of: _Sides) -> Floats:
    """[products, 3] bytes a thread moves, then those of A and C, and of B, that are far as well."""
    ac, b = of.bytes_of
    whole = ac + b
    far = _beyond(whole, EDGE)
    copied = (of.terms > of.whole_terms).astype(float)
    most = 3.0 * of.element * of.most_alone ** (2 / 3)  # the three matrices of a cube
    sizes = (whole * copied, ac * far, b * far)
    return np.stack([_spread(size, of.threads, most) for size in sizes], axis=-1)


def _vector_columns(of: _Sides, edge: float) -> Floats:
    """[products, 2] bytes a thread moves, then the bytes that are far as well."""
    ac, b = of.bytes_of
    whole = ac + b
    near = _spread(whole, of.threads, float(LEAST_VECTOR * of.element))
    return np.stack([near, whole * _beyond(whole, edge)], axis=-1)


def _bytes_s(columns: Floats, constants: Mapping[str, float], names: _Names) -> Floats:
    """Seconds of the bytes: all as near ones, and what is far by so much more."""
    near = constants[names.near]
    more = [max(0.0, constants[name] - near * names.counted) for name in names.far]
    found: Floats = columns @ np.array([near, *more])
    return found


def _far_as_whole(values: Floats, names: _Names) -> dict[str, float]:
    """The constants of columns whose far bytes cost so much more: what they cost in all."""
    near, *more = values.tolist()
    of_far = zip(names.far, more, strict=True)
    return {names.near: near} | {name: value + near * names.counted for name, value in of_far}


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
