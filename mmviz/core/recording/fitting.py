"""Which rules from a block's number to its tile a launch of another tool's trace can have had."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mmviz.core.device.device import Tile
from mmviz.core.recording.foreign import Launch, Turns, outermost, turns_of, whole_blocks
from mmviz.core.recording.rasters import (
    RULES,
    Ints,
    Places,
    Rule,
    conserving,
    parts_of,
    some,
    tiles_for,
)
from mmviz.core.schedule.grid import over
from mmviz.errors import InputError
from mmviz.text import N_


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to see a launch: its rows, and the number each has in the grid of tiles. region: the
    name of what a block goes through once a tile, "" where it computes one tile as a whole.
    """

    turns: Turns
    number: Ints
    region: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A reading of a launch, the places of its rows and in how many parts of k each tile was
    computed.
    """

    reading: Reading
    places: Places
    parts: int


def readings(launch: Launch, region: str | None = None) -> Iterator[Reading]:
    """A block as one tile; then, for each region that is in no other, each turn through it as one,
    block after block as a persistent program takes them: its tiles are those `blocks` apart.
    region: this one alone. Raises InputError where there is none, or its turns are no tiles.
    """
    whole = whole_blocks(launch)
    if region is None:
        yield Reading(whole, whole.block)
    elif region not in launch.regions:
        raise InputError(
            N_("{launch:.60} has no region {region!r:.60}; it has {known:.400}"),
            launch=launch.name,
            region=region,
            known=", ".join(launch.regions),
        )
    blocks = blocks_of(launch)
    wanted = outermost(launch) if region is None else (launch.regions.index(region),)
    for number in wanted:
        turns = turns_of(launch, number)
        if turns is not None and (turns.turn.any() or region is not None):
            yield Reading(turns, turns.block + blocks * turns.turn, launch.regions[number])


def placed_by(
    launch: Launch, region: str | None, rule: Rule, grid: tuple[int, int]
) -> Found | None:
    """Where its rows belong in a grid of tiles by this rule: each tile once, or at least none of
    them twice where the file has some of the blocks only; None where it cannot be.
    """
    for reading in readings(launch, region):
        places = rule.places(reading.number, *grid)
        parts = parts_of(places, *grid)
        if parts == 1 or (parts and not reading.region):  # turns are in no parts of k
            return Found(reading, places, parts)
    if region is not None:
        return None
    reading = next(readings(launch))
    places = rule.places(reading.number, *grid)
    return Found(reading, places, 1) if some(places, *grid) else None


def fitting(launch: Launch, m: int, n: int, tile: Tile, region: str | None) -> tuple[Rule, ...]:
    """The rules that fit the first reading of the launch that any fits; turns are whole tiles."""
    grid = over(m, tile[0]), over(n, tile[1])
    for reading in readings(launch, region):
        rules = conserving(reading.number, *grid)
        if rules and (not reading.region or len(reading.number) == grid[0] * grid[1]):
            return rules
    return ()


def not_twice(launch: Launch, m: int, n: int, tile: Tile) -> tuple[Rule, ...]:
    """Of a file that has some of the blocks: the rules by which they are at least different tiles
    of the grid. More than these numbers cannot tell.
    """
    whole, grid = whole_blocks(launch), (over(m, tile[0]), over(n, tile[1]))
    return tuple(rule for rule in RULES if some(rule.places(whole.block, *grid), *grid))


def tiles_fitting(launch: Launch, m: int, n: int, region: str | None) -> tuple[Tile, ...]:
    """Tiles that fit a reading of the launch, the plainest first."""
    for reading in readings(launch, region):
        found = tiles_for(reading.number, m, n)
        if found:
            return found
    return ()


@functools.lru_cache(maxsize=4)  # asked again with each letter that is typed
def blocks_of(launch: Launch) -> int:
    """How many blocks ran."""
    return len(np.unique(launch.block))
