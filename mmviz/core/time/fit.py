"""A calibration fitted to measured rows, and its errors on layer shapes a fit has not seen.

First the constants of the time model (`fit_constants`), then, of many rows, what is left of them
after it, as a lattice (`learned_fit`). How far predictions are off is told by folds: the layer
shapes are dealt to FOLDS parts, and each is predicted by a fit of the others; of few layer shapes
each is a part. The same errors choose how stiff the lattice is, or that there is none. What is kept
is then fitted to all rows.

A few dozen rows say too little for all constants: of those the device had, or had lent, they fit
FOUR. Of few layer shapes all are fitted, HELD near those.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device, Sides
from mmviz.core.device.lattice import Lattice
from mmviz.core.time.constants import Constants, constants_of, fitted_for
from mmviz.core.time.fit_constants import (
    LONG_WEIGHT,
    STARTS,
    TimedRows,
    fit_constants,
    usual_names,
)
from mmviz.core.time.learned import factor
from mmviz.core.time.learned_fit import learn, nodes_for
from mmviz.core.time.wave_time import LONG_S, predict
from mmviz.errors import InputError
from mmviz.text import N_

FOLDS = 5
FEW = 10  # layer shapes, up to which each is kept out in turn
LEAST_ROWS = 20
MANY = 100  # rows, from which on all constants are fitted
LAUNCH = 3e-6  # seconds of a kernel alone, where the device has no figure: graphs show 1.8 to 4
GAP = 3e-5  # seconds of an eager call, where the search begins
LEARNS = 300  # rows, from which on tiles have factors and there may be a lattice
ENOUGH = 1_200  # rows whose constants are those of all, as good as
MOST_LEARNED = 20_000  # rows a lattice is fitted to
FOUR = ("t0", "cell", "side", "share")  # the launch, the arithmetic, what feeds it, the memory
RIDGES = (0.001, 0.003, 0.01, 0.1)
HELD = 3.0  # rows whose squares weigh as much as that of a constant's logarithm of its change
WITHIN = 0.87
HOPELESS = 0.5  # a mean error on the rows fitted from which on a fit says nothing

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def _unheard(_share: float) -> None:
    """Nobody asked for progress."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What was fitted; errors as shares of the measured time, None where no row was kept out.

    error: over the rows kept out; error_long: over those of them longer than LONG_S; error_short:
    over the others: the mean absolute one, or half of what WITHIN of the rows keep, where that is
    more, so that few rows are off by more than twice as much. sides: least and most of m, n and k
    that were measured. off [held_out]: by how much each row was off while it was kept out.
    """

    constants: Constants
    learned: Lattice | None
    rows: int
    held_out: int
    error: float | None
    error_long: float | None
    error_short: float | None
    sides: Sides
    off: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Constants, and by ridge what was learned beyond them; None: nothing."""

    constants: Constants
    learned: dict[float | None, Lattice | None]


def fold_of(n: NDArray[Any], k: NDArray[Any]) -> Ints:
    """The part, 0 … FOLDS − 1, that each row's layer shape (n, k) belongs to, by its CRC-32.

    A rule and not a draw: the same parts in every fit, and all batches of a layer go together.
    """
    layers = zip(n.tolist(), k.tolist(), strict=True)
    return np.array([zlib.crc32(f"{a}x{b}".encode()) % FOLDS for a, b in layers], dtype=np.int64)


def kept_out(n: NDArray[Any], k: NDArray[Any]) -> Bools:
    """Which rows are in the first part: a fit of the others has not seen them."""
    found: Bools = fold_of(n, k) == 0
    return found


def fit(
    rows: TimedRows,
    device: Device,
    dtype: str,
    progress: Callable[[float], None] = _unheard,
    *,
    eager: bool = False,
) -> Fit:
    """A calibration and its errors on layer shapes it has not seen; raises InputError.

    eager: the rows are of calls whose launch the host waits for; that gap is fitted apart, and the
    launch of the product itself is the device's.
    """
    if len(rows) < LEAST_ROWS:
        said = N_("a fit needs at least {least} rows, not {rows}")
        raise InputError(said, least=LEAST_ROWS, rows=len(rows))
    parts = _parts(rows)
    heard = functools.partial(_share_of, progress, 0.0, 0.5)
    whole = _fitted(rows, device, dtype, eager, heard)
    all_off, _, _ = errors(rows, device, dtype, whole.constants)
    if all_off is None or all_off > HOPELESS:
        raise InputError(
            N_(
                "no constants make {device} follow these rows: on average they are {off:.0f} % "
                "off; are they milliseconds of products in {dtype} on it?"
            ),
            device=device.name,
            off=100 * (all_off or 1),
            dtype=dtype,
        )
    turns = np.unique(parts)
    missed = {ridge: np.zeros(len(rows)) for ridge in whole.learned}
    for turn, part in enumerate(turns if len(turns) > 1 else ()):
        out = parts == part
        share = 0.5 + 0.5 * turn / len(turns)
        heard = functools.partial(_share_of, progress, share, 0.5 / len(turns))
        found = _fitted(rows.only(~out), device, dtype, eager, heard, whole.constants)
        for ridge in whole.learned:
            missed[ridge][out] = _off(
                rows.only(out), device, dtype, found.constants, found.learned.get(ridge)
            )
    progress(1.0)
    best = min(missed, key=lambda ridge: _loss(missed[ridge], rows))
    held = rows if len(turns) > 1 else rows.only(np.zeros(len(rows), dtype=np.bool_))
    off = missed[best][: len(held)]
    kept = whole.constants, whole.learned[best]
    return Fit(*kept, len(rows), len(held), *_stated(off, held), _measured(rows), off)


def _parts(rows: TimedRows) -> Ints:
    """Which rows are kept out together."""
    layers, of = np.unique((rows.shapes.n, rows.shapes.k), axis=1, return_inverse=True)
    few = layers.shape[1] <= FEW
    return of.ravel().astype(np.int64) if few else fold_of(rows.shapes.n, rows.shapes.k)


def _fitted(
    rows: TimedRows,
    device: Device,
    dtype: str,
    eager: bool,
    progress: Callable[[float], None],
    begun: Constants | None = None,
) -> _Found:
    """Fitted to all of `rows`. begun: constants of more rows, from where it is not far."""
    of = rows.shapes
    few = np.unique((of.n, of.k), axis=1).shape[1] <= FEW
    near = constants_of(device, dtype) if fitted_for(device, dtype) else None
    start = near if few or len(rows) < MANY else begun
    names = FOUR if len(rows) < MANY else usual_names(rows, dtype)
    begin: Sequence[Constants] = STARTS if start is None else (start,)
    if eager:
        names = (*(name for name in names if name != "t0"), "gap")
        launch = device.launch_s or LAUNCH
        begin = [replace(one, t0=launch, gap=one.gap or GAP) for one in begin]
    some = _some(rows, ENOUGH)
    tiles = not few and len(rows) >= LEARNS
    held = HELD if few and near is not None else 0.0
    constants = _rounded(
        fit_constants(some, device, dtype, progress, begin, names, tiles=tiles, held=held)
    )
    learned: dict[float | None, Lattice | None] = {None: None}
    if len(rows) >= LEARNS and not few:
        some = _some(rows, MOST_LEARNED)
        seconds = predict(some.shapes, device, dtype, constants).seconds
        nodes = nodes_for(seconds, some.shapes)
        missed = np.log(np.maximum(some.seconds - constants.gap, seconds / 2) / seconds)
        if nodes is not None:
            learned |= {ridge: learn(nodes, missed, weights_of(some), ridge) for ridge in RIDGES}
    return _Found(constants, learned)


def weights_of(rows: TimedRows) -> Floats:
    """What each row counts: long ones a second time, all of them together LONG_WEIGHT."""
    long = rows.seconds > LONG_S
    found: Floats = 1 + LONG_WEIGHT * long * len(rows) / max(1, int(long.sum()))
    return found


def _rounded(constants: Constants) -> Constants:
    """To the digits that rows can tell, as they are kept."""
    tiles = tuple((tile, round(value, 3)) for tile, value in constants.tiles)
    named = {name: float(f"{value:.5g}") for name, value in constants.named.items()}
    return replace(constants.but(named), tiles=tuple(pair for pair in tiles if pair[1] != 1))


def _some(rows: TimedRows, most: int) -> TimedRows:
    """All rows, or so many of them, spread by a rule over all."""
    if len(rows) <= most:
        return rows
    kept = np.zeros(len(rows), dtype=np.bool_)
    kept[np.random.default_rng(0).permutation(len(rows))[:most]] = True
    return rows.only(kept)


def _share_of(progress: Callable[[float], None], begin: float, length: float, share: float) -> None:
    progress(begin + length * share)


def errors(
    rows: TimedRows,
    device: Device,
    dtype: str,
    constants: Constants,
    learned: Lattice | None = None,
) -> tuple[float | None, float | None, float | None]:
    """Mean absolute error as a share of the measured time: of all rows, over LONG_S, the others."""
    return _means(_off(rows, device, dtype, constants, learned), rows)


def _means(off: Floats, rows: TimedRows) -> tuple[float | None, float | None, float | None]:
    long = rows.seconds > LONG_S
    some = (off, off[long], off[~long])
    everything, over, under = (float(part.mean()) if len(part) else None for part in some)
    return everything, over, under


def _stated(off: Floats, rows: TimedRows) -> tuple[float | None, float | None, float | None]:
    long = rows.seconds > LONG_S
    some = (off, off[long], off[~long])
    everything, over, under = (_kept_to(part) if len(part) else None for part in some)
    return everything, over, under


def _kept_to(off: Floats) -> float:
    return round(float(max(off.mean(), np.quantile(off, WITHIN) / 2)), 4)


def _loss(off: Floats, rows: TimedRows) -> float:
    return float(np.average(off, weights=weights_of(rows)))


def _off(
    rows: TimedRows,
    device: Device,
    dtype: str,
    constants: Constants,
    learned: Lattice | None,
) -> Floats:
    seconds = predict(rows.shapes, device, dtype, constants).seconds
    whole = seconds * factor(learned, seconds, rows.shapes) + constants.gap
    found: Floats = np.abs(whole / rows.seconds - 1)
    return found


def _measured(rows: TimedRows) -> Sides:
    of = rows.shapes
    m, n, k = ((int(side.min()), int(side.max())) for side in (of.m, of.n, of.k))
    return m, n, k
