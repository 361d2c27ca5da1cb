"""Where in the trace each tile of Y stands, and its colour once done."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from mmviz.core.schedule.trace import Trace, tile_spans
from mmviz.state.picture.cells import Cells
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.texture import FIRST_SHADE, Texture, colour_table, sample, spread

IDENTITIES = 8  # as many units are told apart by colour; more by position on the order map


class TileMap:
    """Built once a trace; answers for any part of it."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._spans = tile_spans(trace) if trace.k0 is not None else None

    def texture(
        self,
        m: NDArray[np.intp],
        n: NDArray[np.intp],
        colour_by: str,
        cells: Cells | None,
        turned: bool,
    ) -> Texture:
        """The tiles of rows `m` and columns `n`; turned, their picture is transposed."""
        trace, part = self.trace, np.ix_(m, n)
        rows = trace.rows_at(*part)
        if self._spans is None:
            start, end = trace.starts.of(rows), trace.ends.of(rows)
        else:
            start, end = self._spans[0][part], self._spans[1][part]
        shade = self._shade(rows, part, colour_by, cells)
        if turned:
            return Texture(start.T, end.T, shade.T, rows.T)
        return Texture(start, end, shade, rows)

    def _shade(
        self,
        rows: NDArray[np.integer[Any]],
        part: tuple[NDArray[np.intp], ...],
        colour_by: str,
        cells: Cells | None,
    ) -> NDArray[np.uint8]:
        trace = self.trace
        if colour_by == "wave":
            return spread(trace.wave_of(rows) - 1.0, trace.waves - 1)
        if colour_by == "start":
            return spread(trace.starts.of(rows), trace.starts.last)
        if colour_by == "unit":
            units = trace.tiling.units
            if units <= IDENTITIES:
                return np.asarray(FIRST_SHADE + trace.units.of(rows), np.uint8)
            return spread(trace.units.of(rows).astype(float), units - 1)
        if colour_by == "value" and cells is not None:
            means = self._means(cells)
            least = float(means.min())
            return spread(means[part] - least, float(means.max()) - least)
        return np.full(rows.shape, FIRST_SHADE + 120, np.uint8)

    def _means(self, cells: Cells) -> NDArray[np.float64]:
        """Mean of the cells of each tile [tiles_m × tiles_n]."""
        tm, tn = self.trace.tiling.tile
        product = cells.product()
        first_m = np.arange(0, product.shape[0], tm)
        first_n = np.arange(0, product.shape[1], tn)
        sums = np.add.reduceat(np.add.reduceat(product, first_m, axis=0), first_n, axis=1)
        counts = np.outer(
            np.diff(np.append(first_m, product.shape[0])),
            np.diff(np.append(first_n, product.shape[1])),
        )
        return np.asarray(sums / counts)


@functools.lru_cache(maxsize=4)
def tile_map_of(trace: Trace) -> TileMap:
    """The map of a trace, remembered for those last looked at; a race looks at two."""
    return TileMap(trace)


def table_for(theme: Theme, trace: Trace, colour_by: str, now: str) -> list[int]:
    """The colour table that goes with the shades of a TileMap."""
    table = list(colour_table(theme, now))
    if colour_by == "unit" and trace.tiling.units <= IDENTITIES:
        for unit, colour in enumerate(theme.identity[: trace.tiling.units]):
            table[FIRST_SHADE + unit] = QColor(colour).rgba()
    return table


def tiles_in_view(
    first: float, past: float, tile: int, count: int, pixels: int
) -> NDArray[np.intp]:
    """Indices of the tiles that cells first … past touch, at most as many as there are pixels."""
    begin = max(0, int(first // tile))
    end = min(count, int(-(-past // tile)))
    return sample(begin, max(end, begin + 1), pixels)
