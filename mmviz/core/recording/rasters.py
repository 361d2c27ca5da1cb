"""Which tile a block of a GPU's program computed: rules from the block's number to the tile.

A number alone tells nothing: it takes the grid of tiles and the rule that the program walks it by.
Which rule that was is asked, or found from what cannot be otherwise: each tile is computed once.

    rows        one row of tiles after the other
    columns     one column after the other
    swizzle-G   CUTLASS's identity swizzle: bands of G columns; its grid is padded to whole bands,
                and a block past the edge computes nothing (threadblock_swizzle.h)
    grouped-G   Triton's tutorial of the matrix product: G rows at a time, column by column in them

Numbers past the grid are further parts of k: the grid is begun again for each (split-K, z slowest).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Tile
from mmviz.core.schedule.grid import over
from mmviz.core.schedule.raster import ColumnByColumn, Raster, RowByRow, swizzle_shift
from mmviz.errors import InputError
from mmviz.text import N_

Ints = NDArray[np.int64]

SIZES = (2, 4, 8)
"""Of bands and groups that are tried where nobody names one; 1 is rows or columns."""

SIDES = (8, 16, 32, 64, 96, 128, 192, 256, 512)
"""Of tiles that are tried where nobody names one."""

MOST = 65_536  # of a band or a group that is named
_NAMED = re.compile(r"(swizzle|grouped)-([0-9]{1,5})")


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where blocks belong: m, n the tile, part the part of k, from 0; n -1: past the edge."""

    m: Ints
    n: Ints
    part: Ints

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which blocks compute a tile."""
        return self.n >= 0

    def same(self, other: Places) -> bool:
        """Whether both put every block into the same place."""
        pairs = (self.m, other.m), (self.n, other.n), (self.part, other.part)
        return all(np.array_equal(one, two) for one, two in pairs)


class Rule(ABC):
    """From a block's number to its tile."""

    @property
    @abstractmethod
    def id(self) -> str:
        """By which it is asked for."""

    @abstractmethod
    def grid(self, tiles_m: int, tiles_n: int) -> int:
        """Blocks for one part of k, those past the edge included."""

    @abstractmethod
    def tiles(self, number: Ints, tiles_m: int, tiles_n: int) -> tuple[Ints, Ints]:
        """m, n of blocks 0 … grid - 1."""

    def places(self, blocks: Ints, tiles_m: int, tiles_n: int) -> Places:
        """Where blocks of these numbers belong."""
        part, number = np.divmod(blocks, self.grid(tiles_m, tiles_n))
        m, n = self.tiles(number, tiles_m, tiles_n)
        outside = (m >= tiles_m) | (n >= tiles_n)
        return Places(np.where(outside, -1, m), np.where(outside, -1, n), part)


@dataclass(frozen=True)
class Walk(Rule):
    """A raster of the modelled schedules, whose grid has no block too many."""

    name: str
    raster: Callable[[int, int], Raster]

    @property
    def id(self) -> str:
        return self.name

    def grid(self, tiles_m: int, tiles_n: int) -> int:
        return tiles_m * tiles_n

    def tiles(self, number: Ints, tiles_m: int, tiles_n: int) -> tuple[Ints, Ints]:
        m, n = self.raster(tiles_m, tiles_n).tile(number)
        return m.astype(np.int64), n.astype(np.int64)


@dataclass(frozen=True)
class Swizzled(Rule):
    """Bands of at most `size` columns, as many as the grid can use; the last is as wide as all, and
    what is past the edge is idle.
    """

    size: int

    @property
    def id(self) -> str:
        return f"swizzle-{self.size}"

    def grid(self, tiles_m: int, tiles_n: int) -> int:
        width = self._width(tiles_n)
        return tiles_m * width * over(tiles_n, width)

    def tiles(self, number: Ints, tiles_m: int, tiles_n: int) -> tuple[Ints, Ints]:
        width = self._width(tiles_n)
        band, within = np.divmod(number, tiles_m * width)
        m, column = np.divmod(within, width)
        return m, band * width + column

    def _width(self, tiles_n: int) -> int:
        return 1 << swizzle_shift(tiles_n, self.size)


@dataclass(frozen=True)
class Grouped(Rule):
    """Groups of `size` rows; the last has those that are left."""

    size: int

    @property
    def id(self) -> str:
        return f"grouped-{self.size}"

    def grid(self, tiles_m: int, tiles_n: int) -> int:
        return tiles_m * tiles_n

    def tiles(self, number: Ints, tiles_m: int, tiles_n: int) -> tuple[Ints, Ints]:
        group, within = np.divmod(number, self.size * tiles_n)
        rows = np.minimum(tiles_m - group * self.size, self.size)
        n, row = np.divmod(within, rows)
        return group * self.size + row, n


ROWS, COLUMNS = Walk("rows", RowByRow), Walk("columns", ColumnByColumn)
RULES: tuple[Rule, ...] = (ROWS, COLUMNS, *map(Swizzled, SIZES), *map(Grouped, SIZES))
"""Those that are tried."""


def rule_of(text: str) -> Rule:
    """The rule of that id; raises InputError."""
    for rule in RULES:
        if rule.id == text:
            return rule
    found = _NAMED.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= MOST:
        raise InputError(
            N_("unknown raster {rule!r:.60}; known are rows, columns, swizzle-G and grouped-G"),
            rule=text,
        )
    size = int(found[2])
    return Swizzled(size) if found[1] == "swizzle" else Grouped(size)


def parts_of(places: Places, tiles_m: int, tiles_n: int) -> int | None:
    """How many parts of k each tile was computed in, where each was computed once in each; else
    None: a tile is missing, or there twice.
    """
    inside = places.inside
    m, n, part = places.m[inside], places.n[inside], places.part[inside]
    if not len(part):
        return None
    parts = int(part.max()) + 1
    if len(part) != parts * tiles_m * tiles_n:
        return None
    seen = np.zeros(len(part), bool)
    seen[(part * tiles_m + m) * tiles_n + n] = True
    return parts if seen.all() else None


def some(places: Places, tiles_m: int, tiles_n: int) -> bool:
    """Whether these are whole tiles of the grid, fewer than all and none of them twice: of a part
    of the blocks no more can be asked.
    """
    keys = places.m * tiles_n + places.n
    fewer = 0 < len(keys) < tiles_m * tiles_n
    whole = bool(places.inside.all()) and not places.part.any()
    return fewer and whole and len(np.unique(keys)) == len(keys)


def conserving(blocks: Ints, tiles_m: int, tiles_n: int) -> tuple[Rule, ...]:
    """The rules by which these blocks compute each tile once; of those that put every block into
    the same place the first. One: it cannot be another of them. Several: the numbers do not tell.
    """
    kept: list[tuple[Rule, Places]] = []
    for rule in RULES:
        places = rule.places(blocks, tiles_m, tiles_n)
        if parts_of(places, tiles_m, tiles_n) and not any(places.same(one) for _, one in kept):
            kept.append((rule, places))
    return tuple(rule for rule, _ in kept)


def tiles_for(blocks: Ints, m: int, n: int) -> tuple[Tile, ...]:
    """Tiles of usual sides of which C[m × n] takes as many as there are blocks, squarest first."""
    return tuple(sorted(_tiles_for(blocks, m, n), key=lambda tile: max(tile) / min(tile)))


def _tiles_for(blocks: Ints, m: int, n: int) -> Iterator[Tile]:
    count = len(blocks)
    for tm in (side for side in SIDES if side < 2 * m or side == SIDES[0]):
        for tn in (side for side in SIDES if side < 2 * n or side == SIDES[0]):
            if over(m, tm) * over(n, tn) == count:
                yield tm, tn
