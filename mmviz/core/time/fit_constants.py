"""The constants of the time model that are nearest to measured rows, in seconds.

Gauss-Newton on logarithms: of the constants, so that all stay positive, and of the times, so that
a tenth too much counts as a tenth too little. Each round weighs the rows by one over how far off
they are, which turns least squares into least absolute errors, and looks anew which tile each
product takes; in between the choice is held, where the times are smooth in the constants. From a
few starts, as some constants stand in for others. Last come the factors of the tiles, held near 1
by TIES: a tile that few rows take is not bent to them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Device, Tile
from mmviz.core.device.ranges import GPU_CONSTANTS
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.time.constants import Constants
from mmviz.core.time.wave_time import LONG_S, Candidates, choices_for, choose, terms

LONG_WEIGHT = 0.5  # what long rows count again, on their own
LEAST_MISS = 0.01  # of a logarithm: nearer rows weigh no more
TIES = 20.0  # rows whose squares weigh as much as that of a tile's logarithm
ROUNDS = 40
TRIES = 6  # of a round, each more cautious
MANY = 100  # rows from which on it is asked whether the host keeps a pace
SAME = 1.15  # times that are no further apart end at one time
ENOUGH = 2e-5  # of the mean error: a round that gains less is the last
_STEP = 1e-4  # of a logarithm, by which slopes are taken
_FARTHEST = 0.7  # of a logarithm, in one round
_FACTORS = (0.5, 2.0)  # of tiles

# (low, high) of each constant: outside, a fit explains noise with what hardware does not do.
BOUNDS = {
    "t0": (1e-7, 1e-3),
    "cell": (0.2, 4.0),
    "side": (0.1, 150.0),
    "edge": (1.0, 1_000.0),
    "wave": (1e-9, 1e-4),
    "share": (0.2, 1.0),
    "hit": (1e-3, 1.0),
    "join": (1e-8, 1e-4),
    "smooth": (1.0, 32.0),
    "heat": (1e-3, 2.0),
    "reach": (0.02, 20.0),
    "act": (1e-3, 3.0),
    "others": (0.2, 64.0),
    "fall": (0.5, 8.0),
    "pace": (1e-7, 1e-3),
    "cast": (1e-3, 20.0),
    "cast_far": (1e-3, 20.0),
    "cast_few": (1e-13, 1e-7),
    "gap": (1e-6, 1e-3),
}
USUAL = tuple(name for name in BOUNDS if name not in {"pace", "gap"} and "cast" not in name)
QUANTIZED = ("cast", "cast_far", "cast_few")


_QUANTIZING = {"cast": 1.5, "cast_far": 0.3, "cast_few": 5e-10}
STARTS = tuple(
    Constants(*values).but(_QUANTIZING)
    for values in (
        (2.5e-6, 1.0, 15.0, 160.0, 2e-7, 0.84, 0.1, 2.7e-6, 4.0, 0.25, 0.7, 0.1, 4.0, 2.0),
        (2.5e-6, 0.5, 50.0, 120.0, 2e-7, 0.8, 0.2, 2.7e-6, 3.0, 0.3, 0.7, 0.1, 4.0, 2.0),
        (1.5e-6, 0.8, 40.0, 90.0, 1e-6, 0.75, 0.4, 1.3e-6, 3.0, 0.5, 1.5, 0.5, 2.0, 1.5),
        (5e-6, 1.0, 13.0, 500.0, 3e-8, 0.85, 0.01, 1.5e-5, 2.4, 0.4, 0.65, 0.01, 4.0, 4.0),
    )
)

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


@dataclass(frozen=True, slots=True, eq=False)
class _At:
    """Constants, the choice of each row under them, and what they cost."""

    constants: Constants
    cut: Candidates
    loss: float


def fit_constants(
    rows: TimedRows,
    device: Device,
    dtype: str,
    progress: Callable[[float], None] = _unheard,
    starts: Sequence[Constants] | None = None,
    names: Sequence[str] | None = None,
    *,
    tiles: bool = True,
    held: float = 0.0,
) -> Constants:
    """The constants with the least error on all of `rows`, long ones counted more.

    starts: where to begin, STARTS by default. names: which are fitted, by default those of
    `usual_names`; the others stay as the start has them, but for `rate`, which is the least that no
    row exceeds. tiles: whether the factors of tiles are fitted, too. held: how many rows' squares
    weigh as much as that of the logarithm by which a constant changes; 0: they move freely.
    """
    given = STARTS if starts is None else starts
    fitted = usual_names(rows, dtype) if names is None else tuple(names)
    rate, turns = _rate(rows, device, dtype), len(given) + tiles
    found: list[_At] = []
    for turn, start in enumerate(given):
        heard = functools.partial(_part, progress, turn, turns)
        first = _begun(replace(start, rate=max(rate, start.rate)), fitted, rows)
        found.append(_Descent(rows, device, dtype, fitted, (), held).run(first, heard))
    best = min(found, key=lambda at: at.loss).constants
    if tiles:
        heard = functools.partial(_part, progress, len(given), turns)
        listed = choices_for(device, dtype, parts=1)
        sides = tuple(
            zip(listed.tm.astype(int).tolist(), listed.tn.astype(int).tolist(), strict=True)
        )
        have = dict(best.tiles)
        first = replace(best, tiles=tuple((tile, have.get(tile, 1.0)) for tile in sides))
        best = _Descent(rows, device, dtype, fitted, sides, held).run(first, heard).constants
    progress(1.0)
    return best


def usual_names(rows: TimedRows, dtype: str) -> tuple[str, ...]:
    """The constants that rows in `dtype` can tell.

    Those of a narrow dtype are products whose A was quantized with them, and where a fifth of many
    rows end at one time, whatever they compute, the host keeps a pace.
    """
    names = USUAL + QUANTIZED if dtype in NARROW else USUAL
    shortest, fifth = np.quantile(rows.seconds, (0.05, 0.2))
    return (*names, "pace") if len(rows) >= MANY and fifth < SAME * shortest else names


def _part(progress: Callable[[float], None], turn: int, turns: int, share: float) -> None:
    progress((turn + share) / turns)


def _rate(rows: TimedRows, device: Device, dtype: str) -> float:
    """How many times faster than the datasheet's clock the units ran at least."""
    m, n, k = rows.shapes.sides
    most = float(np.max(2 * rows.shapes.stack * m * n * k / rows.seconds))
    low, high = GPU_CONSTANTS["rate"]
    return float(np.clip(most / (device.peak(dtype) or most), low, high))


def _begun(start: Constants, names: Sequence[str], rows: TimedRows) -> Constants:
    """Every fitted constant within its bounds."""
    values = {name: float(np.clip(getattr(start, name), *BOUNDS[name])) for name in names}
    if "pace" in names and start.pace == 0:
        values["pace"] = float(np.quantile(rows.seconds, 0.05))
    if not set(QUANTIZED) & set(names):
        values |= dict.fromkeys(QUANTIZED, 0.0)
    return start.but(values)


class _Descent:
    """Gauss-Newton with a trust in slopes that shrinks where a round gains nothing (Levenberg)."""

    def __init__(
        self,
        rows: TimedRows,
        device: Device,
        dtype: str,
        names: Sequence[str],
        tiles: Sequence[Tile],
        held: float,
    ) -> None:
        self.rows, self.device, self.dtype, self.names, self.tiles = (
            rows, device, dtype, names, tiles,
        )  # fmt: skip
        self.logs = np.log(rows.seconds)
        long = rows.seconds > LONG_S
        self.weights = 1 + LONG_WEIGHT * long * len(rows) / max(1, int(long.sum()))
        self.choices = choices_for(device, dtype)
        self.held, self.near = held, np.zeros(len(names))

    def run(self, start: Constants, progress: Callable[[float], None]) -> _At:
        """From `start` as far down as it goes."""
        self.near = _logs(start, self.names)
        at, damping = self._at(start), 1e-2
        for turn in range(ROUNDS):
            progress(turn / ROUNDS)
            slopes, pull = self._slopes(at)
            for _ in range(TRIES):
                scale = np.diag(slopes) + 1e-6 * len(self.rows)
                moved = -np.linalg.solve(slopes + damping * np.diag(scale), pull)
                then = self._at(self._moved(at.constants, np.clip(moved, -_FARTHEST, _FARTHEST)))
                if then.loss < at.loss:
                    break
                damping *= 6
            else:
                return at
            gained, at, damping = at.loss - then.loss, then, max(damping / 4, 1e-5)
            if gained < ENOUGH:
                break
        return at

    def _at(self, constants: Constants) -> _At:
        of = (self.rows.shapes, self.device, self.dtype, constants)
        cut = choose(*of, self.choices)
        off = np.abs(np.expm1(self._off(constants, cut)))
        tied = TIES * sum(np.log(factor) ** 2 for _, factor in constants.tiles)
        tied += self.held * float(((_logs(constants, self.names) - self.near) ** 2).sum())
        return _At(constants, cut, float((self.weights * off).sum() + tied) / len(off))

    def _off(self, constants: Constants, cut: Candidates) -> Floats:
        """Logarithms of predicted over measured."""
        found = terms(self.rows.shapes, self.device, self.dtype, constants, cut).total
        return np.log(found + constants.gap) - self.logs

    def _slopes(self, at: _At) -> tuple[Floats, Floats]:
        """The normal equations of one round: matrix, and what pulls each constant."""
        off = self._off(at.constants, at.cut)
        columns = [
            (self._off(_nudged(at.constants, name), at.cut) - off) / _STEP for name in self.names
        ]
        if self.tiles:
            dearer = tuple((t, f * np.exp(_STEP)) for t, f in at.constants.tiles)
            every = (self._off(replace(at.constants, tiles=dearer), at.cut) - off) / _STEP
            columns += [
                np.where((at.cut.tm == height) & (at.cut.tn == width), every, 0.0)
                for height, width in self.tiles
            ]
        slopes = np.stack(columns, axis=1)
        weights = self.weights / np.maximum(np.abs(off), LEAST_MISS)
        matrix = slopes.T @ (slopes * weights[:, None])
        pull = slopes.T @ (weights * off)
        own = np.arange(len(self.names))
        matrix[own, own] += 2 * self.held
        pull[own] += 2 * self.held * (_logs(at.constants, self.names) - self.near)
        tied = np.arange(len(self.names), len(pull))
        matrix[tied, tied] += 2 * TIES
        pull[tied] += 2 * TIES * np.log([factor for _, factor in at.constants.tiles][: len(tied)])
        return matrix, pull

    def _moved(self, constants: Constants, by: Floats) -> Constants:
        values = {
            name: float(np.clip(getattr(constants, name) * np.exp(x), *BOUNDS[name]))
            for name, x in zip(self.names, by, strict=False)
        }
        if self.tiles:
            factors = np.exp(by[len(self.names) :])
            low, high = _FACTORS
            tiles = tuple(
                (tile, float(np.clip(factor * x, low, high)))
                for (tile, factor), x in zip(constants.tiles, factors, strict=True)
            )
            constants = replace(constants, tiles=tiles)
        return constants.but(values)


def _nudged(constants: Constants, name: str) -> Constants:
    return constants.but({name: getattr(constants, name) * np.exp(_STEP)})


def _logs(constants: Constants, names: Sequence[str]) -> Floats:
    return np.log([getattr(constants, name) for name in names])
