"""Chrome Trace JSON that mmviz wrote, read again as the recording it was.

Times have come through a file of microseconds with six digits: they are off by half a picosecond.
What else such a file could say is not asked; traces of other tools are for `files.foreign`.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mmviz.core.recording.recording import Recording
from mmviz.core.recording.sampling import MOST_ROWS_IN_ALL
from mmviz.errors import InputError
from mmviz.files.ordinary import Tick, no_tick
from mmviz.files.recordings.chrome_trace import BLOCK, DIGITS, TILE
from mmviz.files.recordings.columns import KINDS, Array
from mmviz.files.recordings.head import MOST_UNITS, Head, decoded
from mmviz.files.recordings.npz import BROKEN, assembled, refused
from mmviz.files.recordings.product import MOST_S
from mmviz.files.toml import read_bounded

MOST_BYTES = 256 * 1024**2
_INNER = 3 * (MOST_ROWS_IN_ALL + 2 * MOST_UNITS) + 200_000  # objects: two a tile, and the header
_LATEST = 1e6 * 1e3 * MOST_S  # µs, or steps: what is added to such times stays a number
_FINE_S = 1e-11  # what digits take from a time
_BEGIN = b'{"traceEvents": ['
_MARK = b'"args": {"mmviz": "'
_FAR = 300  # bytes in which the mark stands


class _Args(msgspec.Struct, gc=False):
    product: int = 0
    m: int = 0
    n: int = 0
    k0: int = 0
    k1: int = 0
    unit: int = 0
    core: int = 0
    block: int = 0
    wave: int = 0


class _Event(msgspec.Struct, gc=False):
    cat: str = ""
    ts: float = 0.0
    dur: float = 0.0
    args: _Args | None = None


class _Other(msgspec.Struct):
    recording: msgspec.Raw = msgspec.Raw(b"null")


class _File(msgspec.Struct):
    traceEvents: list[_Event]  # noqa: N815  # the format's own name
    otherData: _Other  # noqa: N815


def is_own(head: bytes) -> bool:
    """Whether a file that begins so was written by `chrome_trace`."""
    return head.startswith(_BEGIN) and _MARK in head[:_FAR]


def read(path: str | os.PathLike[str], tick: Tick = no_tick) -> Recording:
    """The recording; raises InputError for a file that was changed, or is too large."""
    data = read_bounded(path, MOST_BYTES, tick)
    try:
        if data.count(b"{") > _INNER:
            raise ValueError("too much of it")
        file = msgspec.json.decode(data, type=_File)
        head = decoded(bytes(file.otherData.recording))
        columns = _columns(file, head)
        head = _fitting(head, columns["end"])
    except InputError as error:
        raise refused(path, error.cause) from None
    except (ValueError, OverflowError, RecursionError):
        raise InputError(BROKEN, path=str(path)) from None
    return assembled(head, columns, path)


def _columns(file: _File, head: Head) -> dict[str, Array]:
    """Those of `columns`; raises ValueError where they are not as the header says."""
    tiles = [(one, one.args) for one in file.traceEvents if one.cat in (TILE, BLOCK) and one.args]
    numbers = np.array([args.product for _, args in tiles], np.int64)
    counts = [product.rows for product in head.computed]
    if not np.array_equal(numbers, np.repeat(np.arange(len(counts)), counts)):
        raise ValueError("other tiles than it says")
    ts, dur = (np.array([getattr(one, x) for one, _ in tiles], np.float64) for x in ("ts", "dur"))
    if max(np.abs(ts).max(initial=0.0), np.abs(dur).max(initial=0.0)) > _LATEST:
        raise ValueError("times that no recording has")
    start, end = _times(ts, ts + dur, head)
    found: dict[str, Array] = {"start": start, "end": end}
    for name, has in _there(head).items():
        kept = zip(tiles, has[numbers], strict=True)
        values = [getattr(args, name) for (_, args), wanted in kept if wanted]
        if values:
            found[name] = np.array(values, KINDS[name])
    if "wave" in found:
        found["wave"] = _waves(found["wave"], head)
    return found


def _waves(wave: Array, head: Head) -> Array:
    """The first row of each wave, from the wave of each row, of the products that have waves."""
    firsts, at = [], 0
    for product in head.computed:
        if product.waves:
            rows = wave[at : at + product.rows]
            first = np.flatnonzero(np.diff(rows, prepend=0))
            if len(first) != product.waves:
                raise ValueError("other waves than it says")
            firsts.append(first)
            at += product.rows
    return np.concatenate(firsts).astype(KINDS["wave"])


def _fitting(head: Head, ends: NDArray[np.float64]) -> Head:
    """With wall times that are no shorter than tiles last by what digits took from these."""
    computed, at = [], 0
    for product in head.computed:
        lasts, wall = float(ends[at : at + product.rows].max()), product.wall_s
        off = wall is not None and wall < lasts < wall + _FINE_S
        computed.append(msgspec.structs.replace(product, wall_s=lasts) if off else product)
        at += product.rows
    return msgspec.structs.replace(head, computed=tuple(computed))


def _there(head: Head) -> dict[str, NDArray[np.bool_]]:
    """Which products have a column."""
    every = np.ones(len(head.computed), bool)
    pieces, cores, blocks, waves = (
        np.array([bool(getattr(product, name)) for product in head.computed])
        for name in ("pieces", "cores", "blocks", "waves")
    )
    always = dict.fromkeys(("m", "n", "unit"), every)
    return {**always, "k0": pieces, "k1": pieces, "core": cores, "block": blocks, "wave": waves}


def _times(
    starts: NDArray[np.float64], ends: NDArray[np.float64], head: Head
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From each product's own 0 on, in its clock."""
    found: list[Any] = []
    at, past, begun = 0, 0.0, head.computed[0].begun_s
    for product in head.computed:
        seconds = product.clock == "s"
        zero = round(1e6 * (product.begun_s - begun), DIGITS) if seconds else past
        scale = 1e6 if seconds else 1.0
        rows = slice(at, at + product.rows)
        both = [np.round(x[rows] - zero, DIGITS) for x in (starts, ends)]
        past = zero + float(both[1].max())
        found.append([x / scale for x in both])
        at += product.rows
    start, end = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return start, end
