"""The set mmviz makes itself: ten digits by eight hands, each drawing a little different.

Same arguments, same drawings. Strength 1 turns a digit by up to about 9°, shears it by 0.18, scales
it by a tenth, stretches it by 0.15, moves the points of its strokes by 0.04 of its size, and shifts
it by 0.8 pixels: standard deviations, each times the strength. The pen is 1.5 to 3.6 pixels thick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.digits.centring import centred
from mmviz.core.learning.digits.strokes import PIXELS, SIDE, Floats, Pen, ink
from mmviz.core.learning.values import stream

CLASSES = 10
TURN = np.deg2rad(9)
SHEAR, SCALE, ASPECT, POINTS, SHIFT = 0.18, 0.10, 0.15, 0.04, 0.8
THINNEST, THICKEST = 1.5, 3.6  # pixels
_HIGH, _WIDE = 19.0, 14.0  # pixels of a digit before it is centred
_STREAM = 3  # of the streams of a seed, beside those of values and targets

Hand = Sequence[Pen]
"""How one hand draws the digits 0 … 9."""


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """x [drawings × 784], 0 … 1; labels [drawings], 0 … 9."""

    x: Floats
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


def make(hands: Sequence[Hand], count: int, strength: float, seed: int) -> Digits:
    """So many drawings by these hands, digits and hands in turn, in random order."""
    random = np.random.Generator(np.random.SFC64(stream(seed, _STREAM)))
    which = random.permutation(count) % (CLASSES * len(hands))
    labels, by = which % CLASSES, which // CLASSES
    curves = np.empty((count, *hands[0][0].mix.shape[:1], 2), np.float32)
    for hand, pens in enumerate(hands):
        for digit, pen in enumerate(pens):
            of = np.flatnonzero((by == hand) & (labels == digit))
            moved = random.standard_normal((len(of), *pen.points.shape), np.float32)
            curves[of] = pen.mix @ (pen.points + POINTS * strength * moved)
    placed = _placed(curves, strength, random)
    thick = random.uniform(THINNEST, THICKEST, count).astype(np.float32)
    return Digits(centred(ink(placed, thick)).reshape(count, PIXELS), labels)


def _placed(curves: Floats, strength: float, random: np.random.Generator) -> Floats:
    """In pixels, each turned, sheared, scaled, stretched and shifted by chance."""
    count = len(curves)
    turn, shear, scale, aspect = random.standard_normal((4, count), np.float32) * np.float32(
        strength
    )
    turn, shear = turn * np.float32(TURN), shear * SHEAR
    large = np.exp(SCALE * scale)
    high, wide = (
        _HIGH * large * np.exp(-ASPECT / 2 * aspect),
        _WIDE * large * np.exp(ASPECT / 2 * aspect),
    )
    cos, sin = np.cos(turn), np.sin(turn)
    # first stretched, then sheared, then turned
    matrix = np.stack(
        (wide * cos, high * (shear * cos - sin), wide * sin, high * (shear * sin + cos)), axis=1
    ).reshape(count, 2, 2)
    moved = (curves - 0.5) @ matrix.transpose(0, 2, 1)
    shift = random.standard_normal((count, 1, 2), np.float32) * np.float32(SHIFT * strength)
    return np.asarray(moved + shift + SIDE / 2, np.float32)
