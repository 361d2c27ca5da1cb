"""Orders that hand out whole tiles, each along another way over the grid.

Source of the swizzle: CUTLASS, threadblock_swizzle.h.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.body import Body, Cpu, Gpu, Lanes
from mmviz.core.schedule.columns import Ints, Raster
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.tiling import Tiling
from mmviz.text import N_, Text

Places = NDArray[np.integer[Any]]


class Rows(Order):
    name = "rows"
    about = Text(N_("tiles row by row, the next one to whichever unit frees"))
    bodies = (Lanes, Cpu, Gpu)


class Persistent(Order):
    name = "persistent"
    about = Text(N_("one worker a unit walks every units-th tile"))
    bodies = (Gpu,)
    alone = True


class Columns(Order):
    name = "columns"
    about = Text(N_("tiles column by column, the next one to whichever unit frees"))
    bodies = (Lanes, Cpu, Gpu)

    def raster(self, tiling: Tiling) -> Raster:
        return ColumnByColumn(tiling.tiles_m, tiling.tiles_n)


class ColumnByColumn(Raster):
    """One column of tiles after the other."""

    def tile(self, place: Places) -> tuple[Ints, Ints]:
        n, m = np.divmod(place, place.dtype.type(self.tiles_m))
        return m.astype(np.int32, copy=False), n.astype(np.int32, copy=False)

    def place(self, m: Places, n: Places) -> Places:
        return n * self.tiles_m + m


@dataclass(frozen=True)
class Swizzle(Order):
    """`size`: columns of a band at most."""

    size: int
    name: ClassVar[str] = "swizzle"
    about: ClassVar[Text] = Text(
        N_("CUTLASS identity swizzle: bands of neighbouring columns, so that strips are reused")
    )
    bodies: ClassVar[tuple[type[Body], ...]] = (Gpu,)

    @property
    def id(self) -> str:
        return f"{self.name}-{self.size}"

    @classmethod
    def listed(cls) -> tuple[Self, ...]:
        return tuple(cls(size) for size in (1, 2, 4, 8))

    def raster(self, tiling: Tiling) -> Raster:
        return Bands(tiling.tiles_m, tiling.tiles_n, self.size)


class Bands(Raster):
    """Tiles by block of CUTLASS's identity swizzle: bands of 2^s columns, along n within a band.

    Its grid is tiles_m·2^s × ceil(tiles_n / 2^s), x fastest; blocks past the edge do nothing and
    take no time, so that the last band is as wide as what is left.
    """

    def __init__(self, tiles_m: int, tiles_n: int, size: int) -> None:
        super().__init__(tiles_m, tiles_n)
        self._shift = swizzle_shift(tiles_n, size)

    def tile(self, place: Places) -> tuple[Ints, Ints]:
        number = place.dtype.type
        band, within = np.divmod(place, number(self.tiles_m << self._shift))
        m, n = np.divmod(within, self._width(band).astype(place.dtype))
        n += band << number(self._shift)
        return m.astype(np.int32, copy=False), n.astype(np.int32, copy=False)

    def place(self, m: Places, n: Places) -> Places:
        band = n >> self._shift
        within = m * self._width(band) + (n - (band << self._shift))
        return band * (self.tiles_m << self._shift) + within

    def _width(self, band: Places) -> Places:
        """Columns of each band."""
        return np.asarray(np.minimum(self.tiles_n - (band << self._shift), 1 << self._shift))


def swizzle_shift(tiles_n: int, size: int) -> int:
    """log2 of the columns in a band: no more than a swizzle of `size` asks or tiles_n can use."""
    for shift, least_size, least_tiles in ((3, 8, 6), (2, 4, 3), (1, 2, 2)):
        if size >= least_size and tiles_n >= least_tiles:
            return shift
    return 0
