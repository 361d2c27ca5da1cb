"""Constants of the time model fitted to measured rows, and the error on rows kept out.

The fit minimizes the mean absolute percentage error, which is also how it is judged, by the simplex
of Nelder and Mead from a few starts; the logarithms of the constants are fitted, so all stay
positive. scipy is loaded only here, and only when a fit is asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.constants import CONSTANT_NAMES, Constants
from mmviz.core.time.wave_time import LONG_S, predict
from mmviz.errors import InputError
from mmviz.text import N_

LONG_WEIGHT = 0.5
KEPT_OUT = 5  # every fifth layer shape is kept out
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
        of = self.shapes
        kept = Shapes(of.m[which], of.n[which], of.k[which], of.rows[which])
        return TimedRows(kept, self.seconds[which])


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
    """Constants fitted without the rows `kept_out` names, judged on those; raises InputError."""
    if len(rows) < LEAST_ROWS:
        said = N_("a fit needs at least {least} rows, not {rows}")
        raise InputError(said, least=LEAST_ROWS, rows=len(rows))
    apart = kept_out(rows.shapes.n, rows.shapes.k)
    shown, held = rows.only(~apart), rows.only(apart)
    constants = fit_constants(shown, device, dtype, progress)
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
    counts = len(rows) - len(held), len(held)
    return Fit(
        constants, *counts, *errors(held, device, dtype, constants), int(rows.shapes.m.min())
    )


def errors(
    rows: TimedRows, device: Device, dtype: str, constants: Constants
) -> tuple[float | None, float | None, float | None]:
    """Mean absolute error as a share of the measured time: of all rows, over LONG_S, the others."""
    off = _off(rows, device, dtype, constants)
    long = rows.seconds > LONG_S
    some = (off, off[long], off[~long])
    everything, over, under = (float(part.mean()) if len(part) else None for part in some)
    return everything, over, under


def fit_constants(
    rows: TimedRows,
    device: Device,
    dtype: str,
    progress: Callable[[float], None] = _unheard,
) -> Constants:
    """The constants with the least error on all of `rows`, long ones counted more."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

    low, high = np.log([_BOUNDS[name] for name in CONSTANT_NAMES]).T
    long = rows.seconds > LONG_S
    done, whole = 0, _STEPS * (len(_STARTS) * 2 + _ROUNDS - 2)

    def loss(logs: Floats) -> float:
        nonlocal done
        done += 1
        progress(min(1.0, done / whole))
        inside = np.clip(logs, low, high)
        off = _off(rows, device, dtype, Constants(*np.exp(inside)))
        strayed = float(np.abs(logs - inside).sum())
        return float(off.mean() + LONG_WEIGHT * (off[long].mean() if long.any() else 0)) + strayed

    def better(logs: Floats) -> Any:
        simplex = np.vstack([logs, logs + 0.3 * np.eye(len(logs))])
        options = {"maxfev": _STEPS, "adaptive": True, "initial_simplex": simplex}
        return minimize(loss, logs, method="Nelder-Mead", options=options)

    tried = [better(better(np.log(astuple(start))).x) for start in _STARTS]
    best = min(tried, key=lambda result: float(result.fun))
    for _ in range(_ROUNDS - 2):
        best = better(best.x)
    progress(1.0)
    return Constants(*(float(value) for value in np.exp(np.clip(best.x, low, high))))


def _off(rows: TimedRows, device: Device, dtype: str, constants: Constants) -> Floats:
    found = predict(rows.shapes, device, dtype, constants).seconds
    return np.abs(found / rows.seconds - 1)
