"""In which order the tiles of a grid are handed out: from the place to the tile and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np

from mmviz.core.schedule.columns import Column, Indices, Ints, Rows, indices


class Raster(ABC):
    """The tiles of a grid of tiles_m × tiles_n in the order they are handed out."""

    def __init__(self, tiles_m: int, tiles_n: int) -> None:
        self.tiles_m, self.tiles_n = tiles_m, tiles_n

    @abstractmethod
    def tile(self, place: Indices) -> tuple[Ints, Ints]:
        """Coordinates m, n of the tiles at these places, from 0."""

    def place(self, m: Indices, n: Indices) -> Indices:
        """Indices of these tiles; a raster that knows a shorter way says it."""
        found: Ints = self._places[m, n]
        return found

    @cached_property
    def _places(self) -> Ints:
        places = np.arange(self.tiles_m * self.tiles_n, dtype=np.int32)
        found = np.empty((self.tiles_m, self.tiles_n), np.int32)
        found[self.tile(places)] = places
        return found


class RasteredTiles(Column[np.int32]):
    """One coordinate of the tile of each row; after the last tile the raster begins again."""

    def __init__(self, raster: Raster, rows: int, axis: int) -> None:
        self.raster, self._rows, self._axis = raster, rows, axis
        self._tiles = raster.tiles_m * raster.tiles_n

    def __len__(self) -> int:
        return self._rows

    def _written(self) -> Ints:
        return self.of(slice(None))

    def of(self, rows: Rows) -> Ints:
        at = indices(rows, self._rows)
        place = at if self._rows <= self._tiles else at % at.dtype.type(self._tiles)
        return self.raster.tile(place)[self._axis]


class RowByRow(Raster):
    """One row of tiles after the other."""

    def tile(self, place: Indices) -> tuple[Ints, Ints]:
        m, n = np.divmod(place, place.dtype.type(self.tiles_n))
        return m.astype(np.int32, copy=False), n.astype(np.int32, copy=False)

    def place(self, m: Indices, n: Indices) -> Indices:
        return m * self.tiles_n + n


class SliceBySlice(Raster):
    """A stack of `slices` grids, one under the other, each as `one` goes before the next begins."""

    def __init__(self, one: Raster, slices: int) -> None:
        super().__init__(slices * one.tiles_m, one.tiles_n)
        self._one, self._tiles = one, one.tiles_m * one.tiles_n

    def tile(self, place: Indices) -> tuple[Ints, Ints]:
        number = place.dtype.type
        which, within = np.divmod(place, number(self._tiles))
        m, n = self._one.tile(within)
        return (m + which * number(self._one.tiles_m)).astype(np.int32, copy=False), n

    def place(self, m: Indices, n: Indices) -> Indices:
        which, within = np.divmod(m, self._one.tiles_m)
        return which * self._tiles + self._one.place(within, n)


def stacked(one: Raster, slices: int) -> Raster:
    """`one` over each of `slices` products, see `SliceBySlice`."""
    if slices == 1:
        return one
    if isinstance(one, RowByRow):  # which goes on in the next slice as if it were the next row
        return RowByRow(slices * one.tiles_m, one.tiles_n)
    return SliceBySlice(one, slices)


class ColumnByColumn(Raster):
    """One column of tiles after the other."""

    def tile(self, place: Indices) -> tuple[Ints, Ints]:
        n, m = np.divmod(place, place.dtype.type(self.tiles_m))
        return m.astype(np.int32, copy=False), n.astype(np.int32, copy=False)

    def place(self, m: Indices, n: Indices) -> Indices:
        return n * self.tiles_m + m


class Bands(Raster):
    """Tiles by block of CUTLASS's identity swizzle: bands of 2^s columns, along n within a band.

    Its grid is tiles_m·2^s × ceil(tiles_n / 2^s), x fastest; blocks past the edge do nothing and
    take no time, so that the last band is as wide as what is left.
    """

    def __init__(self, tiles_m: int, tiles_n: int, size: int) -> None:
        super().__init__(tiles_m, tiles_n)
        self._shift = swizzle_shift(tiles_n, size)

    def tile(self, place: Indices) -> tuple[Ints, Ints]:
        number = place.dtype.type
        band, within = np.divmod(place, number(self.tiles_m << self._shift))
        m, n = np.divmod(within, self._width(band).astype(place.dtype))
        n += band << number(self._shift)
        return m.astype(np.int32, copy=False), n.astype(np.int32, copy=False)

    def place(self, m: Indices, n: Indices) -> Indices:
        band = n >> self._shift
        within = m * self._width(band) + (n - (band << self._shift))
        return band * (self.tiles_m << self._shift) + within

    def _width(self, band: Indices) -> Indices:
        """Columns of each band."""
        return np.asarray(np.minimum(self.tiles_n - (band << self._shift), 1 << self._shift))


def swizzle_shift(tiles_n: int, size: int) -> int:
    """log2 of the columns in a band: no more than a swizzle of `size` asks or tiles_n can use."""
    for shift, least_size, least_tiles in ((3, 8, 6), (2, 4, 3), (1, 2, 2)):
        if size >= least_size and tiles_n >= least_tiles:
            return shift
    return 0
