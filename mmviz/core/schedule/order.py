"""What an order is: how the pieces of a product are handed to the units of a device.

A new one is a subclass of Order in a module of its own and one line in `orders.ORDERS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mmviz.core.device.body import Body, Dataflow
from mmviz.core.device.device import Device
from mmviz.core.schedule.deal import deal, tile_time
from mmviz.core.schedule.raster import Raster, RowByRow, stacked
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.text import N_, NOTHING, Text, own


@dataclass(frozen=True)
class Order:
    """Tiles row by row, the next one to whichever unit frees; subclasses say what they do else.

    name: its id, or what it begins with. about: what it does, in a phrase, with what is not
    modelled of it. bodies: the kinds of device it makes sense on. even: all work is spread evenly,
    so that there are no waves. alone: one tile is resident on a unit. own_tile: it cuts tiles to a
    size of its own, by `arranged`. dataflow: what sits still in a systolic array, None for orders
    of tiles.
    """

    name: ClassVar[str]
    about: ClassVar[Text]
    bodies: ClassVar[tuple[type[Body], ...]]
    even: ClassVar[bool] = False
    alone: ClassVar[bool] = False
    own_tile: ClassVar[bool] = False
    dataflow: ClassVar[Dataflow | None] = None

    @property
    def id(self) -> str:
        """By which it is asked for."""
        return self.name

    @property
    def parts(self) -> int:
        """Pieces that each tile is cut into along k, computed side by side."""
        return 1

    @classmethod
    def listed(cls) -> tuple[Self, ...]:
        """Those to choose from; of one that takes any number a few examples."""
        return (cls(),)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The order of that id, None where it is none of these."""
        return next((order for order in cls.listed() if order.id == text), None)

    @classmethod
    def ids(cls) -> Text:
        """Which ids there are."""
        return own(", ".join(order.id for order in cls.listed()))

    def arranged(self, tiling: Tiling, device: Device) -> Tiling:  # noqa: ARG002  # for others
        """The tiling as this order uses it."""
        return replace(tiling, resident=1) if self.alone else tiling

    def raster(self, tiling: Tiling) -> Raster:
        """In which order the tiles of one product are handed out."""
        return RowByRow(tiling.tiles_m, tiling.tiles_n)

    def over_stack(self, tiling: Tiling) -> Raster:
        """The same over all of a stack: slice after slice, each in that order."""
        return stacked(self.raster(tiling), tiling.gemm.stack)

    def rows_at_most(self, tiling: Tiling) -> int:
        """Rows of the trace, or an upper bound."""
        return tiling.pieces

    def rows_text(self, tiling: Tiling) -> Text:
        """What a row of the trace is, in the plural: 'tiles of 64×64'."""
        pieces = N_("pieces of tiles of {m}×{n}") if tiling.parts > 1 else N_("tiles of {m}×{n}")
        return Text(pieces, m=tiling.tile[0], n=tiling.tile[1])

    def trace(self, tiling: Tiling, device: Device, dtype: str) -> Trace:
        """The schedule of a tiling arranged for this order."""
        return deal(tiling, device, dtype, self.over_stack(tiling))

    def duration(self, tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
        """How long the schedule lasts, without building it, and its clock."""
        alone, clock = tile_time(tiling, device, dtype)
        return alone * tiling.tiles_in_series, clock

    def note(self, device: Device, tilings: Sequence[Tiling]) -> Text:  # noqa: ARG002  # for others
        """What is worth knowing of it on this device and in these tilings; mostly nothing."""
        return NOTHING
