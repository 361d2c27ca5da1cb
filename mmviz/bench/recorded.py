"""What the child says of a pass that it recorded. Columns cross as bytes, a large one in pieces."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from mmviz.bench.crossing import MOST_PASSES, MOST_S, bounded, restored
from mmviz.bench.load import Load
from mmviz.core.recording.recording import Beside, Spent
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.text import Text

ROWS_AT_ONCE = 65_536
"""Rows of one message: some MB of JSON, which a line may have."""
MOST_UNITS = 100_000  # threads, or SMs, of any machine
MOST_STEPS = 1e15  # tickets

COLUMNS = {"m": "<i4", "n": "<i4", "unit": "<i4", "core": "<i4", "start": "<f8", "end": "<f8"}
"""Of each row; start and end in seconds from the product's first start, or in tickets."""
OPTIONAL = {"block": "<i8", "k0": "<i4", "k1": "<i4"}
"""Which a recording has of all rows of a product or of none."""


class RecordedProduct(msgspec.Struct, frozen=True, kw_only=True, tag="recorded product"):
    """One product of the pass; `rows` of it follow. The fields are those of
    `core.recording.Recorded`, and of `backends.recorder.Laid`, by which it was cut.
    """

    number: int
    tile: tuple[int, int]
    order: str
    parts: int
    resident: int
    k_step: int
    rows: int
    tiles_run: int
    units: tuple[Text, ...]
    clock: Literal["s", "steps"] = "s"
    begun_s: float = 0.0
    wall_s: float | None = None
    packing_s: float = 0.0
    error: float | None = None
    spent: Spent = Spent()
    walls_s: tuple[float, ...] = ()
    beside: Beside = Beside()

    def __post_init__(self) -> None:
        bounded((self.begun_s, self.packing_s, self.wall_s or 0.0), MOST_S)
        spent = self.spent
        costs = spent.plain_s, spent.tiled_s, spent.stamped_s, *spent.off
        bounded((x or 0.0 for x in costs), MOST_S)
        bounded((self.error or 0.0,), math.inf)
        bounded((spent.rounds, self.number), MOST_PASSES)
        bounded(self.walls_s, MOST_S)
        beside = self.beside
        shares = *beside.waited, beside.others or 0.0, beside.stolen or 0.0
        bounded(shares, 1.0)
        sizes = *self.tile, self.parts, self.resident, self.k_step
        if min(*sizes, self.rows) < 1 or max(sizes) > MOST_PASSES:
            raise ValueError("a product that cannot be")
        if not self.rows <= self.tiles_run <= MOST_PASSES or self.rows > MAX_TILES:
            raise ValueError("a product that cannot be")
        if not 1 <= len(self.units) <= MOST_UNITS or len(shares) > MOST_UNITS + 2:
            raise ValueError("units that cannot be")
        msgspec.structs.force_setattr(self, "units", tuple(map(restored, self.units)))


class RecordedRows(msgspec.Struct, frozen=True, tag="recorded rows"):
    """The next rows of a product, in the order they started: `columns` by name, little-endian."""

    number: int
    columns: dict[str, bytes]

    def __post_init__(self) -> None:
        if not set(COLUMNS) <= set(self.columns) <= {*COLUMNS, *OPTIONAL}:
            raise ValueError("columns that no recording has")
        for array in self.arrays().values():
            if not 1 <= len(array) <= ROWS_AT_ONCE:
                raise ValueError("more rows than a message has")

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """By name; raises ValueError where they are not of one length, or are no times."""
        kinds = {**COLUMNS, **OPTIONAL}
        found = {name: np.frombuffer(data, kinds[name]) for name, data in self.columns.items()}
        if len({len(array) for array in found.values()}) != 1:
            raise ValueError("columns of several lengths")
        for name in ("start", "end"):
            if not ((found[name] >= 0) & (found[name] <= MOST_STEPS)).all():
                raise ValueError("times that cannot be")
        return found


class RecordedPass(msgspec.Struct, frozen=True, kw_only=True, tag="recorded pass"):
    """What holds for all products, said last. load: what went on beside all rounds."""

    order: str
    timer_s: float | None
    facts: dict[str, str]
    remarks: tuple[Text, ...] = ()
    load: Load | None = None

    def __post_init__(self) -> None:
        bounded((self.timer_s or 0.0,), MOST_S)
        msgspec.structs.force_setattr(self, "remarks", tuple(map(restored, self.remarks)))


class Unrecorded(msgspec.Struct, frozen=True, tag="unrecorded"):
    """Why there is no recording."""

    reason: Text

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "reason", restored(self.reason))


def pieces(number: int, columns: dict[str, NDArray[np.generic]]) -> Iterator[RecordedRows]:
    """Whole columns as the messages they cross in."""
    kinds = {**COLUMNS, **OPTIONAL}
    rows = len(next(iter(columns.values())))
    for first in range(0, rows, ROWS_AT_ONCE):
        part = {
            name: array[first : first + ROWS_AT_ONCE].astype(kinds[name]).tobytes()
            for name, array in columns.items()
        }
        yield RecordedRows(number, part)
