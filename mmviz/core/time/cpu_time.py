"""What a product takes on a CPU through its BLAS, by at most ten constants a number format.

    seconds = t0 + wake + FLOP · (seconds a FLOP on the threads used) + bytes moved

BLAS copies both operands into panels and reads and writes C: those bytes, over the threads used,
cost `near` a byte while the three matrices lie in a cache close by, and farther away `far_c`,
`far_a` and `far_b` by matrix. In between a share of F / (F + EDGE) counts as far, F being the bytes
of all three. A vector times a matrix only streams the matrix: `vector_near` and `vector_far`.
How many threads are used is OpenBLAS's rule (`core.schedule.partition`); other libraries are taken
to follow it, and the error on shapes kept out tells how far that holds. Its kernels for AVX-512
have others for small products, which take them whole on one thread (`WHOLE`).

Chosen on 40 shapes on a 2-core x86 machine with AVX-512: without the far terms the mean absolute
error was 24 %, with them 9 to 12 %; tiles rounded up to the register tile changed under 0.3 points.
With cold weights, as a network has them, the shapes kept out are 14 to 18 % off: B of 64 MB costs
half as much again a byte as B of 4 MB, which one edge follows only so far.
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

EDGE = 4e6  # bytes; between a core's own cache and the shared one
CONSTANTS = (
    "t0",
    "one",
    "all",
    "wake",
    "near",
    "far_c",
    "far_a",
    "far_b",
    "vector_near",
    "vector_far",
)
"""Seconds: t0 and wake; seconds a FLOP on one thread and on all; the others seconds a byte."""
WHOLE = {"skylakex": 1_000_000}
"""By BLAS core: products of up to so many terms m·n·k take one thread.

Measured with OpenBLAS 0.3.31 on a 2-core machine: 100³ took 12.5 µs on one thread and on two, 101³
17.7 and 33 µs, and likewise other shapes on either side of 1,000,000. Haswell's kernels showed no
such step."""
LEAST_PRODUCTS, LEAST_VECTORS = 8, 2  # measured shapes without which nothing is fitted
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
    element: int,
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
    element: int,
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
    if np.sum(~vector) < LEAST_PRODUCTS or np.sum(vector) < LEAST_VECTORS:
        return None
    m, n, k = (np.array([getattr(s, side) for s in shapes]) for side in "mnk")
    took = np.array([s.seconds for s in shapes])
    columns = _columns(m, n, k, threads, element, core)
    found = {name: measured[name] for name in CONSTANTS[:3]}
    left = took - columns[:, :3] @ np.array(list(found.values()))
    products, vectors = CONSTANTS[3:8], CONSTANTS[8:]
    for names, rows in ((products, ~vector), (vectors, vector)):
        where = [CONSTANTS.index(name) for name in names]
        values = _non_negative(columns[rows][:, where], left[rows], took[rows])
        found.update(zip(names, values.tolist(), strict=True))
    return {name: value for name, value in found.items() if value > 0}


def mean_error(predicted: ArrayLike, measured: ArrayLike) -> float:
    """Mean absolute error relative to what was measured: 0.1 is 10 %."""
    truth = np.asarray(measured, dtype=float)
    return float(np.mean(np.abs(np.asarray(predicted) / truth - 1)))


def _columns(
    m: ArrayLike, n: ArrayLike, k: ArrayLike, threads: int, element: int, core: str
) -> Floats:
    """One row a product, one column a constant: seconds are their sum, each times its constant.

    Between one thread and all of them the two figures are mixed by the logarithm of the threads.
    """
    m, n, k = (np.asarray(side, dtype=float) for side in (m, n, k))
    used = np.clip(m * n * k // LEAST_WORK, 1, threads)
    used = np.where(m * n * k <= WHOLE.get(core.lower(), 0), 1, used)
    vector = np.minimum(m, n) == 1
    sizes = [element * x for x in (m * n, m * k, k * n)]  # C, A, B
    whole = sum(sizes)
    far = whole / (whole + EDGE)
    flop = 2 * m * n * k * ~vector / used
    on_all = np.log(used) / np.log(threads) if threads > 1 else np.ones_like(used)
    share = ~vector / used
    columns = (
        np.ones_like(flop),
        flop * (1 - on_all),
        flop * on_all * threads,
        (used > 1) & ~vector,
        whole * share * (1 - far),
        *(size * share * far for size in sizes),
        whole * vector * (1 - far),
        whole * vector * far,
    )
    return np.stack([np.broadcast_to(column, flop.shape).astype(float) for column in columns], -1)


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
