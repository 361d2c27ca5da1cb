"""What is told of a backend once it is prepared, before it is timed."""

from __future__ import annotations

from collections.abc import Iterator

from mmviz.backends.base import Backend, Ready
from mmviz.bench.messages import Message, Placed, Remarked, Tiled


def told(name: str, batch: int, backend: Backend, prepared: Ready) -> Iterator[Message]:
    """What it computes on, in which tiles, and what is to be known of how it was prepared."""
    if (place := backend.place()) is not None:
        yield Placed(name, batch, place)
    if prepared.remarks:
        yield Remarked(name, batch, prepared.remarks)
    if tiles := prepared.tiles():
        yield Tiled(name, batch, tiles)
