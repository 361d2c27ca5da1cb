"""Who writes to a file for long holds it, so that no other mmviz goes on with it meanwhile.

It is let go when it is closed, however its program ends. Where the system has no such locks, nobody
is known to hold anything.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

from mmviz.errors import InputError, reason_of
from mmviz.text import N_

if sys.platform != "win32":
    import fcntl

HELD = N_("{path} is being written by another mmviz")


def hold(file: BinaryIO) -> None:
    """Hold an open file until it is closed; raises InputError where another program does."""
    if not _locked(file):
        raise InputError(HELD, path=str(file.name))


def held(path: str | os.PathLike[str]) -> bool:
    """Whether somebody holds it now."""
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return not _locked(file)
    return False


class Hold:
    """Holds `path`, which is renamed over again and again, by a file of another suffix beside it.

    said: what is said, a marked msgid, where another program holds it: then it raises InputError.
    """

    def __init__(self, path: Path, said: str = HELD) -> None:
        self._lock = path.with_suffix(".lock")
        while True:
            try:
                self._file = open(self._lock, "ab")  # noqa: SIM115  # until `let_go`
            except OSError as error:
                reason = reason_of(error)
                said = N_("cannot write {path}: {reason}")
                raise InputError(said, path=str(self._lock), reason=reason) from None
            if not _locked(self._file):
                self._file.close()
                raise InputError(said, path=path.name)
            if self._is_there():
                return
            self._file.close()  # whoever let it go removed it, after it was opened here

    def let_go(self) -> None:
        """Others may hold it."""
        with contextlib.suppress(OSError):  # which cannot be while it is open, on some systems
            self._lock.unlink()
        self._file.close()

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(self._lock))
        except OSError:
            return False


def _locked(file: BinaryIO) -> bool:
    """Whether it is ours now."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
