"""Split-K: each tile's k in parts that are computed independently of each other.

Source: CUTLASS's documentation of split-K.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from mmviz.core.device.body import Body, Gpu
from mmviz.core.device.device import Device
from mmviz.core.schedule.deal import part_times
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock
from mmviz.text import N_, NOTHING, P_, Text

MOST_PARTS = 4_096
_ID = re.compile(r"split-k-([0-9]{1,4})")


@dataclass(frozen=True)
class SplitK(Order):
    """`number`: parts of k asked for; a product with fewer terms has fewer."""

    number: int
    name: ClassVar[str] = "split-k"
    about: ClassVar[Text] = Text(
        N_(
            "each tile's k in parts computed side by side; adding the partial products up "
            "is not modelled"
        )
    )
    bodies: ClassVar[tuple[type[Body], ...]] = (Gpu,)

    @property
    def id(self) -> str:
        return f"{self.name}-{self.number}"

    @property
    def parts(self) -> int:
        return self.number

    @classmethod
    def listed(cls) -> tuple[Self, ...]:
        return tuple(cls(number) for number in (2, 4, 8))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        found = _ID.fullmatch(text)
        known = found is not None and 2 <= int(found[1]) <= MOST_PARTS
        return cls(int(found[1])) if found is not None and known else None

    @classmethod
    def ids(cls) -> Text:
        return Text(N_("split-k-S (S from 2 to {most:group})"), most=MOST_PARTS)

    def arranged(self, tiling: Tiling, device: Device) -> Tiling:  # noqa: ARG002  # for others
        """Never cut into parts of nothing."""
        return replace(tiling, parts=min(self.number, tiling.gemm.k))

    def duration(self, tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
        last = max(0, tiling.pieces - tiling.slots)
        index = np.arange(last, tiling.pieces, dtype=np.int64)
        _, _, end, clock = part_times(index, tiling, device, dtype)
        return float(end.max()), clock

    def note(self, device: Device, tilings: Sequence[Tiling]) -> Text:  # noqa: ARG002  # for others
        fewest = min(tiling.parts for tiling in tilings)
        if fewest == self.number:
            return NOTHING
        said = P_(
            "a product's k has room for {n:group} part only",
            "a product's k has room for {n:group} parts only",
        )
        return Text(said, n=fewest)
