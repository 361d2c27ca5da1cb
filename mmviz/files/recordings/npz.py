"""A recording as a file: npz, written whole, read strictly; no objects, no code.

`recording.json` says what it is (`mmviz.files.recordings.head`), an array each the columns
(`mmviz.files.recordings.columns`): `numpy.load(path)["start"]`. Of a product of more tiles than are
kept each n-th is there, with its block's number, and `tiles_run` says how many there were.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from mmviz.core.recording.checks import recording_faults
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sampling import within
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.kinds import is_recording
from mmviz.files.ordinary import Tick, check_size, no_tick, reading
from mmviz.files.recordings.columns import (
    MOST_ENTRIES,
    Array,
    Columns,
    Damaged,
    check_columns,
    check_entry,
    columns_of,
    lengths,
    of_products,
    packed,
    unpacked,
)
from mmviz.files.recordings.head import (
    MOST_HEAD,
    NAME,
    Head,
    decoded,
    encoded,
    head_of,
)
from mmviz.files.recordings.product import Product, beside_of, spent_of
from mmviz.text import N_, Text

SUFFIX = ".npz"
MOST_BYTES = 64_000_000  # of a file
NOT_ONE = N_("{path} is no recording of mmviz")
BROKEN = N_("{path} is no recording that can be read: it is cut off or was changed")
_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    RecursionError,
)


def save(path: str | os.PathLike[str], recording: Recording) -> None:
    """Write it; raises InputError where it is too large, or cannot be written."""
    atomic.write_bytes(path, as_bytes(recording))


def as_bytes(recording: Recording) -> bytes:
    """The file, the same of the same recording; raises InputError where it is too large."""
    recording = within(recording)
    members = {NAME: encoded(head_of(recording))}
    for name, column in columns_of(recording).items():
        members[f"{name}.npy"] = packed(column)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def read(path: str | os.PathLike[str], tick: Tick = no_tick, *, shipped: bool = False) -> Recording:
    """A recording from its file; raises InputError for one that cannot have been.

    A tick for each column: what it raises ends the reading.
    """
    with reading(path), open(path, "rb") as file:
        try:
            head, columns = _unpacked(file, path, tick)
        except _TROUBLE:
            raise InputError(BROKEN, path=str(path)) from None
    return assembled(head, columns, path, shipped=shipped)


def assembled(
    head: Head, columns: Mapping[str, Array], path: str | os.PathLike[str], *, shipped: bool = False
) -> Recording:
    """What a file has, put together; raises InputError, naming it, for what cannot have been."""
    try:
        products = tuple(
            _recorded(product, tiling, head, own)
            for product, tiling, own in zip(
                head.computed,
                head.tilings(),
                of_products(head, columns),
                strict=True,
            )
        )
    except Damaged:
        raise InputError(BROKEN, path=str(path)) from None
    recording = Recording(
        head.of,
        head.by,
        head.order,
        products,
        head.machine,
        head.when,
        head.timer_s,
        head.command,
        head.facts,
        head.remarks,
        head.about,
        shipped,
    )
    faults = recording_faults(recording)
    if faults:
        raise refused(path, faults[0])
    return recording


def read_head(path: str | os.PathLike[str]) -> Head:
    """What it says of itself, its columns left as they are; raises InputError as `read` does."""
    with reading(path), open(path, "rb") as file:
        try:
            with _opened(file, path) as archive:
                return _head(archive, path)
        except _TROUBLE:
            raise InputError(BROKEN, path=str(path)) from None


def _unpacked(
    file: BinaryIO, path: str | os.PathLike[str], tick: Tick
) -> tuple[Head, dict[str, Array]]:
    with _opened(file, path) as archive:
        head = _head(archive, path)
        wanted = lengths(head)
        if sorted(archive.namelist()) != sorted((NAME, *(f"{name}.npy" for name in wanted))):
            raise Damaged
        columns = {}
        for number, (name, rows) in enumerate(wanted.items()):
            tick(number, len(wanted))
            columns[name] = unpacked(archive, name, rows)
        return head, columns


def _opened(file: BinaryIO, path: str | os.PathLike[str]) -> zipfile.ZipFile:
    """The archive, once its list of members is known to be short."""
    if not is_recording(file.read(30 + len(NAME))):
        raise InputError(NOT_ONE, path=str(path))
    size = file.seek(0, os.SEEK_END)
    check_size(size, path, MOST_BYTES)
    tail = min(size, _END_SIZE + _LOCATOR_SIZE)
    file.seek(-tail, os.SEEK_END)
    data = file.read(tail)
    end = data[-_END_SIZE:]
    if not end.startswith(_END) or data.startswith(_LOCATOR):  # that leads to another list
        raise Damaged
    members, length = struct.unpack_from("<H", end, 10)[0], struct.unpack_from("<L", end, 12)[0]
    if members > MOST_ENTRIES or length > 200 * MOST_ENTRIES:
        raise Damaged
    return zipfile.ZipFile(file)


def _head(archive: zipfile.ZipFile, path: str | os.PathLike[str]) -> Head:
    entry = archive.getinfo(NAME)
    check_entry(entry, MOST_HEAD)
    with archive.open(entry) as member:
        data = member.read(MOST_HEAD + 1)
    try:
        return decoded(data)
    except InputError as error:
        raise refused(path, error.cause) from None


def _recorded(product: Product, tiling: Tiling, head: Head, columns: Columns) -> Recorded:
    check_columns(product, columns)
    trace = Trace(
        tiling,
        columns["m"],
        columns["n"],
        columns["unit"],
        columns["start"],
        columns["end"],
        product.clock,
        head.provenance,
        columns["k0"],
        columns["k1"],
        columns["wave"],
    )
    return Recorded(
        trace,
        head.units[product.units],
        product.begun_s,
        product.wall_s,
        product.packing_s,
        columns["core"],
        columns["block"],
        product.tiles_run,
        product.error,
        spent_of(product.spent),
        product.placed,
        product.walls_s,
        beside_of(product.beside),
        product.off,
    )


def refused(path: str | os.PathLike[str], why: Text) -> InputError:
    """The refusal of a file, and why."""
    return InputError(N_("{path}: {why}"), path=str(Path(path)), why=why)
