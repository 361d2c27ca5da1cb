"""The numbers of a matrix as its cells have room for them: one size of type, fewer digits first."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QSizeF
from PyQt6.QtGui import QFont, QFontMetricsF

from mmviz.state.picture.cells import Cells
from mmviz.ui.look import fonts
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import Window

Say = Callable[[float], str]

READABLE = 7.0  # pixels of type, below which a number rather loses a digit
MOST_SUMMED = 400_000  # terms of all cells, up to which sums on the way are looked at, too
_LEAST_ROOM, _ROOM = 2.0, 0.1  # pixels, share of a cell beside its number
_EXPONENT = 1e5  # from which a number is written with one
_PROBE = 40.0  # pixels of type that texts are measured in


@dataclass(frozen=True, slots=True)
class Written:
    """How the numbers of one matrix are written, all of them alike."""

    say: Say
    font: QFont


def number(x: float) -> str:
    """A value in a cell, short: '0.20', '−1.00', '−531', '1.2e+06'."""
    size = abs(x)
    text = f"{x:.1e}" if size >= _EXPONENT else f"{x:.0f}" if size >= 100 else f"{x:.2f}"
    if 0 < size < 0.1:
        text = f"{x:.3f}"
    elif 100 <= size < _EXPONENT and x != int(x):
        text = f"{x:.1f}"
    return text.replace("-", "−")


def number_size(width: float, height: float, letters: int = 5) -> float:
    """Of the type of a number with so many letters in a cell of these sides, in pixels."""
    return min(15.0, (width - 6) / (0.62 * max(letters, 4)), height * 0.42)


def written(values: Iterable[float], cell: QSizeF) -> Written:
    """Every one of these in a cell of that size: with as many digits as can be read."""
    told = tuple(values)
    say: Say = number
    size = 0.0
    for say in _ways(max(map(abs, told), default=0.0)):
        size = _largest([say(x) for x in told], cell)
        if size >= READABLE:
            break
    return Written(say, fonts.figures(size))


def sums_within(scene: Scene, cells: Cells, window: Window) -> tuple[float, ...]:
    """The extremes of the sums of Y in the window, first term to last: their cells keep their type
    while the sums grow.
    """
    return _extremes(cells, scene.turned, window.row, window.rows, window.column, window.columns)


@functools.lru_cache(maxsize=4)
def _extremes(
    cells: Cells, turned: bool, row: int, rows: int, column: int, columns: int
) -> tuple[float, ...]:
    a, b = (cells.b.T, cells.a.T) if turned else (cells.a, cells.b)
    left, top = a[row : row + rows], b[:, column : column + columns]
    if rows * columns * left.shape[1] <= MOST_SUMMED:
        sums = np.cumsum(left[:, :, None] * top[None, :, :], axis=1)
    else:
        sums = left @ top
    return (float(sums.min()), float(sums.max())) if sums.size else ()


def _ways(largest: float) -> Sequence[Say]:
    """From all digits to few; the largest number keeps one that is not 0."""
    if not math.isfinite(largest):
        return (number,)
    least = max(0, -math.floor(math.log10(largest))) if largest > 0 else 0
    if largest < 10:  # one decimal tells more than a row of 0 and 1 does
        least = max(1, least)
    ways: list[Say] = [number]
    for decimals in range(max(2, least), least - 1, -1):
        ways.append(_with(decimals))
        if round(largest, decimals) < 1:
            ways.append(_with(decimals, bare=True))
    return ways


def _with(decimals: int, *, bare: bool = False) -> Say:
    """With so many decimals. bare: '.6' for '0.6', as long as it is a number at all."""

    def say(x: float) -> str:
        if not math.isfinite(x) or abs(x) >= 1e4:
            return f"{x:.0e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")
        if x == 0:
            return "0"  # one that is only near it keeps its decimals and its sign
        text = f"{abs(x):.{decimals}f}"
        if bare:
            text = text.removeprefix("0")
        return f"−{text}" if x < 0 else text

    return say


def _largest(texts: Sequence[str], cell: QSizeF) -> float:
    """Pixels of the type in which the widest of them still fits."""
    longest = max(texts, key=lambda text: (len(text), "−" in text), default="")
    widest = QFontMetricsF(fonts.figures(_PROBE)).horizontalAdvance(longest)
    height = cell.height() * 0.42 / fonts.scale()
    room = cell.width() - max(_LEAST_ROOM, _ROOM * cell.width())
    wide = room * _PROBE / widest if widest else height
    return max(1.0, min(15.0, wide, height))
