"""Products as they are cut into tiles, many at once; of one a `Tiling` is made on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.grid import tiles_of, waves_and_series
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.splitk import SplitK
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """`shapes` in tiles of tm × tn, arrays of one length; as `Tiling`, which see.

    order: of all of them. asked: whether it was asked for; where not, a product whose k was chosen
    to be cut is in the order split-k of that many parts.
    """

    shapes: Shapes
    tm: Ints
    tn: Ints
    k_step: Ints
    parts: Ints
    resident: Ints
    units: int
    order: Order
    asked: bool

    def __len__(self) -> int:
        return len(self.tm)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Cuts:
        return replace(
            self,
            shapes=self.shapes[rows],
            tm=self.tm[rows],
            tn=self.tn[rows],
            k_step=self.k_step[rows],
            parts=self.parts[rows],
            resident=self.resident[rows],
        )

    @property
    def single(self) -> Cuts:
        """Each as a launch of one product."""
        return replace(self, shapes=self.shapes.single)

    @property
    def tiles(self) -> Ints:
        """Of a launch: those of its stack together."""
        found: Ints = self.shapes.stack * tiles_of(self.shapes.m, self.shapes.n, self.tm, self.tn)
        return found

    @property
    def waves(self) -> Ints:
        return waves_and_series(self.tiles * self.parts, self.units, self.resident)[0]

    @property
    def tile_efficiency(self) -> Floats:
        """Wanted cells over computed cells, 0 … 1."""
        of = self.shapes
        found: Floats = of.stack * of.m * of.n / (self.tiles * self.tm * self.tn)
        return found

    @property
    def wave_efficiency(self) -> Floats:
        """Pieces over what the units could have computed in the same time, 0 … 1."""
        pieces = self.tiles * self.parts
        series = waves_and_series(pieces, self.units, self.resident)[1]
        found: Floats = pieces / (series * self.units)
        return found

    def tilings(self, gemms: Sequence[Gemm] | None = None) -> list[Tiling]:
        """The same as values; without gemms of nameless products."""
        if gemms is None:
            gemms = self.shapes.gemms()
        columns = (self.tm, self.tn, self.k_step, self.parts, self.resident)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        orders = {} if self.asked else self._split_orders()
        return [
            Tiling(gemm, (tm, tn), step, self.units, resident, orders.get(parts, self.order), parts)
            for gemm, (tm, tn, step, parts, resident) in zip(gemms, rows, strict=True)
        ]

    def _split_orders(self) -> dict[int, Order]:
        several = np.unique(self.parts).tolist()
        return {parts: SplitK(parts) for parts in several if parts > 1}
