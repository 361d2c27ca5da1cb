"""How the user wants a pass to be recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz.backends import registry
from mmviz.backends.recorder import Records
from mmviz.bench.plan import RecordPlan
from mmviz.core.device.device import Tile
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text, joined, own

TILES: tuple[Tile, ...] = ((64, 64), (128, 128), (256, 256), (512, 512), (1024, 1024))
"""Which can be chosen of a backend that has any."""


@dataclass(frozen=True, slots=True)
class Asked:
    """by: the id of the backend that records. tile None, order "": as it chooses itself."""

    by: str = "cpu-tiles"
    tile: Tile | None = None
    order: str = ""

    def by_another(self, by: str) -> Asked:
        """By that backend, in the same tiles where it has those."""
        return Asked(by, self.tile if self.tile in tiles(by) else None)

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

    def same_as(self, other: Asked) -> bool:
        """Whether both ask for the same; the first order is what is taken where none is asked."""
        return self.whole() == other.whole()

    def whole(self) -> Asked:
        """With its order named."""
        found = orders(self.by)
        return replace(self, order=self.order or (found[0] if found else ""))

    @property
    def text(self) -> Text:
        """'tile 128 × 128 · CPU, own tiles · pulling'."""
        return joined((tile_text(self.tile), title(self.by), order_text(self.whole().order)))


def recorders() -> tuple[tuple[str, Text], ...]:
    """Backends that record tiles, by their ids, with what they are called."""
    found = (id for id in registry.MODULES if registry.records(id))
    return tuple((id, registry.find(id).title) for id in found)


def tiles(by: str) -> tuple[Tile | None, ...]:
    """Which can be chosen of a backend; None, the first: by itself, for each product."""
    backend = _recorder(by)
    return None, *(TILES if backend is None else backend.recording_tiles or TILES)


def orders(by: str) -> tuple[str, ...]:
    """In which a backend can hand tiles out, the first unless asked otherwise."""
    backend = _recorder(by)
    return () if backend is None else backend.recording_orders


def _recorder(by: str) -> Records | None:
    """None for one that is not here, and for one that does not record."""
    try:
        backend = registry.find(by)
    except InputError:
        return None
    return backend if isinstance(backend, Records) else None


def title(by: str) -> Text:
    """What a backend is called; NOTHING for one that is not here."""
    try:
        return registry.find(by).title
    except InputError:
        return NOTHING


_ORDERS = {
    "pulling": N_("a free unit takes the next tile"),
    "static": N_("tiles dealt out beforehand"),
}


def order_text(order: str) -> Text:
    """How tiles are handed out: in words, or by the id of the order of a grid."""
    return Text(_ORDERS[order]) if order in _ORDERS else own(order)


def tile_text(tile: Tile | None) -> Text:
    """'tile 128 × 128'."""
    if tile is None:
        return Text(N_("tile chosen for each product"))
    return Text(N_("tile {tile:shape}"), tile=tile)
