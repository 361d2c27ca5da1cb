"""Traces that other tools took of what runs inside a GPU's program, as `core.recording.foreign`.

What each of them writes stands in `foreign.rows`. Nothing here knows a matrix: `core.recording`'s
`asking` says what must be known for that.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from mmviz.core.recording.foreign import FORMATS, Foreign, Launch, split
from mmviz.errors import InputError
from mmviz.files.encodings import decoded
from mmviz.files.foreign.events import Events, is_trace
from mmviz.files.foreign.iket import gathered, is_iket
from mmviz.files.foreign.perfetto import Tracks, is_perfetto, marks
from mmviz.files.foreign.proton import ProtonClock
from mmviz.files.foreign.rows import Row, by_args, by_names
from mmviz.files.foreign.slices import MOST_SLICES, Slices
from mmviz.files.kinds import HEAD
from mmviz.files.ordinary import Tick, called, check_size, no_tick, reading
from mmviz.text import N_, P_, Text, own

SUFFIXES = (".json", ".chrome_trace", ".perfetto-trace", ".pftrace")
"""Of such files, as their tools call them."""

MAX_BYTES = 256 * 1024**2

_WRAPS = 1 << 32  # ns


def read(path: str | Path, tick: Tick = no_tick) -> Foreign:
    """The trace in the file; raises InputError for what is none, or of no tool known here."""
    with reading(path):
        check_size(Path(path).stat().st_size, path, MAX_BYTES)
        data = Path(path).read_bytes()
    if is_perfetto(data[:HEAD]):
        return of_perfetto(data, str(path), tick)
    if is_iket(data[:HEAD]):
        return of_iket(data, str(path))
    return of_text(decoded(data), str(path), tick)


def is_foreign(head: bytes) -> bool:
    """Whether a file that begins so is a trace of some tool."""
    return is_trace(head) or is_perfetto(head) or is_iket(head)


def is_foreign_file(path: str) -> bool:
    """Whether there is such a file; raises InputError for one that cannot be read."""
    if not os.path.isfile(path):
        return False
    with reading(path), open(path, "rb") as file:
        return is_foreign(file.read(HEAD))


def of_iket(data: bytes, where: str) -> Foreign:
    """The same of a trace of NVIDIA's In-Kernel Event Tracing."""
    slices, rows = gathered(data, where)
    return _foreign(slices, rows, where, 1.0)


def of_perfetto(data: bytes, where: str, tick: Tick = no_tick) -> Foreign:
    """The same of a trace as Perfetto keeps them. FlashInfer has the lower 32 bits of the GPU's
    clock: of times that begin anew the early ones are late.
    """
    tracks, slices = Tracks(), Slices(where)
    found = list(islice(marks(data, where, tracks, tick), 2 * MOST_SLICES + 1))
    times = [mark.at for mark in found]
    anew = bool(times) and max(times) < _WRAPS and max(times) - min(times) > _WRAPS // 2
    for mark in found:
        at = mark.at + (_WRAPS if anew and mark.at < _WRAPS // 2 else 0)
        if mark.begins:
            slices.begin(mark.track, mark.name, at)
        else:
            slices.end(mark.track, at)
    rows = [by_names(*tracks.row(track)) for track in slices.rows]
    return _foreign(slices, rows, where, 1.0)


def of_text(text: str, where: str, tick: Tick = no_tick) -> Foreign:
    """The same of text that was read already; where: the file it came from."""
    events, slices = Events(text, where, tick), Slices(where)
    processes: dict[Hashable, str] = {}
    threads: dict[Hashable, str] = {}
    clock = ProtonClock()
    for event in events:
        kind, place = event.get("ph"), (event.get("pid"), event.get("tid"))
        if kind not in ("X", "B", "E", "M"):
            continue
        if not all(isinstance(one, int | str | None) for one in place):
            raise InputError(N_("{where}: a process or a thread has no name"), where=where)
        args = event.get("args")
        if kind == "M":
            named = args.get("name") if isinstance(args, Mapping) else None
            if isinstance(named, str) and event.get("name") == "process_name":
                processes[place[0]] = named
            elif isinstance(named, str) and event.get("name") == "thread_name":
                threads[place] = named
            continue
        row: Hashable = by_args(args) or place
        if kind == "X":
            start, end = slices.add(row, event.get("name"), event.get("ts"), event.get("dur"))
            clock.look(place[0], start, end, args)
        elif kind == "B":
            slices.begin(row, event.get("name"), event.get("ts"))
        else:
            slices.end(row, event.get("ts"))
    names = {"processes": processes, "threads": threads}
    rows = [key if isinstance(key, Row) else _named(key, **names) for key in slices.rows]
    found = _foreign(slices, rows, where, _unit(slices, rows, events.fields))
    proton = found.format == "proton" and clock.cycles
    return replace(found, cycles=True, mhz=clock.mhz) if proton else found


def _named(
    place: tuple[Any, Any], processes: Mapping[Hashable, str], threads: Mapping[Hashable, str]
) -> Row | None:
    """By what the file calls its process and its thread: the names it gives, else its own."""
    process, thread = processes.get(place[0], str(place[0])), threads.get(place, str(place[1]))
    return by_names(process, thread)


def _unit(slices: Slices, rows: list[Row | None], fields: Mapping[str, Any]) -> float:
    """Nanoseconds of a unit of its times: Chrome's microsecond, but for the Intra-Kernel Profiler,
    which writes the GPU's own nanoseconds, whole numbers, and says "ns".
    """
    ticks = any(row is not None and row.format == "intra-kernel-profiler" for row in rows)
    return 1.0 if ticks and fields.get("displayTimeUnit") == "ns" and slices.whole() else 1000.0


def _foreign(slices: Slices, rows: list[Row | None], where: str, unit_ns: float) -> Foreign:
    """Of the slices, those of the tool that wrote most of them."""
    counts = Counter(row.format for row in rows if row is not None and row.possible)
    if not counts:
        raise InputError(
            N_(
                "{where} is a trace, but does not tell which block ran on which SM: give each "
                "event whole numbers sm, block and warp in its args, or names as {tool} does"
            ),
            where=where,
            tool=own(FORMATS["proton"]),
        )
    form = counts.most_common(1)[0][0]
    kept = [row if row and row.format == form and row.possible else None for row in rows]
    name = called(where)
    found = slices.launches(kept, unit_ns, name)
    remarks = []
    left_out = len(slices) - sum(map(len, found))
    if left_out:
        remarks.append(
            Text(
                P_("{n} slice of no block is left out", "{n} slices of no block are left out"),
                n=left_out,
            )
        )
    if slices.unpaired:
        remarks.append(
            Text(
                P_(
                    "{n} begin or end without its other is left out",
                    "{n} begins or ends without their other are left out",
                ),
                n=slices.unpaired,
            )
        )
    launches: list[Launch] = []
    for launch in found:
        parts = split(launch)
        if len(parts) > 1:
            remarks.append(
                Text(
                    N_("{name:.40} is taken for {count} launches: nothing ran between them"),
                    name=launch.name,
                    count=len(parts),
                )
            )
            parts = tuple(
                replace(part, name=f"{launch.name} #{i}") for i, part in enumerate(parts, 1)
            )
        launches += parts
    launches.sort(key=lambda launch: int(launch.start_ns.min()))
    timer = _timer(launches)
    if form == "proton" and slices.single():
        latest = max(int(launch.end_ns.max()) for launch in launches)
        timer = max(timer, int(np.spacing(np.float32(latest))))
    return Foreign(form, name, tuple(launches), timer, remarks=tuple(remarks))


def _timer(launches: list[Launch]) -> int:
    """The step of the clock: what all times are whole multiples of, in ns."""
    times = [column for launch in launches for column in (launch.start_ns, launch.end_ns)]
    return max(1, int(np.gcd.reduce(np.concatenate(times))))
