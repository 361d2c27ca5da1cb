"""How the user wants a pass to be recorded."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.bench.plan import RecordPlan
from mmviz.core.device.device import Tile
from mmviz.core.time.setup import Pass
from mmviz.text import N_, Text, joined, own

TILES: tuple[Tile | None, ...] = (None, (64, 64), (128, 128), (256, 256), (512, 512), (1024, 1024))
"""Which can be chosen; None: by what records, for each product."""


@dataclass(frozen=True, slots=True)
class Asked:
    """by: the id of the backend that records. tile None, order "": as it chooses itself."""

    by: str = "cpu-tiles"
    tile: Tile | None = None
    order: str = ""

    def plan(self, of: Pass) -> RecordPlan:
        """What the child is asked for."""
        return RecordPlan(
            workload=of.workload,
            by=self.by,
            batch=of.batch,
            training=of.training,
            dtype=of.dtype,
            tile=self.tile,
            order=self.order,
        )

    @property
    def text(self) -> Text:
        """'tile 128 × 128 · float32 · own tiles on the CPU, pulling'."""
        return joined((tile_text(self.tile), own(self.by), own(self.order)))


def tile_text(tile: Tile | None) -> Text:
    """'tile 128 × 128'."""
    if tile is None:
        return Text(N_("tile chosen for each product"))
    return Text(N_("tile {tile:shape}"), tile=tile)
