"""The tiles of Y that are in view: where in the trace each stands, its colour once done."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.trace import Trace
from mmviz.state.picture.cells import Cells
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.texture import (
    FIRST_SHADE,
    Texture,
    colour_table,
    identities,
    sample,
    spread,
    unit_shade,
)


def tiles_texture(
    trace: Trace,
    m: NDArray[np.intp],
    n: NDArray[np.intp],
    colour_by: str,
    cells: Cells | None,
    turned: bool,
) -> Texture:
    """The tiles of rows `m` and columns `n`; turned, their picture is transposed."""
    part = np.ix_(m, n)
    rows = trace.rows_at(*part)
    start, end = trace.spans_at(*part)
    shade = shade_of(trace, rows, part, colour_by, cells)
    if turned:
        return Texture(start.T, end.T, shade.T, rows.T)
    return Texture(start, end, shade, rows)


def shade_of(
    trace: Trace,
    rows: NDArray[np.integer[Any]],
    part: tuple[NDArray[np.intp], ...] | None,
    colour_by: str,
    cells: Cells | None,
) -> NDArray[np.uint8]:
    """The colour of these rows once done; part: the tiles they are, where they are a picture."""
    if colour_by == "wave":
        return spread(trace.wave_of(rows) - 1.0, trace.waves - 1)
    if colour_by == "start":
        return spread(trace.starts.of(rows), trace.starts.last)
    if colour_by == "unit":
        return unit_shade(trace.units.of(rows), trace.tiling.units)
    if colour_by == "value" and cells is not None and part is not None:
        means = _means(trace.tiling.tile, cells)
        least = float(means.min())
        return spread(means[part] - least, float(means.max()) - least)
    return np.full(rows.shape, FIRST_SHADE + 120, np.uint8)


def _means(tile: tuple[int, int], cells: Cells) -> NDArray[np.float64]:
    """Mean of the cells of each tile [tiles_m × tiles_n]."""
    product = cells.product()
    first_m = np.arange(0, product.shape[0], tile[0])
    first_n = np.arange(0, product.shape[1], tile[1])
    sums = np.add.reduceat(np.add.reduceat(product, first_m, axis=0), first_n, axis=1)
    counts = np.outer(
        np.diff(np.append(first_m, product.shape[0])),
        np.diff(np.append(first_n, product.shape[1])),
    )
    return np.asarray(sums / counts)


def table_for(theme: Theme, trace: Trace, colour_by: str, now: str, dim: float = 0.0) -> list[int]:
    """The colour table that goes with the shades of `tiles_texture`; dim: as in `identities`."""
    table = colour_table(theme, now)
    if colour_by != "unit":
        return list(table)
    return identities(theme, trace.tiling.units, table, dim)


def tiles_in_view(
    first: float, past: float, tile: int, count: int, pixels: int
) -> NDArray[np.intp]:
    """Indices of the tiles that cells first … past touch, at most as many as there are pixels."""
    begin = max(0, int(first // tile))
    end = min(count, int(-(-past // tile)))
    return sample(begin, max(end, begin + 1), pixels)
