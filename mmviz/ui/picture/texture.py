"""A picture of something that starts and ends, sampled once per pixel and coloured per frame.

Drawing cost follows the pixels of the picture, not the tiles of the schedule.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor, QImage

from mmviz.core.schedule.trace import Trace
from mmviz.ui.look.shades import indexed_image, shades
from mmviz.ui.look.theme import Theme

WAITING, NOW, IDLE, FIRST_LEVEL = 0, 1, 2, 3
LEVELS = 13  # of what computes, by how far it is
FIRST_SHADE = FIRST_LEVEL + LEVELS
SHADES = 256 - FIRST_SHADE
IDENTITIES = 8  # as many units are told apart by colour; more by position on the order map


class Texture:
    """start, end [h × w]: when what a pixel shows begins and ends (NaN: nothing is ever there).

    shade [h × w] uint8: its colour once done, an index from FIRST_SHADE on. rows [h × w]: the row
    of the trace a pixel shows.
    """

    def __init__(
        self,
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        shade: NDArray[np.uint8],
        rows: NDArray[np.integer[Any]],
    ) -> None:
        self.start, self.end, self.shade, self.rows = start, end, shade, rows
        self._empty = np.isnan(start)

    def indices(self, t: float, far: NDArray[np.floating[Any]] | None = None) -> NDArray[np.uint8]:
        """Colour index of every pixel at time `t` [h × w].

        far [h × w]: how far each is, 0 … 1, where that is to be told by the colour of `now`.
        """
        pixels = np.where(self.end <= t, self.shade, np.uint8(WAITING))
        now = (self.start <= t) & (self.end > t)
        pixels[now] = NOW if far is None else FIRST_LEVEL + np.rint(far[now] * (LEVELS - 1))
        pixels[self._empty] = IDLE
        return pixels

    def image(
        self, t: float, table: Sequence[int], far: NDArray[np.floating[Any]] | None = None
    ) -> QImage:
        """The picture at time `t` with the colours of a table."""
        return indexed_image(self.indices(t, far), table)


@functools.lru_cache(maxsize=8)
def colour_table(theme: Theme, now: str) -> tuple[int, ...]:
    """ARGB by index: waiting, computing, idle (transparent), then LEVELS of computing from its
    dim colour on, then SHADES steps of the order map.
    """
    one = QColor(theme.waiting).rgba(), QColor(now).rgba(), 0
    # What has only begun is a third of the way to `now`: it has no outline to be found by.
    levels = shades((theme.now_dim, theme.now), LEVELS * 3 // 2)[-LEVELS:]
    return (*one, *levels, *shades(theme.order, SHADES))


@functools.lru_cache(maxsize=4)  # of two schedules beside each other, in two sizes
def units_texture(trace: Trace, width: int, height: int, colour_by: str = "wave") -> Texture:
    """Units from top to bottom, time from left to right; pixels where a unit idles are empty.

    colour_by: "wave", or "unit", in the colours of `identities`.
    """
    shown = sample(0, trace.tiling.units, height)
    times = (np.arange(width) + 0.5) / width * trace.duration
    begun = trace.starts.up_to(times)
    found = np.stack([trace.units.last_before(unit, begun) for unit in shown.tolist()])
    last = np.maximum(found, 0)  # of a unit that has not begun: not busy either way
    end = trace.ends.of(last)
    busy = (found >= 0) & (times < end)
    start = np.where(busy, trace.starts.of(last), np.nan)
    if colour_by == "unit":
        done = unit_shade(shown[:, np.newaxis], trace.tiling.units)
    else:
        done = spread(trace.wave_of(last) - 1.0, trace.waves - 1)
    shade = np.where(busy, done, 0).astype(np.uint8)
    end[~busy], found[~busy] = np.nan, -1
    return Texture(start, end, shade, found)


def unit_shade(unit: NDArray[np.integer[Any]], units: int) -> NDArray[np.uint8]:
    """A few units have a colour each, many are dark to light by number."""
    if units <= IDENTITIES:
        return np.asarray(FIRST_SHADE + unit, np.uint8)
    return spread(unit.astype(float), units - 1)


def identities(theme: Theme, units: int, table: Sequence[int], dim: float = 0.0) -> list[int]:
    """A colour table with the colours that `unit_shade` means; dim: how much of the panel's ground
    is in them, 0 … 1, so that what computes now stands out.
    """
    found = list(table)
    if units <= IDENTITIES:
        ground = np.array(QColor(theme.panel).getRgb()[:3])
        for unit, colour in enumerate(theme.identity[:units]):
            mixed = (1 - dim) * np.array(QColor(colour).getRgb()[:3]) + dim * ground
            found[FIRST_SHADE + unit] = QColor(*np.rint(mixed).astype(int).tolist()).rgba()
    return found


def spread(values: NDArray[np.floating[Any]], most: float) -> NDArray[np.uint8]:
    """0 … most over the shades of the table."""
    share = np.clip(values / most, 0.0, 1.0) if most > 0 else np.zeros(values.shape)
    return np.asarray(FIRST_SHADE + np.rint(share * (SHADES - 1)), np.uint8)


def sample(first: int, past: int, pixels: int) -> NDArray[np.intp]:
    """Indices first … past - 1, all of them or evenly as many as there are pixels."""
    count = past - first
    shown = max(1, min(count, pixels))
    if shown == count:
        return np.arange(first, past)
    return first + (np.arange(shown) * count + count // 2) // shown
