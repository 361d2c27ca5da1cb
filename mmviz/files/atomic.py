"""Writing files so that a failure leaves the old one whole."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from mmviz.errors import InputError, reason_of
from mmviz.text import N_, Text, own

_LONGEST_SUFFIX = 20  # longer is no suffix, and the temporary name must fit where the target's does
_TEMPORARY = re.compile(r"\..*?-(?:(?P<process>[0-9]{1,9})-)?[0-9a-f]{8}(?:\.[^.]*)?")
_OLD_S = 3600.0  # no writing lasts so long


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success rename it over `path`, else remove it.

    The temporary name keeps the suffix, since image writers choose their format by it. A file that
    was there keeps its permissions, and a symbolic link stays one: what it points to is replaced.

    Raises InputError, naming the file, where its folder is missing or not writable, where the
    target is a folder, a device, a pipe or write-protected, or where writing fails.
    """
    named = Path(path)
    try:
        target, temporary = _prepare(named)
    except (OSError, ValueError) as error:  # a null byte or half a character in the name
        raise _refusal(named, error) from None
    try:
        yield temporary
        _put(temporary, target)
    except OSError as error:
        raise _refusal(named, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to `path` whole or not at all; raises InputError as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def make_folder(folder: Path) -> Path:
    """The folder, made with those above it where there was none; raises InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            N_("cannot make the folder {folder}: {reason}"),
            folder=str(folder),
            reason=reason_of(error),
        ) from None
    return folder


def check(path: str | os.PathLike[str], *, folder_made: bool = False) -> None:
    """Raise the InputError that `replacing` would, before the work is done in vain.

    folder_made: its folder is made, with those above it, where there is none.
    """
    named = Path(path)
    if folder_made and not os.path.isdir(named.parent):
        _check_makeable(named)
        return
    try:
        target = _target(named)
        if not os.access(target.parent, os.W_OK):
            raise _refused(
                named, Text(N_("no permission to write in {folder}"), folder=str(named.parent))
            )
        with contextlib.suppress(FileNotFoundError):
            os.stat(target)  # too long a name shows only when it is used
        _prepare(named)[1].unlink()  # nor does every folder that may be written to take new files
    except (OSError, ValueError) as error:
        raise _refusal(named, error) from None


def clean(folder: Path) -> None:
    """Remove what writers left in `folder` who were killed: temporary files of processes that are
    no more, and such as are old.
    """
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            found = _TEMPORARY.fullmatch(path.name)
            if found is not None and _is_left(path, found["process"]):
                with contextlib.suppress(OSError):
                    path.unlink()


def _is_left(path: Path, process: str | None) -> bool:
    try:
        about = path.lstat()
    except OSError:
        return False
    if not stat.S_ISREG(about.st_mode):
        return False
    dead = process is not None and not psutil.pid_exists(int(process))
    return dead or time.time() - about.st_mtime > _OLD_S


def _check_makeable(named: Path) -> None:
    """Raise InputError where the folder of `named` could not be made."""
    above = next(folder for folder in named.absolute().parents if os.path.lexists(folder))
    if not os.path.isdir(above):
        raise _refused(named, Text(N_("{folder} is no folder"), folder=str(above)))
    if not os.access(above, os.W_OK | os.X_OK):
        raise _refused(named, Text(N_("no permission to write in {folder}"), folder=str(above)))


def _target(named: Path) -> Path:
    """The file that `named` leads to."""
    target = Path(os.path.realpath(named))
    if target.is_dir():
        raise _refused(named, Text(N_("it is a folder")))
    if target.exists() and not target.is_file():  # root could rename a file over /dev/null
        raise _refused(named, Text(N_("it is no regular file")))
    if not target.parent.is_dir():
        folder = target.parent if named.parent.is_dir() else named.parent  # a link leads elsewhere
        raise _refused(named, Text(N_("there is no folder {folder}"), folder=str(folder)))
    if target.exists() and not os.access(target, os.W_OK):
        raise _refused(named, Text(N_("it is write-protected")))
    return target


def _prepare(named: Path) -> tuple[Path, Path]:
    """The file that `named` leads to, and an empty new file to fill in its place."""
    target = _target(named)
    suffix = target.suffix if len(target.suffix) <= _LONGEST_SUFFIX else ""
    mark = f"{os.getpid()}-{secrets.token_hex(4)}"  # `clean` knows by it whose it is
    temporary = target.parent / f".{target.stem[:40]}-{mark}{suffix}"
    temporary.touch(exist_ok=False)  # with the permissions any new file of this user gets
    return target, temporary


def _put(temporary: Path, target: Path) -> None:
    """Move the finished file to its place, after its bytes are on the disk."""
    with temporary.open("r+b") as written:
        os.fsync(written.fileno())
    if target.exists():
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    os.replace(temporary, target)


def _refusal(named: Path, error: Exception) -> InputError:
    return _refused(named, own(reason_of(error)))


def _refused(named: Path, reason: Text) -> InputError:
    return InputError(N_("cannot write {path}: {reason}"), path=str(named), reason=reason)
