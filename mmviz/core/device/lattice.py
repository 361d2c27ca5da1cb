"""A Lattice: by which factor timings differ from a time model, learned where there were many.

Its logarithm is given at nodes over the model's time and the sides of a product, linear between
them and constant outside. What a time model adds up stays in order under it: the time that comes
out grows with the model's time and with each side, or stays, as the lattice never falls along a
side, nor along the logarithm of the time by more than that grows. Linear in each of four
coordinates, what holds between neighbouring nodes holds everywhere, so that is all there is to
check. (Monotone lattices: Gupta et al., JMLR 17 (2016) 109.)
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.errors import InputError
from mmviz.text import N_, Text

MOST_NODES = 16  # along one side
MOST_VALUES = 4_096
MOST_LOG = 1.5  # of the factor either way: a model that is off by 4.5 times is none
SLACK = 1e-9  # of logarithms, which are rounded
PER_UNIT = 10_000  # logarithms are kept as ten-thousandths, a hundredth of a percent
_SECONDS = (1e-9, 1e6)
_LOG2 = (0.0, 64.0)
LATTICE_SIDES = ("seconds", "log2_m", "log2_n", "log2_k")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Logarithms of factors at nodes [seconds × log2_m × log2_n × log2_k], the last quickest.

    seconds: of the time model. Raises InputError where nodes do not rise, values are missing or no
    numbers within MOST_LOG, or more work would take less time.
    """

    seconds: tuple[float, ...]
    log2_m: tuple[float, ...]
    log2_n: tuple[float, ...]
    log2_k: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        for name, side in zip(LATTICE_SIDES, self._sides, strict=True):
            _check_side(name, side, _SECONDS if name == "seconds" else _LOG2)
        size = math.prod(map(len, self._sides))
        if size > MOST_VALUES or size != len(self.values):
            raise InputError(
                N_(
                    "what was learned has a value for each of at most {most} nodes: {n}, not {size}"
                ),
                most=MOST_VALUES,
                n=len(self.values),
                size=size,
            )
        if not all(math.isfinite(value) and abs(value) <= MOST_LOG for value in self.values):
            raise InputError(
                N_("what was learned is logarithms from {least} to {most}"),
                least=-MOST_LOG,
                most=MOST_LOG,
            )
        for axis, name in enumerate(LATTICE_SIDES):
            if np.any(np.diff(self.logs, axis=axis) < -SLACK):
                raise InputError(
                    N_("what was learned lets the time fall as {name} grows"),
                    name=Text(N_("the time of the model")) if axis == 0 else name,
                )

    def __hash__(self) -> int:
        # Devices are keys of caches; thousands of numbers would be hashed at each look-up.
        return hash((self.seconds, len(self.values), self.values[0], self.values[-1]))

    @property
    def _sides(self) -> tuple[tuple[float, ...], ...]:
        return self.seconds, self.log2_m, self.log2_n, self.log2_k

    @property
    def shape(self) -> tuple[int, ...]:
        """How many nodes there are along the time, m, n and k."""
        return tuple(map(len, self._sides))

    @property
    def axes(self) -> tuple[Floats, ...]:
        """The nodes: natural logarithms of seconds, then logarithms to base 2 of m, n and k."""
        return np.log(self.seconds), *map(np.array, self._sides[1:])

    @property
    def logs(self) -> Floats:
        """[seconds × m × n × k] logarithms of the times that come out at the nodes."""
        found: Floats = np.log(self.seconds)[:, None, None, None] + self.grid
        return found

    @property
    def grid(self) -> Floats:
        """[seconds × m × n × k] the values."""
        return np.array(self.values).reshape(self.shape)


def rounded(sides: Sequence[tuple[float, ...]], grid: Floats) -> Lattice:
    """The lattice near `grid` of values whole over PER_UNIT that lets no time fall."""
    steps = np.diff(np.log(sides[0]))
    found = np.round(grid * PER_UNIT)
    for axis in (1, 2, 3):
        found = np.maximum.accumulate(found, axis=axis)
    for place, step in enumerate(steps):
        # Rounded up, a whole plane of the same rule: order along the sides stays as it is.
        least = np.ceil(found[place] - step * PER_UNIT)
        found[place + 1] = np.maximum(found[place + 1], least)
    return Lattice(*sides, tuple((found / PER_UNIT).ravel().tolist()))  # type: ignore[call-arg]


def _check_side(name: str, side: tuple[float, ...], within: tuple[float, float]) -> None:
    least, most = within
    sound = 2 <= len(side) <= MOST_NODES and all(least <= node <= most for node in side)
    if not sound or any(a >= b for a, b in itertools.pairwise(side)):
        raise InputError(
            N_("{name} of what was learned: 2 to {n} rising numbers from {least:g} to {most:g}"),
            name=name,
            n=MOST_NODES,
            least=least,
            most=most,
        )
