"""Traces as other tools write them, for tests: made after what they say of their formats.

What ran is a list of Ran; each writer says the same in its own words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmviz.core.recording.rasters import rule_of


@dataclass(frozen=True)
class Ran:
    """A slice: a warp of a block on an SM went through a region, in ns."""

    block: int
    warp: int
    sm: int
    region: str
    start: int
    end: int


def gemm_ran(
    tiles: tuple[int, int],
    rule: str = "rows",
    parts: int = 1,
    sms: Sequence[int] = (3, 5, 17),
    warps: int = 2,
    step: int = 32,
    seed: int = 0,
) -> list[Ran]:
    """A block for each number of the rule's grid, on SMs in turn as they become free; what is past
    the edge leaves no trace. Each warp goes through load, compute and store.
    """
    rng = np.random.default_rng(seed)
    raster = rule_of(rule)
    numbers = np.arange(raster.grid(*tiles) * parts)
    inside = raster.places(numbers, *tiles).inside
    free = dict.fromkeys(sms, 10**12)
    found = []
    for block in numbers[inside].tolist():
        sm = min(free, key=lambda one: (free[one], one))
        now = free[sm]
        for warp in range(warps):
            at = now
            for region in ("load", "compute", "store"):
                past = at + step * int(rng.integers(1, 9))
                found.append(Ran(block, warp, sm, region, at, past))
                at = past
            free[sm] = max(free[sm], at)
    return found


def persistent_ran(
    tiles: int, blocks: int, sms: Sequence[int] = (0, 1), loops: int = 3
) -> list[Ran]:
    """So many blocks that walk the tiles, each every `blocks`-th; each tile a region with loops in
    it.
    """
    found = []
    for block in range(blocks):
        at = 10**9 + 64 * block
        for _ in range(block, tiles, blocks):
            past = at + 32 * (2 * loops + 1)
            found.append(Ran(block, 0, sms[block % len(sms)], "tile", at, past))
            for i in range(loops):
                begin = at + 32 * (2 * i + 1)
                found.append(Ran(block, 0, sms[block % len(sms)], "mma", begin, begin + 32))
            at = past + 32
    return found


def intra_kernel(ran: Sequence[Ran], complete: bool = True, by_sm: bool = True) -> str:
    """As the Intra-Kernel Profiler: the GPU's own nanoseconds, `args` with sm, block and warp."""
    first = min(one.start for one in ran)
    events: list[dict[str, Any]] = []
    for sm in sorted({one.sm for one in ran}) if by_sm else ():
        name = {"name": f"sm {sm}"}
        events.append({"ph": "M", "name": "process_name", "pid": sm, "tid": 0, "args": name})
    for one in ran:
        pid, tid = one.sm, one.block << 6 | one.warp
        if not by_sm:
            pid, tid = one.block, one.warp * 32
        event = {
            "name": one.region,
            "pid": pid,
            "tid": tid,
            "args": {"sm": one.sm, "block": one.block, "warp": one.warp},
        }
        start, end = float(one.start - first), float(one.end - first)
        if complete:
            events.append({**event, "ph": "X", "ts": start, "dur": end - start})
        else:
            events += [{**event, "ph": "B", "ts": start}, {**event, "ph": "E", "ts": end}]
    return json.dumps({"displayTimeUnit": "ns", "traceEvents": events})


def proton(
    launches: Sequence[tuple[str, Sequence[Ran]]],
    ghz: float = 1.0,
    tells: bool = False,
    remark: str = "",
) -> str:
    """As Proton: a process a block, times as float32 microseconds, those within a block in cycles
    of a clock of `ghz`, as if it were 1 GHz. tells: float64, and when each block began and ended.
    remark: behind the name of a block, as it once was, with another word for what is counted.
    """
    kept: Any = np.float64 if tells else np.float32
    first = min(one.start for _, ran in launches for one in ran)
    events = []
    for kernel, ran in launches:
        begins: dict[int, int] = {}
        ends: dict[int, int] = {}
        for one in ran:
            begins[one.block] = min(begins.get(one.block, one.start), one.start)
            ends[one.block] = max(ends.get(one.block, one.end), one.end)
        for one in ran:
            begin = begins[one.block]
            start = begin - first + ghz * (one.start - begin)
            args: dict[str, Any] = {"Finalization Time (ns)": 96, "Frequency (MHz)": 1000.0}
            if tells:
                args |= {"Init Time (ns)": begin, "Post Final Time (ns)": ends[one.block] + 96}
            if remark:
                args = {"Unit": "GPU cycle"}
            events.append(
                {
                    "cname": "rail_idle",
                    "name": one.region,
                    "cat": kernel,
                    "ph": "X",
                    "pid": f"{kernel} Core{one.sm} CTA{one.block}{remark}",
                    "tid": f"warp {one.warp} (line 0)",
                    "ts": float(kept(start) / kept(1000)),
                    "dur": float(kept(ghz * (one.end - one.start)) / kept(1000)),
                    "args": args,
                }
            )
    return json.dumps({"displayTimeUnit": "ns", "traceEvents": events})


def flashinfer(ran: Sequence[Ran], by_sm: bool = True) -> str:
    """As FlashInfer's profiler: a group an SM, a row a block; by_sm: False: as it once was."""
    events: list[dict[str, Any]] = []
    pids: dict[str, int] = {}
    tids: dict[str, int] = {}
    for one in sorted(ran, key=lambda one: one.start):
        group, row = f"SM_{one.sm:03d}", f"blk{one.block}_g{one.warp}"
        if not by_sm:
            group, row = f"block_{one.block}", f"group_{one.warp}"
        key = f"{group}/{row}"
        for name, known, what, label in (
            (group, pids, "process_name", group),
            (key, tids, "thread_name", row),
        ):
            if name not in known:
                known[name] = len(pids) + len(tids) + 1
                place: dict[str, Any] = {"pid": pids[group], "tid": tids.get(key, 0)}
                events.append({"ph": "M", "name": what, **place, "args": {"name": label}})
        place = {"pid": pids[group], "tid": tids[key], "name": one.region}
        events.append({**place, "ph": "B", "ts": one.start / 1000})
        events.append({**place, "ph": "E", "ts": one.end / 1000})
    return json.dumps(events)


def iket(
    launches: Sequence[tuple[str, Sequence[Ran]]], across: int = 1, tables: bool = True
) -> str:
    """As NVIDIA's In-Kernel Event Tracing; across: blocks along x. tables: names and places in
    tables and the grid told, as it writes them; else beside each, as it describes them.
    """
    names: dict[str, int] = {}
    places: dict[tuple[int, int, int], int] = {}
    found = []

    def where(one: Ran) -> dict[str, Any]:
        y, x = divmod(one.block, across)
        at = {"ctaId": [x, y, 0], "smId": one.sm, "tpcId": one.sm // 2, "warpId": one.warp}
        if not tables:
            return {"warpLocs": [at]}
        return {"warpLocIdxs": 2 * [places.setdefault((one.block, one.warp, one.sm), len(places))]}

    for kernel, ran in launches:
        ranges = []
        lives: dict[tuple[int, int, int], list[int]] = {}
        for one in ran:
            name: dict[str, Any] = {"rangeName": one.region}
            if tables:
                name = {"rangeNameIdx": names.setdefault(one.region, len(names))}
            ranges.append({**name, "startTs": one.start, "endTs": one.end, **where(one)})
            life = lives.setdefault((one.block, one.warp, one.sm), [one.start, one.end])
            life[:] = min(life[0], one.start), max(life[1], one.end)
        grid = {"gridDimX": across, "gridDimY": 1 + max(x.block for x in ran) // across}
        told = [
            {"locIdx": places[key], "startTs": life[0], "endTs": life[1]}
            for key, life in (lives.items() if tables else ())
        ]
        head = {"gridId": 1, "kernelName": kernel, **(grid if tables else {})}
        found.append({**head, "ranges": ranges, "markers": [], "warpLifetimes": told})
    table = [
        {"ctaId": [block % across, block // across, 0], "smId": sm, "warpId": warp}
        for block, warp, sm in places
    ]
    more = {"locationTable": table, "stringTable": list(names)} if tables else {}
    return json.dumps({"launches": found, **more})


def perfetto(ran: Sequence[Ran], by_sm: bool = True, wraps: bool = False) -> bytes:
    """As FlashInfer's profiler writes it: Perfetto's own format, the lower 32 bits of the clock."""
    packets = [_field(6, b"") + _number(10, 1), _number(10, 2) + _number(13, 1)]
    tracks: dict[str, int] = {}
    names: dict[str, int] = {}

    def track(key: str, name: str, parent: int, process: bool) -> int:
        if key not in tracks:
            tracks[key] = 1234567 + len(tracks)
            told = _number(1, tracks[key]) + _field(2, name.encode())
            told += _field(3, _number(1, 7) + _field(6, name.encode())) if process else b""
            told += _number(5, parent) if parent else b""
            packets.append(_number(8, 0) + _number(10, 2) + _field(60, told))
        return tracks[key]

    for one in sorted(ran, key=lambda one: one.start):
        group, row = f"SM_{one.sm:03d}", f"blk{one.block}_g{one.warp}"
        if not by_sm:
            group, row = f"block_{one.block}", f"group_{one.warp}"
        parent = track(group, group, 0, True)
        if not by_sm:  # a track in a group of its name
            parent = track(f"{group}/{row}/", row, parent, False)
        here = _number(11, track(f"{group}/{row}", row, parent, False))
        interned = b""
        if one.region not in names:
            names[one.region] = len(names) + 1
            name = _number(1, names[one.region]) + _field(2, one.region.encode())
            interned = _field(12, _field(2, name))
        begin = _number(9, 1) + _number(10, names[one.region]) + here
        for at, event in ((one.start, begin), (one.end, _number(9, 2) + here)):
            bits = at % 2**32 if wraps else at
            packets.append(_number(8, bits) + _number(10, 2) + _field(11, event) + interned)
            interned = b""
    return b"".join(_field(1, packet) for packet in packets)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data
