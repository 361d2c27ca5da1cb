"""Files that were opened or saved last, by whichever window: recent.toml beside the settings.

files = ["/home/me/net.toml", "/home/me/products.csv"]      # the last one first

It is a comfort: what of it cannot be read is none, and what cannot be written is left.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
import tomli_w

from mmviz.errors import InputError
from mmviz.files import atomic, settings, toml
from mmviz.files.ordinary import is_text

MOST = 10
_LONGEST = 4096  # characters of a path that is kept


class _Recent(msgspec.Struct):
    files: list[str] = []


def place() -> Path:
    """Where the list is, whether it is there or not."""
    return settings.place().with_name("recent.toml")


def read() -> tuple[str, ...]:
    """Absolute paths, the last one first; they may be there no more."""
    if not os.path.isfile(place()):
        return ()
    try:
        found = toml.read(place(), _Recent).files
    except InputError:
        return ()
    return tuple(dict.fromkeys(path for path in found if os.path.isabs(path)))[:MOST]


def add(path: str | os.PathLike[str]) -> None:
    """It was opened or saved now."""
    now = os.path.abspath(path)
    if is_text(now) and len(now) <= _LONGEST:
        _write((now, *(one for one in read() if one != now)))


def remove(path: str) -> None:
    """It is not there any more."""
    _write(one for one in read() if one != path)


def clear() -> None:
    """Nothing was opened."""
    with contextlib.suppress(OSError):
        place().unlink(missing_ok=True)


def _write(paths: Iterable[str]) -> None:
    with contextlib.suppress(InputError):
        atomic.make_folder(place().parent)
        atomic.write_bytes(place(), tomli_w.dumps({"files": list(paths)[:MOST]}).encode())
