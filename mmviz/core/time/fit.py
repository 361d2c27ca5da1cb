"""Constants of the time model fitted to measured rows, and the error on rows kept out.

Of many layer shapes every fifth is kept out; of few each in turn, and then the constants that are
kept are fitted to all of them, near those the device had: a few shapes alone do not part what a
tile's start costs from what its cells do.

The fit minimizes the mean absolute percentage error, which is also how it is judged, by the simplex
of Nelder and Mead from a few starts; the logarithms of the constants are fitted, so all stay
positive. scipy is loaded only here, and only when a fit is asked for.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.constants import CONSTANT_NAMES, Constants, constants_of, fitted_for
from mmviz.core.time.wave_time import LONG_S, predict
from mmviz.errors import InputError
from mmviz.text import N_

LONG_WEIGHT = 0.5
KEPT_OUT = 5  # every fifth layer shape is kept out
FEW = 10  # layer shapes, up to which each is kept out in turn
NEAR = 0.03  # what a constant's straying from the device's own by e times costs a fit of few
LEAST_ROWS = 30
HOPELESS = 0.5  # a mean error on the rows fitted from which on a fit says nothing

# (low, high) of each constant: outside, a fit explains noise with what hardware does not do.
_BOUNDS = {
    "t0": (1e-8, 1e-3),
    "cell": (0.2, 4.0),
    "side": (0.1, 150.0),
    "edge": (1.0, 1_000.0),
    "wave": (1e-9, 1e-4),
    "share": (0.2, 1.0),
    "hit": (1e-4, 1.0),
    "join": (1e-8, 1e-4),
    "smooth": (1.0, 64.0),
    "heat": (1e-3, 2.0),
}
_STARTS = (
    Constants(2.5e-6, 1.0, 15.0, 160.0, 2e-7, 0.84, 0.002, 2.7e-6, 4.0, 0.25),
    Constants(2.5e-6, 0.5, 60.0, 130.0, 2e-8, 0.8, 0.001, 2.7e-6, 3.0, 0.3),
    Constants(1.5e-6, 0.8, 40.0, 90.0, 1.5e-6, 0.75, 0.4, 1.3e-6, 3.0, 0.5),
)
_ROUNDS = 3
_STEPS = 1_000  # evaluations of the model per round and start

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def _unheard(_share: float) -> None:
    """Nobody asked for progress."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedRows:
    """Measured products: shapes and seconds."""

    shapes: Shapes
    seconds: Floats

    def __len__(self) -> int:
        return len(self.seconds)

    def only(self, which: Bools) -> TimedRows:
        """The rows that `which` marks."""
        return TimedRows(self.shapes[which], self.seconds[which])


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
    near = constants_of(device, dtype) if fitted_for(device, dtype) else None
    missed = np.zeros(len(rows))
    turns = len(layers) + 1 if len(layers) > 1 else 1
    for turn, (n, k) in enumerate(layers if len(layers) > 1 else ()):
        out = (rows.shapes.n == n) & (rows.shapes.k == k)
        part = functools.partial(_share_of, progress, turn, turns)
        found = fit_constants(rows.only(~out), device, dtype, part, near)
        missed[out] = _off(rows.only(out), device, dtype, found)
    part = functools.partial(_share_of, progress, turns - 1, turns)
    constants = fit_constants(rows, device, dtype, part, near)
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


def fit_constants(
    rows: TimedRows,
    device: Device,
    dtype: str,
    progress: Callable[[float], None] = _unheard,
    near: Constants | None = None,
) -> Constants:
    """The constants with the least error on all of `rows`, long ones counted more.

    near: those they stay near where the rows do not tell. `rate` and `odd` are the device's.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

    low, high = np.log([_BOUNDS[name] for name in CONSTANT_NAMES]).T
    long = rows.seconds > LONG_S
    starts = _STARTS if near is None else (near,)
    given = constants_of(device, dtype)
    ours = None if near is None else _logs(near)
    done, whole = 0, _STEPS * (len(starts) * 2 + _ROUNDS - 2)

    def constants(logs: Floats) -> Constants:
        values = np.exp(np.clip(logs, low, high)).tolist()
        return replace(given, **dict(zip(CONSTANT_NAMES, values, strict=True)))

    def loss(logs: Floats) -> float:
        nonlocal done
        done += 1
        progress(min(1.0, done / whole))
        inside = np.clip(logs, low, high)
        off = _off(rows, device, dtype, constants(logs))
        strayed = float(np.abs(logs - inside).sum())
        if ours is not None:
            strayed += NEAR * float(np.abs(inside - ours).mean())
        return float(off.mean() + LONG_WEIGHT * (off[long].mean() if long.any() else 0)) + strayed

    def better(logs: Floats) -> Any:
        simplex = np.vstack([logs, logs + 0.3 * np.eye(len(logs))])
        options = {"maxfev": _STEPS, "adaptive": True, "initial_simplex": simplex}
        return minimize(loss, logs, method="Nelder-Mead", options=options)

    tried = [better(better(_logs(start)).x) for start in starts]
    best = min(tried, key=lambda result: float(result.fun))
    for _ in range(_ROUNDS - 2):
        best = better(best.x)
    progress(1.0)
    return constants(best.x)


def _logs(constants: Constants) -> Floats:
    return np.log([max(getattr(constants, name), 1e-12) for name in CONSTANT_NAMES])


def _off(rows: TimedRows, device: Device, dtype: str, constants: Constants) -> Floats:
    found = predict(rows.shapes, device, dtype, constants).seconds
    return np.abs(found / rows.seconds - 1)
