"""Constants of the time model fitted to measured rows, and the error on rows kept out.

Of many layer shapes every fifth is kept out; of few each in turn, and then the constants that are
kept are fitted to all of them, near those the device had: a few shapes alone do not part what a
tile's start costs from what its cells do.

How constants are found `fit_constants` says.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device
from mmviz.core.time.constants import Constants, constants_of, fitted_for
from mmviz.core.time.fit_constants import Bools, Floats, TimedRows, fit_constants
from mmviz.core.time.wave_time import LONG_S, predict
from mmviz.errors import InputError
from mmviz.text import N_

KEPT_OUT = 5  # every fifth layer shape is kept out
FEW = 10  # layer shapes, up to which each is kept out in turn
LEAST_ROWS = 30
HOPELESS = 0.5  # a mean error on the rows fitted from which on a fit says nothing


def _unheard(_share: float) -> None:
    """Nobody asked for progress."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Fitted constants; errors as shares of the measured time, None where no row was kept out.

    error: over the rows kept out; error_long: over those of them longer than LONG_S; error_short:
    over the others. least_m: the fewest rows of C that were measured.
    """

    constants: Constants
    rows: int
    held_out: int
    error: float | None
    error_long: float | None
    error_short: float | None
    least_m: int


def kept_out(n: NDArray[Any], k: NDArray[Any]) -> Bools:
    """Which rows a fit must not see: every KEPT_OUT-th layer shape (n, k), by its CRC-32.

    A rule and not a draw: the same rows in every fit, and all batches of a layer go together.
    """
    layers = zip(n.tolist(), k.tolist(), strict=True)
    marks = [zlib.crc32(f"{a}x{b}".encode()) % KEPT_OUT == 0 for a, b in layers]
    return np.array(marks, dtype=np.bool_)


def fit(
    rows: TimedRows,
    device: Device,
    dtype: str,
    progress: Callable[[float], None] = _unheard,
) -> Fit:
    """Constants and their errors on layer shapes they have not seen; raises InputError."""
    if len(rows) < LEAST_ROWS:
        said = N_("a fit needs at least {least} rows, not {rows}")
        raise InputError(said, least=LEAST_ROWS, rows=len(rows))
    layers = [layer.tolist() for layer in np.unique((rows.shapes.n, rows.shapes.k), axis=1).T]
    if len(layers) <= FEW:
        shown = rows
        constants, held, missed = _in_turn(rows, layers, device, dtype, progress)
    else:
        apart = kept_out(rows.shapes.n, rows.shapes.k)
        shown, held = rows.only(~apart), rows.only(apart)
        constants = fit_constants(shown, device, dtype, progress)
        missed = _off(held, device, dtype, constants)
    off, _, _ = errors(shown, device, dtype, constants)
    if off is None or off > HOPELESS:
        raise InputError(
            N_(
                "no constants make {device} follow these rows: on average they are {off:.0f} % "
                "off; are they milliseconds of products in {dtype} on it?"
            ),
            device=device.name,
            off=100 * (off or 1),
            dtype=dtype,
        )
    return Fit(constants, len(shown), len(held), *_means(missed, held), int(rows.shapes.m.min()))


def _in_turn(
    rows: TimedRows,
    layers: Sequence[tuple[int, int]],
    device: Device,
    dtype: str,
    progress: Callable[[float], None],
) -> tuple[Constants, TimedRows, Floats]:
    """Constants fitted to all rows, all rows, and how far off each was while it was kept out."""
    near = (constants_of(device, dtype),) if fitted_for(device, dtype) else None
    missed = np.zeros(len(rows))
    turns = len(layers) + 1 if len(layers) > 1 else 1
    for turn, (n, k) in enumerate(layers if len(layers) > 1 else ()):
        out = (rows.shapes.n == n) & (rows.shapes.k == k)
        part = functools.partial(_share_of, progress, turn, turns)
        found = fit_constants(rows.only(~out), device, dtype, part, near, tiles=False)
        missed[out] = _off(rows.only(out), device, dtype, found)
    part = functools.partial(_share_of, progress, turns - 1, turns)
    constants = fit_constants(rows, device, dtype, part, near, tiles=False)
    held = rows if len(layers) > 1 else rows.only(np.zeros(len(rows), dtype=np.bool_))
    return constants, held, missed[: len(held)]


def _share_of(progress: Callable[[float], None], turn: int, turns: int, share: float) -> None:
    progress((turn + share) / turns)


def errors(
    rows: TimedRows, device: Device, dtype: str, constants: Constants
) -> tuple[float | None, float | None, float | None]:
    """Mean absolute error as a share of the measured time: of all rows, over LONG_S, the others."""
    return _means(_off(rows, device, dtype, constants), rows)


def _means(off: Floats, rows: TimedRows) -> tuple[float | None, float | None, float | None]:
    long = rows.seconds > LONG_S
    some = (off, off[long], off[~long])
    everything, over, under = (float(part.mean()) if len(part) else None for part in some)
    return everything, over, under


def _off(rows: TimedRows, device: Device, dtype: str, constants: Constants) -> Floats:
    found = predict(rows.shapes, device, dtype, constants).seconds
    return np.abs(found / rows.seconds - 1)
