"""The settings' folder as several windows share it: none takes the place of another's work.

settings.toml      the look, and the last session: of the window that was edited last
sessions/ID.toml   the session of a window, kept when another window's took its place there
sessions/ID.open   a window that is open, or that ended without being closed
sessions/lock      held while somebody writes

A session is work where it was edited (`touched`), and is kept as long as no other one stems from
it. ID is the process and eight random digits.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil

from mmviz.errors import InputError
from mmviz.files import atomic, folders, settings
from mmviz.files.ordinary import Stamp, stamp_of
from mmviz.files.settings import Stored, StoredSession

MOST_KEPT = 20  # the oldest go first
PATIENCE_S = 2.0  # who holds the lock writes one small file
_ID = re.compile(r"[0-9]{1,9}-[0-9a-f]{8}")
_SHOWN = -1


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session that waits for somebody to ask for it. window: ID of the one whose it was;
    changed_s: when it was written, in seconds since 1970.
    """

    window: str
    path: Path
    changed_s: float


class WindowFiles:
    """One window's place in the folder of settings.

    What is read or written here last is where this window's session stems from.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = settings.place() if path is None else path
        self.folder = self.path.parent / "sessions"
        self.id = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._stems_from: StoredSession | None = None
        self._there: Stored | None = None  # what stands in the file, as it was at `_seen`
        self._seen: Stamp | None = None
        self._wrote = False  # a session of this window's own
        self.left_out: list[str] = []  # parts of the settings that were not understood

    def read(self) -> Stored | None:
        """The settings, None where there are none; raises InputError as `settings.read` does."""
        self._seen = stamp_of(self.path)
        self._there = None
        self.left_out = []
        self._there = settings.read(self.path, self.left_out)
        return self._there

    def clean(self) -> None:
        """Remove what killed writers left in mmviz's own folders."""
        data = folders.data()
        for folder in (self.path.parent, self.folder, data, data / "devices"):
            atomic.clean(folder)

    def adopt(self) -> None:
        """This window's session begins as the one that was read, which may make room for it."""
        self._stems_from = None if self._there is None else self._there.session

    def write(self, stored: Stored, *, edited: bool) -> None:
        """Write the settings; `edited`: whether this window's session was, since it was written.

        What another window wrote meanwhile stays the last session where this one was not edited,
        and else is kept beside. Raises InputError where nothing could be written.
        """
        with self._alone():
            theirs = self._theirs()
            if theirs is None or edited:
                if theirs is not None and theirs.session is not None and theirs.session.touched:
                    self._keep(theirs)
                written = msgspec.structs.replace(stored, window=self.id)
                settings.write(written, self.path)
                self._stems_from, self._wrote = stored.session, self._wrote or edited
                with contextlib.suppress(OSError):
                    self._own.unlink(missing_ok=True)
            else:
                if self._wrote and not os.path.exists(self._own):
                    self._keep(msgspec.structs.replace(stored, window=self.id))
                last = {"window": theirs.window, "session": theirs.session}
                written = msgspec.structs.replace(stored, **last)
                settings.write(written, self.path)
            self._there, self._seen = written, stamp_of(self.path)

    def kept(self) -> tuple[KeptSession, ...]:
        """Sessions that windows left which are closed, the youngest first."""
        found = []
        for path in _files(self.folder, ".toml"):
            with contextlib.suppress(OSError):
                if not _is_open(path.with_suffix(".open")):
                    found.append(KeptSession(path.stem, path, path.stat().st_mtime))
        return tuple(sorted(found, key=lambda kept: -kept.changed_s))

    def begin(self, most: int = 9) -> int:
        """This window is about to open; at how careful a stage, 0 … most.

        That is one beyond the stage at which a process ended while it opened its window.
        """
        died = [_stage(path) for path in _files(self.folder, ".open") if not _is_open(path)]
        for path in _files(self.folder, ".open"):
            if not _is_open(path):
                with contextlib.suppress(OSError):
                    path.unlink()
        stage = min(max(died, default=_SHOWN) + 1, most)
        self.try_at(stage)
        return stage

    def try_at(self, stage: int) -> None:
        """It opens now at this stage."""
        self._mark(stage)

    def shown(self) -> None:
        """It is open, and all of it was shown."""
        self._mark(_SHOWN)

    def closed(self) -> None:
        """It is no more."""
        with contextlib.suppress(OSError):
            self._open.unlink(missing_ok=True)

    @property
    def _own(self) -> Path:
        return self._file(self.id)

    def _file(self, window: str) -> Path:
        return self.folder / f"{window}.toml"

    @property
    def _open(self) -> Path:
        return self.folder / f"{self.id}.open"

    def _mark(self, stage: int) -> None:
        # Where that cannot be written, the writing of the settings says so.
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            born = psutil.Process().create_time()
            self._open.write_text(f"{os.getpid()} {born:.2f} {stage}\n")

    def _theirs(self) -> Stored | None:
        """What stands in the file, where that is not what this window's session stems from."""
        there = self._there
        if stamp_of(self.path) != self._seen:
            try:
                there = settings.read(self.path)
            except InputError:
                settings.set_aside(self.path)
                return None
        if there is None or there.session is None or _same(there.session, self._stems_from):
            return None
        return there

    def _keep(self, stored: Stored) -> None:
        """A session beside the last one; the look is none of it."""
        owner = stored.window if _ID.fullmatch(stored.window) else f"0-{secrets.token_hex(4)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        settings.write(Stored(window=owner, session=stored.session), self._file(owner))
        for old in self.kept()[MOST_KEPT:]:
            old.path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other window writes meanwhile, as far as the system can see to that."""
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                lock = held.enter_context((self.folder / "lock").open("ab"))
                end = time.monotonic() + PATIENCE_S
                while not _locked(lock.fileno()) and time.monotonic() < end:
                    time.sleep(0.01)
            yield


def _same(one: StoredSession, other: StoredSession | None) -> bool:
    """Whether both are the same work, whatever is looked at."""
    if other is None:
        return False
    looks = {name: getattr(other, name) for name in ("product", "colour_by", "turned")}
    return msgspec.structs.replace(one, **looks) == other


def _files(folder: Path, suffix: str) -> list[Path]:
    try:
        return [
            path
            for path in folder.iterdir()
            if path.suffix == suffix and _ID.fullmatch(path.stem) and os.path.isfile(path)
        ]
    except OSError:
        return []


def _stage(path: Path) -> int:
    return _marked(path)[2]


def _marked(path: Path) -> tuple[int, float, int]:
    """Process, when it was started, stage; of nobody where that cannot be read."""
    try:
        process, born, stage = path.read_text()[:100].split()
        return int(process), float(born), int(stage)
    except (OSError, ValueError):
        return 0, 0.0, _SHOWN


def _is_open(path: Path) -> bool:
    """Whether the process that wrote this mark still runs."""
    process, born, _ = _marked(path)
    try:
        return process > 0 and abs(psutil.Process(process).create_time() - born) < 1.0
    except (psutil.Error, OverflowError):
        return False


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        """Take the lock, until the file is closed; False while another has it."""
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locked(file: int) -> bool:
        """Take the lock, until the file is closed; False while another has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True  # raises OSError where files cannot be locked: nobody waits there
