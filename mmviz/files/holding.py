"""Who writes to a file for long holds it, so that no other mmviz goes on with it meanwhile.

It is let go when it is closed, however its program ends. Where the system has no such locks, nobody
is known to hold anything.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import BinaryIO

from mmviz.errors import InputError
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
