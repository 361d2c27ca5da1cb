"""A drawing as the way of a pen, and the pixels that it inks.

A stroke is a smooth curve through its points (Catmull and Rom, 1974), which turns sharply at
corners. A point of the curve is a fixed mixture of the points given, so that many drawings which
differ in those alone are one product. Ink is a sum of Gaussian blobs along the curve: over all
drawings one batched product of a column of blobs, [28 × n], with a row of them, [n × 28].
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SIDE = 28
PIXELS = SIDE * SIDE
SAMPLES = 96  # of a drawing's curves: closer than the thinnest pen is wide
_DENSE = 256  # of a piece of curve, to find out how long it is
_SHARE = 500  # drawings inked at once: 10 MB of blobs
_POINT = re.compile(r"(\d{1,3}),(\d{1,3})(!?)")
_EDGE = 1.525  # σ from the middle of a stroke to where it is half inked
_GAIN = 1.6  # with which the middle is black over most of the pen's width


@dataclass(frozen=True, slots=True, eq=False)
class Pen:
    """points [p × 2]: where it passes, x to the right, y down, 0 … 1. mix [SAMPLES × p]: the
    curves' own points, equally far apart, as mixtures of those.
    """

    points: Floats
    mix: Floats


def read_pen(text: str) -> Pen:
    """A drawing from "x,y x,y! … / …": points from 0 to 100, "!" a corner, "/" lifts the pen.

    Raises ValueError for anything else, and for a stroke of less than two points.
    """
    points: list[tuple[float, float]] = []
    pieces: list[NDArray[np.float64]] = []
    for stroke in text.split("/"):
        found = [_POINT.fullmatch(word) for word in stroke.split()]
        known = [match for match in found if match]
        if len(known) < len(found) or len(known) < 2:
            raise ValueError(f"no stroke: {stroke.strip()!r:.60}")
        first = len(points)
        points += [(int(match[1]) / 100, int(match[2]) / 100) for match in known]
        corners = [bool(match[3]) for match in known]
        pieces += _curve(range(first, len(points)), corners)
    count = len(points)
    mix = np.concatenate([_wide(piece, count) for piece in pieces])
    at = np.asarray(points)
    return Pen(at.astype(np.float32), _even(mix, at, _starts(pieces)).astype(np.float32))


def ink(curves: Floats, thickness: Floats) -> Floats:
    """The pixels, [drawings × 28 × 28], 0 … 1, of curves [drawings × SAMPLES × 2] in pixels from
    the upper left corner, drawn with pens so many pixels thick [drawings].
    """
    found = np.empty((len(curves), SIDE, SIDE), np.float32)
    middles = np.arange(SIDE, dtype=np.float32) + 0.5
    for i in range(0, len(curves), _SHARE):
        part, wide = curves[i : i + _SHARE], thickness[i : i + _SHARE]
        sigma = (wide / (2 * _EDGE))[:, None]
        steps = np.linalg.norm(np.diff(part, axis=1), axis=2)
        # a pen that is lifted leaps: what it covers is not its stroke
        leap = steps > 3 * _median(steps)
        steps = np.where(leap, 0, steps)
        share = np.pad(steps, ((0, 0), (0, 1))) + np.pad(steps, ((0, 0), (1, 0)))
        weight = share / 2 / (sigma * np.sqrt(2 * np.pi))  # so that a straight stroke has 1 within
        scale = (1 / (np.sqrt(2) * sigma))[:, :, None]
        across = np.exp(-np.square((part[:, :, :1] - middles) * scale))  # [drawing × n × 28]
        down = np.exp(-np.square((part[:, :, 1:] - middles) * scale)) * weight[:, :, None]
        np.matmul(down.transpose(0, 2, 1), across, out=found[i : i + _SHARE])
    found *= _GAIN
    return np.minimum(found, 1, out=found)


def _median(steps: Floats) -> Floats:
    """Of each row of an odd number, [rows × 1]; np.median loads masked arrays to find it."""
    middle = steps.shape[1] // 2
    found: Floats = np.partition(steps, middle, axis=1)[:, middle : middle + 1]
    return found


def _curve(numbers: Sequence[int], corners: Sequence[bool]) -> list[NDArray[np.float64]]:
    """Each piece between two points as mixtures, [_DENSE × 4 pairs of number and weight]."""
    t = np.linspace(0, 1, _DENSE)
    # the four weights of Catmull and Rom, of the points before, at both ends, and after
    weights = 0.5 * np.stack(
        (-(t**3) + 2 * t**2 - t, 3 * t**3 - 5 * t**2 + 2, -3 * t**3 + 4 * t**2 + t, t**3 - t**2)
    )
    pieces = []
    for i in range(len(numbers) - 1):
        before = i if i == 0 or corners[i] else i - 1
        after = i + 1 if i + 2 == len(numbers) or corners[i + 1] else i + 2
        which = [numbers[j] for j in (before, i, i + 1, after)]
        pieces.append(np.stack((np.repeat(which, _DENSE).reshape(4, -1), weights)))
    return pieces


def _wide(piece: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    found = np.zeros((_DENSE, count))
    for which, weight in zip(*piece, strict=True):
        found[:, int(which[0])] += weight
    return found


def _starts(pieces: Sequence[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Where a point of the dense curve begins a stroke: the pen was lifted before it."""
    last, found = -1, np.zeros(len(pieces) * _DENSE, bool)
    for i, piece in enumerate(pieces):
        first, then = int(piece[0][1][0]), int(piece[0][2][0])
        found[i * _DENSE] = first != last
        last = then
    return found


def _even(
    mix: NDArray[np.float64], points: NDArray[np.float64], starts: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """SAMPLES rows of the dense mixture, equally far apart along the strokes."""
    steps = np.linalg.norm(np.diff(mix @ points, axis=0), axis=1)
    steps[starts[1:]] = 0
    along = np.concatenate(([0.0], np.cumsum(steps)))
    wanted = np.linspace(0, along[-1], SAMPLES)
    rows = np.searchsorted(along, wanted, side="left").clip(0, len(mix) - 1)
    return np.asarray(mix[rows])
