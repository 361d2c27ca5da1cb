"""NVIDIA's In-Kernel Event Tracing, as `run-iket … --postprocess json` writes it.

Launches have ranges that warps went through and the lifetimes of the warps, in ns; names and places
stand in tables, or beside each range. Source: NVIDIA CUTLASS, IKET Profiling, "JSON Trace Shape",
which calls the format experimental.
"""

from __future__ import annotations

import re

import msgspec

from mmviz.errors import InputError
from mmviz.files.foreign.rows import Row
from mmviz.files.foreign.slices import Slices
from mmviz.files.ordinary import printable
from mmviz.text import N_

_HEAD = re.compile(rb'"(gridId|gridDimX|kernelName)"\s*:')
_LIFE = "WarpLifeTime"  # as its timeline calls it
_MOST_SIDE = 1 << 31  # of a grid
_NAME = 48  # characters of a kernel's, before its number


class Location(msgspec.Struct, rename="camel"):
    """Where a warp ran."""

    cta_id: tuple[int, int, int]
    sm_id: int = -1
    warp_id: int = 0


class Range(msgspec.Struct, rename="camel"):
    """What warps went through."""

    start_ts: int
    end_ts: int
    range_name: str = ""
    range_name_idx: int = -1
    warp_locs: list[Location] = []
    warp_loc_idxs: list[int] = []


class Life(msgspec.Struct, rename="camel"):
    """When a warp was there."""

    start_ts: int
    end_ts: int
    loc_idx: int = -1
    warp_location: Location | None = None


class Launched(msgspec.Struct, rename="camel"):
    """A kernel that ran once; a grid of 0 is not told."""

    kernel_name: str = ""
    grid_dim_x: int = msgspec.field(default=0, name="gridDimX")
    grid_dim_y: int = msgspec.field(default=0, name="gridDimY")
    ranges: list[Range] = []
    warp_lifetimes: list[Life] = []


class Iket(msgspec.Struct, rename="camel"):
    """The file."""

    launches: list[Launched]
    string_table: list[str] = []
    location_table: list[Location] = []


def is_iket(head: bytes) -> bool:
    """Whether a file that begins so is such a trace."""
    return head.lstrip()[:1] == b"{" and b'"launches"' in head and _HEAD.search(head) is not None


def gathered(data: bytes, where: str) -> tuple[Slices, list[Row | None]]:
    """Its slices and where each of their rows ran; raises InputError, naming `where`."""
    slices = Slices(where)
    try:
        found = msgspec.json.decode(data, type=Iket)
        for number, launched in enumerate(found.launches, 1):
            name = printable(launched.kernel_name)[:_NAME]
            kernel = f"{name} #{number}" if len(found.launches) > 1 else name
            grid = _grid(found, launched)
            for one in launched.ranges:
                places = one.warp_locs[:1] or [_at(found, i) for i in one.warp_loc_idxs[:1]]
                text = one.range_name
                if one.range_name_idx >= 0:
                    text = found.string_table[one.range_name_idx]
                for place in places:
                    slices.add(_row(kernel, grid, place), text, *_times(one))
            for life in launched.warp_lifetimes:
                place = life.warp_location or _at(found, life.loc_idx)
                slices.add(_row(kernel, grid, place), _LIFE, *_times(life))
    except (msgspec.MsgspecError, ValueError, IndexError, RecursionError):
        raise InputError(
            N_("{where} is no trace of IKET that can be read: it is cut off or was changed"),
            where=where,
        ) from None
    return slices, list(slices.rows)


def _grid(found: Iket, launched: Launched) -> tuple[int, int]:
    """Blocks along x and y: those that are told, else as many as it takes for all that ran."""
    if launched.grid_dim_x > 0 and launched.grid_dim_y > 0:
        return launched.grid_dim_x, launched.grid_dim_y
    ids = [place.cta_id for one in launched.ranges for place in one.warp_locs]
    ids += [life.warp_location.cta_id for life in launched.warp_lifetimes if life.warp_location]
    ids += [place.cta_id for place in found.location_table]
    return max(x for x, _, _ in ids) + 1, max(y for _, y, _ in ids) + 1


def _at(found: Iket, place: int) -> Location:
    if place < 0:
        raise IndexError(place)
    return found.location_table[place]


def _row(kernel: str, grid: tuple[int, int], place: Location) -> Row:
    """Blocks are numbered along x first, as they are handed out."""
    x, y, z = place.cta_id
    if min(x, y, z) < 0 or max(x, y, z, *grid) > _MOST_SIDE or x >= grid[0] or y >= grid[1]:
        raise ValueError("a block that is not in the grid")
    return Row("iket", kernel, place.sm_id, x + grid[0] * (y + grid[1] * z), place.warp_id)


def _times(one: Range | Life) -> tuple[int, int]:
    return one.start_ts, one.end_ts - one.start_ts
