"""Files nobody vouches for: ordinary ones with printable words; a failure is one sentence."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mmviz.errors import InputError, reason_of
from mmviz.text import N_, Text

BLOCK = 1_000_000  # bytes or characters between two ticks
MAX_TEXT = 400  # characters of a name or a sentence
SHORT = 60  # of a name there is little room for

Tick = Callable[[int, int], None]
"""Told bytes read so far and bytes in all, about once a megabyte; what it raises ends the reading,
Cancelled for one."""


class Cancelled(Exception):  # noqa: N818  # no error: it was asked for
    """Raised by a Tick: whoever asked for the file does not want it any more."""


def no_tick(_done: int, _whole: int) -> None:
    """Nobody waits."""


@contextmanager
def reading(path: str | os.PathLike[str]) -> Iterator[None]:
    """Within it the ordinary file at `path` can be read; trouble is an InputError naming it.

    A folder, a pipe or a device (which might never end) is refused at the start.
    """
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise InputError(N_("cannot read {path}: it is a folder"), path=str(path))
        if not stat.S_ISREG(mode):
            raise InputError(N_("cannot read {path}: it is not an ordinary file"), path=str(path))
        yield
    except OSError as error:
        raise InputError(
            N_("cannot read {path}: {reason}"), path=str(path), reason=reason_of(error)
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            N_("{where}: not UTF-8 text (byte {byte})"), where=str(path), byte=error.start
        ) from None
    except ValueError as error:  # a null byte in the name
        raise InputError(
            N_("cannot read {path!r:.80}: {reason}"), path=str(path), reason=str(error)
        ) from None


Stamp = tuple[int, int, int]


def stamp_of(path: str | os.PathLike[str]) -> Stamp | None:
    """What tells one writing of a file from another; None where there is none."""
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def check_size(n_bytes: int, path: str | os.PathLike[str], most: int) -> None:
    """Raises InputError, naming the file, for one of more than `most` bytes."""
    if n_bytes > most:
        raise InputError(
            N_("cannot read {path}: larger than {most:group} bytes"), path=str(path), most=most
        )


def check_text(text: str, what: str | Text, longest: int = MAX_TEXT) -> None:
    """Raises InputError about `what` unless `text` is a printable line of at most `longest`."""
    if len(text) > longest or not text.isprintable():
        raise InputError(
            N_("{what} must be one line of at most {longest} printable characters"),
            what=what,
            longest=longest,
        )


def check_name(name: str, what: str | Text, longest: int = SHORT) -> str:
    """The name without spaces around it, a printable line; else InputError about `what`."""
    name = name.strip()
    if not name or len(name) > longest or not name.isprintable():
        raise InputError(
            N_("{what} is one line of 1 to {most} printable characters"), what=what, most=longest
        )
    return name


def called(where: str | Text) -> str:
    """What a network or a list without a name is called by the file it comes from."""
    return printable(Path(str(where)).stem) or "network"


def printable(name: str) -> str:
    """As much of a name as could be read again: no more than SHORT characters, all printable."""
    return "".join(sign for sign in name if sign.isprintable())[:SHORT].strip()


def is_text(name: str) -> bool:
    """Whether UTF-8 can hold it: names of files may have bytes that are no text, as half signs."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
