"""Orders that hand out whole tiles, each along another way over the grid.

Source of the swizzle: CUTLASS, threadblock_swizzle.h.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from mmviz.core.device.body import Body, Cpu, Gpu, Lanes
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.raster import Bands, ColumnByColumn, Raster
from mmviz.core.schedule.tiling import Tiling
from mmviz.text import N_, Text


class RowOrder(Order):
    name = "rows"
    about = Text(N_("tiles row by row, the next one to whichever unit frees"))
    bodies = (Lanes, Cpu, Gpu)


class Persistent(Order):
    name = "persistent"
    about = Text(N_("one worker a unit walks every units-th tile"))
    bodies = (Gpu,)
    alone = True


class ColumnOrder(Order):
    name = "columns"
    about = Text(N_("tiles column by column, the next one to whichever unit frees"))
    bodies = (Lanes, Cpu, Gpu)

    def raster(self, tiling: Tiling) -> Raster:
        return ColumnByColumn(tiling.tiles_m, tiling.tiles_n)


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
