"""Recordings at hand: those this user made, kept in the data folder, and those mmviz ships.

Each is a file of its own, as `npz` writes it. A list of them reads what each says of itself, not
its tiles.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mmviz.core.recording.recording import Recording
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError, reason_of
from mmviz.files import atomic, folders
from mmviz.files.assets import asset
from mmviz.files.ordinary import Tick, no_tick
from mmviz.files.recordings import npz
from mmviz.files.recordings.head import Head
from mmviz.text import N_, NOTHING, Text

MOST_KEPT = 50  # the oldest go first
MOST_BYTES = 200_000_000  # of all of them
_NAME = re.compile(r"[0-9]{8}-[0-9]{12}-[0-9a-f]{8}\.npz")


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """What is known of a recording without its tiles. tiles: those in the file; tiles_run: those
    that ran. order_only: its clock is tickets. timeline: of some of its blocks nobody knows which
    tiles they are. The rest as in Recording.
    """

    path: Path
    of: Pass
    by: str
    order: str
    machine: str
    when: float | None
    tiles: int
    tiles_run: int
    units: int
    order_only: bool
    timeline: bool
    modelled: bool
    about: Text = NOTHING
    shipped: bool = False

    def read(self, tick: Tick = no_tick) -> Recording:
        """With its tiles; raises InputError where it cannot be read any more."""
        return npz.read(self.path, tick, shipped=self.shipped)


def place() -> Path:
    """The folder of the kept recordings of this user, whether it is there or not."""
    return folders.data() / "recordings"


def keep(recording: Recording) -> KeptRecording:
    """Keep it, and let the oldest go where there are too many; raises InputError."""
    folder = atomic.make_folder(place())
    when = time.time() if recording.when is None else recording.when
    moment = datetime.datetime.fromtimestamp(when, datetime.UTC)
    data = npz.as_bytes(recording)
    path = folder / f"{moment:%Y%m%d-%H%M%S%f}-{secrets.token_hex(4)}{npz.SUFFIX}"
    atomic.write_bytes(path, data)
    _make_room(folder, path)
    return told(path)


def told(path: str | os.PathLike[str], *, shipped: bool = False) -> KeptRecording:
    """What the recording in a file says of itself; raises InputError."""
    return _of(Path(path), npz.read_head(path), shipped)


def kept() -> tuple[KeptRecording, ...]:
    """Those of this user, the last one first; what cannot be read is left out."""
    return tuple(_listed(sorted(_named(place()), reverse=True), shipped=False))


def shipped() -> tuple[KeptRecording, ...]:
    """Those that come with mmviz, by their names."""
    return tuple(_listed(sorted(asset("recordings").glob("*.npz")), shipped=True))


def forget(one: KeptRecording) -> None:
    """Delete its file; one that is gone already is no error. Raises InputError elsewhere."""
    if one.shipped:
        raise InputError(N_("{name} comes with mmviz, and stays"), name=one.path.name)
    try:
        one.path.unlink(missing_ok=True)
    except OSError as error:
        why = reason_of(error)
        raise InputError(N_("cannot delete {path}: {why}"), path=str(one.path), why=why) from None


def _listed(paths: Iterator[Path] | list[Path], *, shipped: bool) -> Iterator[KeptRecording]:
    for path in paths:
        with contextlib.suppress(InputError):
            yield told(path, shipped=shipped)


def _of(path: Path, head: Head, shipped: bool) -> KeptRecording:
    return KeptRecording(
        path,
        head.of,
        head.by,
        head.order,
        head.machine,
        head.when,
        head.rows,
        sum(product.tiles_run or product.rows for product in head.computed),
        max(len(names) for names in head.units),
        any(product.clock == "steps" for product in head.computed),
        not all(product.placed for product in head.computed),
        head.kind == "modelled",
        head.about,
        shipped,
    )


def _make_room(folder: Path, newest: Path) -> None:
    """Let the oldest go, never the one that was kept now."""
    paths = sorted(_named(folder))
    sizes = {path: _size(path) for path in paths}
    for path in paths[:]:
        if len(paths) <= MOST_KEPT and sum(sizes[p] for p in paths) <= MOST_BYTES:
            return
        if path != newest:
            paths.remove(path)
            with contextlib.suppress(OSError):  # another window may have been faster
                path.unlink()


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _named(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                yield folder / entry.name
