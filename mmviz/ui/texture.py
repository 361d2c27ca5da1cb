"""A picture of something that starts and ends, sampled once per pixel and coloured per frame.

Drawing cost follows the pixels of the picture, not the tiles of the schedule.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor, QImage

from mmviz.core.trace import Trace
from mmviz.ui.theme import Theme

WAITING, NOW, IDLE, FIRST_SHADE = 0, 1, 2, 3
SHADES = 256 - FIRST_SHADE


class Texture:
    """start, end [h × w]: when what a pixel shows begins and ends (NaN: nothing is ever there).

    shade [h × w] uint8: its colour once done, an index from FIRST_SHADE on.
    """

    def __init__(
        self,
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        shade: NDArray[np.uint8],
    ) -> None:
        self.start, self.end, self.shade = start, end, shade
        self._empty = np.isnan(start)

    def indices(self, t: float) -> NDArray[np.uint8]:
        """Colour index of every pixel at time `t` [h × w]."""
        pixels = np.where(self.end <= t, self.shade, np.uint8(WAITING))
        pixels[(self.start <= t) & (self.end > t)] = NOW
        pixels[self._empty] = IDLE
        return pixels

    def image(self, t: float, table: list[int]) -> QImage:
        """The picture at time `t` with the colours of `colour_table`."""
        pixels = np.ascontiguousarray(self.indices(t))
        height, width = pixels.shape
        image = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(table)
        return image.copy()  # the bytes above live only as long as this call


def colour_table(theme: Theme, now: str) -> list[int]:
    """ARGB by index: waiting, computing, idle (transparent), then the shades of the order map."""
    stops = np.array([QColor(stop).getRgb()[:3] for stop in theme.order], float)
    at = np.linspace(0, len(stops) - 1, SHADES)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, i]) for i in range(3)]
    shades = [QColor(*(round(v) for v in rgb)).rgba() for rgb in zip(*channels, strict=True)]
    return [QColor(theme.waiting).rgba(), QColor(now).rgba(), 0, *shades]


def wave_shade(trace: Trace, rows: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Colour index by wave for rows of the trace: first wave dark, last wave light."""
    last = max(trace.tiling.waves - 1, 1)
    wave = rows // trace.tiling.slots
    return np.asarray(FIRST_SHADE + wave * (SHADES - 1) // last, np.uint8)


def tiles_texture(trace: Trace, width: int, height: int) -> Texture:
    """The tiles of Y, a pixel a tile; evenly sampled where tiles outnumber pixels."""
    tiling = trace.tiling
    rows = _sample(tiling.tiles_m, height)
    columns = _sample(tiling.tiles_n, width)
    row_of = np.empty((tiling.tiles_m, tiling.tiles_n), np.int32)
    row_of[trace.m, trace.n] = np.arange(len(trace), dtype=np.int32)
    chosen = row_of[np.ix_(rows, columns)]
    return Texture(trace.start[chosen], trace.end[chosen], wave_shade(trace, chosen))


def units_texture(trace: Trace, width: int, height: int) -> Texture:
    """Units from top to bottom, time from left to right; pixels where a unit idles are empty."""
    shown = _sample(trace.tiling.units, height)
    small = trace.tiling.units <= np.iinfo(np.int16).max
    unit = trace.unit.astype(np.int16) if small else trace.unit  # int16 sorts by radix
    order = np.argsort(unit, kind="stable")
    bounds = np.searchsorted(unit[order], np.arange(trace.tiling.units + 1).astype(unit.dtype))
    times = (np.arange(width) + 0.5) / width * trace.duration
    start = np.full((len(shown), width), np.nan)
    end, shade = start.copy(), np.zeros(start.shape, np.uint8)
    for line, u in enumerate(shown):
        rows = order[bounds[u] : bounds[u + 1]]
        if not len(rows):
            continue
        at = rows[np.maximum(np.searchsorted(trace.start[rows], times, side="right") - 1, 0)]
        busy = (trace.start[at] <= times) & (times < trace.end[at])
        start[line, busy] = trace.start[at[busy]]
        end[line, busy] = trace.end[at[busy]]
        shade[line, busy] = wave_shade(trace, at[busy])
    return Texture(start, end, shade)


def _sample(count: int, pixels: int) -> NDArray[np.intp]:
    shown = max(1, min(count, pixels))
    return (np.arange(shown) * count + count // 2) // shown if shown < count else np.arange(count)
