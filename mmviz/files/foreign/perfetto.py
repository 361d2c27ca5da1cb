"""Traces as Perfetto keeps them, which FlashInfer's profiler writes: tracks with slices on them.

Read is what such traces have, and no more: packets (field 1 of all) with a time (8), a slice's
begin or end (11), a track's name and parent (60) and names that are used again (12). Source:
perfetto's protos/perfetto/trace/trace_packet.proto, track_event/track_event.proto and
track_descriptor.proto. Times are nanoseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mmviz.errors import InputError
from mmviz.files.ordinary import BLOCK, Tick
from mmviz.text import N_

_BEGIN, _END = 1, 2  # TrackEvent.Type
_FIRST = {6, 8, 10, 11, 12, 13, 33, 36, 58, 59, 60}  # fields that packets begin with
_COMPRESSED = {50, 133}
_MOST_PARENTS = 8

Value = int | tuple[int, int]
"""A number, or where the bytes of a text or a message begin and end."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A slice begins on a track, or the youngest one there ends."""

    track: int
    begins: bool
    at: int
    name: str


@dataclass(slots=True)
class Tracks:
    """What tracks are called, by their ids; process: whether it is a process's own."""

    names: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    processes: dict[int, str] = field(default_factory=dict)

    def row(self, track: int) -> tuple[str, str]:
        """The names of its process and its own."""
        at = track
        for _ in range(_MOST_PARENTS):
            if at in self.processes:
                break
            at = self.parents.get(at, 0)
        return self.processes.get(at, ""), self.names.get(track, "")


def is_perfetto(head: bytes) -> bool:
    """Whether a file that begins so is such a trace."""
    if head[:1] != b"\n" or head.lstrip()[:1] in (b"{", b"["):
        return False
    try:
        _, at = _varint(head, 1, len(head))
        tag, _ = _varint(head, at, len(head))
    except ValueError:
        return False
    return tag >> 3 in _FIRST


def marks(data: bytes, where: str, tracks: Tracks, tick: Tick) -> Iterator[Mark]:
    """The begins and ends in the file, in their order; `tracks` is filled meanwhile.

    Raises InputError, naming `where`, for what is no such trace.
    """
    names: dict[tuple[int, int], str] = {}
    ticked = 0
    try:
        for number, span in _fields(data, 0, len(data)):
            if number != 1 or isinstance(span, int):
                continue
            if span[1] - ticked > BLOCK:
                ticked = span[1]
                tick(ticked, len(data))
            packet = dict(_fields(data, *span))
            if _COMPRESSED & packet.keys():
                raise InputError(N_("{where} is compressed inside"), where=where)
            sequence = _number(packet.get(10))
            if isinstance(interned := packet.get(12), tuple):
                _intern(data, interned, sequence, names)
            if isinstance(track := packet.get(60), tuple):
                _describe(data, track, tracks)
            if isinstance(event := packet.get(11), tuple):
                found = dict(_fields(data, *event))
                kind = _number(found.get(9))
                if kind in (_BEGIN, _END):
                    name = _text(data, found.get(23))
                    name = name or names.get((sequence, _number(found.get(10))), "")
                    at = _number(packet.get(8))
                    yield Mark(_number(found.get(11)), kind == _BEGIN, at, name)
    except ValueError:
        raise InputError(
            N_("{where} is no trace of Perfetto that can be read: it is cut off or was changed"),
            where=where,
        ) from None


def _intern(
    data: bytes, span: tuple[int, int], sequence: int, names: dict[tuple[int, int], str]
) -> None:
    for number, name in _fields(data, *span):
        if number == 2 and isinstance(name, tuple):
            one = dict(_fields(data, *name))
            names[sequence, _number(one.get(1))] = _text(data, one.get(2))


def _describe(data: bytes, span: tuple[int, int], tracks: Tracks) -> None:
    told = dict(_fields(data, *span))
    track = _number(told.get(1))
    tracks.names[track] = _text(data, told.get(2))
    tracks.parents[track] = _number(told.get(5))
    if isinstance(process := told.get(3), tuple):
        name = _text(data, dict(_fields(data, *process)).get(6))
        tracks.processes[track] = name or tracks.names[track]


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, Value]]:
    """The fields of a message, by their numbers; raises ValueError where it is none."""
    while at < end:
        tag, at = _varint(data, at, end)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _varint(data, at, end)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(data, at, end)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError("no kind of field")
        if size > end - at:
            raise ValueError("longer than what it is in")
        yield number, (at, at + size)
        at += size


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    """A number in as many bytes as it takes, and where it ends."""
    found = 0
    for shift in range(0, 70, 7):
        if at >= end:
            break
        byte = data[at]
        at += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:
            return found & 0xFFFF_FFFF_FFFF_FFFF, at
    raise ValueError("no number")


def _number(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _text(data: bytes, value: Value | None) -> str:
    return data[slice(*value)].decode("utf-8", "replace") if isinstance(value, tuple) else ""
